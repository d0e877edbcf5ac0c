"""What else a typed answer may be: other spellings of a term, and its short form."""

from __future__ import annotations

import re

_SMALL = frozenset({"of", "for", "and", "the", "from", "in", "to", "with", "by", "on"})
_VARIANTS = (
    ("eling", "elling"), ("elling", "eling"), ("ization", "isation"), ("isation", "ization"),
    ("izing", "ising"), ("ising", "izing"), ("avior", "aviour"), ("aviour", "avior"),
)  # fmt: skip


def accepted(term: str, around: str) -> list[str]:
    """Return a term and what counts as well; `around` is the text that may hold its short form."""
    forms = [term]
    if "-" in term:
        forms.append(term.replace("-", " "))
    forms += [word for word in re.findall(r"[\w-]+", around) if abbreviates(word, term)]
    for old, new in _VARIANTS:
        forms += [form.replace(old, new) for form in list(forms) if re.search(rf"{old}\b", form)]
    first: dict[str, str] = {}
    for form in forms:
        first.setdefault(form.casefold(), form)
    return list(first.values())


def abbreviates(short: str, term: str) -> bool:
    """Tell whether the capitals of a word are the initials of a term of several words."""
    capitals = [character.casefold() for character in short if character.isupper()]
    words = [word for word in re.split(r"[\s-]+", term) if word and word not in _SMALL]
    return len(words) >= 2 and capitals == [word[0].casefold() for word in words]


def trimmed(long: str, short: str) -> str:
    """Return the words at the end of a text that a short form abbreviates; empty if none do."""
    words = long.split()
    for start in range(len(words)):
        if words[start] not in _SMALL and abbreviates(short, " ".join(words[start:])):
            return " ".join(words[start:])
    return ""
