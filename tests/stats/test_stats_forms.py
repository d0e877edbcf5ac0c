"""The forms of a blueprint: text of 80 columns, JSON, and a page that needs nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html
from pytest_regressions.file_regression import FileRegressionFixture

from coursec.diagnostics import Diagnostics
from coursec.diagnostics.columns import width
from coursec.source.course import read_course
from coursec.stats.blueprint import Blueprint
from coursec.stats.page import page
from coursec.stats.record import json_text
from coursec.stats.style import STYLE
from coursec.stats.survey import survey
from coursec.stats.terminal import text
from courses import write_course

CONTENT = Path(__file__).parents[2] / "content"


def plain(words: str, style: str) -> str:
    return words


@pytest.fixture(scope="module")
def sample() -> Blueprint:
    return survey(read_course(CONTENT, Diagnostics()))


def test_golden_text(sample: Blueprint, file_regression: FileRegressionFixture) -> None:
    said = text(sample, plain)
    assert max(map(width, said.splitlines())) <= 80
    file_regression.check(said, extension=".txt", encoding="utf-8")


def test_golden_json(sample: Blueprint, file_regression: FileRegressionFixture) -> None:
    said = json_text(sample)
    assert json.loads(said)["version"] == 1
    file_regression.check(said, extension=".json", encoding="utf-8")


def test_golden_page(sample: Blueprint, file_regression: FileRegressionFixture) -> None:
    file_regression.check(page(sample), extension=".html", encoding="utf-8")


def test_the_page_needs_nothing_else(sample: Blueprint) -> None:
    made = page(sample)
    assert "<script" not in made
    assert not re.search(r"\b(src|href|action)\s*=|@import|url\(|https?:", made)
    root = html.document_fromstring(made)
    assert root.get("lang") == "en"
    assert root.xpath("count(//h1)") == 1
    assert root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")


def test_a_chart_is_told_in_words_and_in_a_table(sample: Blueprint) -> None:
    root = html.document_fromstring(page(sample))
    (chart,) = root.xpath("//svg[@role='img']")
    for name in chart.get("aria-labelledby").split():
        assert root.get_element_by_id(name).text
    (matrix,) = root.xpath("//section[@id='matrix']//table")
    rows = {
        row.xpath("string(th/span[@class='code'])"): row.xpath(
            "string(td[last()]/descendant::text()[1])"
        )
        for row in matrix.xpath("tbody/tr")
    }
    said = root.get_element_by_id("chart-about").text
    assert all(f"{name}: {count} question" in said for name, count in rows.items())
    assert "Gaps: PF4." in said
    # Every other drawing repeats the number beside it.
    assert all(bar.get("aria-hidden") == "true" for bar in root.xpath("//svg[not(@role)]"))


def test_tables_have_captions_and_headers_and_ids_are_unique(sample: Blueprint) -> None:
    root = html.document_fromstring(page(sample))
    for table in root.xpath("//table"):
        assert table.xpath("string(caption)")
        assert all(head.get("scope") == "col" for head in table.xpath("thead//th"))
        assert all(row.xpath("th[@scope='row']") for row in table.xpath("tbody/tr"))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(" ".join(root.xpath("//@aria-labelledby")).split()) <= set(ids)


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    evil = "</style><script>alert(1)</script><b title='x\" onload=\"'>&amp;"
    quoted = json.dumps(evil)
    files: dict[str, str | bytes] = {
        "course.yaml": f"course: {quoted}\ntitle: {quoted}\noutcomes: {{{quoted}: {quoted}}}\n",
        "lectures/l.md": f"---\ntitle: {quoted}\n---\n\n## {evil} {{#s}}\n\nx\n",
        "items/a.yaml": "items:\n  - {id: one, type: true_false, stem: x, answer: true, "
        f"tags: [{quoted}], outcomes: [{quoted}, other]}}\n",
        "quizzes/q.yaml": f"quiz: q\ntitle: {quoted}\nsections: "
        f"[{{title: {quoted}, pick: 1, items: [one]}}]\n",
    }
    sink = Diagnostics()
    found = survey(read_course(write_course(tmp_path, files), sink))
    assert not sink.errors
    root = html.document_fromstring(page(found))
    assert not root.xpath("//script | //b | //*[@onload]")
    assert root.xpath("string(//h1)") == f"{evil}: {evil}"
    assert max(map(width, text(found, plain).splitlines())) <= 80


def test_wide_characters_keep_their_columns(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "course.yaml": "course: T\ntitle: 課程\noutcomes: {甲: " + "字" * 60 + "}\n",
        "items/a.yaml": "items:\n  - {id: one, type: true_false, stem: x, "
        "answer: true, tags: [詞]}\n",
    }
    said = text(survey(read_course(write_course(tmp_path, files), Diagnostics())), plain)
    assert max(map(width, said.splitlines())) <= 80
    assert "甲 字" in said


def colours(scheme: str) -> dict[str, str]:
    """Return the colours of the light or the dark page."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#\w{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#\w{6})", dark))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_are_seen_on_their_grounds(scheme: str) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 to 1."""
    palette = colours(scheme)
    pairs = [("ink", "paper"), ("soft", "paper"), ("gap", "paper"), ("gap", "gap-back")]
    pairs += [("ink", "gap-back"), ("soft", "gap-back"), ("s4-ink", "s4")]
    pairs += [("ink", f"s{n}") for n in (1, 2, 3)]
    pairs += [("on-light", f"l{n}") for n in (0, 1, 2, 6)]
    pairs += [("on-dark", f"l{n}") for n in (3, 4, 5)]
    for ink, ground in pairs:
        light, dark = sorted((luminance(palette[ink]), luminance(palette[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
