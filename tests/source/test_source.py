"""Mistakes of files that no text in a fixture can show, and the reading of a whole course."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from coursec.diagnostics import Diagnostic
from coursec.model.items import Cloze, MultipleChoice, NumberAnswer, Numeric, SingleChoice
from coursec.model.text import Code, Math, Text
from coursec.source.images import media_type
from coursec.source.workspace import MAX_LINE
from courses import PNG, read, read_items, write_course

ONE = b"items:\n  - id: one\n    type: text\n    stem: "


def found(folder: Path, files: dict[str, str | bytes]) -> list[Diagnostic]:
    return list(read(write_course(folder, files))[2])


def test_a_file_that_is_not_utf8_is_refused_at_its_first_wrong_byte(tmp_path: Path) -> None:
    (d,) = found(tmp_path, {"items/a.yaml": ONE + b"caf\xe9\n"})
    assert (d.code, d.span.line, d.span.column) == ("E102", 4, 14)


def test_utf16_is_refused(tmp_path: Path) -> None:
    (d,) = found(tmp_path, {"items/a.yaml": "items: []\n".encode("utf-16")})
    assert d.code == "E102"


def test_a_byte_order_mark_and_windows_line_ends_are_nothing(tmp_path: Path) -> None:
    text = (ONE + b"One\n").replace(b"\n", b"\r\n")
    assert found(tmp_path, {"items/a.yaml": b"\xef\xbb\xbf" + text}) == []


def test_ten_megabytes_on_one_line_are_refused_at_that_line(tmp_path: Path) -> None:
    (d,) = found(tmp_path, {"items/a.yaml": ONE + b"x" * 10 * 1024**2 + b"\n"})
    assert (d.code, d.span.line) == ("E108", 4)
    assert f"{MAX_LINE:,}" in d.message


def test_a_text_too_long_for_a_field_is_refused(tmp_path: Path) -> None:
    body = b"|\n" + b"      many *words* here\n" * 3000
    (d,) = found(tmp_path, {"items/a.yaml": ONE + body})
    assert d.code == "E108"


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    write_course(tmp_path, {"items/a.yaml": ONE + b"One\n"})
    os.truncate(tmp_path / "items/a.yaml", 40 * 1024**2)
    (d,) = list(read(tmp_path)[2])
    assert d.code == "E108"


def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    write_course(tmp_path, {"items/b.yaml": ONE + b"One\n"})
    (tmp_path / "items/a.yaml").symlink_to("a.yaml")
    bank, _, sink = read(tmp_path)
    assert [d.code for d in sink] == ["E101"]
    assert list(bank.items) == ["one"]


def test_a_file_outside_the_course_is_not_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_bytes(ONE + b"Secret\n")
    course = write_course(tmp_path / "course", {"items/b.yaml": "items: []\n"})
    (course / "items/a.yaml").symlink_to(tmp_path / "secret.yaml")
    bank, _, sink = read(course)
    assert [d.code for d in sink] == ["E101"]
    assert not bank.items


@pytest.mark.parametrize(
    "name", ["../secret.png", "media/link.png", "media/folder/secret.png", "/etc/passwd"]
)
def test_an_image_outside_the_course_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    course = write_course(
        tmp_path / "course", {"bank.txt": "", "items/a.yaml": ONE + f"'![A]({name})'\n".encode()}
    )
    (course / "media").mkdir()
    (course / "media/link.png").symlink_to(tmp_path / "secret.png")
    (course / "media/folder").symlink_to(tmp_path)
    _, _, sink = read(course)
    assert [d.code for d in sink] == ["E304"]


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://x.example/y.png'/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href=\"file:///etc/passwd\"/></svg>",
        b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
        b"not an image",
        b"not xml <svg",
        b"<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:script>alert(1)</s:script></s:svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><set attributeName='onload' to='x'/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><use href='java&#115;cript:x'/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><rect style='fill:url(http://x.example)'/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><style>@import 'x.css';</style></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><style>@\\69mport 'x.css';</style></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><rect style='fill:u\\72l(http://x)'/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><foreignObject/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><b xmlns='http://www.w3.org/1999/xhtml'/></svg>",
        b"<?xml-stylesheet href='x.css'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_an_svg_that_does_more_than_draw_is_refused(tmp_path: Path, data: bytes) -> None:
    files: dict[str, str | bytes] = {
        "media/x.svg": data,
        "items/a.yaml": ONE + b"'![A](media/x.svg)'\n",
    }
    (d,) = found(tmp_path, files)
    assert d.code == "E305"


def test_an_image_is_what_its_bytes_say() -> None:
    assert media_type("x.png", PNG) == "image/png"
    assert media_type("x.PNG", PNG) == "image/png"
    assert media_type("x.jpg", PNG) is None
    assert media_type("x.png", PNG[:-4]) is None
    assert media_type("x.png", PNG.replace(b"IDAT", b"IDAX")) is None
    assert media_type("x.gif", b"GIF89a...;") == "image/gif"
    plain = b"<svg xmlns='http://www.w3.org/2000/svg'><use href='#a'/></svg>"
    assert media_type("x.svg", plain) == "image/svg+xml"


def test_no_mistake_hides_another(tmp_path: Path) -> None:
    """One run finds every mistake of every file, those of a broken item's texts too."""
    text = """items:
  - id: a
    type: single_choice
    stem: "$x^2^3$"
    points: none
    choices:
      - text: <b>A</b>
        corect: true
      - B
"""
    files: dict[str, str | bytes] = {
        "items/a.yaml": text,
        "items/b.yaml": "items: [\n",
        "quizzes/q.yaml": "quiz: q\n",
        "lectures/l.md": "no front matter\n",
    }
    codes = [(d.span.path, d.code) for d in found(tmp_path, files)]
    assert codes == [
        ("items/a.yaml", "E301"),
        ("items/a.yaml", "E203"),
        ("items/a.yaml", "E302"),
        ("items/a.yaml", "E201"),
        ("items/b.yaml", "E103"),
        ("lectures/l.md", "E202"),
        ("quizzes/q.yaml", "E202"),
        ("quizzes/q.yaml", "E202"),
    ]


