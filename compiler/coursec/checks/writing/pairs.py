"""Rules over matchings, and over answers that stand in their own item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import Found, Prose, View, quoted
from coursec.checks.writing.words import FUNCTION, GENERAL, akin, is_content, is_rare, stem
from coursec.diagnostics import Span
from coursec.model.items import ChoiceGap, Cloze, Matching, ShortAnswer, TextGap

MANY = 60
"""Pairs of a matching beyond which their words are not compared: every pair is with every other."""


def answer_in_text(view: View) -> Iterator[Found]:
    """Who reads the answer needs not know it."""
    item = view.item
    if isinstance(item, ShortAnswer):
        places = [("the stem", view.stem, view.place)]
        for answer in item.answers:
            if answer.weight == 1 and (found := _leak(answer.text, places, view)):
                yield _leaked(answer.text, found)
                return
    if isinstance(item, Cloze):
        places = [("the text", view.body, view.body.span), ("the lead-in", view.stem, view.place)]
        for gap in item.gaps:
            if isinstance(gap, TextGap):
                texts = [answer.text for answer in gap.answers if answer.weight == 1]
            elif isinstance(gap, ChoiceGap):
                texts = [Prose(c.text).whole for c in gap.choices if c.correct]
                if not all(_is_term(text) for text in texts):
                    continue
                wrong = [Prose(c.text) for c in gap.choices if not c.correct]
                if any(_stands(p.lower, view.body.lower) for p in wrong):
                    continue
            else:
                continue
            for text in texts:
                if found := _leak(text, places, view):
                    yield _leaked(text, found)
                    return


def _leaked(answer: str, found: tuple[str, Span | None, str]) -> Found:
    where, span, written = found
    what = f" as `{written}`" if written != answer.lower() else ""
    return Found(
        f"The answer {quoted(answer)} stands in {where}{what}.",
        span,
        "Say it there in other words, or ask for something else.",
    )


def _is_term(text: str) -> bool:
    words = re.findall(r"[^\W_]+", text.lower())
    return bool(words) and any(len(w) > 3 and stem(w) not in _COMMON for w in words)


_COMMON = frozenset(stem(w) for w in FUNCTION | GENERAL)


def _leak(
    answer: str, places: list[tuple[str, Prose, Span | None]], view: View
) -> tuple[str, Span | None, str] | None:
    """Return (where, its place, the words) that give an answer away; None where nothing does."""
    item = view.item
    texts = [(name, prose.lower, span) for name, prose, span in places]
    texts += [("a hint", Prose(hint).lower, hint.span) for hint in item.hints]
    if item.title:
        texts.append(("the title, which some platforms show", item.title.lower(), item.span))
    wanted = answer.lower().strip()
    if len(wanted) < 3 or not re.search(r"[^\W\d_]{2}", wanted):
        return None
    for name, text, span in texts:
        if _stands(wanted, text) and not _is_offered(wanted, text):
            return name, span, wanted
        if view.english and (written := _form_of(wanted, text)):
            return name, span, written
    return None


def _stands(wanted: str, text: str) -> bool:
    """Tell whether words stand in a text, and not within longer ones."""
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not _IN_WORD.match(text[at - 1 : at]) and not _IN_WORD.match(text[end : end + 1]):
            return True
        at = text.find(wanted, at + 1)
    return False


_IN_WORD = re.compile(r"\w")
_OFFERS = re.compile(r"\bor\b|/|\bvs\b|\bversus\b|\(|:")
"""What stands in a text that offers an answer among others."""


def _is_offered(wanted: str, text: str) -> bool:
    """Tell whether a text offers the answer among others: `rises or falls`, a list in brackets."""
    place = text.find(wanted)
    text = text[max(0, place - 150) : place + len(wanted) + 150]
    if not _OFFERS.search(text):
        return False
    word = re.escape(wanted)
    if re.search(rf"(?<!\w){word}(?: \w+){{0,2}},? (?:or|and/or|/|vs\.?|versus) ", text):
        return True
    if re.search(rf"\bor (?:an? |the )?(?:\w+ )?{word}(?!\w)", text):
        return True
    if re.search(rf"{word}\s*/\s*\w|\w\s*/\s*{word}", text):
        return True
    if re.search(
        rf"\((?:[^()]*, )?[^()]*{word}[^()]*,[^()]*\)|\([^()]*,[^()]*{word}[^()]*\)", text
    ):
        return True
    return bool(re.search(rf":[^.?]*(?:,[^.?]*{word}|{word}[^.?]*,)", text))


def _form_of(wanted: str, text: str) -> str | None:
    """Return a word of the text that is the answer in another form, such as `tokens`."""
    if not re.fullmatch(r"[a-z-]{4,}", wanted) or not is_rare(wanted):
        return None
    root = stem(wanted)
    found: list[str] = re.findall(r"[a-z-]{4,}", text)
    for word in found:
        other = stem(word)
        if word == wanted or not is_rare(word) or _is_offered(word, text):
            continue
        if word in (wanted + "s", wanted + "es") or wanted == word + "s":
            return word
        if len(other) < 5 or len(wanted) < 6:
            continue
        if other == root or (wanted.startswith(other) and len(other) * 2 >= len(root)):
            return word
    return None


def matching_cue(view: View) -> Iterator[Found]:
    """A word that a premise and its response share matches them without any knowledge."""
    item = view.item
    if not isinstance(item, Matching) or not 1 < len(item.pairs) <= MANY:
        return
    responses = {text: Prose(text) for text in item.responses}
    premises = [Prose(pair.premise) for pair in item.pairs]
    for pair, premise in zip(item.pairs, premises, strict=True):
        response = responses[pair.response]
        shared = {
            s
            for s in response.stems
            if len(s) > 2 and (s in premise.stems or any(akin(s, p) for p in premise.stems))
        }
        if not shared:
            continue
        for text, other in responses.items():
            if text != pair.response:
                shared -= other.stems
                shared = {s for s in shared if len(s) < 4 or s not in other.lower}
        words = [w for w in response.words if stem(w) in shared and _tells(w, premises)]
        if words:
            yield Found(
                f"`{words[0]}` stands in this premise and in its response {quoted(response.whole)} "
                "alone.",
                pair.premise.span or pair.span,
                "Say it in other words in one of them.",
            )


def _tells(word: str, premises: list[Prose]) -> bool:
    """Tell whether a word is seen: a term, and not one that half of the premises hold."""
    if not is_content(word) or len(word) < 3 or (len(word) > 3 and not is_rare(word)):
        return False
    holders = sum(stem(word) in premise.stems for premise in premises)
    return holders * 2 <= len(premises) or holders == 1


def few_pairs(view: View) -> Iterator[Found]:
    """Two pairs are one decision: the second follows from the first."""
    item = view.item
    if isinstance(item, Matching) and len(item.pairs) < 3:
        yield Found(
            f"The matching has {len(item.pairs)} pairs.",
            view.place,
            "Add pairs, or ask one question with choices.",
        )
