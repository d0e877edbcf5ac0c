"""A key of one item that another item states."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from coursec.checks.writing.bank import Pool, named
from coursec.checks.writing.stems import GENERIC, TRUTH
from coursec.checks.writing.view import BLANK, Found, Prose, View, quoted
from coursec.checks.writing.words import is_content, is_rare, stem
from coursec.model.items import Cloze, Matching, Numeric, ShortAnswer, SingleChoice, TextGap


class _Key(NamedTuple):
    view: View
    shown: str
    words: frozenset[str]
    question: frozenset[str]


_COMMON_KEY = 400
"""Sentences in which a key's rarest word may stand; beyond, a mention gives nothing away."""


def answer_given_away(pool: Pool) -> Iterator[tuple[View, Found]]:
    """Who reads the paper twice finds the key of one item in another."""
    english = [(number, view) for number, view in enumerate(pool.views) if view.english]
    keys = {
        number: [k for k in _keys(view) if not (k.words <= view.body.stems or k.words <= TRUTH)]
        for number, view in english
    }
    wanted = frozenset().union(*(key.words for found in keys.values() for key in found))
    sentences: list[tuple[int, frozenset[str], str]] = []
    index: dict[str, list[int]] = defaultdict(list)
    for number, view in english:
        for words, text in _sentences(view):
            for word in words & wanted:
                index[word].append(len(sentences))
            sentences.append((number, words, text))
    related = {frozenset(pair) for pair in (*pool.twins.items(), *pool.near.items())}
    for number, view in english:
        said: set[int] = set()
        for key in keys[number]:
            postings = min((index.get(word, ()) for word in key.words), key=len)
            if len(postings) > _COMMON_KEY:
                continue
            for place in postings:
                other, words, text = sentences[place]
                if other == number or other in said or not key.words <= words:
                    continue
                if not _answers(key, words, text) or frozenset((number, other)) in related:
                    continue
                giver = pool.views[other]
                if not pool.together(view, giver):
                    continue
                said.add(other)
                yield (
                    view,
                    Found(
                        f"{named(giver)} gives away the key {quoted(key.shown)}: "
                        f"{quoted(text, 80)}.",
                        view.item.span,
                        "Say less there, or keep the two items out of the same quiz.",
                    ),
                )
                break


def _answers(key: _Key, words: frozenset[str], text: str) -> bool:
    """Tell whether a sentence that holds a key is about its question too."""
    question = key.question - key.words
    hits = question & words
    if len(hits) < 2 and len(hits) < len(question):
        return False
    if not hits or not any(map(is_rare, hits | key.words)):
        return False
    if len(key.words) == 1 and not key.shown[0].isdigit() and not any(map(is_rare, key.words)):
        return False
    share = len(hits) / len(question)
    if share >= 0.6 or (share >= 0.4 and sum(map(is_rare, hits)) > 1):
        return True
    return _quotes(key.view.body, text)


def _quotes(asked: Prose, text: str) -> bool:
    """Tell whether a sentence repeats words of a question in a row, two of them with matter."""
    said = f" {' '.join(re.findall(_WORD_PATTERN, text.lower()))} "
    words = asked.words
    return any(
        sum(map(is_content, words[n : n + run])) > 1
        and any(map(is_rare, words[n : n + run]))
        and f" {' '.join(words[n : n + run])} " in said
        for run in (4, 5)
        for n in range(len(words) - run + 1)
    )


_WORD_PATTERN = re.compile(r"[^\W_]+(?:['’\-–][^\W_]+)*")


def _sentences(view: View) -> Iterator[tuple[frozenset[str], str]]:
    item = view.item
    texts = [view.stem]
    if view.body is not view.stem:
        texts.append(view.body)
    if not isinstance(item, Matching):
        texts += view.parts
    for prose in (*texts, *view.feedback):
        if len(prose.words) < 4:
            continue
        whole = prose.sentences
        for sentence in whole:
            words = prose.stems if len(whole) == 1 else _stems(sentence)
            if numbers := _DECIMAL.findall(sentence):
                words |= {number.replace(",", "") for number in numbers}
            if len(words) > 2 and BLANK not in sentence:
                yield words, sentence
    if isinstance(item, Matching):
        for pair in item.pairs:
            one, other = Prose(pair.premise), Prose(pair.response)
            yield one.stems | other.stems, f"{one.whole} – {other.whole}"


_DECIMAL = re.compile(r"(?<!\d)\d+(?:[.,]\d+)+")


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W_]+(?:['’\-][^\W_]+)*", text.lower())
    return frozenset(stem(w) for w in words if is_content(w))


def _keys(view: View) -> Iterator[_Key]:
    item = view.item
    question = view.stem.stems - GENERIC
    match item:
        case SingleChoice():
            for option in view.keys:
                if option.prose.stems and not option.prose.codes and _says(option.prose):
                    yield _Key(view, option.prose.whole, option.prose.stems, question)
        case ShortAnswer():
            for answer in item.answers:
                words = _stems(answer.text)
                if answer.weight == 1 and words and _says_words(answer.text):
                    yield _Key(view, answer.text, words, question)
        case Numeric():
            for number in item.answers:
                if number.weight == 1 and number.value is not None:
                    shown = f"{abs(number.value).normalize():f}"
                    yield _Key(view, shown, frozenset((shown,)), question)
        case Cloze():
            for gap in item.gaps:
                if isinstance(gap, TextGap):
                    words = _stems(gap.answers[0].text) if gap.answers else frozenset()
                    if words and _says_words(gap.answers[0].text):
                        yield _Key(view, gap.answers[0].text, words, view.body.stems)
        case _:
            pass


def _says(prose: Prose) -> bool:
    return _says_words(prose.text)


def _says_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{3}", text))
