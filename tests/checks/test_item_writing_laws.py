"""What holds for the item-writing rules whatever the items are."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursec.checks import check_writing
from coursec.checks.writing import ITEM_RULES
from coursec.diagnostics import Diagnostics
from coursec.model.items import Item
from coursec.model.quiz import Bank, Course
from courses import quiz_of
from itemstrategies import banks

_slow = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)


def findings(items: list[Item], language: str) -> list[tuple[str, str, str | None]]:
    """Return code, message and item of each finding."""
    course = Course(code="C", title="C", language=language)
    bank = Bank(course=course, items={i.id: i for i in items}, quizzes={}, lectures={})
    sink = Diagnostics()
    check_writing(bank, [quiz_of(*bank.items.values())], sink)
    return [(d.code, d.message, d.item) for d in sink]


@_slow
@given(banks(), st.sampled_from(["en", "en-GB", "de"]))
def test_any_items_are_checked_without_a_mistake_and_alike(
    items: list[Item], language: str
) -> None:
    first = findings(items, language)
    assert all(message and "\n" not in message for _, message, _ in first)
    assert findings(items, language) == first


@_slow
@given(banks())
def test_rules_over_one_item_do_not_depend_on_the_order_of_the_bank(items: list[Item]) -> None:
    # W826 knows the words of the whole course, and they are the same in any order.
    one = sorted(f for f in findings(items, "en") if f[0] in ITEM_RULES)
    other = sorted(f for f in findings(items[::-1], "en") if f[0] in ITEM_RULES)
    assert one == other
