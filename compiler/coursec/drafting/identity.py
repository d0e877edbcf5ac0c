"""The id of a drafted item: the same slot gets the same one in every run."""

from __future__ import annotations

from hashlib import sha256

from coursec.drafting.evidence.coverage import Slot
from coursec.importing.names import kebab

_SHORT = {
    "single_choice": "choice",
    "multiple_choice": "choices",
    "true_false": "tf",
    "short_answer": "short",
    "numeric": "number",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
    "essay": "essay",
    "file_upload": "upload",
    "text": "text",
}
_LONGEST = 26


def item_id(quiz: str, slot: Slot) -> str:
    """Return an id made of the quiz, the slide, the item's type and the words it rests on.

    It changes with these only, not with the number of the slot nor with what a model says.
    """
    slide = slot.spans[0].chunk
    parts = [slot.type, *(" ".join(span.key) for span in slot.spans), *filter(None, [slot.asks])]
    digest = sha256("\n".join(parts).encode()).hexdigest()[:5]
    names = (kebab(quiz)[:_LONGEST], kebab(slide.slide)[:_LONGEST], _SHORT[slot.type], digest)
    return "-".join(name.strip("-") for name in names if name.strip("-"))
