"""Rules over negative words in stems and statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.stems import ASKS, choice_question, question
from coursec.checks.writing.view import Found, Prose, View
from coursec.checks.writing.words import NEGATIVE, NEGATIVE_ADJECTIVES
from coursec.model.items import TrueFalse

_SUBORDINATE = re.compile(
    r"\b(?:if|when|whenever|while|because|since|although|though|that|who|whose|whom|where|after"
    r"|before|unless|until|whether|so|as|which)\b"
)
_MAIN_NEGATIVE = re.compile(r"\b(?:not|cannot|never|neither|\w+n't|except|excepting|excluding)\b")
_LEAST = re.compile(
    r"\bleast (?!squares?\b|common (?:multiple|denominator)|significant (?:bit|digit))(\w+)"
)
_AFTER_RELATIVE = re.compile(
    r"(?<!which )(?<!that )(?<!who )\b(?:is|are|was|were) not "
    r"(?:an?|the|one|true|correct|part|considered|likely|valid|among|typically|usually|generally"
    r"|needed|required|used|supported|present|found)\b"
)
_NO_FLIP = re.compile(r"\bnot only\b|\bwhether or not\b|\bor not\b|\bnot until\b|\bnot yet\b")


def ask_negative(prose: Prose) -> str | None:
    """Return the negative word by which a stem asks for what does not hold; None without one."""
    text = _NO_FLIP.sub(" ", question(prose))
    if not text:
        return None
    found = re.search(r"\bexcept\b|\bexcepting\b", text)
    if found:
        return found[0]
    asks = ASKS.search(text)
    if asks and asks[0] in ("how", "why", "when", "where"):
        return None
    if "?" in text and not asks:
        return None
    if asks and "?" in text:
        main = text[asks.start() :]
        head, tail = main[: len(asks[0])], main[len(asks[0]) :]
    elif text.rstrip().endswith("."):
        return None
    else:
        # A sentence that the choices complete; a condition before its comma is no part of it.
        if re.match(
            r"(?:if|when|unless|because|since|although|while|as|after|before|given)\b", text
        ):
            text = text.partition(",")[2] or text
        head, tail = "", text
    cut = _SUBORDINATE.search(tail)
    main = head + (tail[: cut.start()] if cut else tail)
    for found in _MAIN_NEGATIVE.finditer(main):
        return found[0]
    # The choices complete `…, because it does not`: the negative is the last thing read.
    found = _LEAST.search(text)
    if found and not text[: found.start()].endswith(" at ") and _adjective(found[1]):
        return "least"
    found = _AFTER_RELATIVE.search(text[asks.start() :]) if asks else None
    return "not" if found and asks and asks[0] in ("which", "what", "who") else None


def _adjective(word: str) -> bool:
    return word.endswith(
        (
            "ly",
            "ble",
            "ate",
            "ive",
            "ful",
            "al",
            "ant",
            "ent",
            "ed",
            "ous",
            "ic",
            "ing",
            "ct",
            "ise",
        )
    ) or word in ("true", "apt", "suited", "sure", "clear", "similar", "common", "popular")


def _is_marked(prose: Prose, word: str) -> bool:
    if word in prose.stressed or (word == "cannot" and "not" in prose.stressed):
        return True
    if word.endswith("n't") and ("not" in prose.stressed or word in prose.stressed):
        return True
    written = prose.text.replace("’", "'")
    return bool(re.search(rf"\b{re.escape(word.upper())}\b|\b\w*NOT\b|\b\w+N'T\b", written))


def unmarked_negative(view: View) -> Iterator[Found]:
    """A student in a hurry reads over a small `not` and picks what holds."""
    if not choice_question(view):
        return
    word = ask_negative(view.stem)
    if word and not _is_marked(view.stem, word):
        yield Found(
            f"The stem asks by `{word}`, which is easily read over.",
            view.place,
            f"Ask for what holds, or stress the word: `**{word}**`.",
        )


def negatives(sentence: str) -> list[str]:
    """Return the negative words of a sentence in small letters."""
    found = []
    words = re.findall(r"[\w']+", sentence)
    for number, word in enumerate(words):
        before = words[number - 1] if number else ""
        if word == "nor" or (word == "no" and before in ("or", "yes")):
            continue
        if word == "not" and before == "or":
            continue
        if word == "not" and number + 1 < len(words) and words[number + 1] == "only":
            continue
        if word in ("false", "wrong", "untrue") and words[number + 1 : number + 2] == ["that"]:
            found.append(word)
        if word in NEGATIVE or word in NEGATIVE_ADJECTIVES or word.endswith("n't"):
            found.append(word)
    return found


def double_negative(view: View) -> Iterator[Found]:
    """Two negatives must be cancelled in the head: that tests reading, not the matter."""
    hint = "Say it without negatives, or with one."
    if isinstance(view.item, TrueFalse):
        for sentence in view.stem.sentences:
            words = negatives(sentence.lower().replace("’", "'"))
            if len(words) > 1 and not _parallel(sentence.lower(), words):
                yield Found(
                    f"The statement holds two negatives, `{words[0]}` and `{words[1]}`.",
                    view.place,
                    hint,
                )
                return
        return
    if not choice_question(view):
        return
    words = negatives(question(view.stem))
    if len(words) > 1 and not _parallel(question(view.stem), words):
        yield Found(
            f"The stem asks with two negatives, `{words[0]}` and `{words[1]}`.", view.place, hint
        )
        return
    asked = ask_negative(view.stem)
    if not asked:
        return
    for option in view.choices:
        words = [w for w in negatives(option.prose.lower) if w not in ("none", "unless")]
        if words and not option.prose.norm.startswith(("none of", "no answer")):
            yield Found(
                f"The stem asks by `{asked}`, and this choice says `{words[0]}`.",
                option.span,
                "Say the choice without a negative, or ask for what holds.",
            )
            return


def _parallel(sentence: str, words: list[str]) -> bool:
    """Tell whether the negatives stand side by side: `neither … nor`, `no x and no y`."""
    if len(words) == 2 and words[0] == words[1]:
        word = re.escape(words[0])
        return bool(re.search(rf"\b{word}\b[^.?]*\b(?:and|or|but|,)\s+(?:\w+ )?{word}\b", sentence))
    return False
