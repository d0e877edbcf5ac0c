"""The names in a package: they come from the author's ids alone and never change."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

RESPONSE = "RESPONSE"
"""The response of an item with one interaction."""


def item_name(item_id: str) -> str:
    """Return an item's identifier, which must not begin with a digit."""
    return item_id if item_id[0].isalpha() else "_" + item_id


def item_href(item_id: str) -> str:
    """Return the name of an item's file, at the root of the package because of Canvas."""
    if item_id == "imsmanifest":  # the package's own file
        return "item_imsmanifest.xml"
    return item_name(item_id) + ".xml"


# No id of the language holds an underscore, so these never meet the identifier of an item,
# with which they share one name space.


def test_name(quiz_id: str) -> str:
    """Return a quiz's identifier; its file is named after it."""
    return "test_" + quiz_id


def section_name(section_id: str) -> str:
    """Return a section's identifier."""
    return "section_" + section_id


def choice_name(position: int) -> str:
    """Return the identifier of the choice at a position from 0: A to Z, AA, AB and so on."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


CHOICES = tuple(choice_name(position) for position in range(64))
"""The first choice identifiers, made once."""


def choice_names() -> Iterator[str]:
    """Yield A, B, C … without end."""
    yield from CHOICES
    for position in count(len(CHOICES)):
        yield choice_name(position)


def gap_name(name: str) -> str:
    """Return the response of a cloze's gap."""
    return f"{RESPONSE}_{name}"


def file_names(files: int) -> tuple[str, ...]:
    """Return the responses of an upload, one for each file."""
    return (RESPONSE, *(f"{RESPONSE}_{number}" for number in range(2, files + 1)))


def choice_feedback(prefix: str, choice: str) -> str:
    """Return the identifier of a choice's feedback.

    Canvas takes `wrong`, `correct`, `solution`, `general_`, `_all` and a last `_C` for
    feedback on the whole question, so nothing of the author's own goes in.
    """
    return f"{prefix}{choice}_fb"


def answer_feedback(prefix: str, position: int) -> str:
    """Return the identifier of the feedback of the typed answer at a position from 0."""
    return f"{prefix}answer{position + 1}_fb"


def gap_prefix(position: int) -> str:
    """Return what stands before the feedback identifiers of the gap at a position from 0."""
    return f"gap{position + 1}_"
