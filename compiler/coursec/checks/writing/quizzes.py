"""Rules over an assembled quiz: what the order of its keys gives away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coursec.checks.writing.view import Found
from coursec.model.items import SingleChoice, TrueFalse
from coursec.model.quiz import Quiz

FEWEST = 8
"""Choice questions of a quiz from which on places of keys are counted."""
IN_A_ROW = 5
FEWEST_STATEMENTS = 6

_CRITICAL = (0.0, 6.635, 9.210, 11.345, 13.277, 15.086, 16.812, 18.475, 20.090, 21.666)
"""Chi-square for p = 0.01, by degrees of freedom."""

QuizRule = Callable[[Quiz], Iterator[Found]]


def key_position_bias(quiz: Quiz) -> Iterator[Found]:
    """Students find out soon that the key is mostly B."""
    items = [
        item
        for item in quiz.items
        if isinstance(item, SingleChoice)
        and not quiz.shuffles(item)
        and len(item.choices) > 2
        and any(choice.correct for choice in item.choices)
    ]
    places = [next(n for n, c in enumerate(item.choices) if c.correct) for item in items]
    hint = "Set `shuffle: {choices: true}`, or move some of the keys."
    if len(items) >= FEWEST:
        most = min(max(len(item.choices) for item in items), len(_CRITICAL))
        counts = [places.count(n) for n in range(most)]
        expected = [
            sum(1 / len(item.choices) for item in items if len(item.choices) > n)
            for n in range(most)
        ]
        square = sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True))
        if square > _CRITICAL[most - 1]:
            shown = ", ".join(f"{count} × {_letter(n)}" for n, count in enumerate(counts))
            yield Found(
                f"The keys of the {len(items)} choice questions stand unevenly: {shown}.",
                quiz.span,
                hint,
            )
            return
    if quiz.shuffle_items:
        return
    run = 1
    for n in range(1, len(places)):
        run = run + 1 if places[n] == places[n - 1] else 1
        if run == IN_A_ROW:
            yield Found(
                f"The key is {_letter(places[n])} in {run} choice questions in a row, from "
                f"`{items[n - run + 1].id}` to `{items[n].id}`.",
                quiz.span,
                hint,
            )
            return


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def true_false_bias(quiz: Quiz) -> Iterator[Found]:
    """Where nearly all statements are true, who says true to each does well."""
    answers = [item.answer for item in quiz.items if isinstance(item, TrueFalse)]
    count = len(answers)
    true = sum(answers)
    if count < FEWEST_STATEMENTS or min(true, count - true) * 6 >= count:
        return
    word = "true" if true * 2 > count else "false"
    yield Found(
        f"{max(true, count - true)} of {count} statements are {word}.",
        quiz.span,
        f"Turn some of them, so that about half are {'false' if word == 'true' else 'true'}.",
    )
