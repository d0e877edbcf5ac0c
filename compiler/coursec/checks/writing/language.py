"""Texts that are not in the language they are said to be in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from coursec.checks.writing.view import Found, View
from coursec.checks.writing.words import FUNCTION, OTHER_LANGUAGES

FEWEST = 60
"""Words of a file below which its language is not guessed."""


def other_language(views: Sequence[View]) -> Iterator[tuple[View, Found]]:
    """Find banks that are said to be English and are not; their items count as such from here on.

    A wrong language makes screen readers mispronounce and papers break words wrongly.
    """
    files: dict[str, list[View]] = defaultdict(list)
    for view in views:
        if view.english and view.item.span:
            files[view.item.span.path].append(view)
    for path, members in files.items():
        counts: Counter[str] = Counter()
        for view in members:
            counts.update(view.stem.words)
            if view.body is not view.stem:
                counts.update(view.body.words)
        name = _language(counts)
        if name is None:
            continue
        for view in members:
            view.english = False
        yield (
            members[0],
            Found(
                f"The items of {path} look {name}, and their language is English.",
                members[0].item.span,
                "Set `language:` in course.yaml or at the items; English is the default.",
            ),
        )
    for view in views:
        if view.english and not view.stem.text.isascii() and _foreign_script(view):
            view.english = False
            yield (
                view,
                Found(
                    "The stem is in another script, and its language is English.",
                    view.place,
                    "Set `language:` at the item.",
                ),
            )


def _language(counts: Counter[str]) -> str | None:
    """Return the language that the small words of a text belong to; None for English."""
    total = counts.total()
    if total < FEWEST:
        return None
    english = sum(n for word, n in counts.items() if word in FUNCTION)
    letters = sum(n for word, n in counts.items() if not word.isascii() and not _latin(word))
    if letters * 2 > total:
        return "to be in another script"
    best, most = None, 0
    for name, words in OTHER_LANGUAGES.items():
        found = sum(counts[word] for word in words)
        if found > most:
            best, most = name, found
    return best if most > english and most * 8 > total else None


def _foreign_script(view: View) -> bool:
    words = view.stem.words
    return sum(not _latin(word) for word in words) * 2 > len(words) > 0


def _latin(word: str) -> bool:
    return any(c < "\u0250" for c in word)
