"""QTI 1.2: quizzes, banks, groups, settings and packages; and what no reader should trust."""

from __future__ import annotations

import io
import time
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qti12_files import (
    HEAD,
    canvas,
    document,
    equal,
    fib,
    html,
    item,
    lid,
    readings,
    rule,
    said,
)

from coursec.diagnostics import Diagnostics
from coursec.model.items import Cloze, Item, SingleChoice
from coursec.model.text import Image, plain, walk
from coursec.readers.qti12 import read
from coursec.readers.reading import Reading
from courses import PNG

NAMESPACE = 'xmlns="http://canvas.instructure.com/xsd/cccv1p0"'


def choice(ident: str, text: str = "Q", points: str = "") -> str:
    shown = html(text) + lid(["a", "b"])
    return item(shown, [rule(equal("A"), 1)], ident=ident, points=points)


def section(*inner: str, attributes: str = 'ident="s" title="S"') -> str:
    return f"<section {attributes}>{''.join(inner)}</section>"


def drawn(number: int, *inner: str, points: str = "", bank: str = "", title: str = "Pool") -> str:
    each = f"<points_per_item>{points}</points_per_item>" if points else ""
    source = f"<sourcebank_ref>{bank}</sourcebank_ref>" if bank else ""
    return section(
        f"<selection_ordering><selection>{source}<selection_number>{number}</selection_number>"
        f"<selection_extension>{each}</selection_extension></selection></selection_ordering>",
        *inner,
        attributes=f'ident="g" title="{title}"',
    )


def packed(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def package(files: dict[str, str | bytes], *codes: str) -> list[Reading]:
    """Read a package about which these things are said."""
    found, sink = readings(packed(files), "bank.zip")
    assert [d.code for d in sink] == list(codes)
    return found


def only(*inner: str, attributes: str = 'ident="quiz" title="Quiz"') -> Reading:
    found, sink = readings(document(*inner, attributes=attributes))
    assert not list(sink)
    assert len(found) == 1
    return found[0]


def shape(reading: Reading) -> list[tuple[str | None, int | None, list[str]]]:
    return [(s.title, s.pick, [one.id for one in s.items]) for s in reading.sections]


# ---------------------------------------------------------------------------------------- sections


def test_a_quiz_its_name_and_its_sections() -> None:
    reading = only(
        section(choice("a"), choice("b"), attributes='ident="s1" title="One"'),
        section(choice("c"), attributes='ident="s2" title="Two"'),
    )
    assert (reading.name, reading.title) == ("quiz", "Quiz")
    assert shape(reading) == [("One", None, ["a", "b"]), ("Two", None, ["c"])]
    assert [one.id for one in reading.sections] == ["section-1", "section-2"]


def test_the_root_section_of_canvas_is_none() -> None:
    root = 'ident="root_section"'
    reading = only(
        section(choice("a"), drawn(1, choice("b"), choice("c")), choice("d"), attributes=root)
    )
    assert shape(reading) == [
        (None, None, ["a"]),
        ("Pool", 1, ["b", "c"]),
        (None, None, ["d"]),
    ]


def test_sections_inside_sections_stand_in_a_row() -> None:
    inner = section(choice("b"), attributes='ident="t" title="T"')
    assert shape(only(section(choice("a"), inner, choice("c")))) == [
        ("S", None, ["a"]),
        ("T", None, ["b"]),
        ("S", None, ["c"]),
    ]


def test_questions_of_a_group_are_worth_the_same() -> None:
    gaps = canvas(
        "fill_in_multiple_blanks",
        html("[x] [y]") + lid(["1"], ident="response_x") + lid(["2"], ident="response_y"),
        [rule(equal("A", f"response_{n}"), 50, action="Add") for n in "xy"],
        points="1",
    )
    reading = only(drawn(1, choice("a", points="2"), gaps, points="4"))
    assert [one.points for one in reading.items] == [4, 4]
    cloze = reading.items[1]
    assert isinstance(cloze, Cloze)
    assert [gap.points for gap in cloze.gaps] == [2, 2]


def test_a_draw_of_all_is_no_draw() -> None:
    assert shape(only(drawn(2, choice("a"), choice("b")))) == [("Pool", None, ["a", "b"])]


def test_a_draw_within_a_draw_is_said() -> None:
    found, sink = readings(document(drawn(1, drawn(1, choice("a"), choice("b")), choice("c"))))
    assert shape(found[0]) == [("Pool", 1, ["a", "b", "c"])]
    assert [d.code for d in sink] == ["W707"]


def test_banks_and_loose_questions() -> None:
    fields = (
        "<qtimetadata><qtimetadatafield><fieldlabel>bank_title</fieldlabel><fieldentry>My bank"
        "</fieldentry></qtimetadatafield></qtimetadata>"
    )
    source = document(fields, choice("a"), attributes='ident="b"', tag="objectbank")
    (bank,), sink = readings(source)
    assert (bank.name, bank.title, shape(bank)) == ("b", "My bank", [(None, None, ["a"])])
    loose = f"{HEAD}<questestinterop>{choice('a')}{choice('b')}</questestinterop>"
    (reading,), sink = readings(loose)
    assert (reading.name, shape(reading)) == ("", [(None, None, ["a", "b"])])
    assert not list(sink)


# ---------------------------------------------------------------------------------------- settings


def test_settings_of_the_standard_and_of_the_cartridge() -> None:
    def entry(name: str, value: str) -> str:
        return (
            f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry>"
            "</qtimetadatafield>"
        )

    fields = entry("qmd_timelimit", "30") + entry("cc_maxattempts", "unlimited")
    reading = only(f"<qtimetadata>{fields}</qtimetadata>", section(choice("a")))
    assert (reading.time_limit, reading.attempts) == (30, 0)
    assert reading.shuffle_items is None


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("PT1H30M", 90), ("PT45S", 1), ("P1DT0H", 1440), ("H1", 60), ("M20", 20), ("soon", None)],
)
def test_durations(written: str, minutes: int | None) -> None:
    assert only(f"<duration>{written}</duration>", section(choice("a"))).time_limit == minutes


