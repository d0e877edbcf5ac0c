"""Files that nobody means well: every reader answers soon, and says what it leaves out."""

from __future__ import annotations

import time

import pytest
from qti21_files import MATCH_CORRECT

from coursec.diagnostics import Diagnostics
from coursec.model.text import plain
from coursec.readers import reader
from coursec.readers.categories import path_parts
from coursec.readers.element import Element
from coursec.readers.moodle.source import without_tags
from coursec.readers.run import Run

SECONDS = 4
"""Of the processor, for less than a megabyte: several times what it takes; it once took minutes."""
HUGE = ("1e999999", "-9e999999", "9e999999", "1e-999999", "1e99999999999999999999999", "9" * 5_000)


def question(kind: str, body: str, text: str = "x") -> str:
    return (
        f'<question type="{kind}"><name><text>Q</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
        f"{body}</question>"
    )


def moodle(*questions: str) -> bytes:
    return f"<quiz>{''.join(questions)}{question('description', '')}</quiz>".encode()


def read(form: str, data: bytes) -> tuple[int, list[str]]:
    """Return (how many items are read, the codes of what is said)."""
    sink = Diagnostics()
    start = time.process_time()
    readings = reader(form)("file", data, sink)
    assert time.process_time() - start < SECONDS
    assert all(finding.span.path.startswith("file") for finding in sink)
    return sum(len(reading.items) for reading in readings), [finding.code for finding in sink]


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize(
    "body",
    [
        '<answer fraction="{}"><text>a</text></answer><answer><text>b</text></answer>',
        '<answer fraction="{}"><text>a</text></answer><answer><text>b</text></answer>'
        "<single>0</single>",
        '<answer fraction="100"><text>{}</text><tolerance>1</tolerance></answer>',
        '<answer fraction="100"><text>1</text><tolerance>{}</tolerance></answer>',
    ],
)
def test_moodle_questions_of_endless_numbers_are_left_out(number: str, body: str) -> None:
    kind = "numerical" if "tolerance" in body else "multichoice"
    assert read("moodle", moodle(question(kind, body.format(number)))) == (1, ["W706"])


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("gap", ["{{1:NM:={}:1}}", "{{1:NM:=1:{}}}", "{{1:SA:%{}%b~=c}}"])
def test_moodle_gaps_of_endless_numbers_say_so(number: str, gap: str) -> None:
    text = gap.format(number)
    count, codes = read("moodle", moodle(question("cloze", "", text)))
    # A share with an exponent is no share to Moodle, so it is a part of the answer.
    assert codes == ["W706"] or ("SA" in gap and count == 2)


@pytest.mark.parametrize(
    "text",
    [
        "{1:SA:" * 100_000,
        "{1:SA:" + "~=a" * 100_000 + "}",
        "{1:SA:=a}" * 50_000,
        "{" + "9" * 900_000 + ":SA:=a}",
    ],
)
def test_moodle_gaps_without_end_or_number(text: str) -> None:
    assert read("moodle", moodle(question("cloze", "", text))) == (1, ["W706"])


@pytest.mark.parametrize("words", [10_000, 900])
def test_moodle_words_for_thousands_of_gaps(words: int) -> None:
    options = "".join(f"<selectoption><text>w{n}</text></selectoption>" for n in range(words))
    assert read("moodle", moodle(question("gapselect", options, "[[1]]" * 5_000))) == (1, ["W706"])


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("multichoice", '<answer fraction="100"><text>a</text></answer>'),
        ("shortanswer", '<answer fraction="100"><text>a</text></answer>'),
        ("matching", "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>"),
    ],
)
def test_moodle_questions_of_thousands_of_parts(kind: str, part: str) -> None:
    assert read("moodle", moodle(question(kind, part * 5_000))) == (1, ["W706"])


def test_tags_that_do_not_end() -> None:
    start = time.process_time()
    assert without_tags("<b>a</b>" + "<a" * 300_000) == "a" + "<a" * 300_000
    assert path_parts("<i>x" + "<a" * 300_000) == ("x" + "<a" * 300_000,)
    assert time.process_time() - start < SECONDS


def test_a_long_line_of_words_is_one_text() -> None:
    run = Run()
    start = time.process_time()
    for _ in range(100_000):
        run.text("a  b ", ())
    assert run.take() == plain("a b " * 99_999 + "a b").blocks[0].children  # type: ignore[union-attr]
    assert time.process_time() - start < SECONDS


def test_blanks_of_all_kinds_in_a_line() -> None:
    run = Run()
    run.text(" \n a \t b \r\n c", ())
    run.text(" ", ())
    run.text("\n", ())
    run.text("d ", ())
    assert "|".join(str(getattr(node, "text", "\n")) for node in run.take()) == "a b|\n|c d"


def test_gift_blocks_that_open_and_do_not_close() -> None:
    count, codes = read("gift", b"{\n\n" * 49_000 + b"::A::Good?{T}")
    assert count == 1
    assert set(codes) == {"W706"}


def test_gift_answers_and_exponents_by_the_thousand() -> None:
    many = "\n\n".join("Q{" + "".join(f"=a{n}" for n in range(990)) + "}" for _ in range(20))
    assert read("gift", many.encode())[0] == 20
    assert read("gift", b"Q{#1e99999999999999999999999:1}") == (0, ["W706"])
    assert read("gift", b"Q{#1:1e99999999999999999999999}") == (0, ["W706"])


NUMBER = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t">'
    '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="{}">'
    "<correctResponse><value>{}</value></correctResponse></responseDeclaration>"
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
    "<itemBody><p>x</p>{}</itemBody>{}</assessmentItem>"
)


@pytest.mark.parametrize(
    "condition",
    [
        '<lt><variable identifier="RESPONSE"/></lt>',
        '<equal toleranceMode="exact"><variable identifier="RESPONSE"/></equal>',
        '<anyN min="x" max="1"><isNull><variable identifier="RESPONSE"/></isNull></anyN>',
        '<equalRounded figures="1"><variable identifier="RESPONSE"/></equalRounded>',
    ],
)
def test_qti_conditions_that_do_not_work_out(condition: str) -> None:
    rules = (
        f"<responseProcessing><responseCondition><responseIf>{condition}"
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue>'
        "</setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )
    body = '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    _, codes = read("qti21", NUMBER.format("float", "4", body, rules).encode())
    assert set(codes) & {"W706", "W708"}


def test_qti_keys_of_pairs_that_are_none() -> None:
    entry = '<simpleAssociableChoice identifier="{}" matchMax="1">x</simpleAssociableChoice>'
    sets = "".join(
        f"<simpleMatchSet>{''.join(entry.format(name) for name in names)}</simpleMatchSet>"
        for names in ("AB", "CD")
    )
    body = (
        '<matchInteraction responseIdentifier="RESPONSE" maxAssociations="2">'
        f"<prompt>x</prompt>{sets}</matchInteraction>"
    )
    data = NUMBER.format("directedPair", "A", body, MATCH_CORRECT)
    assert read("qti21", data.encode()) == (0, ["E705", "W706"])


def test_an_element_of_text_after_text() -> None:
    """Characters side by side, as a thousand wordless elements leave them, are one text."""
    from coursec.readers.markup import TextReader

    reader_ = TextReader(lambda _address: None, lambda _code, _message: None)
    root = Element("body", {}, [part for _ in range(50_000) for part in ("a", Element("wbr"))])
    start = time.process_time()
    assert reader_.element(root) == plain("a" * 50_000)
    assert time.process_time() - start < SECONDS
