"""Nothing is lost off a page, nothing an author writes is obeyed, every refusal names its item."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.model.artifact import Typesetting
from coursec.model.items import (
    Choice,
    Cloze,
    Criterion,
    Essay,
    Feedback,
    Item,
    Level,
    Matching,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.quiz import Course, PrintOptions, Section
from coursec.model.text import (
    NO_TEXT,
    Asset,
    BulletList,
    Code,
    CodeBlock,
    Gap,
    Image,
    Inline,
    LineBreak,
    Math,
    Paragraph,
    RichText,
    Table,
    Text,
    plain,
)
from coursec.targets.pdf import TypesettingError, emit, typeset
from coursec.targets.pdf.document import PAPERS
from coursec.targets.pdf.extent import Extent
from courses import PNG
from courses import quiz_of as quiz
from pdf_reader import pages, pdfs, text

MANY = 200
WORDS = [f"word{n}." for n in range(MANY)]


def paragraphs(words: list[str] = WORDS) -> RichText:
    return RichText(tuple(Paragraph((Text(word),)) for word in words))


def breaks() -> RichText:
    inlines: list[Inline] = []
    for word in WORDS:
        inlines += [Text(word), LineBreak()]
    return RichText((Paragraph(tuple(inlines)),))


def table() -> RichText:
    rows = tuple(((Text(word),), (Code("x"),)) for word in WORDS)
    return RichText((Table(((Text("h"),), (Text("i"),)), rows, ("", "")),))


def nested() -> RichText:
    inner: RichText = plain("word0.")
    for word in WORDS[1:12]:
        inner = RichText((BulletList(((Paragraph((Text(word * 9),)), *inner.blocks),)),))
    return inner


LONG: dict[str, Item] = {
    "paragraphs": TrueFalse(id="i", stem=paragraphs(), answer=True),
    "one paragraph": TrueFalse(id="i", stem=plain(" ".join(WORDS * 20)), answer=True),
    "wide letters": TrueFalse(id="i", stem=plain(" ".join(["WWWWWW"] * 900 + WORDS)), answer=True),
    "line breaks": TrueFalse(id="i", stem=breaks(), answer=True),
    "code": TrueFalse(id="i", stem=RichText((CodeBlock("\n".join(WORDS)),)), answer=True),
    "table": TrueFalse(id="i", stem=table(), answer=True),
    "list": TrueFalse(
        id="i", stem=RichText((BulletList(tuple(plain(w).blocks for w in WORDS)),)), answer=True
    ),
    "choices": SingleChoice(
        id="i", stem=plain("S"), choices=tuple(Choice(text=plain(word)) for word in WORDS)
    ),
    "short choices": SingleChoice(
        id="i", stem=plain("S"), choices=tuple(Choice(text=plain(word)) for word in WORDS[:60])
    ),
    "matching": Matching(
        id="i", pairs=tuple(Pair(premise=plain(word), response=plain("r")) for word in WORDS)
    ),
    "ordering": Ordering(id="i", sequence=tuple(plain(word) for word in WORDS)),
    "cloze": Cloze(
        id="i",
        text=RichText(tuple(Paragraph((Text(w), Gap("g"))) for w in WORDS)),
        gaps=(TextGap(name="g", answers=(TextAnswer(text="a"),)),),
    ),
    "essay": Essay(id="i", stem=paragraphs(), lines=100),
    "stimulus": TextItem(id="i", stem=paragraphs()),
}


@pytest.mark.parametrize("paper", ["a5", "a4"])
@pytest.mark.parametrize("item", LONG.values(), ids=LONG)
def test_what_is_taller_than_a_page_goes_on_over_the_next(item: Item, paper: str) -> None:
    if isinstance(item, TextItem):
        rests = TrueFalse(id="t", stem=plain("So?"), answer=True, stimulus="i")
        one = quiz(rests, stimuli={"i": item}, print=PrintOptions(paper=paper))
    else:
        one = quiz(item, print=PrintOptions(paper=paper))
    shown = pages(typeset(emit(one)[0]))
    every = " ".join(shown)
    count = 60 if len(getattr(item, "choices", ())) == 60 else MANY
    assert len(shown) >= 2
    assert [word for word in WORDS[:count] if word not in every] == []


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_a_thousand_words_in_items_of_every_length_all_arrive(paper: str) -> None:
    """Items around the length at which one stops fitting on a page are the dangerous ones."""
    items = tuple(
        SingleChoice(
            id=f"i{n}",
            stem=plain(" ".join(f"w{n}x{k}." for k in range(n * 15))),
            choices=tuple(Choice(text=plain(f"c{n}x{k}.")) for k in range(n)),
        )
        for n in range(2, 30)
    )
    shown = set(text(typeset(emit(quiz(*items, print=PrintOptions(paper=paper)))[0])).split())
    wanted = {f"w{n}x{k}." for n in range(2, 30) for k in range(n * 15)}
    wanted |= {f"c{n}x{k}." for n in range(2, 30) for k in range(n)}
    assert wanted <= shown


def test_instructions_and_the_key_go_on_over_the_next_page_too() -> None:
    rubric = tuple(
        Criterion(criterion=word, points=Decimal(1), levels=(Level(label="l"),)) for word in WORDS
    )
    essay = Essay(
        id="e", stem=plain("S"), sample_answer=paragraphs([f"s{n}." for n in range(MANY)]),
        feedback=Feedback(general=paragraphs([f"g{n}." for n in range(MANY)])), rubric=rubric,
    )  # fmt: skip
    paper, key = pdfs(quiz(essay, instructions=paragraphs())).values()
    assert all(word in text(paper) for word in WORDS)
    words = set(text(key).split())
    assert {*WORDS, *(f"{k}{n}." for k in "sg" for n in range(MANY))} <= words


def test_lists_in_lists_get_narrow_and_are_still_all_there() -> None:
    items = tuple(TrueFalse(id=f"i{n}", stem=nested(), answer=True) for n in range(6))
    shown = text(typeset(emit(quiz(*items, print=PrintOptions(paper="a5")))[0])).replace(" ", "")
    assert all(shown.count(word) == 6 * 9 for word in WORDS[1:12])


def test_an_item_that_fits_stays_on_one_page() -> None:
    items = tuple(
        SingleChoice(
            id=f"i{n}", stem=plain(f"begin{n}. " + "word " * 90),
            choices=tuple(Choice(text=plain(f"c{k}" + (f" end{n}." * (k == 4)))) for k in range(5)),
        )
        for n in range(12)
    )  # fmt: skip
    shown = pages(typeset(emit(quiz(*items))[0]))
    assert len(shown) > 2
    for n in range(12):
        [begin] = [i for i, page in enumerate(shown) if f"begin{n}." in page]
        assert f"end{n}." in shown[begin]


def test_pictures_are_never_taller_than_a_page() -> None:
    tall = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="9000"></svg>'
    pictures = (
        Image(Asset("a.svg", "image/svg+xml", tall), "Tall"),
        Image(Asset("a.png", "image/png", PNG), "Dot"),
    )
    items = tuple(
        TrueFalse(
            id=f"i{n}{inline}", answer=True,
            stem=RichText((Paragraph((*(Text("x"),) * inline, image)), *plain(f"below{n}").blocks)),
        )
        for n, image in enumerate(pictures)
        for inline in (0, 1)
    )  # fmt: skip
    [shown] = [" ".join(pages(typeset(emit(quiz(*items))[0])))]
    assert shown.count("below0") == shown.count("below1") == 2


def test_extents_err_on_the_side_of_measuring() -> None:
    page = Extent.of(210, 297)
    assert page.surely_holds("[A short question\\?]")
    assert not page.surely_holds("[a]," * 60)
    assert not page.surely_holds('#inline-picture(image("a.svg", alt: "b"), none)' * 2)
    assert not page.surely_holds('#picture(image("a.png", alt: "\\"), (1, 1))"), (900, 1600))' * 2)
    assert page.surely_holds('#picture(image("a.png", alt: "b"), (900, 90))')
    assert not page.surely_holds("#table(columns: 9, " + ",\n[" + "a" * 300 + "]\n)")
    assert not page.surely_holds("#ruled(40)")
    assert not page.surely_holds("[A short question\\?]" * 12, 0.5)


# ---- hostile texts

HOSTILE = (
    '#read("/etc/passwd")', '#panic("!")', "#{while true {}}", "$ #x $", "*b* _e_ `r` <l> @ref",
    "] #pagebreak() [", '"; #x', "\\u{41} \\", "// c", "/* c */", "= h", "https://example.org/#a",
    "#import \"x.typ\": *", "#set text(size: 99pt)", "~~ -- ... --- '\"", "[a](b) ![c](d)",
)  # fmt: skip
hostile = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text("abc #$*_`<>@[](){}\\/~-=+'\";:.,!?|&%^")),
    max_size=4,
).map(lambda parts: "x" + "".join(parts) + "x")


def bare(shown: str) -> str:
    return "".join(shown.split()).replace("‐", "-")


@settings(max_examples=60, deadline=None)
@given(st.lists(hostile, min_size=14, max_size=14))
def test_hostile_texts_are_shown_and_not_obeyed(texts: list[str]) -> None:
    t = iter(texts)
    item = ShortAnswer(
        id="i", title=next(t), stem=RichText((*plain(next(t)).blocks, CodeBlock(next(t)))),
        answers=(TextAnswer(text=next(t), feedback=plain(next(t))),), tags=(next(t),),
        source=(next(t),), hints=(RichText((Paragraph((Code(next(t)),)),)),),
    )  # fmt: skip
    essay = Essay(
        id="e", stem=plain(next(t)),
        rubric=(Criterion(criterion=next(t), levels=(Level(label=next(t)),)),),
    )  # fmt: skip
    section = Section(id="s", title=next(t), items=(item, essay))
    course = Course(code="C", title=next(t))
    one = quiz(sections=(section,), course=course, title=next(t))
    shown = bare(" ".join(text(pdf) for pdf in pdfs(one).values()))
    assert [written for written in texts if bare(written) not in shown] == []


def test_the_document_sees_no_files_but_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    for name in ("secret", "/etc/passwd", "../secret", str(tmp_path / "secret")):
        paper = Typesetting("pdf/x.pdf", f'#set document(title: "x")\n= x\n#read("{name}")\n')
        before = Path.cwd()
        os.chdir(tmp_path)
        try:
            with pytest.raises(TypesettingError):
                typeset(paper)
        finally:
            os.chdir(before)


# ---- refusals


def glyphless(stem: RichText = NO_TEXT, **fields: object) -> TrueFalse:
    return TrueFalse(id="at-fault", stem=stem, answer=True, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stem", "characters"),
    [
        (plain("a 漢 b 字 c 漢"), "“漢” (U+6F22), “字” (U+5B57)"),
        (plain("smile \N{GRINNING FACE}"), "“\N{GRINNING FACE}” (U+1F600)"),
        (RichText((CodeBlock("x = 漢"),)), "“漢” (U+6F22)"),
        (RichText((Paragraph((Math(r"\text{漢}"),)),)), "“漢” (U+6F22)"),
    ],
)
def test_characters_without_a_font_are_named_with_their_item(
    stem: RichText, characters: str
) -> None:
    before = TrueFalse(id="before", stem=plain("Fine."), answer=True)
    after = TrueFalse(id="after", stem=plain("Also 語."), answer=True)
    with pytest.raises(TypesettingError) as caught:
        typeset(emit(quiz(before, glyphless(stem), after))[0])
    assert caught.value.item_id == "at-fault"
    assert str(caught.value) == f"No font of the paper has {characters}."


def test_the_key_names_the_item_too() -> None:
    with pytest.raises(TypesettingError) as caught:
        typeset(emit(quiz(glyphless(title="漢"), TrueFalse(id="z", answer=True)))[1])
    assert caught.value.item_id == "at-fault"


def test_a_stimulus_is_named_itself() -> None:
    stimulus = TextItem(id="s", stem=plain("漢"))
    item = TrueFalse(id="t", stem=plain("a"), answer=True, stimulus="s")
    with pytest.raises(TypesettingError) as caught:
        typeset(emit(quiz(item, stimuli={"s": stimulus}))[0])
    assert caught.value.item_id == "s"


def test_what_is_no_items_fault_names_none() -> None:
    sections = (
        Section(id="a", title="A", items=(glyphless(plain("x")),)),
        Section(id="b", title="漢", items=(TrueFalse(id="t", answer=True),)),
    )
    for one in (quiz(sections=sections), quiz(glyphless(plain("x")), title="漢")):
        with pytest.raises(TypesettingError) as caught:
            typeset(emit(one)[0])
        assert caught.value.item_id is None


def test_a_broken_image_names_its_item() -> None:
    image = Image(Asset("a.png", "image/png", b"\x89PNG no"), "A")
    with pytest.raises(TypesettingError, match="image") as caught:
        typeset(emit(quiz(glyphless(RichText((Paragraph((image,)),)))))[0])
    assert caught.value.item_id == "at-fault"


def test_a_warning_is_an_error() -> None:
    source = '#set document(title: "x")\n= x\n#par[#image("a.png", alt: "a")]\n'
    with pytest.raises(TypesettingError):
        typeset(Typesetting("pdf/x.pdf", source, (("a.png", PNG),), ((3, "i"),)))


# ---- the same bytes everywhere

PROGRAM = """
import hashlib, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from courses import read
from coursec.targets.pdf import emit, typeset
papers = emit(read(Path({tests!r}) / "golden/course")[1][0])
print(*[hashlib.sha256(typeset(paper)).hexdigest() for paper in papers[:2]])
"""


def test_papers_are_the_same_bytes_in_any_place_and_time_zone(tmp_path: Path) -> None:
    tests = str(Path(__file__).parents[1])
    seen = set()
    for number, (zone, seed) in enumerate((("UTC", "1"), ("Pacific/Auckland", "2"))):
        folder = tmp_path / f"folder {number}"
        folder.mkdir()
        environment = {
            **os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "TMPDIR": str(folder),
            "PYTHONPATH": os.pathsep.join(sys.path), "SOURCE_DATE_EPOCH": str(number),
        }  # fmt: skip
        command = [sys.executable, "-c", PROGRAM.format(tests=tests)]
        run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
        seen.add(run.stdout)
        assert not list(folder.iterdir())
    assert len(seen) == 1


def test_papers_can_be_set_side_by_side() -> None:
    papers = emit(quiz(glyphless(plain("x")), print=PrintOptions(variants=4)))
    alone = [hashlib.sha256(typeset(paper)).digest() for paper in papers]
    with ThreadPoolExecutor(4) as threads:
        assert [hashlib.sha256(pdf).digest() for pdf in threads.map(typeset, papers)] == alone


def test_no_name_of_the_template_hides_a_word_of_math() -> None:
    """Formulas see the document's own names, so `thin` would replace a thin space."""
    source = emit(quiz(glyphless(plain("x"))))[0].source
    names = re.findall(r"^#let ([a-z-]+)", source, re.MULTILINE)
    assert len(names) > 20
    asked = "; ".join(
        f"{name!r} in dictionary(math) or {name!r} in dictionary(sym)" for name in names
    )
    taken = json.loads(typst.eval(b"", "(" + asked.replace("'", '"').replace(";", ",") + ")"))
    assert [name for name, is_taken in zip(names, taken, strict=True) if is_taken] == []