def test_instructions_and_order() -> None:
    text = f"<flow_mat>{html('<p>Closed book.</p>')}</flow_mat>"
    above = f"<presentation_material>{text}</presentation_material>"
    order = '<selection_ordering><order order_type="Random"/></selection_ordering>'
    reading = only(above, section(order, choice("a")))
    assert reading.instructions == plain("Closed book.")
    assert reading.shuffle_items is True


def test_a_text_above_a_section_becomes_one_between_the_questions() -> None:
    above = f"<presentation_material>{html('Read this.')}</presentation_material>"
    found, sink = readings(document(section(choice("a")), section(above, choice("b"))))
    assert [one.kind for one in found[0].items] == ["single_choice", "text", "single_choice"]
    assert [d.code for d in sink] == ["W708"]


META = (
    f"{HEAD}<quiz identifier='quiz' {NAMESPACE}><title>Real &amp; title</title>"
    "<description>&lt;p&gt;Read &lt;b&gt;on&lt;/b&gt;.&lt;/p&gt;</description>"
    "<shuffle_answers>true</shuffle_answers><time_limit>90</time_limit>"
    "<allowed_attempts>-1</allowed_attempts></quiz>"
)
QUIZ = document(section(choice("a"), attributes='ident="root_section"'))


@pytest.mark.parametrize(
    ("quiz", "meta"),
    [
        ("quiz/quiz.xml", "quiz/assessment_meta.xml"),
        ("non_cc_assessments/quiz.xml.qti", "quiz/assessment_meta.xml"),
        ("quiz.xml", "assessment_meta.xml"),
    ],
)
def test_settings_of_canvas(quiz: str, meta: str) -> None:
    (reading,) = package({quiz: QUIZ, meta: META})
    assert reading.title == "Real & title"
    assert [type(node).__name__ for node in walk(reading.instructions)] == [
        *("Paragraph", "Text", "Strong", "Text", "Text"),
    ]
    assert (reading.time_limit, reading.attempts, reading.shuffle_choices) == (90, 0, True)


