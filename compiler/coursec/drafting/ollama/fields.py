"""From a reply that keeps to its schema to the fields of an item."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from coursec.assembly.draw import permutation
from coursec.drafting.drafts import Draft, Quote
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.ollama.parsing import UnusableReplyError
from coursec.model.slides import normalised

Reply = Mapping[str, Any]
_GAP = re.compile(r"\{\{|\}\}")


def quotes_of(slot: Slot) -> dict[str, Quote]:
    """Return the quotes that a slot's item may rest on, by their words."""
    found: dict[str, Quote] = {}
    for span in slot.spans:
        text = normalised(span.text)
        found.setdefault(text, Quote(span.chunk.reference, span.chunk.digest, text))
    return found


def draft_of(slot: Slot, reply: Reply, name: str) -> Draft:
    """Return a draft; `name` is the item's id, by which choices are ordered.

    Raises UnusableReplyError with a sentence that the model can be told.
    """
    known = quotes_of(slot)
    first = slot.spans[0].chunk
    used: dict[str, Quote] = {}
    for text in _quoted(reply):
        # Words that are no planned quote are kept as they are: the grounding check refuses them.
        used[text] = known.get(text, Quote(first.reference, first.digest, text))
    own = _OWN[slot.type](reply, name)
    return Draft({"type": slot.type, **own, "bloom": slot.bloom}, tuple(used.values()))


def _quoted(reply: Reply) -> list[str]:
    groups = [reply, *reply.get("pairs", ()), *reply.get("sequence", ())]
    return [normalised(group["quote"]) for group in groups if "quote" in group]


def _single_choice(reply: Reply, name: str) -> dict[str, object]:
    return {"stem": reply["stem"], "choices": _choices([reply["key"]], reply["distractors"], name)}


def _multiple_choice(reply: Reply, name: str) -> dict[str, object]:
    return {"stem": reply["stem"], "choices": _choices(reply["keys"], reply["distractors"], name)}


def _choices(keys: Sequence[str], others: Sequence[str], name: str) -> list[object]:
    """Return choices in an order that the item's id draws; numbers stand by their size."""
    found = [(key, True) for key in keys] + [(other, False) for other in others]
    numbers = [_number(text) for text, _ in found]
    if all(number is not None for number in numbers):
        order = sorted(range(len(found)), key=lambda at: numbers[at] or Decimal(0))
    else:
        order = list(permutation(len(found), "choices", name))
    return [
        {"text": found[at][0], "correct": True} if found[at][1] else found[at][0] for at in order
    ]


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().rstrip("%").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _true_false(reply: Reply, _: str) -> dict[str, object]:
    return {"stem": reply["statement"], "answer": reply["answer"] == "true"}


def _short_answer(reply: Reply, _: str) -> dict[str, object]:
    answers = dict.fromkeys(text for text in (reply["answer"], *reply["also"]) if text)
    return {"stem": reply["stem"], "answers": list(answers)}


def _numeric(reply: Reply, _: str) -> dict[str, object]:
    unit = {"unit": reply["unit"]} if reply["unit"] else {}
    return {"stem": reply["stem"], "answer": reply["answer"], **unit}


def _matching(reply: Reply, _: str) -> dict[str, object]:
    pairs = [{"premise": pair["premise"], "response": pair["response"]} for pair in reply["pairs"]]
    return {"stem": reply["stem"], "pairs": pairs}


def _ordering(reply: Reply, _: str) -> dict[str, object]:
    return {"stem": reply["stem"], "sequence": [step["entry"] for step in reply["sequence"]]}


def _cloze(reply: Reply, _: str) -> dict[str, object]:
    sentence: str = reply["sentence"]
    if _GAP.search(sentence):
        raise UnusableReplyError("`sentence` holds double braces: write it without gaps.")
    gaps: dict[str, object] = {}
    places = []
    for answer in reply["gaps"]:
        pattern = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)")
        found = [match.span() for match in pattern.finditer(sentence)]
        if not answer or len(found) != 1:
            raise UnusableReplyError(
                f"The gap \u201c{answer}\u201d must stand exactly once in `sentence`, "
                f"not {len(found)} times."
            )
        places.append((*found[0], answer))
    places.sort(reverse=True)
    if any(one[0] < other[1] for one, other in pairwise(places)):
        raise UnusableReplyError("The gaps overlap.")
    for number, (start, end, answer) in zip(range(len(places), 0, -1), places, strict=True):
        sentence = f"{sentence[:start]}{{{{gap{number}}}}}{sentence[end:]}"
        gaps[f"gap{number}"] = {"answers": [answer]}
    return {"text": sentence, "gaps": dict(sorted(gaps.items()))}


def _rubric(reply: Reply) -> dict[str, object]:
    criteria = [dict(criterion) for criterion in reply["rubric"]]
    total = sum(int(criterion["points"]) for criterion in criteria)
    return {"rubric": criteria, "points": str(total)}


def _essay(reply: Reply, _: str) -> dict[str, object]:
    return {"stem": reply["stem"], "sample_answer": reply["sample_answer"], **_rubric(reply)}


def _file_upload(reply: Reply, _: str) -> dict[str, object]:
    return {"stem": reply["stem"], **_rubric(reply)}


_OWN: Mapping[str, Callable[[Reply, str], dict[str, object]]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
    "file_upload": _file_upload,
}
