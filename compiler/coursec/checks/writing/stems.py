"""Rules over stems: what is asked, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import BLANK, OBJECT, Found, Prose, View, quoted
from coursec.checks.writing.words import (
    ASKING,
    FUNCTION,
    VERBS,
    is_content,
    stem,
)
from coursec.model.items import (
    Cloze,
    MultipleChoice,
    Numeric,
    ShortAnswer,
    SingleChoice,
    TextItem,
)
from coursec.model.text import CodeBlock, Image, Table

LONGEST = 60
"""Words of prose that a stem may have."""

_GAP = re.compile(r"_{2,}|\.{5,}|…{2,}|\[\s*(?:blank|\.{2,}|…)?\s*\]|\(\s*(?:\.{3,}|…)\s*\)")
ASKS = re.compile(r"\b(?:which|what|who|whom|whose|where|when|how|why)\b")
"""The words by which a question asks."""


def choice_question(view: View) -> bool:
    """Tell whether an item asks to pick among choices."""
    return isinstance(view.item, SingleChoice | MultipleChoice)


def question(prose: Prose) -> str:
    """Return the sentence of a stem that asks, in small letters: the last with `?`, or the last."""
    sentences = [s for s in prose.sentences if s.strip(OBJECT + " ")]
    if not sentences:
        return ""
    asking = [s for s in sentences if "?" in s] or [s for s in sentences if _is_request(s)]
    last = asking[-1] if asking else sentences[-1]
    return last.lower().replace("’", "'")


_ENDS_OPEN = FUNCTION | frozenset(
    "called named termed known means meaning uses requires contains equals namely containing "
    "using involving using via including such are is".split()
)


def no_question(view: View) -> Iterator[Found]:
    """A stem that asks nothing leaves the task to guessing."""
    if not isinstance(view.item, SingleChoice | MultipleChoice | ShortAnswer | Numeric):
        return
    prose = view.stem
    text = prose.text.strip()
    if not prose.words and prose.kinds:
        return
    if "?" in text or ":" in text[-1:] or text.endswith(("…", "...", "=", "-", "–", "—", ",")):
        return
    if re.search(r":\s*(?:\n|$)", text) or _GAP.search(text) or BLANK in text:
        return
    for sentence in prose.sentences:
        if _is_request(sentence) or ASKS.match(sentence.lower()):
            return
    if text.endswith(OBJECT) and re.search(r"[:=]\s*" + OBJECT + "+$", text):
        return
    if not text.endswith((".", "!")) and _is_open(prose):
        return
    yield Found(
        "The stem asks nothing.",
        view.place,
        "Ask a question, give an instruction such as `Compute …`, or end with a blank or a colon.",
    )


def _is_request(sentence: str) -> bool:
    """Tell whether a clause of a sentence begins with a verb that asks for something."""
    for clause in re.split(r"[,;:()]|\band\b|\bthen\b", sentence.lower()):
        words = re.findall(r"[\w'-]+", clause)
        while words and words[0] in (
            "please",
            "now",
            "first",
            "also",
            "always",
            "briefly",
            "only",
            "correctly",
        ):
            words = words[1:]
        if words and words[0] in ASKING:
            return True
    return False


def _is_open(prose: Prose) -> bool:
    """Tell whether the last sentence of a stem is one that an answer completes."""
    last = re.findall(r"[\w'-]+", prose.sentences[-1].lower()) if prose.sentences else []
    if not last:
        return False
    if last[-1] in _ENDS_OPEN or last[-1] in VERBS:
        return True
    # `The causes of the war` holds a noun that looks like a verb.
    return any(
        word in VERBS
        and not (n == 0 or last[n - 1] in _BEFORE_NOUN or last[n + 1 : n + 2] == ["of"])
        for n, word in enumerate(last)
    )


_BEFORE_NOUN = frozenset(
    "the a an of and in for on these those some main its their by with".split()
)


_EMPTY = frozenset(
    """
    following statement statements choice choices option options answer answers alternative
    alternatives true false correct incorrect right wrong best choose select pick mark tick identify
    indicate find item items question response responses valid invalid accurate most appropriate
    suitable below above given hold holds apply applies sentence sentences claim claims assertion
    assertions is are please about describes describe described regarding concerning respect
    listed possible name state one ones consider said say think fit fits match matches sense makes
    agree agrees really here know known
    """.split()
)
TRUTH = frozenset(
    map(stem, ("true", "false", "yes", "no", "right", "wrong", "correct", "incorrect"))
)
"""Stems of words that answer whether something holds."""
GENERIC = frozenset(map(stem, _EMPTY))
"""Stems of words that ask without saying what about."""
_COPULA = re.compile(
    r"^(?:the |an? )?(?P<subject>[^,;?]+?)"
    r" (?:is|are|was|were|can be|means|may be|has|have|does|do|will|can)"
    r"(?: (?:an?|the|(?:best )?described as|defined as|best|correctly|known as|that|it))*"
    r"\s*(?:[:…]|\.\.\.|_+\.?)?$"
)
_ATTRIBUTE = frozenset(
    """
    capital name value unit symbol formula number port purpose result output answer sum speed size
    author product difference derivative integral limit root roots area volume length color colour
    date year population currency president inventor founder abbreviation acronym plural opposite
    synonym antonym mean median mode slope degree rank order determinant inverse complexity
    probability cost price charge mass weight density point temperature ratio rate frequency period
    """.split()
)


def unfocused_stem(view: View) -> Iterator[Found]:
    """A stem without a problem makes every choice a question of its own."""
    if not isinstance(view.item, SingleChoice | MultipleChoice | ShortAnswer):
        return
    prose = view.stem
    if view.item.stimulus or prose.codes or prose.kinds & {Table, Image, CodeBlock}:
        return
    choices = choice_question(view)
    matter = [w for w in prose.words if is_content(w) and w not in _EMPTY]
    hint = "Put the problem into the stem, so that it can be answered before the choices are read."
    if not matter:
        if 0 < len(prose.words) <= 12:
            yield Found("The stem names no subject.", view.place, hint)
        return
    if not choices or len(prose.sentences) > 1 or len(prose.words) > 9:
        return
    if (
        len(prose.words) < 4
        and prose.words[-1] not in FUNCTION
        and "?" not in prose.text
        and not prose.set & (VERBS | ASKING)
    ):
        yield Found(f"The stem says no more than {quoted(prose.text.strip())}.", view.place, hint)
        return
    match = _COPULA.match(prose.lower.strip())
    if not match:
        return
    subject = match["subject"].split()
    plain = not any(
        w
        in (
            "of",
            "for",
            "in",
            "to",
            "by",
            "on",
            "at",
            "from",
            "with",
            "between",
            "that",
            "which",
            "who",
            "if",
            "when",
            "because",
        )
        for w in subject
    )
    special = any(
        w in _ATTRIBUTE
        or w in ("most", "first", "last", "main", "only", "each")
        or w.endswith(("est", "'s", "s'"))
        or w[0].isdigit()
        for w in subject
    )
    verbs = any(w in VERBS for w in subject)
    if plain and not special and not verbs and len(subject) <= 4:
        yield Found(
            f"The stem says no more than {quoted(_written(prose, match))}: anything completes it.",
            view.place,
            hint,
        )


def _written(prose: Prose, match: re.Match[str]) -> str:
    """Return the subject that was found in small letters as the author wrote it."""
    start, end = match.span("subject")
    return prose.text.strip()[start:end]


def long_stem(view: View) -> Iterator[Found]:
    """A long stem tests reading speed."""
    if isinstance(view.item, TextItem):
        return
    count = len(view.stem.words)
    if count > LONGEST:
        yield Found(
            f"The stem has {count} words.",
            view.place,
            f"Leave out what is not needed, or move it into a stimulus: {LONGEST} words do.",
        )


_UNITS = frozenset(
    """
    percent per cent degrees degree celsius kelvin fahrenheit meters metres meter metre bits bytes
    seconds minutes hours days years months euros dollars times units grams kilograms liters litres
    joules watts volts newtons moles bit byte second minute hour
    """.split()
)


def misplaced_blank(view: View) -> Iterator[Found]:
    """A blank in the middle is read twice; three in a sentence leave nothing to go by."""
    item = view.item
    if isinstance(item, Cloze):
        for sentence in _cloze_sentences(view.body):
            if sentence.count(BLANK) > 2:
                yield Found(
                    f"One sentence has {sentence.count(BLANK)} gaps.",
                    view.body.span or view.place,
                    "Leave at most two, so that enough of the sentence remains to be understood.",
                )
                return
        return
    text = view.stem.text
    gaps = list(_GAP.finditer(text))
    if not gaps:
        return
    if len(gaps) > 2:
        yield Found(
            f"The stem has {len(gaps)} blanks.",
            view.place,
            "Leave at most two, so that enough remains to be understood.",
        )
        return
    if not choice_question(view):
        return
    rest = re.sub(r"\([^)]*\)", " ", text[gaps[-1].end() :])
    after: list[str] = re.findall(r"[^\W_]+", rest.partition("\n")[0].lower())
    if OBJECT in rest.strip(" .") and rest.strip(" .") != OBJECT:
        after.append("formula")
    if not after or (len(after) <= 2 and all(w in _UNITS or len(w) <= 2 for w in after)):
        return
    yield Found(
        "The blank does not stand at the end of the stem.",
        view.place,
        "Turn the sentence so that the blank comes last, or ask a question.",
    )


def _cloze_sentences(prose: Prose) -> Iterator[str]:
    for sentence in prose.sentences:
        if " | " not in sentence:  # the row of a table is no sentence
            yield sentence
