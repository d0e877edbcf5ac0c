"""Whatever an author writes comes back from the XML as it was."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Criterion,
    Essay,
    Feedback,
    Item,
    Level,
    NumberAnswer,
    Numeric,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextItem,
)
from coursec.model.text import (
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Inline,
    Link,
    Paragraph,
    RichText,
    Strong,
    Table,
    Text,
    plain,
)
from test_qti21 import document, found, one, written

CHARACTERS = st.characters(
    codec="utf-8",
    exclude_categories=["Cs"],
    exclude_characters=[chr(n) for n in range(32) if n not in (9, 10, 13)] + ["\ufffe", "\uffff"],
)
WORDS = st.text(CHARACTERS, min_size=1, max_size=40)
ONE_LINE = WORDS.map(str.strip).filter(lambda text: text and not set(text) & set("\t\n\r"))
INLINES: st.SearchStrategy[Inline] = st.recursive(
    st.builds(Text, WORDS) | st.builds(Code, WORDS),
    lambda inner: (
        st.builds(Emphasis, st.tuples(inner, inner)) | st.builds(Strong, st.tuples(inner))
    ),
    max_leaves=6,
)


def said(inline: Inline) -> str:
    match inline:
        case Text() | Code():
            return inline.text
        case Emphasis() | Strong():
            return "".join(said(child) for child in inline.children)
        case _:
            raise AssertionError(inline)


def text_of(root: etree._Element, path: str) -> str:
    (element,) = root.xpath(path, namespaces={"q": root.nsmap[None]})
    return "".join(element.itertext())


@given(st.lists(INLINES, min_size=1, max_size=6), WORDS, WORDS, WORDS)
@settings(deadline=None)
def test_text_in_stems_choices_and_feedback(
    inlines: list[Inline], choice: str, feedback: str, title: str
) -> None:
    item = SingleChoice(
        id="sc",
        title=title,
        stem=RichText((Paragraph(tuple(inlines)),)),
        choices=(Choice(text=plain(choice), correct=True, feedback=plain(feedback)),),
        feedback=Feedback(general=plain(feedback)),
        tags=(title,),
    )
    root = written(item)
    assert text_of(root, "q:itemBody/q:div/q:p") == "".join(said(inline) for inline in inlines)
    assert text_of(root, "//q:simpleChoice") == choice
    assert text_of(root, "q:modalFeedback[@identifier='A_fb']") == feedback
    assert text_of(root, "q:modalFeedback[@identifier='general_fb']") == feedback
    assert root.get("title") == title
    manifest = document(one(item), "imsmanifest.xml")
    assert found(manifest, "//lom:keyword/lom:string/text()") == [title]


@given(WORDS, WORDS, WORDS)
@settings(deadline=None)
def test_text_in_blocks(code: str, cell: str, language: str) -> None:
    table = Table(((Text(cell),),), (((Code(code),),),), ("",))
    stem = RichText((CodeBlock(code), table, Paragraph((Link("https://x.org", (Text(cell),)),))))
    root = written(TextItem(id="t", stem=stem))
    assert text_of(root, "//q:pre/q:code") == code
    assert text_of(root, "//q:th") == cell
    assert text_of(root, "//q:td") == code
    assert text_of(root, "//q:a") == cell


@given(ONE_LINE, WORDS)
@settings(deadline=None)
def test_text_in_typed_answers(answer: str, feedback: str) -> None:
    answers = (TextAnswer(text=answer, feedback=plain(feedback)),)
    root = written(ShortAnswer(id="sa", stem=plain("?"), answers=answers))
    assert found(root, "//q:correctResponse/q:value/text()") == [answer]
    assert found(root, "//q:mapEntry/@mapKey") == [answer]
    assert found(root, "//q:stringMatch/q:baseValue/text()") == [answer]


@given(WORDS, WORDS)
@settings(deadline=None)
def test_text_in_rubrics_units_and_test(first: str, second: str) -> None:
    rubric = (Criterion(criterion=first, levels=(Level(label=second, description=first),)),)
    root = written(Essay(id="e", stem=plain("?"), rubric=rubric, sample_answer=plain(second)))
    assert text_of(root, "//q:rubricBlock/q:ul/q:li/q:ul/q:li") == f"{second}: {first}"
    assert text_of(root, "//q:rubricBlock/q:div") == second
    number = NumberAnswer(low=1, high=1)
    item: Item = Numeric(id="n", stem=plain("?"), answers=(number,), unit=first)
    assert text_of(written(item), "q:itemBody/q:div/q:p[last()]") == "\N{NO-BREAK SPACE}" + first
    test = document(one(item, title=first, instructions=plain(second)), "test_q.xml")
    assert test.get("title") == first
    assert text_of(test, "//q:rubricBlock") == second


@given(WORDS)
@settings(deadline=None)
def test_text_in_drop_downs_says_the_same_with_single_blanks(choice: str) -> None:
    gap = ChoiceGap(name="g", choices=(Choice(text=plain(choice), correct=True),))
    item = Cloze(id="c", text=RichText((Paragraph((Gap("g"),)),)), gaps=(gap,))
    # A no-break space stays: only what a browser squeezes is squeezed.
    single = re.sub(r"[ \t\n\r\f\v]+", " ", choice).strip(" ")
    assert text_of(written(item), "//q:inlineChoice") == single
