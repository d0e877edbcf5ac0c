"""Everything that an author can write, as QTI 2.1: valid, and the same every time.

The kitchen sink and the ways to look into a package serve the other tests of this target too.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Criterion,
    Essay,
    Feedback,
    FileUpload,
    Item,
    Level,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.quiz import Course, Quiz, Section
from coursec.model.text import (
    Asset,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Image,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    SoftBreak,
    Strong,
    Table,
    Text,
    plain,
)
from coursec.targets.qti21 import emit

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("COURSEC_SHARED", REPOSITORY.parent / "shared"))
VALIDATOR = SHARED / "qti-check" / "validate.py"
NS = {
    "q": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "cp": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "lom": "http://ltsc.ieee.org/xsd/LOM",
    "m": "http://www.w3.org/1998/Math/MathML",
}
COURSE = Course(code="NLP", title="Language models", language="en")
D = Decimal

PNG = Asset("media/BPE tree (1).png", "image/png", b"\x89PNG not really")
SVG = Asset("media/loss.svg", "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"/>')


def everything(*extra: Paragraph) -> RichText:
    """Return a text with every construct of the language."""
    words = (
        Text('Fish & <chips> "quoted" '),
        Emphasis((Text("em "), Strong((Text("both"),)))),
        SoftBreak(),
        Code("a < b && c"),
        LineBreak(),
        Math(r"\frac{a}{b} < 1"),
        Text(", "),
        Link("https://example.org/a?b=1&c=%20d", (Text("link "), Code("x"))),
        Image(PNG, "A tree & its leaves"),
    )
    bullets = BulletList(
        (
            (Paragraph((Text("one"),)), BulletList(((Paragraph((Math("x^2"),)),),), tight=True)),
            (CodeBlock("in a list"), Paragraph((Text("after"),))),
            (),
        )
    )
    loose = OrderedList(
        ((Paragraph((Text("a"),)), Paragraph((Text("b"),))), (Paragraph((Text("c"),)),)),
        tight=False,
    )
    return RichText(
        (
            Heading(1, (Text("Top "), Code("h"))),
            Paragraph(words),
            Heading(4, (Text("Deep"),)),
            Heading(2, (Text("Back"),)),
            Paragraph(
                (Text("before"), SoftBreak(), Math(r"\sum_i x_i", display=True), Text("after"))
            ),
            CodeBlock("def f(x):\n    return x < 1 & 2\n\n# end", "python"),
            CodeBlock("no language"),
            Quote((Paragraph((Text("quoted"),)), Quote((bullets,)))),
            bullets,
            loose,
            OrderedList(((Paragraph((Text("third"),)),), (CodeBlock("fourth"),)), start=3),
            Table(
                ((Text("left"),), (Math("y"),), (Text("right"),), ()),
                (((Code("1"),), (Image(SVG, "loss"),), words, ()),),
                ("left", "center", "right", ""),
            ),
            Table(((Text("only a head"),),), (), ("",)),
            Rule(),
            *extra,
        )
    )


FULL = Feedback(
    general=everything(), correct=everything(), partial=plain("Nearly."), incorrect=plain("No.")
)


def gap(name: str) -> Gap:
    return Gap(name)


def kitchen_sink() -> list[Item]:
    """Return every item type with everything that it can hold."""
    rubric = (
        Criterion(
            criterion="Content <&>",
            points=D("2"),
            levels=(
                Level(label="full", points=D("2"), description="all of it"),
                Level(label="none"),
            ),
        ),
        Criterion(criterion="Style"),
    )
    choices = (
        Choice(text=everything(), correct=True, feedback=everything()),
        Choice(text=RichText((Paragraph((Math("x", display=True),)),)), feedback=plain("No")),
        Choice(text=plain("None of these"), fixed=True),
    )
    return [
        SingleChoice(
            id="single",
            title='Title "with" <signs>',
            stem=everything(),
            choices=choices,
            points=D("2.5"),
            tags=("bpe", "two words"),
            outcomes=("LO 1",),
            bloom="apply",
            difficulty=D("0.40"),
            hints=(plain("hint"),),
            feedback=FULL,
            shuffle=True,
            stimulus="stimulus",
        ),
        SingleChoice(
            id="1-weighted",
            stem=plain("Weighted?"),
            choices=(
                Choice(text=plain("a"), correct=True, weight=D(1)),
                Choice(text=plain("b"), weight=D("0.5")),
                Choice(text=plain("c"), weight=D("-0.25")),
                Choice(text=plain("d")),
            ),
            language="de-AT",
        ),
        MultipleChoice(
            id="multiple",
            stem=everything(),
            choices=(*choices, Choice(text=plain("also right"), correct=True)),
            feedback=FULL,
            points=D("0.1"),
        ),
        MultipleChoice(
            id="multiple-weighted",
            stem=plain("Which?"),
            choices=(
                Choice(text=plain("a"), correct=True, weight=D("0.7")),
                Choice(text=plain("b"), correct=True),
                Choice(text=plain("c"), weight=D("-0.1")),
            ),
        ),
        MultipleChoice(
            id="multiple-all",
            stem=plain("Which?"),
            scoring="all_or_nothing",
            choices=(Choice(text=plain("a"), correct=True), Choice(text=plain("b"))),
        ),
        TrueFalse(
            id="true-false",
            stem=everything(),
            answer=False,
            feedback_true=everything(),
            feedback_false=plain("Right."),
            language="de",
        ),
        ShortAnswer(
            id="short",
            stem=everything(),
            answers=(
                TextAnswer(text="BPE ", feedback=plain("Short for it.")),
                TextAnswer(text="bpe", weight=D("0.5")),
                TextAnswer(text='"Byte" <pair> & encoding', weight=D("0.5"), feedback=everything()),
            ),
            feedback=FULL,
        ),
        ShortAnswer(
            id="short-case",
            stem=plain("Which?"),
            case_sensitive=True,
            answers=(TextAnswer(text="BPE"), TextAnswer(text="bpe", weight=D("0.5"))),
        ),
        Numeric(
            id="numeric",
            stem=everything(),
            unit="°C",
            points=D(3),
            answers=(
                NumberAnswer(low=D("3.1"), high=D("3.2"), weight=D("0.5"), feedback=plain("Near")),
                NumberAnswer(low=D("3.14"), high=D("3.14"), value=D("3.14"), feedback=plain("Yes")),
                NumberAnswer(low=D("1e-9"), high=D("2.0E+10"), weight=D("0")),
            ),
            feedback=FULL,
        ),
        Matching(
            id="matching",
            stem=everything(),
            pairs=(
                Pair(premise=everything(), response=everything()),
                Pair(premise=plain("b"), response=plain("two")),
                Pair(premise=plain("c"), response=plain("two")),
            ),
            distractors=(plain("two"), plain("three")),
            feedback=FULL,
        ),
        Ordering(
            id="ordering",
            stem=everything(),
            sequence=(everything(), plain("second"), plain("third")),
            feedback=FULL,
        ),
        Cloze(
            id="cloze",
            stem=everything(),
            text=RichText(
                (
                    Paragraph((Text("A "), Emphasis((gap("drop"),)), Text(" and "), gap("word"))),
                    BulletList(((Paragraph((gap("num"),)),),)),
                    Table(((gap("second"),),), (), ("",)),
                )
            ),
            points=D("1.2"),
            gaps=(
                ChoiceGap(
                    name="drop",
                    points=D("0.1"),
                    choices=(
                        Choice(
                            text=RichText(
                                (
                                    Paragraph(
                                        (Text("is "), Math("x^2")),
                                    ),
                                )
                            ),
                            correct=True,
                            feedback=plain("Yes"),
                        ),
                        Choice(text=plain("b"), weight=D("0.5"), fixed=True),
                    ),
                ),
                TextGap(
                    name="word",
                    points=D("0.2"),
                    answers=(TextAnswer(text="token", feedback=everything()),),
                ),
                NumberGap(
                    name="num",
                    points=D("0.7"),
                    answers=(
                        NumberAnswer(low=D(1), high=D(2), feedback=plain("Yes")),
                        NumberAnswer(low=D(0), high=D(3), weight=D("0.5")),
                    ),
                ),
                TextGap(
                    name="second",
                    points=D("0.2"),
                    case_sensitive=True,
                    answers=(TextAnswer(text="X"), TextAnswer(text="x", weight=D("0.5"))),
                ),
            ),
            feedback=FULL,
            shuffle=True,
        ),
        Essay(
            id="essay",
            stem=everything(),
            lines=12,
            min_words=100,
            max_words=200,
            template=everything(),
            sample_answer=everything(),
            rubric=rubric,
            feedback=FULL,
        ),
        FileUpload(
            id="upload",
            stem=everything(),
            accept=(".pdf",),
            max_files=2,
            rubric=rubric,
            feedback=FULL,
        ),
        FileUpload(id="upload-any", stem=plain("Hand in."), accept=(".py", ".pdf")),
        TextItem(id="imsmanifest", stem=everything(), feedback=FULL),
    ]


def sink_quiz() -> Quiz:
    items = kitchen_sink()
    return Quiz(
        id="sink",
        title="Everything & <more>",
        instructions=everything(),
        time_limit=30,
        attempts=2,
        shuffle_items=True,
        shuffle_choices=True,
        course=COURSE,
        sections=(
            Section(id="first", title="First & foremost", items=tuple(items[:3])),
            Section(id="drawn", title=None, items=tuple(items[3:5]), pick=1),
            Section(id="rest", title="Rest", items=tuple(items[5:])),
        ),
        stimuli={"stimulus": TextItem(id="stimulus", stem=everything(), language="fr")},
    )


def one(item: Item, **options: object) -> Quiz:
    """Return a quiz of one item."""
    quiz = Quiz(
        id="q", title="Quiz", course=COURSE, sections=(Section(id="s", title=None, items=(item,)),)
    )
    return replace(quiz, **options)


def members(quiz: Quiz) -> dict[str, bytes]:
    """Return the files of a quiz's package."""
    (artifact,) = emit(quiz)
    assert artifact.path == f"qti21/{quiz.id}.zip"
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def document(quiz: Quiz, name: str) -> etree._Element:
    return etree.fromstring(members(quiz)[name])


