"""The figures of the item-writing rules: good enough, and those of the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from measure import PARTS, Measured, measure, table

PAGE = Path(__file__).parents[2] / "docs/item-writing.md"
BEGIN = "<!-- figures: made by tests/checks/test_measure.py -->\n"
END = "<!-- end -->\n"


@pytest.fixture(scope="module")
def parts() -> dict[str, Measured]:
    return {part: measure(part) for part in PARTS}


@pytest.mark.parametrize("part", PARTS)
def test_flaws_are_found_and_clean_items_left_alone(part: str, parts: dict[str, Measured]) -> None:
    measured = parts[part]
    assert measured.recall >= 0.98, measured.missed
    assert measured.alarm_share <= 0.03, measured.alarms


def test_the_set_is_large_and_half_clean(parts: dict[str, Measured]) -> None:
    clean = sum(measured.clean for measured in parts.values())
    flaws = sum(measured.seeded.total() for measured in parts.values())
    assert clean + flaws >= 320
    assert clean >= flaws
    assert all(measured.seeded[code] for measured in parts.values() for code in ("W815", "W843"))


def test_a_label_that_is_not_met_is_counted() -> None:
    measured = Measured()
    measured.add("a", "expect: W801 W802; why", {"W801": "said", "W815": "said"})
    measured.add("b", "clean; why", {"W803": "said"})
    measured.add("c", "clean", {"N814": "said"})
    assert (measured.recall, measured.alarm_share) == (0.5, 0.5)
    assert measured.missed == ["a: W802 (expect: W801 W802; why)"]
    assert measured.beside == {"W815": 1}


def test_the_documentation_has_these_figures(
    parts: dict[str, Measured], request: pytest.FixtureRequest
) -> None:
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = f"{before}{BEGIN}\n{table(parts)}\n{END}{after}"
    if request.config.getoption("force_regen"):
        PAGE.write_text(made, "utf-8")
    assert PAGE.read_text("utf-8") == made