def test_settings_of_another_quiz_are_not_taken() -> None:
    (reading,) = package({"quiz/quiz.xml": QUIZ, "other/assessment_meta.xml": META})
    assert reading.title == "Quiz"


# ---------------------------------------------------------------------------------------- packages


def manifest(*files: str) -> str:
    resources = "".join(
        f'<resource identifier="r{n}" type="imsqti_xmlv1p2"><file href="{name}"/></resource>'
        for n, name in enumerate(files)
    )
    return f"{HEAD}<manifest identifier='m'><resources>{resources}</resources></manifest>"


def test_the_manifest_gives_the_order() -> None:
    files: dict[str, str | bytes] = {
        "a.xml": document(choice("1"), attributes='ident="a"'),
        "b.xml": document(choice("2"), attributes='ident="b"'),
        "imsmanifest.xml": manifest("b.xml", "a.xml"),
    }
    assert [reading.name for reading in package(files)] == ["b", "a"]
    assert [reading.name for reading in package(dict(list(files.items())[:2]))] == ["a", "b"]


def test_a_quiz_that_stands_there_twice_is_read_once_and_whole() -> None:
    thin = document(choice("1"), attributes='ident="q"')
    whole = document(choice("1"), choice("2"), attributes='ident="q"')
    files: dict[str, str | bytes] = {
        "q/assessment_qti.xml": thin,
        "non_cc_assessments/q.xml.qti": whole,
    }
    (reading,) = package(files)
    assert [one.id for one in reading.items] == ["1", "2"]


def test_a_group_that_draws_from_a_bank_of_the_package() -> None:
    bank = document(choice("1"), choice("2"), attributes='ident="bank"', tag="objectbank")
    quiz = document(drawn(1, bank="bank", points="3"), attributes='ident="q"')
    first, second = package({"q.xml": quiz, "bank.xml": bank})
    assert shape(first) == [("Pool", 1, ["1", "2"])]
    assert [one.points for one in first.items] == [3, 3]
    assert second.name == "bank"
    found, sink = readings(quiz)
    assert found[0].sections == ()
    assert [d.code for d in sink] == ["W706"]


def test_a_bank_that_draws_from_itself_ends() -> None:
    bank = document(drawn(1, bank="b"), choice("1"), attributes='ident="b"', tag="objectbank")
    found, _ = readings(packed({"b.xml": bank}), "bank.zip")
    assert {one.id for one in found[0].items} == {"1"}


def test_questions_in_files_of_their_own() -> None:
    def alone(ident: str) -> str:
        return f"{HEAD}<questestinterop>{choice(ident)}</questestinterop>"

    references = "".join(f'<itemref linkrefid="{ident}"/>' for ident in ("2", "1"))
    files: dict[str, str | bytes] = {
        "1.xml": alone("1"),
        "2.xml": alone("2"),
        "q.xml": document(section(references)),
    }
    assert [shape(reading) for reading in package(files)] == [[("S", None, ["2", "1"])]]
    del files["q.xml"]
    assert [shape(reading) for reading in package(files)] == [[(None, None, ["1", "2"])]]
    _, sink = readings(document(section('<itemref linkrefid="gone"/>')))
    assert [d.code for d in sink] == ["W706"]


def test_questions_inside_the_manifest() -> None:
    inner = document(choice("a")).removeprefix(HEAD)
    source = (
        f"{HEAD}<manifest identifier='m'><resources><resource identifier='r' "
        f"type='imsqti_xmlv1p2/imscc_xmlv1p2/assessment'>{inner}</resource></resources></manifest>"
    )
    assert [shape(reading) for reading in package({"imsmanifest.xml": source})] == [
        [(None, None, ["a"])]
    ]


def pictured(address: str, shown: str = "") -> str:
    text = f'<p><img src="{address}" alt="A dot"></p>'
    return document(item((shown or html(text)) + lid(["a", "b"]), [rule(equal("A"), 1)]))


