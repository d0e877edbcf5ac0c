"""Rules over pairs of items: the same asked twice, a key given away."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from typing import NamedTuple

from coursec.checks.writing.others import says_of_others
from coursec.checks.writing.stems import GENERIC, TRUTH
from coursec.checks.writing.view import Found, Prose, View, once
from coursec.checks.writing.words import NEGATIVE, is_rare, stem
from coursec.model.items import (
    ChoiceGap,
    Cloze,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.quiz import Quiz
from coursec.model.text import Image, plain, walk


class Pool:
    """The items of a course that rules compare, and the quizzes that hold them."""

    def __init__(self, views: Sequence[View], quizzes: Sequence[Quiz]) -> None:
        self.views = views
        self.quizzes: dict[str, set[str]] = defaultdict(set)
        """Ids of the quizzes of an item, by its id."""
        for quiz in quizzes:
            for item in quiz.items:
                self.quizzes[item.id].add(quiz.id)

    def together(self, one: View, other: View) -> bool:
        """Tell whether a student may meet two items: in a quiz, or in one bank."""
        a, b = self.quizzes.get(one.item.id), self.quizzes.get(other.item.id)
        if a and b:
            return not a.isdisjoint(b)
        return bool(
            one.item.span and other.item.span and one.item.span.path == other.item.span.path
        )

    @once
    def twins(self) -> dict[int, int]:
        """The first item that asks the same, for every later one; places in `views`."""
        first: dict[Hashable, int] = {}
        found: dict[int, int] = {}
        for number, view in enumerate(self.views):
            asked = _asked(view)
            if asked is None:
                continue
            if asked in first:
                found[number] = first[asked]
            else:
                first[asked] = number
        return found

    @once
    def near(self) -> dict[int, int]:
        """An earlier item that asks nearly the same, for every later one that is no twin."""
        return dict(_near(self.views, self.twins))


BankRule = Callable[[Pool], Iterator[tuple[View, Found]]]


def named(view: View) -> str:
    """Return an item's id with its file and line, as messages name it."""
    span = view.item.span
    return f"`{view.item.id}` ({span.path}, line {span.line})" if span else f"`{view.item.id}`"


def duplicate_item(pool: Pool) -> Iterator[tuple[View, Found]]:
    """Who meets the same question twice earns its points twice."""
    for number, first in pool.twins.items():
        view = pool.views[number]
        yield (
            view,
            Found(
                f"The same is asked, with the same key, by {named(pool.views[first])}.",
                view.item.span,
                "Delete one of them, or set its `status: retired`.",
            ),
        )


def near_duplicate_item(pool: Pool) -> Iterator[tuple[View, Found]]:
    """Two wordings of one question count its matter twice."""
    for number, first in pool.near.items():
        view = pool.views[number]
        yield (
            view,
            Found(
                f"Nearly the same is asked, with the same key, by {named(pool.views[first])}.",
                view.item.span,
                "Keep the better one, or let one of them ask for something else.",
            ),
        )


_SIGNS = re.compile(r"[\s.,;:!?\"'“”‘’«»()\[\]_*…]+")


def _plain(prose: Prose) -> str:
    text = " ".join(_SIGNS.split(prose.whole.lower())).strip()
    return text + " ".join(_images(prose))


def _images(prose: Prose) -> list[str]:
    if Image not in prose.kinds:
        return []
    return [node.asset.path for node in walk(prose.source) if isinstance(node, Image)]


def _asked(view: View) -> Hashable | None:
    """Return what an item asks and what its key is, in a form in which twins are equal."""
    key = _key(view)
    if key is None:
        return None
    body = _plain(view.body) if view.body is not view.stem else ""
    return (view.item.stimulus, _plain(view.stem), body, key)


def _key(view: View) -> Hashable | None:
    item = view.item
    match item:
        case SingleChoice() | MultipleChoice():
            return frozenset(_plain(option.prose) for option in view.keys)
        case TrueFalse():
            return item.answer
        case ShortAnswer():
            return frozenset(a.text.lower().strip() for a in item.answers if a.weight == 1)
        case Numeric():
            return frozenset((a.low, a.high) for a in item.answers if a.weight == 1)
        case Matching():
            return frozenset((pair.premise, pair.response) for pair in item.pairs)
        case Ordering():
            return item.sequence
        case Cloze():
            return tuple(map(_gap_key, item.gaps))
        case TextItem():
            return None
        case _:
            return item.kind


def _gap_key(gap: ChoiceGap | TextGap | NumberGap) -> Hashable:
    match gap:
        case ChoiceGap():
            return frozenset(c.text for c in gap.choices if c.correct)
        case TextGap():
            return frozenset(answer.text.lower() for answer in gap.answers)
        case NumberGap():
            return frozenset((answer.low, answer.high) for answer in gap.answers)


class _Asks(NamedTuple):
    number: int
    words: frozenset[str]
    """Stems of what is asked, the key's among them."""
    key: frozenset[str]
    choices: frozenset[str]
    names: frozenset[str]
    """Stems of words with a capital, and formulas and code: what cannot be swapped."""
    negative: bool


