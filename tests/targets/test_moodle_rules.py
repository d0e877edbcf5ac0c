"""Moodle XML: where a real Moodle stopped, lost something or scored otherwise."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from lxml import etree

from coursec.model.items import (
    Choice,
    Essay,
    Feedback,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    Numeric,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextItem,
    TrueFalse,
)
from coursec.model.quiz import Section
from coursec.model.text import Asset, Image, Paragraph, RichText, plain
from coursec.targets.moodle import emit
from courses import PNG, quiz_of
from gift_reader import html_text

D = Decimal
DOT = RichText((Paragraph((Image(Asset("media/dot.png", "image/png", PNG), "dot"),)),))
JUDGED = TrueFalse(id="a", stem=plain("?"), answer=True)


def root(*items: Item, **fields: object) -> etree._Element:
    (artifact,) = emit(quiz_of(*items, **fields))
    return etree.fromstring(artifact.data)


def question(item: Item, **fields: object) -> etree._Element:
    return root(item, **fields).findall("question")[-1]


def said(node: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in node.findall(path)]


def answers(node: etree._Element) -> list[tuple[str | None, str]]:
    return [(a.get("fraction"), a.findtext("text") or "") for a in node.findall("answer")]


def test_a_category_has_no_id_number() -> None:
    """A renamed or moved one with the same number stops the whole import."""
    sections = (
        Section(id="section-1", title="First", items=(JUDGED,)),
        Section(id="section-2", title="Drawn", items=(), pick=3),
    )
    found = root(sections=sections).findall("question[@type='category']")
    assert [said(node, "category/text") for node in found] == [
        ["$course$/top/Quiz/First"],
        ["$course$/top/Quiz/Drawn"],
    ]
    assert [said(node, "idnumber") for node in found] == [[""], [""]]


def test_a_pool_says_how_many_are_to_be_drawn() -> None:
    pool = (Section(id="section-1", title=None, items=(JUDGED,) * 5, pick=2),)
    (node,) = root(sections=pool).findall("question[@type='category']")
    assert said(node, "category/text") == ["$course$/top/Quiz/section-1"]
    assert said(node, "info/text") == ["<p>Draw 2 of these 5 questions.</p>"]


def test_a_name_of_a_category_is_no_longer_than_moodle_keeps() -> None:
    """255 characters; one more stops the import."""
    (path,) = said(root(JUDGED, title="<" * 300 + "/" * 300), "question/category/text")
    name = path.removeprefix("$course$/top/")
    assert len(name.replace("//", "/")) <= 255


def test_a_tag_that_is_nothing_to_moodle_is_quoted() -> None:
    """A bare 0 stops the import."""
    node = question(TrueFalse(id="a", stem=plain("?"), answer=True, tags=("0", "10")))
    assert said(node, "tags/tag/text") == ["'0'", "10"]


def test_the_authors_dollar_signs_begin_no_formula() -> None:
    item = SingleChoice(
        id="a",
        stem=plain("It costs $$$, not $$."),
        choices=(Choice(text=plain("a"), correct=True), Choice(text=plain("b"))),
    )
    (text,) = said(question(item), "questiontext/text")
    assert "$$" not in text
    assert html_text(text).strip() == "It costs $$$, not $$."


def test_the_authors_words_are_never_an_address_of_a_file() -> None:
    item = SingleChoice(
        id="a",
        stem=RichText((*plain('src="@@PLUGINFILE@@/x.png"').blocks, *DOT.blocks)),
        choices=(Choice(text=plain("a"), correct=True), Choice(text=plain("b"))),
    )
    (text,) = said(question(item), "questiontext/text")
    assert text.count("@@PLUGINFILE@@/") == 1
    assert '<img src="@@PLUGINFILE@@/dot-' in text
    assert html_text(text).strip() == 'src="@@PLUGINFILE@@/x.png"'


def test_a_template_holds_its_images_itself() -> None:
    """Moodle takes no files for it; it does for what graders read."""
    item = Essay(id="a", stem=plain("?"), template=DOT, sample_answer=DOT)
    node = question(item)
    assert 'src="data:image/png;base64,' in said(node, "responsetemplate/text")[0]
    assert node.findall("responsetemplate/file") == []
    assert len(node.findall("graderinfo/file")) == 1


def test_an_essay_has_word_limits_only_where_they_are_set() -> None:
    free = question(Essay(id="a", stem=plain("?")))
    bound = question(Essay(id="a", stem=plain("?"), min_words=5, max_words=9, lines=7))
    assert said(free, "minwordlimit") + said(free, "maxwordlimit") == []
    assert said(free, "responsefieldlines") == ["15"]
    assert said(bound, "minwordlimit") + said(bound, "maxwordlimit") == ["5", "9"]
    assert said(bound, "responsefieldlines") == ["7"]


def test_a_wrong_choice_costs_everything_where_only_the_whole_key_counts() -> None:
    choices = (
        Choice(text=plain("a"), correct=True),
        Choice(text=plain("b")),
        Choice(text=plain("c"), correct=True),
    )
    item = MultipleChoice(id="a", stem=plain("?"), choices=choices, scoring="all_or_nothing")
    assert [share for share, _ in answers(question(item))] == ["50", "-100", "50"]


def test_the_first_number_that_fits_is_the_best() -> None:
    item = Numeric(
        id="a",
        stem=plain("?"),
        answers=(
            NumberAnswer(low=D(8), high=D(12), weight=D("0.5")),
            NumberAnswer(low=D("9.8"), high=D("9.82"), value=D("9.81"), tolerance=D("0.01")),
        ),
        feedback=Feedback(correct=plain("C"), partial=plain("P"), incorrect=plain("I")),
    )
    node = question(item)
    assert answers(node) == [("100", "9.81"), ("50", "10"), ("0", "*")]
    assert said(node, "answer/tolerance") == ["0.01", "2"]
    assert said(node, "answer/feedback/text") == ["C", "P", "I"]


def test_a_word_that_earns_a_part_is_told_so_behind_its_own_feedback() -> None:
    item = ShortAnswer(
        id="a",
        stem=plain("?"),
        answers=(
            TextAnswer(text="half", weight=D("0.5"), feedback=plain("Own.")),
            TextAnswer(text="whole"),
        ),
        feedback=Feedback(correct=plain("C"), partial=plain("P")),
    )
    node = question(item)
    assert answers(node) == [("100", "whole"), ("50", "half")]
    assert said(node, "answer/feedback/text") == ["C", "<p>Own.</p>\n<p>P</p>"]


@pytest.mark.parametrize("key", [True, False])
def test_a_judgement_is_told_what_its_result_is_told(key: bool) -> None:
    item = TrueFalse(
        id="a",
        stem=plain("?"),
        answer=key,
        feedback=Feedback(correct=plain("C"), incorrect=plain("I")),
    )
    node = question(item)
    assert answers(node) == [("100" if key else "0", "true"), ("0" if key else "100", "false")]
    assert said(node, "answer/feedback/text") == (["C", "I"] if key else ["I", "C"])


def test_a_distractor_is_a_response_without_a_premise() -> None:
    pairs = tuple(Pair(premise=plain(p), response=plain(r)) for p, r in (("a", "1"), ("b", "2")))
    node = question(Matching(id="a", stem=plain("?"), pairs=pairs, distractors=(plain("3"),)))
    assert said(node, "subquestion/text") == ["a", "b", ""]
    assert said(node, "subquestion/answer/text") == ["1", "2", "3"]


def test_hints_stand_only_where_moodle_has_a_second_try() -> None:
    choices = (Choice(text=plain("a"), correct=True), Choice(text=plain("b")))
    tried = SingleChoice(id="a", stem=plain("?"), hints=(plain("h"),), choices=choices)
    judged = TrueFalse(id="a", stem=plain("?"), hints=(plain("h"),), answer=True)
    assert said(question(tried), "hint/text") == ["<p>h</p>"]
    assert said(question(judged), "hint") == []
    assert [said(question(i), "penalty") for i in (tried, judged)] == [["0.3333333"], ["1"]]


def test_a_stimulus_stands_above_and_another_language_is_marked() -> None:
    item = TrueFalse(id="a", stem=plain("Frage?"), answer=True, language="de", stimulus="s")
    stimuli = {"s": TextItem(id="s", stem=plain("Lies."))}
    (text,) = said(question(item, stimuli=stimuli), "questiontext/text")
    assert text == ('<div lang="de"><div class="stimulus"><p>Lies.</p></div>\n<p>Frage?</p></div>')


def test_the_file_is_one_to_read_and_to_compare() -> None:
    """One element stands on a line, deeper where it is inside another; an empty one takes one."""
    item = SingleChoice(
        id="a",
        stem=DOT,
        choices=(Choice(text=DOT, correct=True), Choice(text=plain("b"))),
        tags=("t",),
    )
    (artifact,) = emit(quiz_of(item, JUDGED))
    first, *lines, last = artifact.data.decode().split("\n")
    assert (first, last) == ('<?xml version="1.0" encoding="UTF-8"?>', "")
    assert '    <generalfeedback format="html"><text></text></generalfeedback>' in lines
    depth = 0
    for line in lines:
        tag = re.match(r"( *)<(/?)([a-z_]+)", line)
        assert tag, line
        depth -= bool(tag[2])
        assert len(tag[1]) == 2 * depth, line
        depth += not tag[2] and not line.endswith(f"</{tag[3]}>")
    assert depth == 0
