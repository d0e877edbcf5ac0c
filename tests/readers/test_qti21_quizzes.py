"""QTI packages and tests: sections, limits, files, and what hostile ones come to."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qti21_files import (
    MATCH_CORRECT,
    SCORE,
    choices,
    document,
    flat,
    item_of,
    messages,
    packed,
    points,
    read_file,
    response,
)

from coursec.diagnostics import Diagnostics
from coursec.model.items import Cloze, SingleChoice, TextItem
from coursec.model.text import Image, plain, walk
from coursec.readers.package import open_package
from coursec.readers.qti21 import read
from coursec.readers.qti21.library import PackageLibrary, read_documents
from coursec.readers.qti21.processing import Budget
from coursec.readers.reading import Reading
from courses import PNG

CP = 'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"'
QTI = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'


def question(identifier: str, stem: str = "<p>Which?</p>", declared: str = SCORE) -> str:
    return document(
        response("identifier", "A") + declared,
        stem + choices("a", "b"),
        MATCH_CORRECT,
        attributes=f'identifier="{identifier}"',
    )


def manifest(*resources: str) -> str:
    return (
        f'<manifest {CP} identifier="m"><metadata><schema>QTIv2.1 Package</schema>'
        "<lom><general><title><string>A bank</string></title></general></lom></metadata>"
        f"<organizations/><resources>{''.join(resources)}</resources></manifest>"
    )


def resource(identifier: str, href: str, *inner: str, kind: str = "item") -> str:
    return (
        f'<resource identifier="{identifier}" type="imsqti_{kind}_xmlv2p1" href="{href}">'
        f'{"".join(inner)}<file href="{href}"/></resource>'
    )


def quiz(inside: str) -> str:
    return f'<assessmentTest {QTI} identifier="t1" title="A quiz">{inside}</assessmentTest>'


def part(*inside: str) -> str:
    return (
        '<testPart identifier="p1" navigationMode="nonlinear" submissionMode="individual">'
        f"{''.join(inside)}</testPart>"
    )


def section(*inside: str, attributes: str = 'identifier="s1" title="One" visible="true"') -> str:
    return f"<assessmentSection {attributes}>{''.join(inside)}</assessmentSection>"


def ref(*names: str, inside: str = "") -> str:
    return "".join(
        f'<assessmentItemRef identifier="{name}" href="{name}.xml">{inside}</assessmentItemRef>'
        for name in names
    )


def package(test: str, *names: str, **files: str | bytes) -> bytes:
    """Return a package of a test and items; `files` replaces some of them."""
    content: dict[str, str | bytes] = {
        "imsmanifest.xml": manifest(
            resource("t1", "test.xml", kind="test"),
            *(resource(name, f"{name}.xml") for name in names),
        ),
        "test.xml": test,
        **{f"{name}.xml": question(name) for name in names},
        **{f"{name}.xml": file for name, file in files.items()},
    }
    return packed(content)


def reading(data: bytes, *codes: str) -> Reading:
    """Return the only reading of a package; the findings must have just these codes."""
    readings, sink = read_file(data, "bank.zip")
    assert [d.code for d in sink] == list(codes), [d.message for d in sink]
    (only,) = readings
    return only


def shape(found: Reading) -> list[tuple[str | None, int | None, list[str]]]:
    return [(s.title, s.pick, [item.id for item in s.items]) for s in found.sections]


# ----------------------------------------------------------------------------------- packages


def test_a_test_and_its_items() -> None:
    control = '<itemSessionControl maxAttempts="2" showFeedback="true"/>'
    test = quiz(
        '<timeLimits maxTime="5400"/>'
        + part(
            control,
            section(
                '<selection select="1"/><ordering shuffle="true"/>'
                '<rubricBlock view="candidate"><p>Closed book.</p></rubricBlock>',
                ref("q1", "q2"),
            ),
            section(
                '<ordering shuffle="true"/>',
                ref("q3"),
                attributes='identifier="s2" title="A quiz" visible="false"',
            ),
        )
    )
    found = reading(package(test, "q1", "q2", "q3"))
    assert (found.name, found.title, found.instructions) == ("t1", "A quiz", plain("Closed book."))
    assert (found.time_limit, found.attempts, found.shuffle_items) == (90, 2, True)
    assert found.shuffle_choices is None
    assert shape(found) == [("One", 1, ["q1", "q2"]), (None, None, ["q3"])]
    assert [s.id for s in found.sections] == ["s1", "s2"]
    assert found.span is not None
    assert found.span.path == "bank.zip/test.xml"


def test_what_a_test_does_not_say() -> None:
    found = reading(package(quiz(part(section(ref("q1")))), "q1"))
    assert (found.time_limit, found.attempts, found.shuffle_items) == (None, None, False)
    assert not found.instructions


def test_sections_in_sections_become_sections() -> None:
    inner = section(ref("q2"), attributes='identifier="s2" title="Two" visible="true"')
    test = quiz(part(section(ref("q1"), inner, ref("q3"))))
    found = reading(package(test, "q1", "q2", "q3"))
    assert shape(found) == [("One", None, ["q1"]), ("Two", None, ["q2"]), ("One", None, ["q3"])]
    assert [s.id for s in found.sections] == ["s1", "s2", "s1-2"]


def test_a_draw_of_whole_sections_is_said() -> None:
    inner = section(ref("q1"), attributes='identifier="s2" title="Two" visible="true"')
    test = quiz(part(section('<selection select="1"/>', inner)))
    assert shape(reading(package(test, "q1"), "W707")) == [("Two", None, ["q1"])]


def test_a_section_in_a_file_of_its_own() -> None:
    test = quiz(part('<assessmentSectionRef identifier="s1" href="part/one.xml"/>'))
    one = section(
        '<assessmentItemRef identifier="q1" href="../q1.xml"/>',
        attributes=f'{QTI} identifier="s1" title="One"',
    )
    files = {"imsmanifest.xml": manifest(), "test.xml": test, "part/one.xml": one}
    found = reading(packed({**files, "q1.xml": question("q1")}))
    assert shape(found) == [("One", None, ["q1"])]


def test_a_section_that_asks_for_itself() -> None:
    again = '<assessmentSectionRef identifier="x" href="one.xml"/>'
    one = section(ref("q1"), again, attributes=f'{QTI} identifier="s1" title="One"')
    data = packed({"test.xml": quiz(part(again)), "one.xml": one, "q1.xml": question("q1")})
    assert shape(reading(data, "W706")) == [("One", None, ["q1"])]


def test_a_text_above_a_later_section_is_an_item() -> None:
    text = '<rubricBlock view="candidate"><p>Now this.</p></rubricBlock>'
    other = '<rubricBlock view="proctor"><p>For others.</p></rubricBlock>'
    second = section(text, other, ref("q2"), attributes='identifier="s2" title="Two"')
    test = quiz(part(section(ref("q1")), second))
    found = reading(package(test, "q1", "q2"), "W707", "W708")
    item = found.sections[1].items[0]
    assert isinstance(item, TextItem)
    assert item.stem == plain("Now this.")


def test_what_a_quiz_cannot_say_is_said() -> None:
    test = quiz(
        part(
            "<branchRule target='EXIT_TEST'/>",
            section('<ordering shuffle="true"/>', ref("q1"), '<timeLimits maxTime="60"/>'),
            section(ref("q2"), attributes='identifier="s2" title="Two"'),
        )
        + part()
        + '<testFeedback identifier="f"/>'
    )
    found, sink = read_file(package(test, "q1", "q2"), "bank.zip")
    assert sorted(f"{d.code} {d.message}" for d in sink) == [
        "W707 A condition on which a part is shown is left out.",
        "W707 A time limit on a part of the test is left out.",
        "W707 The feedback on the whole test is left out.",
        "W708 Some sections are shuffled and others not; here all are.",
        "W708 The 2 parts of the test become one.",
    ]
    assert found[0].shuffle_items is True


def test_seconds_become_minutes() -> None:
    test = quiz('<timeLimits maxTime="90.0"/>' + part(section(ref("q1"))))
    found = reading(package(test, "q1"), "W708")
    assert found.time_limit == 2


@pytest.mark.parametrize(("named", "worth"), [("W", "7.5"), (None, "2.5")])
def test_weights_count_where_the_test_counts_with_them(named: str | None, worth: str) -> None:
    attribute = f' weightIdentifier="{named}"' if named else ""
    total = (
        '<outcomeProcessing><setOutcomeValue identifier="SCORE"><sum>'
        f'<testVariables variableIdentifier="SCORE"{attribute}/></sum></setOutcomeValue>'
        "</outcomeProcessing>"
    )
    rules = (
        '<responseProcessing><setOutcomeValue identifier="SCORE"><product>'
        '<mapResponse identifier="RESPONSE"/><baseValue baseType="float">2.5</baseValue>'
        "</product></setOutcomeValue></responseProcessing>"
    )
    entry = '<textEntryInteraction responseIdentifier="RESPONSE"/>'
    cloze = document(
        response("string", "York", mapping={"York": "1"}) + points("2.5"),
        f"<p>In {entry}, it was.</p>",
        rules,
    )
    weight = '<weight identifier="W" value="3"/>'
    test = quiz(part(section(ref("q1", inside=weight))) + total)
    (item,) = reading(package(test, "q1", q1=cloze)).items
    assert isinstance(item, Cloze)
    assert item.points == item.gaps[0].points == Decimal(worth)


def test_an_item_may_stand_in_several_tests_and_items_in_none() -> None:
    test = quiz(part(section(ref("q1", "q1"))))
    content = {
        "imsmanifest.xml": manifest(
            resource("t1", "test.xml", kind="test"),
            resource("t2", "other.xml", kind="test"),
            resource("q1", "q1.xml"),
            resource("q2", "q2.xml"),
        ),
        "test.xml": test,
        "other.xml": test.replace('"t1"', '"t2"'),
        "q1.xml": question("q1"),
        "q2.xml": question("q2"),
    }
    readings, sink = read_file(packed(content), "bank.zip")
    assert not len(sink)
    assert [r.name for r in readings] == ["t1", "t2", ""]
    assert [[item.id for item in r.items] for r in readings] == [["q1"] * 2, ["q1"] * 2, ["q2"]]


def test_a_package_without_a_test_is_a_bank() -> None:
    keywords = (
        "<metadata><lom><general><keyword><string>bpe</string></keyword>"
        "<keyword><langstring>bloom:apply</langstring></keyword>"
        "<keyword>outcome:LO 1</keyword></general></lom></metadata>"
    )
    files = {
        "imsmanifest.xml": manifest(resource("q2", "q2.xml", keywords), resource("q1", "q1.xml")),
        "q1.xml": question("q1"),
        "q2.xml": question("q2"),
    }
    found = reading(packed(files))
    assert (found.name, found.title) == ("", "A bank")
    assert [item.id for item in found.items] == ["q2", "q1"]
    first = found.items[0]
    assert (first.tags, first.bloom, first.outcomes) == (("bpe",), "apply", ("LO 1",))


def test_a_package_without_a_manifest() -> None:
    found = reading(packed({"a/q1.xml": question("q1"), "readme.txt": "nothing"}))
    assert [item.id for item in found.items] == ["q1"]


def test_one_broken_item_does_not_take_the_others_with_it() -> None:
    test = quiz(part(section(ref("q1", "q2", "q3", "q4"))))
    found, sink = read_file(
        package(test, "q1", "q2", "q3", q2=question("q2")[:-20], q3="<html/>"), "bank.zip"
    )
    assert [item.id for item in found[0].items] == ["q1"]
    assert [(d.code, d.span.path) for d in sink] == [
        ("E701", "bank.zip/q2.xml"),
        ("W709", "bank.zip/test.xml"),
    ]


# --------------------------------------------------------------------------------------- files


def images(item: object) -> list[tuple[str, str]]:
    assert isinstance(item, SingleChoice)
    return [(n.asset.path, n.alt) for n in walk(item.stem) if isinstance(n, Image)]


def test_images_are_found_from_where_they_are_named() -> None:
    stem = (
        '<p><img src="../media/a%20b.png" alt="One"/></p>'
        '<p><object type="image/png" data="../media/a%20b.png">Two</object></p>'
    )
    files = {"items/q1.xml": question("q1", stem), "media/a b.png": PNG}
    (item,) = reading(packed(files)).items
    assert images(item) == [("media/a b.png", "One"), ("media/a b.png", "Two")]


def test_images_that_are_not_there_or_none_are_said() -> None:
    stem = '<p>Look: <img src="no.png" alt="x"/> <img src="text.png" alt="y"/></p>'
    data = packed({"q1.xml": question("q1", stem), "text.png": "no image"})
    found, sink = read_file(data, "bank.zip")
    assert found[0].items
    assert {d.code for d in sink} >= {"W707", "W709"}
    assert "W709" in {m.split()[0] for m in messages(question("q1", stem))}


def test_a_shared_text_in_another_file() -> None:
    stimulus = (
        '<assessmentStimulus identifier="s" title="S"><stimulusBody><p>Read: '
        '<img src="dot.png" alt="A dot"/></p></stimulusBody></assessmentStimulus>'
    )
    stem = question("q1").replace(
        "<itemBody>", '<assessmentStimulusRef identifier="s" href="shared/s.xml"/><itemBody>'
    )
    included = question(
        "q2", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="shared/s.xml"/><p>?</p>'
    )
    files = {
        "q1.xml": stem,
        "q2.xml": included,
        "shared/s.xml": stimulus,
        "shared/dot.png": PNG,
    }
    first, second = reading(packed(files)).items
    assert (flat(first.stem), flat(second.stem)) == ("Read: Which?", "Read: ?")
    assert images(first) == images(second) == [("shared/dot.png", "A dot")]


def test_nothing_outside_a_package_is_read() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}"/><p>Which?</p>'
    for address in ("/etc/passwd", "file:///etc/passwd", "../../../etc/passwd"):
        data = packed({"q1.xml": question("q1", include.format(address))})
        (item,) = reading(data, "W709").items
        assert item.stem == plain("Which?")


# ------------------------------------------------------------------------------ single files


def test_a_test_alone_has_no_items() -> None:
    found, sink = read_file(quiz(part(section(ref("q1")))), "test.xml")
    assert not any(r.items for r in found)
    assert [d.code for d in sink] == ["E705", "W709"]


def test_a_file_of_something_else() -> None:
    _, sink = read_file("<html/>", "page.xml")
    assert [d.code for d in sink] == ["E702"]


# ------------------------------------------------------------------------------- hostile files


def taken(data: bytes, name: str = "item.xml") -> tuple[list[Reading], list[str], float]:
    sink = Diagnostics()
    start = time.process_time()
    readings = read(name, data, sink)
    return readings, [d.code for d in sink], time.process_time() - start


MANY = 2_000


@pytest.mark.parametrize(
    "source",
    [
        document(SCORE, "<p>x</p>" + choices("a", "b") * MANY),
        document(
            SCORE, "<p>x</p>" + '<p><textEntryInteraction responseIdentifier="R"/></p>' * MANY
        ),
        document(SCORE, "<p>x</p>", '<modalFeedback identifier="x" outcomeIdentifier="y"/>' * MANY),
        document(
            response("identifier", "c0", cardinality="multiple") + SCORE,
            '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0">'
            + "".join(f'<simpleChoice identifier="c{n}">x</simpleChoice>' for n in range(MANY))
            + "</choiceInteraction>",
            "<responseProcessing>"
            + '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
            '<baseValue baseType="float">1</baseValue></sum></setOutcomeValue>'
            * MANY
            + "</responseProcessing>",
        ),
        document(
            response("float", *["5"], mapping={str(n): "1" for n in range(MANY)}) + SCORE,
            '<p>x <textEntryInteraction responseIdentifier="RESPONSE"/></p>',
            MATCH_CORRECT.replace("match_correct", "map_response"),
        ),
        document(
            response("string", mapping={f"w{n}": str(n) for n in range(MANY)}) + SCORE,
            '<p>x <textEntryInteraction responseIdentifier="RESPONSE"/></p>',
            MATCH_CORRECT.replace("match_correct", "map_response"),
        ),
        document(SCORE, "<div>" * 140 + "<p>deep</p>" + "</div>" * 140),
        document(
            response("string", "a") + SCORE,
            '<p>x <textEntryInteraction responseIdentifier="RESPONSE"/></p>',
            '<responseProcessing><setOutcomeValue identifier="SCORE">'
            + "<sum>" * 120
            + '<baseValue baseType="float">1</baseValue>'
            + "</sum>" * 120
            + "</setOutcomeValue></responseProcessing>",
        ),
    ],
    ids=["choices", "entries", "feedback", "rules", "numbers", "texts", "deep", "nested rules"],
)
def test_large_files_are_bounded(source: str) -> None:
    _, _, seconds = taken(source.encode())
    assert seconds < 8


def test_all_items_of_a_package_share_one_allowance() -> None:
    def items(count: int, budget: Budget) -> tuple[int, list[str]]:
        sink = Diagnostics()
        data = packed({f"q{n}.xml": question(f"q{n}") for n in range(count)})
        package = open_package("bank.zip", data, sink)
        assert package is not None
        readings = read_documents(PackageLibrary(package, sink, budget))
        return sum(len(reading.items) for reading in readings), [d.code for d in sink]

    budget = Budget()
    assert items(1, budget) == (1, [])
    spent = Budget().left - budget.left
    assert 0 < spent < 1_000
    assert items(40, Budget(spent * 10)) == (10, ["W706"] * 30)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_never_raises(data: st.DataObject) -> None:
    whole = list(question("q1", '<p>x &amp; y <b>z</b></p><p><img src="a.png" alt=""/></p>'))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(whole)))
        end = min(len(whole), start + data.draw(st.integers(0, 30)))
        whole[start:end] = data.draw(st.text(max_size=8))
    source = "".join(whole).encode("utf-8", "surrogatepass")
    readings, sink = read_file(source)
    assert any(r.items for r in readings) or len(sink)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.zip", "a.xml"]))
def test_any_bytes_are_a_finding(data: bytes, name: str) -> None:
    sink = Diagnostics()
    assert not any(reading.items for reading in read(name, data, sink))
    assert sink.errors


def test_a_title_is_the_question_where_there_is_no_other() -> None:
    source = document(
        response("identifier", "A") + SCORE,
        choices("a", "b"),
        MATCH_CORRECT,
        attributes='identifier="q1" title="Which one?"',
    )
    assert item_of(source, "W708").stem == plain("Which one?")
