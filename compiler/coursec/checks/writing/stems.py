"""Rules over stems: what is asked, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import BLANK, OBJECT, Found, Prose, View, quoted
from coursec.checks.writing.words import (
    ASKING,
    FUNCTION,
    NEGATIVE,
    NEGATIVE_ADJECTIVES,
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
    TrueFalse,
)
from coursec.model.text import CodeBlock, Image, Table

LONGEST = 60
"""Words of prose that a stem may have."""

_GAP = re.compile(r"_{2,}|\.{5,}|…{2,}|\[\s*(?:blank|\.{2,}|…)?\s*\]|\(\s*(?:\.{3,}|…)\s*\)")
_ASKS = re.compile(r"\b(?:which|what|who|whom|whose|where|when|how|why)\b")
_SUBORDINATE = re.compile(
    r"\b(?:if|when|whenever|while|because|since|although|though|that|who|whose|whom|where|after"
    r"|before|unless|until|whether|so|as)\b|, which\b|\b(?:in|of|for|on|at|to|from|by|with) which\b"
)
_MAIN_NEGATIVE = re.compile(r"\b(?:not|cannot|never|neither|\w+n't|except|excepting|excluding)\b")
_LEAST = re.compile(r"\bleast (?!squares?\b|common (?:multiple|denominator)|significant (?:bit|digit))(\w+)")
_AFTER_RELATIVE = re.compile(
    r"(?<!which )(?<!that )(?<!who )\b(?:is|are|was|were) not (?:an?|the|one|true|correct|part|considered|likely|valid|among"
    r"|typically|usually|generally|needed|required|used|supported|present|found)\b"
)
_NO_FLIP = re.compile(r"\bnot only\b|\bwhether or not\b|\bor not\b|\bnot until\b|\bnot yet\b")


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


def ask_negative(prose: Prose) -> str | None:
    """Return the negative word by which a stem asks for what does not hold; None without one."""
    text = _NO_FLIP.sub(" ", question(prose))
    if not text:
        return None
    found = re.search(r"\bexcept\b|\bexcepting\b", text)
    if found:
        return found[0]
    asks = _ASKS.search(text)
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
        if re.match(r"(?:if|when|unless|because|since|although|while|as|after|before|given)\b", text):
            text = text.partition(",")[2] or text
        head, tail = "", text
    cut = _SUBORDINATE.search(tail)
    main = head + (tail[: cut.start()] if cut else tail)
    for found in _MAIN_NEGATIVE.finditer(main):
        return found[0]
    # The choices complete `…, because it does not`: the negative is the last thing read.
    found = _LEAST.search(text)
    if found and (before := text[: found.start()].rstrip()) is not None:
        if not before.endswith(" at") and _adjective(found[1]):
            return "least"
    found = _AFTER_RELATIVE.search(text[asks.start() :]) if asks else None
    return "not" if found and asks and asks[0] in ("which", "what", "who") else None


def _adjective(word: str) -> bool:
    return word.endswith(
        ("ly", "ble", "ate", "ive", "ful", "al", "ant", "ent", "ed", "ous", "ic", "ing", "ct", "ise")
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
        return bool(re.search(rf"\b{re.escape(words[0])}\b[^.?]*\b(?:and|or|but|,)\s+(?:\w+ )?{re.escape(words[0])}\b", sentence))
    return False


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
        if _is_request(sentence) or _ASKS.match(sentence.lower()):
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
        while words and words[0] in ("please", "now", "first", "also", "always", "briefly", "only", "correctly"):
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


_BEFORE_NOUN = frozenset("the a an of and in for on these those some main its their by with".split())


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
GENERIC = frozenset(map(stem, _EMPTY))
"""Stems of words that ask without saying what about."""
_COPULA = re.compile(
    r"^(?:the |an? )?(?P<subject>[^,;?]+?) (?:is|are|was|were|can be|means|may be|has|have|does|do|will|can)"
    r"(?: (?:an?|the|best|correctly|described as|defined as|best described as|known as|that|it))*\s*(?:[:…]|\.\.\.|_+\.?)?$"
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
    if len(prose.words) < 4 and prose.words[-1] not in FUNCTION and "?" not in prose.text and not prose.set & (VERBS | ASKING):
        yield Found(f"The stem says no more than {quoted(prose.text.strip())}.", view.place, hint)
        return
    match = _COPULA.match(prose.lower.strip())
    if not match:
        return
    subject = match["subject"].split()
    plain = not any(w in ("of", "for", "in", "to", "by", "on", "at", "from", "with", "between", "that", "which", "who", "if", "when", "because") for w in subject)
    special = any(w in _ATTRIBUTE or w.endswith("est") or w in ("most", "first", "last", "main", "only", "each") or w.endswith(("'s", "s'")) or w[0].isdigit() for w in subject)
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
            f"Leave out what is not needed, or move it into a stimulus; {LONGEST} words are plenty.",
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
    after = [w for w in re.findall(r"[^\W_]+", rest.partition("\n")[0].lower())]
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
