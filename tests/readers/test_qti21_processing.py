"""Response processing: what expressions and rules give, their NULLs, and what is refused.

The expected values are those of the specification; where it leaves room, of two engines in use.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from lxml import etree

from coursec.readers.qti21.processing import Budget, Processor, TooMuchError
from coursec.readers.qti21.values import (
    Container,
    UnsupportedError,
    Value,
    container,
    exact,
    parse_value,
)

F = Fraction


def item(rules: str, declarations: str = "", attributes: str = "") -> etree._Element:
    processing = f"<responseProcessing{attributes}>{rules}</responseProcessing>"
    return etree.fromstring(
        f"<assessmentItem>{declarations}"
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"<itemBody/>{processing if rules or attributes else ''}</assessmentItem>"
    )


DECLARED = """
<responseDeclaration identifier="ONE" cardinality="single" baseType="identifier">
  <correctResponse><value>A</value></correctResponse>
</responseDeclaration>
<responseDeclaration identifier="MANY" cardinality="multiple" baseType="identifier">
  <correctResponse><value> A </value><value>B</value></correctResponse>
</responseDeclaration>
<responseDeclaration identifier="ORDER" cardinality="ordered" baseType="identifier">
  <correctResponse><value>A</value><value>B</value></correctResponse>
</responseDeclaration>
<responseDeclaration identifier="TEXT" cardinality="single" baseType="string"/>
<responseDeclaration identifier="NUMBER" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="OUT" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="TRUTH" cardinality="single" baseType="boolean"/>
<outcomeDeclaration identifier="BAG" cardinality="multiple" baseType="identifier"/>
"""
SHORT = {
    "v": '<variable identifier="{}"/>',
    "i": '<baseValue baseType="identifier">{}</baseValue>',
    "s": '<baseValue baseType="string">{}</baseValue>',
    "f": '<baseValue baseType="float">{}</baseValue>',
    "n": '<baseValue baseType="integer">{}</baseValue>',
    "b": '<baseValue baseType="boolean">{}</baseValue>',
}


def written(text: str) -> str:
    """Return an expression in XML: `f:1.5` is a number, `(sum f:1 f:2)` an operator."""
    out, closing = "", []
    for word in text.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(":
            closing.append("")
        elif word == ")":
            out += closing.pop()
        elif closing and closing[-1] == "":
            name, _, attributes = word.partition("[")
            pairs = [pair.partition("=") for pair in attributes.rstrip("]").split(",") if pair]
            out += f"<{name}" + "".join(f' {k}="{v}"' for k, _, v in pairs) + ">"
            closing[-1] = f"</{name}>"
        else:
            kind, _, value = word.partition(":")
            out += SHORT[kind].format(value.replace("_", " "))
    return out


def value_of(expression: str, outcome: str = "OUT", **responses: Value) -> Value:
    rule = f'<setOutcomeValue identifier="{outcome}">{written(expression)}</setOutcomeValue>'
    return Processor(item(rule, DECLARED)).run(responses)[outcome]


def bag(*values: str) -> Container | None:
    return container(values)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(sum f:0.1 f:0.2)", F(3, 10)),
        ("(sum f:1 (null))", None),
        ("(product n:2 f:1.5 n:3)", F(9)),
        ("(subtract f:1 f:3)", F(-2)),
        ("(divide f:1 f:3)", F(1, 3)),
        ("(divide f:1 f:0)", None),
        ("(power f:2 n:10)", F(1024)),
        ("(power f:2 n:-1)", F(1, 2)),
        ("(power f:0 n:-1)", None),
        ("(power f:4 f:0.5)", F(2)),
        ("(power f:-4 f:0.5)", None),
        ("(integerDivide n:-7 n:2)", F(-4)),
        ("(integerModulus n:-7 n:2)", F(1)),
        ("(integerDivide n:7 n:0)", None),
        ("(truncate f:-2.9)", F(-2)),
        ("(round f:2.5)", F(3)),
        ("(round f:-2.5)", F(-2)),
        ("(roundTo[roundingMode=decimalPlaces,figures=2] f:1.005)", F(101, 100)),
        ("(roundTo[figures=2] f:1234)", F(1200)),
        ("(min f:3 f:1 f:2)", F(1)),
        ("(max (multiple f:3 f:1) f:2)", F(3)),
        ("(gcd n:12 n:18)", F(6)),
        ("(lcm n:4 n:6)", F(12)),
        ("(integerToFloat n:4)", F(4)),
        ("(containerSize v:MANY)", F(0)),
        ("(containerSize (multiple i:A i:A))", F(2)),
        ("(mathOperator[name=abs] f:-2)", F(2)),
        ("(mathOperator[name=floor] f:-2.5)", F(-3)),
        ("(mathOperator[name=log] f:100)", F(2)),
        ("(mathOperator[name=ln] f:-1)", None),
    ],
)
def test_numbers(expression: str, expected: Fraction | None) -> None:
    assert value_of(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(and b:true b:true)", True),
        ("(and b:false (null))", False),
        ("(and b:true (null))", None),
        ("(or b:true (null))", True),
        ("(or b:false (null))", None),
        ("(not b:false)", True),
        ("(not (null))", None),
        ("(anyN[min=1,max=2] b:true b:false b:true)", True),
        ("(anyN[min=1,max=1] b:true b:true)", False),
        ("(anyN[min=1,max=1] b:true (null))", None),
        ("(isNull v:ONE)", True),
        ("(isNull s:x)", False),
        ("(isNull (multiple))", True),
        ("(match f:1.0 f:1)", True),
        ("(match i:A (null))", None),
        ("(match (multiple i:A i:B) (multiple i:B i:A))", True),
        ("(match (multiple i:A i:A i:B) (multiple i:B i:A))", False),
        ("(match (ordered i:A i:B) (ordered i:B i:A))", False),
        ("(member i:A (multiple i:A i:B))", True),
        ("(member i:C (multiple i:A i:B))", False),
        ("(member i:C v:MANY)", None),
        ("(contains (multiple i:A i:B i:C) (multiple i:C i:A))", True),
        ("(contains (multiple i:A i:B) (multiple i:A i:A))", False),
        ("(contains (ordered i:A i:B i:C) (ordered i:B i:C))", True),
        ("(contains (ordered i:A i:B i:C) (ordered i:A i:C))", False),
        ("(match (index[n=2] (ordered i:A i:B)) i:B)", True),
        ("(isNull (index[n=3] (ordered i:A i:B)))", True),
        ("(match (delete i:A (ordered i:A i:B i:A)) (ordered i:B))", True),
        ("(stringMatch[caseSensitive=true] s:York s:york)", False),
        ("(stringMatch[caseSensitive=false] s:York s:york)", True),
        ("(stringMatch[caseSensitive=false,substring=true] s:New_York s:york)", True),
        ("(substring[caseSensitive=true] s:York s:New_York)", True),
        ("(substring[caseSensitive=true] s:New_York s:York)", False),
        ("(patternMatch[pattern=[0-9]+] s:42)", True),
        ("(patternMatch[pattern=^[0-9]+$] s:42x)", False),
        ("(lt f:1 f:1)", False),
        ("(lte f:1 f:1)", True),
        ("(gt n:2 f:1.5)", True),
        ("(gte f:1 (null))", None),
        ("(equal f:1 n:1)", True),
        ("(equal[toleranceMode=absolute,tolerance=0.1] f:1 f:1.1)", True),
        ("(equal[toleranceMode=absolute,tolerance=0.1] f:1 f:1.11)", False),
        ("(equal[toleranceMode=absolute,tolerance=0.1,includeUpperBound=false] f:1 f:1.1)", False),
        ("(equal[toleranceMode=relative,tolerance=10] f:100 f:110)", True),
        ("(equal[toleranceMode=relative,tolerance=10] f:110 f:100)", True),
        ("(equal[toleranceMode=relative,tolerance=10] f:90 f:100)", False),
        ("(equalRounded[roundingMode=decimalPlaces,figures=1] f:1.04 f:0.96)", True),
        ("(equalRounded[roundingMode=decimalPlaces,figures=1] f:1.05 f:1.04)", False),
        ("(equalRounded[figures=3] f:3.14159 f:3.14)", True),
    ],
)
def test_truths(expression: str, expected: bool | None) -> None:
    assert value_of(expression, "TRUTH") is expected


def test_two_tolerances_are_for_below_and_above() -> None:
    rule = (
        '<setOutcomeValue identifier="TRUTH"><equal toleranceMode="absolute" tolerance="{}">'
        '<variable identifier="NUMBER"/><baseValue baseType="float">5</baseValue></equal>'
        "</setOutcomeValue>"
    )

    def equal(tolerance: str, response: str) -> Value:
        processor = Processor(item(rule.format(tolerance), DECLARED))
        return processor.run({"NUMBER": F(response)})["TRUTH"]

    # The first number is the response: the key may lie 1 below it or 2 above it.
    assert [equal("1 2", n) for n in ("2.9", "3", "6", "6.1")] == [False, True, True, False]
    # A tolerance may stand in a variable.
    assert equal("OUT", "5") is True


def test_responses_and_keys() -> None:
    key = '<match><variable identifier="{0}"/><correct identifier="{0}"/></match>'

    def right(name: str, value: Value) -> Value:
        rule = f'<setOutcomeValue identifier="TRUTH">{key.format(name)}</setOutcomeValue>'
        return Processor(item(rule, DECLARED)).run({name: value})["TRUTH"]

    assert right("ONE", "A") is True
    assert right("ONE", None) is None
    assert right("MANY", bag("B", "A")) is True
    assert right("MANY", bag("A")) is False
    assert right("ORDER", container(["A", "B"], ordered=True)) is True
    assert right("ORDER", container(["B", "A"], ordered=True)) is False


def test_a_container_takes_single_values_and_other_containers() -> None:
    assert value_of("(multiple v:MANY i:C)", "BAG", MANY=bag("A")) == bag("A", "C")
    assert value_of("(multiple v:MANY)", "BAG") is None
    assert value_of("i:A", "BAG") == bag("A")


# --------------------------------------------------------------------------------------- rules


def test_a_condition_takes_the_first_branch_that_is_true() -> None:
    def branch(name: str, condition: str, score: int) -> str:
        return (
            f'<{name}>{written(condition)}<setOutcomeValue identifier="SCORE">'
            f'<baseValue baseType="float">{score}</baseValue></setOutcomeValue></{name}>'
        )

    rule = (
        "<responseCondition>"
        + branch("responseIf", "(match v:ONE i:A)", 3)
        + branch("responseElseIf", "(member i:B (multiple v:ONE))", 2)
        + branch("responseElse", "", 1)
        + "</responseCondition>"
    )
    processor = Processor(item(rule, DECLARED))
    assert [processor.score({"ONE": r}) for r in ("A", "B", "C", None)] == [3, 2, 1, 1]


def test_rules_end_where_the_response_is_left() -> None:
    rule = (
        "<responseProcessingFragment><responseCondition><responseIf>"
        + written("(match v:ONE i:A)")
        + "<exitResponse/></responseIf></responseCondition></responseProcessingFragment>"
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue>'
        "</setOutcomeValue>"
    )
    processor = Processor(item(rule, DECLARED))
    assert [processor.score({"ONE": r}) for r in ("A", "B")] == [0, 1]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            '<matchTable defaultValue="9"><matchTableEntry sourceValue="1" targetValue="5"/>'
            '<matchTableEntry sourceValue="0" targetValue="4"/></matchTable>',
            [4, 5, 9],
        ),
        (
            '<interpolationTable><interpolationTableEntry sourceValue="2" targetValue="7"/>'
            '<interpolationTableEntry sourceValue="1" includeBoundary="false" targetValue="6"/>'
            '<interpolationTableEntry sourceValue="0" targetValue="5"/></interpolationTable>',
            [5, 5, 7],
        ),
    ],
)
def test_scores_are_looked_up_in_tables(table: str, expected: list[int]) -> None:
    declared = DECLARED.replace(
        'identifier="OUT" cardinality="single" baseType="float"/>',
        f'identifier="OUT" cardinality="single" baseType="float">{table}</outcomeDeclaration>',
    )
    rule = f'<lookupOutcomeValue identifier="OUT">{written("(sum v:NUMBER)")}</lookupOutcomeValue>'
    processor = Processor(item(rule, declared))
    assert [processor.run({"NUMBER": F(n)})["OUT"] for n in range(3)] == expected


# ------------------------------------------------------------------------ mappings and templates


def mapped(mapping: str, cardinality: str, base: str) -> Processor:
    declared = (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"{mapping}</responseDeclaration>"
    )
    template = ' template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"'
    return Processor(item("", declared, template))


def test_a_mapping_sums_different_values_within_its_bounds() -> None:
    processor = mapped(
        '<mapping defaultValue="-2" lowerBound="0" upperBound="2.5">'
        '<mapEntry mapKey="A" mappedValue="1"/><mapEntry mapKey="B" mappedValue="2"/></mapping>',
        "multiple",
        "identifier",
    )

    def score(*values: str) -> Fraction:
        return F(processor.score({"RESPONSE": bag(*values)}))

    assert [score("A"), score("A", "A"), score("B"), score("A", "B")] == [1, 1, 2, F(5, 2)]
    assert [score("C"), score("B", "C"), score("A", "C"), score()] == [0, 0, 0, 0]


def test_a_mapping_may_pass_over_the_case_of_texts() -> None:
    processor = mapped(
        '<mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1"/>'
        '<mapEntry mapKey="leeds" mappedValue="0.5" caseSensitive="false"/></mapping>',
        "single",
        "string",
    )
    scores = [processor.score({"RESPONSE": r}) for r in ("York", "york", "LEEDS", "x", "")]
    assert scores == [1, 0, F(1, 2), 0, 0]


def test_pairs_are_written_in_any_order_and_directed_pairs_are_not() -> None:
    assert parse_value(" B  A ", "pair", exact) == parse_value("A B", "pair", exact)
    assert parse_value(" B  A ", "directedPair", exact) == "B A"


@pytest.mark.parametrize(
    ("template", "score"),
    [
        ("http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct", 1),
        ("http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response", 4),
        ("http://www.imsglobal.org/question/qti_v2p0/rptemplates/map_response", 4),
        ("https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml", 1),
        ("http://www.imsglobal.org/question/qti_v2p2/rptemplates/CC2_map_response", 4),
    ],
)
def test_templates_score_the_response(template: str, score: int) -> None:
    declared = (
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
        "<correctResponse><value>A</value></correctResponse><mapping>"
        '<mapEntry mapKey="A" mappedValue="4"/></mapping></responseDeclaration>'
    )
    processor = Processor(item("", declared, f' template="{template}"'))
    assert [processor.score({"RESPONSE": r}) for r in ("A", "B", None)] == [score, 0, 0]
    assert processor.assumed is None


def test_what_is_assumed_is_said() -> None:
    one = (
        '<responseDeclaration identifier="R1" cardinality="single" baseType="identifier">'
        "<correctResponse><value>A</value></correctResponse></responseDeclaration>"
    )
    two = one.replace("R1", "R2")
    known = ' template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"'
    cases = {
        "no rule gives points": item("", one + two),
        "`unknown` is not known": item("", one, ' template="http://example.org/unknown.xml"'),
        "there is only `R1`": item("", one, known),
    }
    for words, root in cases.items():
        processor = Processor(root)
        assert words in (processor.assumed or "")
        assert processor.score({"R1": "A"}) == 1
    assert Processor(cases["no rule gives points"]).score({"R1": "A", "R2": "A"}) == 2


def test_rules_that_give_no_points_leave_it_to_the_key() -> None:
    rule = '<setOutcomeValue identifier="TRUTH"><baseValue baseType="boolean">true</baseValue>'
    processor = Processor(item(rule + "</setOutcomeValue>", DECLARED))
    assert "no rule gives points" in (processor.assumed or "")
    variables = processor.run({"ONE": "A"})
    assert (processor.score_of(variables), variables["TRUTH"]) == (1, True)


def test_a_score_may_have_another_name() -> None:
    rule = f'<setOutcomeValue identifier="ITEM_SCORE1">{written("f:3")}</setOutcomeValue>'
    outcome = '<outcomeDeclaration identifier="ITEM_SCORE1" cardinality="single" baseType="float"/>'
    root = item(rule, DECLARED + outcome + outcome.replace("ITEM_SCORE1", "PASS_SCORE"))
    for node in root.findall("outcomeDeclaration"):
        if node.get("identifier") == "SCORE":
            root.remove(node)
    processor = Processor(root)
    assert (processor.score({}), processor.assumed) == (3, None)


def test_the_points_are_those_stated() -> None:
    outcomes = (
        '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
        "<defaultValue><value>{}</value></defaultValue></outcomeDeclaration>"
    )
    assert Processor(item("", outcomes.format("2.5"))).maximum == F(5, 2)
    assert Processor(item("", outcomes.format("0"))).maximum is None
    root = item("", outcomes.format("0"))
    root[-2].set("normalMaximum", "4")
    assert Processor(root).maximum == 4


def test_it_calculates_as_engines_do_where_floats_are_asked_for() -> None:
    rule = f'<setOutcomeValue identifier="SCORE">{written("(sum f:0.1 f:0.2)")}</setOutcomeValue>'
    assert Processor(item(rule), number=float).score({}) == 0.1 + 0.2


# ------------------------------------------------------------------------- what is not carried out


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("<customOperator/>", "customOperator"),
        ("<random/>", "random"),
        ("<mapResponsePoint/>", "mapResponsePoint"),
        ('<correct identifier="NONE"/>', "NONE"),
        ('<mathConstant name="tau"/>', "tau"),
        ('<baseValue baseType="float">1e9999</baseValue>', "1e9999"),
        ('<baseValue baseType="float">NaN</baseValue>', "NaN"),
        ("", "without a value"),
    ],
)
def test_what_is_not_known_is_named(rules: str, words: str) -> None:
    root = item(f'<setOutcomeValue identifier="SCORE">{rules}</setOutcomeValue>', DECLARED)
    with pytest.raises(UnsupportedError, match=words):
        Processor(root)
    assert Processor(root, by_key=True).score({"ONE": "A"}) == 1


@pytest.mark.parametrize(
    "expression",
    [
        "(sum i:A)",
        "(lt f:1)",
        "(not)",
        "(patternMatch[pattern=[a] s:a)",
        "(roundTo[figures=9999999] f:1)",
    ],
)
def test_rules_that_do_not_work_out_are_named(expression: str) -> None:
    with pytest.raises(UnsupportedError):
        value_of(expression, "TRUTH")


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "a*a*a*a*a*b", "a" * 400, "("])
def test_patterns_that_could_run_for_ever_are_refused(pattern: str) -> None:
    match = f'<patternMatch pattern="{pattern}">{written("s:" + "a" * 40)}</patternMatch>'
    rule = f'<setOutcomeValue identifier="TRUTH">{match}</setOutcomeValue>'
    processor = Processor(item(rule, DECLARED))
    with pytest.raises(UnsupportedError, match="pattern"):
        processor.run({})


def test_numbers_cannot_grow_without_end() -> None:
    growing = "f:1e200"
    for _ in range(12):
        growing = f"(product {growing} {growing})"
    with pytest.raises(UnsupportedError, match="digits"):
        value_of(growing)


def test_rules_cannot_take_for_ever() -> None:
    rule = f'<setOutcomeValue identifier="SCORE">{written("(sum f:1 f:1)")}</setOutcomeValue>'
    processor = Processor(item(rule * 100), budget=Budget(5_000))
    processor.run({})
    with pytest.raises(TooMuchError):
        [processor.run({}) for _ in range(100)]