def test_items_behind_a_syntax_error_are_not_missing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "items/a.yaml": "items:\n  - id: one\n    type: text\n    stem: a: b\n  - id: two\n",
        "quizzes/q.yaml": "quiz: q\ntitle: Q\nsections:\n  - items: [one, 't*', three]\n",
    }
    assert [d.code for d in found(tmp_path, files)] == ["E103", "E502"]


def test_text_is_text(tmp_path: Path) -> None:
    (item,) = read_items(
        tmp_path,
        """items:
  - id: a
    type: multiple_choice
    stem: Which are texts?
    choices: [{text: No, correct: true}, 12:30:00, 1e3, 'null', 0x1F, 1_000]
""",
    )
    assert isinstance(item, MultipleChoice)
    shown = [choice.text.inline for choice in item.choices]
    assert shown == [(Text(t),) for t in ("No", "12:30:00", "1e3", "null", "0x1F", "1_000")]


def test_numbers_stay_as_written(tmp_path: Path) -> None:
    (item,) = read_items(
        tmp_path,
        """items:
  - id: a
    type: numeric
    stem: Say.
    unit: m/s
    answers:
      - {answer: 0.1, tolerance: 0.02}
      - {answer: -200, tolerance: 1.5%, weight: 0.5}
      - {range: [1e-3, 2]}
""",
    )
    assert isinstance(item, Numeric)
    assert item.answers == (
        NumberAnswer(
            low=Decimal("0.08"),
            high=Decimal("0.12"),
            value=Decimal("0.1"),
            tolerance=Decimal("0.02"),
        ),
        NumberAnswer(
            low=Decimal(-203),
            high=Decimal(-197),
            value=Decimal(-200),
            tolerance=Decimal(3),
            percent=Decimal("1.5"),
            weight=Decimal("0.5"),
        ),
        NumberAnswer(low=Decimal("0.001"), high=Decimal(2)),
    )
    assert item.unit == "m/s"


def test_gaps_share_the_points_that_they_do_not_name(tmp_path: Path) -> None:
    item, other = read_items(
        tmp_path,
        """items:
  - id: a
    type: cloze
    points: 3
    text: "{{x}} then `{{not}}` then {{ y }}"
    gaps: {x: {answers: [a]}, y: {answer: 2, tolerance: 10%}}
  - id: b
    type: cloze
    text: "{{x}} {{y}}"
    gaps: {x: {answers: [a], points: 2}, y: {choices: [{text: a, correct: true}, b]}}
""",
    )
    assert isinstance(item, Cloze)
    assert isinstance(other, Cloze)
    assert [gap.points for gap in item.gaps] == [Decimal("1.5"), Decimal("1.5")]
    assert [gap.points for gap in other.gaps] == [Decimal(2), Decimal(1)]
    assert other.points == 3


def test_defaults_of_the_course_hold_where_an_item_says_nothing(tmp_path: Path) -> None:
    write_course(
        tmp_path,
        {
            "course.yaml": "course: T\ntitle: T\n"
            "defaults: {points: 2, tags: [all], bloom: apply}\n",
            "items/a.yaml": "items:\n"
            "  - {id: a, type: text, stem: One}\n"
            "  - {id: b, type: true_false, stem: Two, answer: true, points: 5, tags: [own]}\n",
        },
    )
    bank, _, sink = read(tmp_path)
    assert not list(sink)
    a, b = bank.items.values()
    assert (a.points, a.tags, a.bloom) == (2, ("all",), "apply")
    assert (b.points, b.tags, b.bloom) == (5, ("own",), "apply")


def test_dollars_are_math_only_where_they_can_be(tmp_path: Path) -> None:
    (item,) = read_items(
        tmp_path,
        r"""items:
  - id: a
    type: single_choice
    stem: 'It costs $5 and $6, or \$7; $x$ and `$y$` and $\text{if $z$}$.'
    choices: [{text: A, correct: true}, B]
""",
    )
    assert isinstance(item, SingleChoice)
    assert item.stem.inline == (
        Text("It costs $5 and $6, or $7; "),
        Math("x"),
        Text(" and "),
        Code("$y$"),
        Text(" and "),
        Math(r"\text{if $z$}"),
        Text("."),
    )


def test_lectures_have_slides_with_stable_references(tmp_path: Path) -> None:
    text = """---
title: Tokens
number: 4
---

An abstract.

## Why tokenize?

- It *counts*.

### Deeper

```markdown
## not a slide
```

## Agenda {#plan .agenda}

## Äpfel & Birnen
"""
    bank, _, sink = read(write_course(tmp_path, {"lectures/04-tokens.md": text}))
    assert not list(sink)
    lecture = bank.lectures["04-tokens"]
    assert (lecture.title, lecture.number, lecture.abstract) == ("Tokens", 4, "An abstract.")
    assert [s.id for s in lecture.slides] == ["why-tokenize", "plan", "apfel-birnen"]
    assert lecture.slides[1].kinds == {"agenda"}
    assert "## not a slide" in lecture.slides[0].text
    assert "### Deeper" in lecture.slides[0].text
