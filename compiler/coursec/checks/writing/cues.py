"""Rules over what gives the key away to those who do not know the matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from coursec.checks.writing.numbers import range_of
from coursec.checks.writing.others import says_of_others, special_key
from coursec.checks.writing.view import Found, Option, Prose, View
from coursec.checks.writing.words import (
    ABSOLUTE,
    FUNCTION,
    HEDGE,
    STRONG_ABSOLUTE,
    WEAK_HEDGE,
    akin,
    either,
    is_rare,
    stem,
)
from coursec.model.items import SingleChoice, TrueFalse
from coursec.model.text import CodeBlock, Image

LONGER = 1.45
"""How many times as long as the longest distractor a key must be to stand out."""
CHARACTERS = 12
"""By how many characters at least."""


def longest_key(view: View) -> Iterator[Found]:
    """A key with all its conditions is longer than what is wrong anyway; students know that."""
    if not _measured(view) or special_key(view):
        return
    key = min(option.prose.length for option in view.keys)
    most = max(option.prose.length for option in view.distractors)
    if key >= LONGER * most and key - most >= CHARACTERS:
        yield Found(
            f"The key has {key} characters, the longest distractor {most}.",
            view.keys[0].span,
            "Shorten the key, or give the distractors as much detail.",
        )


def shortest_key(view: View) -> Iterator[Found]:
    """A key that is far shorter than all else stands out as much as a long one."""
    if not _measured(view) or special_key(view):
        return
    key = max(option.prose.length for option in view.keys)
    least = min(option.prose.length for option in view.distractors)
    if 2 * key <= least and least - key >= CHARACTERS - 2:
        yield Found(
            f"The key has {key} characters, the shortest distractor {least}.",
            view.keys[0].span,
            "Give the key as much detail as the distractors, or shorten these.",
        )


def _measured(view: View) -> bool:
    if not view.keys or len(view.distractors) < 2:
        return False
    if any(option.prose.kinds & {CodeBlock, Image} for option in view.choices):
        return False
    return not all(_is_title(option.prose) for option in view.keys)


_PARTICLES = frozenset("von van de der den di da del della du la le el al ibn bin zu y".split())


def _is_title(prose: Prose) -> bool:
    """Tell whether a choice is a title or a name, whose length nobody chooses."""
    words = [w for w in prose.spelt if w.lower() not in FUNCTION and w not in _PARTICLES]
    return len(words) > 1 and all(w[0].isupper() or w[0].isdigit() for w in words)


def absolute_word(view: View) -> Iterator[Found]:
    """What is said to hold always seldom does: students rule it out unread."""
    if isinstance(view.item, TrueFalse):
        if not view.item.answer and (word := _absolute(view.stem, ABSOLUTE - {"none"})):
            yield Found(
                f"The false statement says `{word}`, by which it is known to be false.",
                view.place,
                "Make it false by its matter.",
            )
        return
    if not view.keys or len(view.distractors) < 2:
        return
    if any(option.prose.set & ABSOLUTE for option in view.keys):
        return
    found = [(o, word) for o in view.distractors if (word := _absolute(o.prose, ABSOLUTE))]
    strong = [(o, w) for o, w in found if w in STRONG_ABSOLUTE]
    if not strong and len(found) < 2:
        return
    option, word = (strong or found)[0]
    yield Found(
        f"`{word}` stands in a distractor and no such word in the key.",
        option.span,
        "Leave the word out, or make the distractor wrong by its matter.",
    )


_WORD = either("all|always|every|everything|only|entirely|completely")
_SPARED = re.compile(
    either(
        rf"""
        \b(?:nearly|almost|at|first of|above|after|in|for|of|over) {_WORD}\b(?! (?:the|\w+s)\b)
        \bnot {_WORD}\b|\bif and only if\b
        \ball the (?:more|less|same)\b|\bnone the less\b|\ball in all\b
        """
    )
)
"""Where an absolute word claims nothing absolute."""


def _absolute(prose: Prose, words: frozenset[str]) -> str | None:
    if not prose.set & words:
        return None
    if len(prose.words) < 2 or re.match(r"(?:all|none) of the (?:above|others?)\b", prose.norm):
        return None
    text = _SPARED.sub(" ", prose.lower)
    rest = re.findall(r"[\w'-]+", text)
    return next((w for w in rest if w in words), None)


def hedged_key(view: View) -> Iterator[Found]:
    """A careful word in the key alone: who writes a key takes care that it is true."""
    if not view.keys or len(view.distractors) < 2:
        return
    every = HEDGE | WEAK_HEDGE
    if any(_hedge(option.prose, HEDGE) for option in view.distractors):
        return
    words = [_hedge(option.prose, HEDGE) for option in view.keys]
    if not all(words):
        if any(_hedge(option.prose, every) for option in view.distractors):
            return
        every -= {"can", "could"} if not _says_something(view) else frozenset()
        words = [_hedge(option.prose, every) for option in view.keys]
        if not all(words):
            return
    yield Found(
        f"`{words[0]}` stands in the key and no such word in a distractor.",
        view.keys[0].span,
        "Leave the word out, or hedge the distractors as well.",
    )


def _says_something(view: View) -> bool:
    """Tell whether all choices are sentences, in which a `can` of the key alone is seen."""
    return all(len(option.prose.words) >= 3 for option in view.choices)


def _hedge(prose: Prose, words: frozenset[str]) -> str | None:
    found = next((w for w in prose.words if w in words), None)
    if found == "may" and "May" in prose.spelt and re.search(r"\d|\bMay$|[^.] May\b", prose.text):
        return None
    return found


def clang_cue(view: View) -> Iterator[Found]:
    """A word of the question that returns in the key alone points at it."""
    if not view.keys or len(view.distractors) < 2 or special_key(view):
        return
    texts = [option.prose for option in view.distractors]
    wrong = frozenset().union(*(prose.stems for prose in texts))
    shared = frozenset.intersection(*(option.prose.stems for option in view.keys)) - wrong
    asked = view.stem.stems
    shared = frozenset(k for k in shared if k in asked or any(akin(k, root) for root in asked))
    if not shared:
        return
    if any(_echoes(prose, view, texts) for prose in texts):
        return
    loose = " ".join(prose.lower for prose in texts)
    for word in view.stem.words:
        root = stem(word)
        if not is_rare(word) or root in loose:
            continue
        if root not in shared and not any(akin(k, root) for k in shared):
            continue
        written = next(
            w for w in view.keys[0].prose.words if stem(w) == root or akin(stem(w), root)
        )
        yield Found(
            f"`{word}` in the stem points to `{written}`, which stands in the key alone.",
            view.keys[0].span,
            "Say it in other words, or let distractors share the word.",
        )
        return


def _echoes(prose: Prose, view: View, others: Sequence[Prose]) -> bool:
    """Tell whether a distractor alone repeats a rare word of the stem, as the key does."""
    rest = [option.prose for option in view.keys] + [p for p in others if p is not prose]
    return any(
        is_rare(word)
        and stem(word) in view.stem.stems
        and not any(stem(word) in other.stems for other in rest)
        for word in prose.words
    )


_SPLIT = re.compile(
    r"\s*(?:,\s*(?:and|or)?\s|;|\band\b|\bbut\b|\bwith\b|\bor\b|/|\+|→|->|—|–|:)\s*"
)


def convergence_cue(view: View) -> Iterator[Found]:
    """Distractors are made from the key: the choice that shares most with the others is it."""
    if not isinstance(view.item, SingleChoice) or len(view.choices) < 3 or len(view.keys) != 1:
        return
    if any(option.prose.kinds & {CodeBlock, Image} for option in view.choices):
        return
    rows = _parts(view.choices)
    if rows is None or any(says_of_others(o) or range_of(o.prose.whole) for o in view.choices):
        return
    counts = [Counter(row[n] for row in rows) for n in range(len(rows[0]))]
    free = Counter(part for row in rows for part in set(row))
    scores = [
        sum(max(counts[n][part], free[part]) - 1 for n, part in enumerate(row)) for row in rows
    ]
    key = view.choices.index(view.keys[0])
    others = [score for n, score in enumerate(scores) if n != key]
    shared = all(max(counts[n][part], free[part]) > 1 for n, part in enumerate(rows[key]))
    if not shared or scores[key] <= max(others):
        return
    yield Found(
        f"The key {view.keys[0].shown} shares more parts with the other choices than any of them.",
        view.keys[0].span,
        "Let each part occur equally often, or choose distractors that are not made from the key.",
    )


def _parts(options: Sequence[Option]) -> list[tuple[str, ...]] | None:
    """Return the parts of each choice, as many for each; None where they cannot be told apart."""
    texts = [" ".join(option.prose.whole.lower().split()).strip(" .") for option in options]
    if all(map(_SPLIT.search, texts)):
        rows = [tuple(_bare(part) for part in _SPLIT.split(text) if part.strip()) for text in texts]
        if len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
            return rows
    words = [tuple(text.split()) for text in texts]
    if len({len(row) for row in words}) != 1 or not 2 <= len(words[0]) <= 14:
        return None
    columns = [n for n in range(len(words[0])) if len({row[n] for row in words}) > 1]
    if len(columns) < 2 or any(len({row[n] for row in words}) == len(words) for n in columns):
        return None
    if len(columns) == len(words[0]) > 4:
        return None
    return [tuple(row[n] for n in columns) for row in words]


def _bare(part: str) -> str:
    return re.sub(r"^(?:an?|the|both|is|are|it|its) ", "", part.strip(" .,"))
