"""Arbitrary banks survive: what a target writes is read back, but for what the table announces."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from coursec.assembly.assemble import used
from coursec.diagnostics import Diagnostics
from coursec.model.items import Item, TextItem
from coursec.model.quiz import Course, Quiz, Section
from coursec.proof.expected import EXPECTED
from coursec.proof.prove import prove
from coursec.targets import emitter
from itemstrategies import STIMULUS, banks


def quiz_of(bank: list[Item]) -> Quiz:
    items = [used(replace(item, status="approved")) for item in bank]
    stimuli = {item.id: item for item in items if item.id == STIMULUS}
    asked = tuple(item for item in items if item.id not in stimuli)
    return Quiz(
        id="quiz",
        title="Quiz",
        course=Course(code="T-1", title="Test course"),
        sections=(Section(id="section-1", title=None, items=asked),),
        stimuli={name: item for name, item in stimuli.items() if isinstance(item, TextItem)},
    )


@pytest.mark.parametrize("target", EXPECTED)
@given(bank=banks())
@settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_bank_survives(bank: list[Item], target: str) -> None:
    quiz = quiz_of(bank)
    sink = Diagnostics()
    (output,) = emitter(target)(quiz)
    prove(quiz, target, output.data, sink)  # type: ignore[union-attr]
    assert [d.message for d in sink] == []
