"""A bank of 1,000 hostile items: every sign that GIFT, HTML, XML, PHP or Moodle give a meaning.

The file holds the exact recipe that came back unchanged from a real Moodle, and what it says is
read back by a reader that shares nothing with the writer.
"""

from __future__ import annotations

import re
from itertools import product

import pytest

from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    Choice,
    Item,
    Matching,
    MultipleChoice,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TrueFalse,
)
from coursec.model.quiz import Quiz
from coursec.model.text import plain
from coursec.proof.prove import prove
from coursec.targets.gift import emit
from courses import quiz_of

SIGNS = [
    *r"\ ~ = # { } : % [ ] < > & \" ' * ` $ @ ? / | ^ 0".split(),
    *("->", "//", "::", "####", "[html]", "%50%", "&&058;", r"\n", "$$", r"\(", "]]>", "<!--"),
    *(
        "<b>",
        "&amp;",
        "@@PLUGINFILE@@",
        "<?php",
        "TRUE",
        "$CATEGORY:",
        "{1:SA:=x}",
        "\u00a0x",
        "é漢",
    ),
]
PAIRS = [a + b for a, b in product(SIGNS, SIGNS)][::8]


def hostile_items() -> list[Item]:
    made: list[Item] = []
    for number, text in enumerate((SIGNS + PAIRS)[:200]):
        shown, other = plain(f"x{text}y"), plain(f"{text}z")
        stem, tags = plain(f"{text} {text}?"), (f"t{number}",)
        # Names and typed answers are read with their blanks squeezed.
        words = " ".join(text.split())
        common = {"stem": stem, "title": f"n {words}", "tags": tags}
        choices = (Choice(text=shown, correct=True, feedback=other), Choice(text=other))
        made += [
            SingleChoice(id=f"s{number}", choices=choices, **common),  # type: ignore[arg-type]
            MultipleChoice(id=f"m{number}", choices=choices, **common),  # type: ignore[arg-type]
            TrueFalse(id=f"t{number}", answer=True, feedback_true=shown, **common),  # type: ignore[arg-type]
            Matching(
                id=f"p{number}",
                pairs=(Pair(premise=shown, response=other), Pair(premise=other, response=shown)),
                **common,  # type: ignore[arg-type]
            ),
            ShortAnswer(
                id=f"a{number}",
                answers=(TextAnswer(text=f"x{words.replace('->', '-')}y".replace("&&", "&")),),
                **common,  # type: ignore[arg-type]
            ),
        ]
    return made


@pytest.fixture(scope="module")
def quiz() -> Quiz:
    return quiz_of(*hostile_items())


def test_the_file_holds_the_exact_recipe(quiz: Quiz) -> None:
    text = emit(quiz)[0].data.decode()
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert head.startswith("$CATEGORY: ")
    assert len(blocks) == 1000
    for block in blocks:
        comment, line = block.split("\n")  # one physical line a question
        assert re.fullmatch(r"// \[id:[a-z0-9]+\] \[tag:t[0-9]+\]", comment)
        assert re.match(r"::(?:\\.|[^\\:])*::\[html\]<p>", line)
        bare = re.sub(r"\\.", "", line)  # what is not escaped has its meaning
        name, stem, answers = re.fullmatch(r"::(.*?)::\[html\]([^{}]*)\{([^{}]*)\}", bare).groups()  # type: ignore[union-attr]
        assert not re.search(r"<(?=\S)", name)
        assert "->" not in stem
        assert "~" not in re.sub(r"~%-?[0-9.]+%\[html\]", "", answers)
        kind = comment[7]
        if kind == "s":
            assert re.fullmatch(r"=\[html\][^~]*#\[html\][^~]*~%0%\[html\][^~]*", answers)
        elif kind == "m":
            assert re.fullmatch(r"~%100%\[html\][^~]*#\[html\][^~]*~%-100%\[html\][^~]*", answers)
        elif kind == "t":
            assert re.fullmatch(r"T##\[html\][^~]*", answers)
        elif kind == "p":
            assert answers.count(" -> ") == answers.count("=[html]") == 2
        else:
            assert answers.startswith("=%100%[plain]")
            assert "->" not in answers


def test_the_file_says_what_was_written(quiz: Quiz) -> None:
    sink = Diagnostics()
    prove(quiz, "gift", emit(quiz)[0].data, sink)
    assert [d.message for d in sink] == []
