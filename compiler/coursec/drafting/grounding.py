"""Whether a draft says what the slides say: word for word, never nearly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from coursec.drafting.drafts import Draft, Quote
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.words import EMPTY
from coursec.model.slides import normalised

SHORTEST = 12
"""Characters that a quote must have: fewer would stand anywhere."""
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")


def stands_in(quote: Quote, chunks: Sequence[Chunk]) -> bool:
    """Tell whether a quote stands word for word in the slide that it names.

    Blanks and line ends are one; every letter, sign and capital counts. A quote begins and ends
    where words do.
    """
    text = normalised(quote.text)
    if len(text) < SHORTEST or not _WORD.search(text):
        return False
    return any(
        _at_words(text, normalised(f"{chunk.title}\n{chunk.text}"))
        for chunk in chunks
        if (chunk.reference, chunk.digest) == (quote.slide, quote.digest)
    )


def _at_words(text: str, whole: str) -> bool:
    at = whole.find(text)
    while at >= 0:
        before, after = whole[at - 1 : at], whole[at + len(text) : at + len(text) + 1]
        inside = (before.isalnum() and text[0].isalnum()) or (
            after.isalnum() and text[-1].isalnum()
        )
        if not inside:
            return True
        at = whole.find(text, at + 1)
    return False


def ungrounded(draft: Draft, chunks: Sequence[Chunk]) -> list[str]:
    """Return what is wrong with the grounding of a draft: a sentence for each mistake."""
    if not draft.quotes:
        return ["The item quotes nothing from the slides."]
    found = [
        f"The quote \u201c{_short(quote.text)}\u201d does not stand word for word in {quote.slide}."
        for quote in draft.quotes
        if not stands_in(quote, chunks)
    ]
    return found or list(unsupported(draft))


def unsupported(draft: Draft) -> Iterator[str]:
    """Yield a sentence for each answer that the quotes do not bear out, where that can be told."""
    quoted = " ".join(normalised(quote.text) for quote in draft.quotes)
    kind = draft.fields.get("type")
    if kind == "short_answer":
        if not any(holds(quoted, answer) for answer in _texts(draft.fields.get("answers"))):
            yield "No answer stands in the quote."
    elif kind == "numeric":
        if not _has_number(quoted, str(draft.fields.get("answer", ""))):
            yield f"The number {draft.fields.get('answer')} does not stand in the quote."
    elif kind == "cloze":
        for name, gap in _mapping(draft.fields.get("gaps")).items():
            answers = _answers_of(_mapping(gap))
            if answers and not any(holds(quoted, answer) for answer in answers):
                yield f"The answer of the gap `{name}` does not stand in the quote."
    elif kind == "matching":
        for pair in _list(draft.fields.get("pairs")):
            yield from _pair(_mapping(pair), quoted)
    elif kind == "ordering":
        for entry in _texts(draft.fields.get("sequence")):
            if not _shares(quoted, entry):
                yield f"The entry \u201c{_short(entry)}\u201d does not stand in the quotes."
    elif kind == "single_choice":
        yield from _key(draft, quoted)


def holds(quoted: str, answer: str) -> bool:
    """Tell whether an answer's words stand in a text, in their order, case and marks aside."""
    wanted, there = _words(answer), _words(quoted)
    size = len(wanted)
    return bool(wanted) and any(
        there[at : at + size] == wanted for at in range(len(there) - size + 1)
    )


def _pair(pair: Mapping[str, object], quoted: str) -> Iterator[str]:
    for part in ("premise", "response"):
        text = str(pair.get(part, ""))
        if not _shares(quoted, text):
            yield f"The {part} \u201c{_short(text)}\u201d does not stand in the quotes."


def _key(draft: Draft, quoted: str) -> Iterator[str]:
    """A distractor that the quote holds, and a key that it does not, have changed places."""
    keys: list[str] = []
    others: list[str] = []
    for choice in _list(draft.fields.get("choices")):
        if isinstance(choice, Mapping):
            (keys if choice.get("correct") is True else others).append(str(choice.get("text")))
        else:
            others.append(str(choice))
    if not any(_shares(quoted, key) for key in keys) and any(holds(quoted, o) for o in others):
        yield "A wrong choice stands in the quote and the right one does not."


def _shares(quoted: str, text: str) -> bool:
    """Tell whether at least half of a text's telling words stand in what is quoted."""
    words = [word for word in _words(text) if word not in EMPTY] or _words(text)
    there = set(_words(quoted))
    return bool(words) and 2 * sum(word in there for word in words) >= len(words)


def _has_number(quoted: str, number: str) -> bool:
    def plain(text: str) -> str:
        text = text.lstrip("+").replace(",", "")
        return text.rstrip("0").rstrip(".") if "." in text else text

    return plain(number) in {plain(match) for match in _NUMBER.findall(quoted)}


def _answers_of(gap: Mapping[str, object]) -> list[str]:
    if "answers" in gap:
        return _texts(gap["answers"])
    if "choices" in gap:
        choices = _list(gap["choices"])
        return [str(_mapping(c).get("text")) for c in choices if _mapping(c).get("correct") is True]
    return [str(gap["answer"])] if "answer" in gap else []


def _texts(value: object) -> list[str]:
    """Return the texts of a list whose entries are texts or mappings with `text`."""
    return [str(_mapping(one).get("text", one) if _mapping(one) else one) for one in _list(value)]


def _list(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _words(text: str) -> list[str]:
    return _WORD.findall(normalised(text).casefold())


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "\u2026"