def image_of(files: dict[str, str | bytes], *codes: str) -> Image | None:
    (reading,) = package(files, *codes)
    found = [node for node in walk(reading.items[0].stem) if isinstance(node, Image)]
    return found[0] if found else None


@pytest.mark.parametrize(
    "address",
    [
        *("$IMS-CC-FILEBASE$/images/a dot.png", "%24IMS-CC-FILEBASE%24/images/a%20dot.png"),
        *("$IMS_CC_FILEBASE$/images/a%20dot.png?canvas_download=1", "../images/a dot.png"),
        *("images/a dot.png", "%24CANVAS_COURSE_REFERENCE%24/images/a%20dot.png"),
        *("elsewhere/a dot.png", "@X@EmbeddedFile.location@X@a%20dot.png"),
    ],
)
def test_images(address: str) -> None:
    files: dict[str, str | bytes] = {"quiz/quiz.xml": pictured(address), "images/a dot.png": PNG}
    found = image_of(files)
    assert found is not None
    assert (found.asset.data, found.alt) == (PNG, "A dot")


def test_images_of_a_cartridge_and_of_blackboard() -> None:
    files: dict[str, str | bytes] = {
        "q/quiz.xml": pictured("$IMS-CC-FILEBASE$/dot.png"),
        "web_resources/dot.png": PNG,
    }
    assert image_of(files) is not None
    files = {
        "res1.dat": pictured("@X@EmbeddedFile.requestUrlStub@X@bbcswebdav/xid-12_1"),
        "csfiles/home_dir/dot__xid-12_1.png": PNG,
    }
    assert image_of(files) is not None


def test_material_that_is_an_image() -> None:
    material = '<material><matimage imagtype="image/png" uri="%%LINKPATH%%dot.png"/></material>'
    found = image_of({"quiz.xml": pictured("", material), "dot.png": PNG}, "W708")
    assert found is not None
    assert found.alt == "dot.png"


def test_images_that_are_missing_or_none() -> None:
    assert image_of({"quiz.xml": pictured("gone.png")}, "W709") is None
    assert image_of({"quiz.xml": pictured("dot.png"), "dot.png": b"no image"}, "W707") is None
    two: dict[str, str | bytes] = {
        "quiz.xml": pictured("x/dot.png"),
        "a/dot.png": PNG,
        "b/dot.png": PNG,
    }
    assert image_of(two, "W709") is None
    _, sink = readings(pictured("dot.png"))
    assert [d.code for d in sink] == ["W709"]


# ----------------------------------------------------------------------------------- hostile input


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "E701"),
        (b"<questestinterop>", "E701"),
        (b"<!DOCTYPE q [<!ENTITY a 'b'>]><questestinterop>&a;</questestinterop>", "E704"),
        (b"<quiz/>", "E702"),
        ("<questestinterop/>".encode("utf-16"), None),
        (b"PK\x03\x04 cut off", "E701"),
    ],
)
def test_broken_files(data: bytes, code: str | None) -> None:
    sink = Diagnostics()
    assert read("bank.xml", data, sink) == []
    assert [d.code for d in sink] == ([code] if code else [])


def test_a_broken_member_leaves_the_others() -> None:
    files: dict[str, str | bytes] = {"a.xml": "<questestinterop><item>", "b.xml": QUIZ}
    found = package(files, "E701")
    assert [one.id for reading in found for one in reading.items] == ["a"]


def timed(source: str, limit: float = 10) -> list[Item]:
    start = time.process_time()
    found, _ = readings(source)
    assert time.process_time() - start < limit
    return [one for reading in found for one in reading.items]


def test_more_rules_than_any_question_has() -> None:
    shown = html("Q") + lid([str(n) for n in range(26)], kind="Multiple")
    rules = [rule(equal("A"), 1, action="Add")] * 6_000
    assert timed(document(item(shown, rules))) == []
    heavy = item(shown, rules[:4_000], ident="heavy")
    made = timed(document(*[heavy] * 40), 60)
    assert len(made) < 40