def written(item: Item, **options: object) -> etree._Element:
    """Return an item's document in a quiz of its own."""
    quiz = one(item, **options)
    (name,) = {
        name
        for name in members(quiz)
        if name not in ("imsmanifest.xml", "test_q.xml") and name.endswith(".xml")
    }
    return document(quiz, name)


def found(root: etree._Element, path: str) -> list[str]:
    """Return the values that a path finds."""
    return [str(value) for value in root.xpath(path, namespaces=NS)]


@pytest.mark.skipif(not VALIDATOR.exists(), reason=f"no {VALIDATOR}; set COURSEC_SHARED")
@pytest.mark.parametrize("shuffled", [True, False])
def test_strict_validation_finds_nothing(tmp_path: Path, shuffled: bool) -> None:
    quiz = replace(sink_quiz(), shuffle_items=shuffled, shuffle_choices=shuffled)
    package = tmp_path / "sink.zip"
    package.write_bytes(emit(quiz)[0].data)
    result = subprocess.run(
        [sys.executable, str(VALIDATOR), "--strict", "--qti", "all", str(package)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_two_emits_are_the_same_bytes() -> None:
    assert emit(sink_quiz()) == emit(sink_quiz())
    assert emit(sink_quiz())[0].data == emit(sink_quiz())[0].data


def test_hash_seed_and_time_zone_do_not_show(tmp_path: Path) -> None:
    program = (
        "import hashlib, test_qti21 as t; print(hashlib.sha256("
        "t.emit(t.sink_quiz())[0].data).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(digests) == 1
