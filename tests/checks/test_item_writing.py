"""Every item-writing rule with its code: items that it must find, items that it must leave alone.

`writing/<code>.yaml` holds items in the language of banks with two shortcuts: ids are given
here, the type follows from the fields, and a choice that begins with `=` is a key.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursec.checks.writing import ANY_LANGUAGE, BANK_RULES, ITEM_RULES, QUIZ_RULES
from coursec.diagnostics import CODES, Diagnostics
from courses import read, write_course

FOLDER = Path(__file__).parent / "writing"
_TYPES = {
    "choices": "single_choice",
    "pairs": "matching",
    "gaps": "cloze",
    "answers": "short_answer",
}


def item(entry: dict[str, Any], name: str) -> dict[str, Any]:
    kind = next((kind for key, kind in _TYPES.items() if key in entry), "")
    kind = kind or ("true_false" if isinstance(entry.get("answer"), bool) else "numeric")
    made = {"id": name, "type": kind, **entry}
    if "choices" in made:
        made["choices"] = [
            {"text": text[1:], "correct": True} if text.startswith("=") else text
            for text in made["choices"]
        ]
    return made


def findings(folder: Path, entries: list[dict[str, Any]]) -> Diagnostics:
    bank = {"items": [item(entry, f"i-{n}") for n, entry in enumerate(entries)]}
    text = yaml.safe_dump(bank, allow_unicode=True, sort_keys=False)
    _, _, sink = read(write_course(folder, {"items/bank.yaml": text}), writing=True)
    assert [d for d in sink if d.code[1] != "8"] == []
    return sink


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(path.stem, entry, id=f"{path.stem}-{n}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for n, entry in enumerate(yaml.safe_load(path.read_text("utf-8"))[kind], 1)
    ]


@pytest.mark.parametrize(("code", "entry"), cases("flawed"))
def test_a_flaw_is_found(code: str, entry: dict[str, Any], tmp_path: Path) -> None:
    found = [d for d in findings(tmp_path, [entry]) if d.code == code]
    assert found
    assert all(d.item == "i-0" and d.span.line > 1 and d.hint for d in found)


@pytest.mark.parametrize(("code", "entry"), cases("clean"))
def test_a_clean_item_is_left_alone(code: str, entry: dict[str, Any], tmp_path: Path) -> None:
    assert [d.message for d in findings(tmp_path, [entry]) if d.code == code] == []


def test_every_item_rule_has_its_cases() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(ITEM_RULES)


def test_every_code_has_one_rule() -> None:
    rules = [*ITEM_RULES, *BANK_RULES, *QUIZ_RULES]
    assert len(rules) == len(set(rules))
    assert {*rules, "N847"} == {code for code in CODES if code[1] == "8"}
    assert set(ITEM_RULES) >= ANY_LANGUAGE


def test_every_rule_says_in_one_sentence_why() -> None:
    for rule in (*ITEM_RULES.values(), *BANK_RULES.values(), *QUIZ_RULES.values()):
        assert rule.__doc__
        assert re.match(r"[^\n]+\.$", rule.__doc__.strip().split("\n\n")[0].replace("\n", " "))


def test_items_that_are_retired_or_refused_are_left_alone(tmp_path: Path) -> None:
    bad = {"stem": "Which is not a gas?", "choices": ["=Iron", "Neon", "Argon"]}
    assert [d.code for d in findings(tmp_path / "a", [{**bad, "status": "retired"}])] == []
    assert [d.code for d in findings(tmp_path / "b", [{**bad, "status": "draft"}])] == ["W804"]
    text = yaml.safe_dump({"items": [item({**bad, "points": -1}, "i-0")]})
    _, _, sink = read(write_course(tmp_path / "c", {"items/bank.yaml": text}), writing=True)
    assert [d.code for d in sink] == ["E205"]


def test_words_are_read_in_english_only(tmp_path: Path) -> None:
    german = {
        "stem": "Was ist not wendig?",
        "choices": ["=Eisen", "Gold", "Blei"],
        "language": "de",
    }
    english = {"stem": "Which is not a metal?", "choices": ["=Neon", "Gold", "Lead"]}
    british = {**english, "language": "en-GB"}
    assert [d.item for d in findings(tmp_path, [german, english])] == ["i-1"]
    assert [d.code for d in findings(tmp_path / "b", [british])] == ["W804"]