@pytest.mark.parametrize(
    "inner",
    [
        "<and>" * 60 + equal("A") + "</and>" * 60,
        "".join(f"<or>{equal(str(n))}</or>" for n in range(2_000)),
        "".join(f'<vargte respident="r">{n}</vargte>' for n in range(2_000)),
        f"<or>{''.join(equal(str(n)) for n in range(3_000))}</or>",
        "<and>" + f"<or>{''.join(equal(str(n)) for n in range(150))}</or>" * 6 + "</and>",
    ],
)
@pytest.mark.parametrize(
    "asked", [fib(tag="response_num"), fib(), lid(["a", "b"], kind="Multiple")]
)
def test_conditions_without_end(inner: str, asked: str) -> None:
    timed(document(item(html("Q") + asked, [rule(inner, 1)])))


def test_many_of_everything() -> None:
    shown = html("Q") + "".join(lid(["x"] * 20, ident=f"r{n}", above="p") for n in range(150))
    rules = [rule(equal("A", f"r{n}"), 1, action="Add") for n in range(150)]
    timed(document(item(shown, rules)))
    assert timed(document(item(html("Q") + lid(["a"] * 600), [rule(equal("A"), 1)]))) == []
    feedback = [said(f"f{n}", "x") for n in range(1_500)]
    assert timed(document(item(html("Q") + lid(["a", "b"]), [rule(equal("A"), 1)], feedback)))
    assert len(timed(document(*[choice(str(n)) for n in range(2_000)]))) == 2_000


PIECES = st.recursive(
    st.sampled_from(
        [
            *(
                html("x"),
                html("<b>[a]"),
                fib(),
                fib("s"),
                fib(tag="response_num"),
                OTHER := "<other/>",
            ),
            *(lid(["a", "b"]), lid(["a", ""], kind="Multiple"), lid(["a", "b"], kind="Ordered")),
            *(lid(["1"], ident="response_a"), lid([], ident="r"), equal("A"), equal("1", "s")),
            *(equal("x", "s", 'index="1"'), '<vargt respident="r">x</vargt>', "<matimage/>"),
            *('<setvar action="Add">1</setvar>', "<setvar>SCORE.max</setvar>", "<conditionvar/>"),
            *("<displayfeedback/>", "<response_grp/>", "<response_xy/>", said("", ""), "text"),
            *('<varsubset respident="r">A,B</varsubset>', "<not/>", '<decvar maxvalue="NaN"/>'),
        ]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(
            [
                *("item", "presentation", "flow", "resprocessing", "respcondition", "conditionvar"),
                *("and", "or", "not", "section", "assessment", "outcomes", "itemfeedback"),
                *('flow class="RIGHT_MATCH_BLOCK"', 'flow class="RESPONSE_BLOCK"', "material"),
            ]
        ).filter(lambda tag: " " not in tag),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(
    [
        *("", "multiple_choice_question", "multiple_answers_question", "true_false_question"),
        *("short_answer_question", "numerical_question", "matching_question", "essay_question"),
        *("fill_in_multiple_blanks_question", "multiple_dropdowns_question", "ordering", "Error"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(shown=st.lists(PIECES, max_size=4), rules=st.lists(PIECES, max_size=4), kind=KINDS)
def test_any_question_is_read_or_refused(shown: list[str], rules: list[str], kind: str) -> None:
    tests = [rule(one, 1) for one in rules]
    found, _ = readings(document(item("".join(shown), tests, kind=kind)))
    for one in (one for reading in found for one in reading.items):
        assert one.points > 0
        assert one.span is not None
        if isinstance(one, SingleChoice):
            assert sum(made.correct for made in one.choices) == 1
        if isinstance(one, Cloze):
            alike = all(gap.points == one.points / len(one.gaps) for gap in one.gaps)
            assert alike or sum((gap.points for gap in one.gaps), Decimal(0)) == one.points


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=60), PIECES.map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("bank.xml", "bank.zip"):
        read(name, data, Diagnostics())
    read(
        "bank.zip",
        packed({"a.xml": b"<questestinterop>" + data + b"</questestinterop>"}),
        Diagnostics(),
    )