_OPPOSITES = [
    frozenset(stem(word) for word in pair.split())
    for pair in (
        "increase decrease|maximum minimum|first last|largest smallest|highest lowest|before after"
        "|longest shortest|advantage disadvantage|rise fall|higher lower|greater smaller|more less"
        "|most least|input output|encoder decoder|left right|upper lower|true false|early late"
        "|cause effect|positive negative|strength weakness|begin end|add remove|gain loss|buy sell"
        "|numerator denominator|oldest newest|import export|north south|east west|open closed"
        "|male female|plant animal|acid base|oxidation reduction|mean median|row column|best worst"
        "|vertical horizontal|plural singular|past future|precision recall|supply demand|old new"
        "|cation anion|anode cathode|artery vein|systolic diastolic|afferent efferent"
    ).split("|")
]
_MOST_CANDIDATES = 400
"""Items compared with one: a bank whose items all share their words is not searched to its end."""


def _near(views: Sequence[View], twins: Collection[int]) -> Iterator[tuple[int, int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number, view in enumerate(views):
        if number not in twins and view.english:
            numbers = tuple(sorted(_NUMBER.findall(view.stem.whole)))
            groups[view.item.kind, view.item.stimulus, numbers].append(number)
    for places in groups.values():
        exact: dict[Hashable, list[_Asks]] = defaultdict(list)
        for number in places if len(places) > 1 else ():
            if asks := _asks(number, views[number]):
                exact[None if asks.key else _key(views[number])].append(asks)
        for group in exact.values():
            if len(group) > 1:
                yield from _alike(group)


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _asks(number: int, view: View) -> _Asks | None:
    item = view.item
    stems = view.stem.stems - GENERIC
    keys: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    match item:
        case SingleChoice() | MultipleChoice():
            keys = frozenset().union(*(_tokens(option.prose) for option in view.keys))
            if any(map(says_of_others, view.keys)):
                return None
            if not keys & TRUTH:
                choices = frozenset(option.prose.norm for option in view.choices)
            else:
                keys = frozenset()
        case ShortAnswer():
            answer = next((a.text for a in item.answers if a.weight == 1), "")
            keys = _tokens(Prose(plain(answer)))
        case Matching() | Ordering():
            stems = stems.union(*(prose.stems for prose in view.parts))
        case Cloze():
            stems |= view.body.stems
        case TrueFalse() | Numeric():
            pass
        case _:
            return None
    codes = frozenset(view.stem.codes + view.body.codes)
    for prose in (view.stem, *view.parts):
        codes |= frozenset(_images(prose))
    if len(stems | codes) < 2 and not choices:
        return None
    written = {
        stem(w.lower())
        for sentence in view.body.sentences
        for w in re.findall(r"(?<=\S )[A-Z][\w-]+", sentence)
    }
    for quote in re.findall(r"['\"‘“]([\w -]{2,30})['\"’”]", view.body.lower):
        written.update(map(stem, quote.split()))
    return _Asks(
        number,
        stems | codes,
        keys,
        choices,
        frozenset(written & stems) | codes,
        bool(view.stem.set & NEGATIVE),
    )


def _tokens(prose: Prose) -> frozenset[str]:
    if re.search(r"[^\w\s.,'’\-]", prose.whole):
        return frozenset(prose.whole.lower().split())
    return prose.stems or frozenset(prose.whole.lower().split())


def _alike(group: list[_Asks]) -> Iterator[tuple[int, int]]:
    """Find pairs by the rarest words: those alike by half share one of the rarer half."""
    common = Counter(word for asks in group for word in (*asks.words, *asks.key))
    index: dict[str, list[_Asks]] = defaultdict(list)
    for asks in group:
        words = sorted(asks.words | asks.key, key=lambda w: (common[w], w))
        head = words[: max(1, len(words) - math.ceil(0.4 * len(words)) + 1)]
        tried: set[int] = set()
        match = None
        for word in head:
            for other in index[word]:
                if other.number in tried or len(tried) >= _MOST_CANDIDATES:
                    continue
                tried.add(other.number)
                if _same(asks, other) and (match is None or other.number < match):
                    match = other.number
            index[word].append(asks)
        if match is not None:
            yield asks.number, match


def _same(one: _Asks, other: _Asks) -> bool:
    if one.negative is not other.negative:
        return False
    only_one, only_other = one.words - other.words, other.words - one.words
    if only_one & one.names and only_other & other.names:
        return False
    if any(p & only_one and p & only_other for p in _OPPOSITES):
        return False
    both = len(one.words & other.words)
    union = len(one.words | other.words)
    alike = both / union if union else 1.0
    if not one.choices and not one.key:
        if only_one and only_other and any(map(_term, only_one)) and any(map(_term, only_other)):
            return alike >= 0.85
        return alike >= 0.65
    keys = one.key | other.key
    if keys and len(one.key & other.key) / len(keys) < 0.6:
        return False
    least = min(len(one.words), len(other.words))
    if one.choices:
        shared = len(one.choices & other.choices) / max(len(one.choices), len(other.choices))
        if shared >= 0.6:
            return alike >= 0.3 or (least > 1 and both == least)
    return (alike >= 0.5 and both > 1) or (least > 2 and both >= 0.8 * least)


def _term(root: str) -> bool:
    return is_rare(root)
