"""One name, one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from coursec.checks.writing.bank import Pool
from coursec.checks.writing.view import Found, Prose, View
from coursec.checks.writing.words import FUNCTION, GENERAL, TRANSLITERATIONS, is_rare, stem

SHORTEST = 5
"""Letters of the words that are compared."""


LONGEST = 40
"""Letters of the longest word that is compared."""


class _Form(NamedTuple):
    family: str
    """What all spellings of a word share."""
    style: str
    """What tells this spelling from others; small and capital first letters are one."""


def name_spelt_differently(pool: Pool) -> Iterator[tuple[View, Found]]:
    """Students take two spellings for two things, and search finds half."""
    counts: Counter[str] = Counter()
    for view in pool.views:
        for prose in _texts(view):
            counts.update(prose.spelt)
    for word in [word for word in counts if len(word) > LONGEST]:
        del counts[word]
    families: _Families = defaultdict(lambda: defaultdict(list))
    for word in counts:
        for form in _forms(word):
            families[form.family][form.style].append(word)
    _two_words(pool, counts, families)
    _run_together(pool, counts, families)
    _one_letter(counts, families)
    odd: dict[str, str] = {}
    for styles in families.values():
        if len(styles) < 2:
            continue
        if "capitals" in styles and not _is_acronym(pool, counts, styles["one capital"][0]):
            continue
        totals = {style: sum(counts[w] for w in words) for style, words in styles.items()}
        usual = max(totals, key=lambda style: totals[style])  # of equals the first one written
        shown = max(styles[usual], key=lambda w: counts[w])
        for style, words in styles.items():
            if style != usual:
                odd.update(dict.fromkeys(words, shown))
    first = _first_places(pool, {*odd, *odd.values()}) if odd else {}
    for word, usual in odd.items():
        if word not in first or usual not in first:
            continue
        view, prose = first[word]
        elsewhere, text = first[usual]
        span = text.span or elsewhere.item.span
        where = f" ({span.path}, line {span.line})" if span else ""
        yield (
            view,
            Found(
                f"`{word}` is spelt `{usual}` elsewhere, first in `{elsewhere.item.id}`{where}.",
                prose.span or view.item.span,
                "Choose one spelling for the whole course.",
            ),
        )


def _is_acronym(pool: Pool, counts: Counter[str], word: str) -> bool:
    """Tell whether a word with one capital is a name: it has it inside a sentence too."""
    inside = re.compile(rf"[a-z,;] {word}\b")
    if word.lower() in counts:
        return False
    return any(inside.search(prose.text) for view in pool.views for prose in _texts(view))


def _texts(view: View) -> list[Prose]:
    return [*view.seen, *view.feedback] if view.english else []


def _first_places(pool: Pool, words: set[str]) -> dict[str, tuple[View, Prose]]:
    """Return the item and the text in which each word stands first; a word may be two."""
    pairs: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if " " in word:
            pairs[word.split()[0]].append(word)
    first: dict[str, tuple[View, Prose]] = {}
    for view in pool.views:
        for prose in _texts(view):
            written = frozenset(prose.spelt)
            for word in written & words:
                first.setdefault(word, (view, prose))
            for head in written & pairs.keys():
                for pair in pairs[head]:
                    if pair in prose.text:
                        first.setdefault(pair, (view, prose))
    return first


_Families = dict[str, dict[str, list[str]]]
_PREFIXES = frozenset("pre post non multi sub semi anti self co re inter intra over under".split())


def _two_words(pool: Pool, counts: Counter[str], families: _Families) -> None:
    """Add what stands as two words where a hyphen joins them elsewhere: a name, or a prefix."""
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for family, styles in families.items():
        for word in styles.get("-", ()) if family.startswith("hyphen:") else ():
            one, _, two = word.replace("–", "-").partition("-")
            if (one[:1].isupper() and two[:1].isupper()) or one.lower() in _PREFIXES:
                wanted[one].append((f"{one} {two}", family))
    for view in pool.views if wanted else ():
        for prose in _texts(view):
            for one in wanted.keys() & frozenset(prose.spelt):
                for pair, family in wanted[one]:
                    if pair in prose.text:
                        counts[pair] += 1
                        if pair not in families[family][" "]:
                            families[family][" "].append(pair)


def _run_together(pool: Pool, counts: Counter[str], families: _Families) -> None:
    """Add what stands as two words where it is one elsewhere, such as `data base`."""
    long = {
        w.lower(): w
        for w in counts
        if len(w) > 8 and w.isalpha() and w[1:].islower() and is_rare(w.lower())
    }
    heads = {word[:n] for word in long for n in range(4, len(word) - 3)}
    for view in pool.views:
        for prose in _texts(view):
            words = prose.words
            if heads.isdisjoint(prose.set):
                continue
            for one, two in pairwise(words):
                if one in heads and len(two) > 3 and one + two in long:
                    joined = long[one + two]
                    pair = re.search(rf"{one} {two}", prose.text, re.IGNORECASE)
                    if pair:
                        family = families["joined:" + one + two]
                        family["one"] = [joined]
                        family["two"] = [pair[0]]
                        counts[pair[0]] += 1


def _one_letter(counts: Counter[str], families: _Families) -> None:
    """Add names that differ from another in one letter inside."""
    names = [
        word
        for word in counts
        if len(word) > 6 and word[0].isupper() and word[1:].islower() and word.lower() not in counts
    ]
    holes: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for place in range(1, len(name) - 2):
            holes[name[:place] + name[place + 1 :]].append(name)
    alike = [(name, other) for name in names for other in holes.get(name, ())]
    for bucket in holes.values():
        for name, other in combinations(bucket, 2) if len(bucket) < 5 else ():
            if len(name) == len(other) and name != other and _swapped(name, other):
                alike.append((name, other))
    for name, other in alike:
        if other.endswith(name[-2:]):
            families["letter:" + name][name].append(name)
            families["letter:" + name][other].append(other)


_INTERCHANGED = frozenset(map(frozenset, ("vw", "iy", "ij", "ck", "sz")))


def _swapped(name: str, other: str) -> bool:
    """Tell whether two names differ in letters only that other alphabets do not tell apart."""
    return all(
        a == b or frozenset((a, b)) in _INTERCHANGED for a, b in zip(name, other, strict=True)
    )


_BRITISH = re.compile(r"(?:isation|isations|ise|ised|ises|ising|iser|isers|yse|ysed|yses|ysing)$")
_AMERICAN = re.compile(r"(?:ization|izations|ize|ized|izes|izing|izer|izers|yze|yzed|yzes|yzing)$")


def _forms(word: str) -> Iterator[_Form]:
    """Yield the ways in which a spelling may differ from others of the same word."""
    if word[0].isupper() and (name := TRANSLITERATIONS.get(word.lower())):
        yield _Form("name:" + name, word.lower())
    if len(word) < 4 or word.isdigit():
        return
    lower = word.lower().replace("’", "'").replace("–", "-")
    if lower.endswith("'s"):
        lower, word = lower[:-2], word[:-2]
    joined = lower.replace("-", "")
    if not lower.isascii() or (len(lower) == 4 and lower not in _TWO_WORDS):
        yield _Form("accents:" + _bare(lower), lower)
    if len(joined) < SHORTEST:
        return
    if lower in FUNCTION or lower in GENERAL:
        return
    if lower.isascii() and lower not in _TWO_WORDS:
        yield _Form("accents:" + lower, lower)
    capital = word.isupper() or (word[0].isupper() and word[1:].islower())
    if capital and len(word) > 2 and word.isalpha() and is_rare(lower):
        yield _Form("acronym:" + lower, "capitals" if word.isupper() else "one capital")
    if any(c.isupper() for c in word[1:].replace("-", "")) and not _shouted(word):
        yield _Form("case:" + lower, word)
    else:
        yield _Form("case:" + lower, lower)
    parts = lower.split("-")
    if len(parts) <= 2:
        yield _Form(
            "hyphen:" + stem(joined),
            "-" if len(parts) == 2 and all(len(p) > 1 for p in parts) else "",
        )
    if _BRITISH.search(joined) and len(joined) > 7:
        american = re.sub(r"s(?=(?:ation|ations|e|ed|es|ing|er|ers)$)", "z", joined)
        yield _Form("british:" + stem(american), "s")
    elif _AMERICAN.search(joined):
        yield _Form("british:" + stem(joined), "z")


_TWO_WORDS = frozenset("resume expose pate rose lame sake mate pique".split())
"""Words that are others with an accent."""


def _bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _shouted(word: str) -> bool:
    """Tell whether a word is in capitals throughout, or every part begins with one."""
    letters = [c for c in word if c.isalpha()]
    if all(c.isupper() for c in letters):
        return True
    return all(p[:1].isupper() and p[1:].islower() for p in word.split("-") if p)
