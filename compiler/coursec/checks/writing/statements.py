"""Rules over statements that are judged true or false."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import OBJECT, Found, View
from coursec.checks.writing.words import VAGUE, VERBS
from coursec.model.items import TrueFalse

_REASON = re.compile(
    r"\b(?:because|since (?:it|they|the)|therefore|hence|which is why|due to which"
    r"|as a result of which|so (?:it|they))\b"
)
_CONTRAST = re.compile(
    r"(?:,|;) (?:but|while|whereas|although|yet|though|so)\b|\b(?:whereas|although|even though)\b"
    r"|\bbut (?:also|it|they|not|is|are|has|have|does|do|can|cannot|the|a|an|its)\b"
)
_ARTICLES = frozenset(
    """
    a an the its their his her no some any each every more fewer less all only in on at by from to
    into with for
    """.split()
)
_ADVERBS = frozenset(
    "also therefore thus then hence always never often usually only not so".split()
)
_AUXILIARY = frozenset(
    """
    is are was were has have had does do did can cannot could will would must should may might
    doesn't don't isn't aren't
    """.split()
)
_PAST = re.compile(r"[a-z]{3,}ed")


def two_claims(view: View) -> Iterator[Found]:
    """Where one claim is true and the other false, no answer is right."""
    if not isinstance(view.item, TrueFalse):
        return
    for sentence in view.stem.sentences:
        text = sentence.lower().replace("’", "'")
        joint = _joint(text)
        if joint:
            yield Found(
                f"The statement makes two claims, joined by `{joint}`.",
                view.place,
                "Make two items of it, or give one claim as known and ask about the other.",
            )
            return


def _joint(text: str) -> str | None:
    if ";" in text.strip(" ;"):
        return ";"
    if found := _REASON.search(text):
        return found[0].split()[0] if found[0].startswith(("since", "so")) else found[0]
    if found := _CONTRAST.search(text):
        return found[0].strip(" ,;").split()[0]
    # A condition before its comma belongs to the one claim.
    words = re.findall(rf"[\w'-]+|,|{OBJECT}", text)
    seen_verb = bool(
        words
        and words.count(",") == 1
        and words[0]
        not in ("if", "when", "in", "on", "at", "after", "before", "for", "as", "while", "by")
    )
    for number, word in enumerate(words):
        if word == "and" and seen_verb and _starts_claim(words, number + 1):
            return "and"
        if word in VERBS or _PAST.fullmatch(word):
            seen_verb = True
    return None


def _starts_claim(words: list[str], at: int) -> bool:
    """Tell whether a second predicate or clause begins at a word behind `and`."""
    rest = [w for w in words[at:] if w not in _ADVERBS]
    if not rest:
        return False
    first, second = rest[0], rest[1] if len(rest) > 1 else ""
    if first in _AUXILIARY or first in ("it", "they", "he", "she", "there"):
        return first not in ("may",) or second not in ("", ",")
    if (first in VERBS and first.endswith("s")) or (
        first in VERBS and first not in _ARTICLES and first.endswith("t")
    ):
        return second in _ARTICLES or (
            second not in ("of", "and", ",", "") and not second.startswith("of")
        )
    if re.fullmatch(r"[a-z]{3,}s", first) and second in (
        "a",
        "an",
        "the",
        "its",
        "their",
        "no",
        "every",
        "each",
        "all",
    ):
        return True
    if _PAST.fullmatch(first) and second in (_ARTICLES | {"as", "that"}):
        return True
    # `…, and the decoder is trained …`: a new subject with a verb of its own.
    comma = at >= 2 and words[at - 2] == ","
    if comma and words[: at - 1].count(",") == 1 and len(rest) > 2 and "," not in rest:
        return True
    if (
        first in ("the", "a", "an", "its", "their", "this", "these", "each", "every", "all", "no")
        or comma
    ):
        for word in rest[1:8]:
            if word in (",", "that", "which", "who", "of") and not comma:
                break
            if word in _AUXILIARY or (word in VERBS and word.endswith("s") and comma):
                return True
    return False


_NAMING = frozenset("called known named abbreviated denoted".split())


def vague_statement(view: View) -> Iterator[Found]:
    """`Often` is true for one reader and false for another."""
    hint = "Say how often, or leave the word out."
    if isinstance(view.item, TrueFalse):
        words = view.stem.words
        for number, word in enumerate(words):
            after = words[number + 1 : number + 2]
            if word == "commonly" and after == ("used",):
                continue
            if word in VAGUE and not _NAMING.issuperset(after or ("",)):
                yield Found(
                    f"Whether the statement is true depends on what `{word}` means.",
                    view.place,
                    hint,
                )
                return
        if "most of the time" in view.stem.lower or "from time to time" in view.stem.lower:
            yield Found(
                "Whether the statement is true depends on what `time` means here.", view.place, hint
            )
        return
    if len(view.choices) < 2:
        return
    vague = [option for option in view.choices if option.prose.set & VAGUE]
    if len(vague) > 1 and len(vague) * 2 > len(view.choices):
        word = next(w for w in vague[0].prose.words if w in VAGUE)
        yield Found(
            f"{len(vague)} of {len(view.choices)} choices hold a vague frequency such as `{word}`.",
            vague[0].span,
            "Say how often in numbers, or make the choices differ in something else.",
        )
