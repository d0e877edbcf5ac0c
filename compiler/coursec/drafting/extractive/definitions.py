"""Gaps and short answers from sentences that say what a term means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coursec.drafting.extractive import english
from coursec.drafting.extractive.candidate import Candidate, Fact, candidate
from coursec.drafting.extractive.line import Line, escaped, written
from coursec.drafting.extractive.matter import Matter, Sentence
from coursec.drafting.extractive.refusals import is_question, share, stands_alone, telling
from coursec.drafting.extractive.spellings import abbreviates, accepted, trimmed
from coursec.model.text import Gap, Text

FEWEST, MOST = 7, 40
"""Words of a sentence with a gap."""
FEWEST_TELLING = 4
"""Telling words by which one must know a term."""
LONGEST_TERM = 5
"""Words of a term."""
_ARTICLE = re.compile(r"(?:An?|The|Ein|Eine|Der|Die|Das|Un|Une|Le|La|El|Los|Las)\s+")
_INDEFINITE = re.compile(r"(?:An?)\s+$")
_COPULA = re.compile(
    r"\s+(?:is|means|denotes|refers to|are(?= the\b))\s+(?P<rest>(?:an?|the)\s.+)", re.DOTALL
)
_NEGATED = re.compile(r"\s+(?:(?:is|are|was|were|does|do|can|has)(?: not|n['’]t)|never|cannot)\b")
_BRACKET = re.compile(r"\s*\((?P<text>[^()]*)\)")
_OWN_CLAUSE = re.compile(r"[:;—]| – |, (?:which|where|that|so|and it)\b| (?:called|known as)\b")
_SUBJECT = re.compile(
    r"(?:(?:An?|The) (?P<after>[\w-]+(?: [\w-]+){0,3}?)|(?P<term>[A-Z][\w-]*(?: [\w-]+){0,3}?))"
    r"(?= \(| is | are )"
)
_ORGANISATION = re.compile(
    r"\b(bureau|agency|organi[sz]ation|company|corporation|department|ministry|commission|"
    r"institutes?|university|administration|committee|association|federation|council|office|"
    r"society|foundation|bank|union|group|party|cent(?:er|re)|laboratory|school|service|authority|"
    r"board)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s+(?!is\b|are\b|was\b|were\b|can\b|may\b|will\b|must\b|and\b|or\b|that\b|which\b|of\b|for\b|"
    r"in\b|with\b|to\b|on\b|from\b|by\b|at\b)[a-z]+\b(?<!s)"
)
_PROSE = 12
"""Words above which a sentence of a paragraph may name a short form in passing."""
_VERB = re.compile(r"\s+(?!is\b|has\b|was\b|as\b)([a-z]+s)\b")
_EXPANDED = re.compile(
    r"(?P<long>[A-Z][\w-]*(?: [\w-]+){1,6}) \((?P<short>[A-Z][A-Za-z]*[A-Z][A-Za-z]*)[,)]"
)
_TURNED = re.compile(
    r"(?P<short>[A-Z][A-Za-z]*[A-Z][A-Za-z]*) \((?P<long>[A-Z][\w-]+(?: [\w-]+){1,7})\)"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that says what a term means."""

    line: Line
    start: int
    """Where the term stands in the sentence's plain text."""
    end: int
    behind: int
    """Where the sentence goes on behind the term and its short form."""
    meaning: str = ""
    """What stands behind `is`, such as `the average number …`; empty where it is not said so."""

    @property
    def term(self) -> str:
        """The term."""
        return self.line.plain[self.start : self.end]

    @property
    def rest(self) -> str:
        """The sentence without the term."""
        return self.line.plain[: self.start] + self.line.plain[self.behind :]


def definitions_of(matter: Matter) -> Iterator[Definition]:
    """Yield the sentences that say what a term means, as far as English can tell."""
    for sentence in matter.sentences:
        line = sentence.line
        if not _has_words(line) or not stands_alone(line.plain) or is_question(line.plain):
            continue
        found = _definition(sentence, matter.title)
        if found and not _NEGATED.match(line.plain, found.behind):
            yield found


def openings_of(matter: Matter) -> Iterator[Definition]:
    """Yield a slide's first sentence where it begins with a stressed term: in any language."""
    for sentence in matter.sentences:
        line = sentence.line
        if not sentence.opening or not _has_words(line) or not line.marked:
            continue
        start, end = line.marked[0]
        found = Definition(line, start, end, end)
        ends = line.plain.endswith((".", "。"))
        if _is_subject(line.plain, start, end) and ends and _says_enough(found, found.rest):
            yield found


def _has_words(line: Line) -> bool:
    return not line.hard and not line.code and FEWEST <= len(line.plain.split()) <= MOST


def _is_subject(plain: str, start: int, end: int) -> bool:
    """Tell whether a stressed stretch begins a sentence, behind an article at most."""
    leads = not plain[:start] or bool(_ARTICLE.fullmatch(plain[:start]))
    if not leads or plain[end - 1] in ".:" or plain[end : end + 1] == ":":
        return False
    # Behind a stressed adjective, `A very common source`, the subject goes on.
    article = start > 0 or bool(_ARTICLE.match(plain))
    return not article or not _GOES_ON.match(plain, end)


def _definition(sentence: Sentence, title: str) -> Definition | None:
    line = sentence.line
    plain = line.plain
    if not line.marked:
        return None if sentence.listed else _unstressed(line, title)
    start, end = line.marked[0]
    if _is_subject(plain, start, end):
        found = _made(line, start, end)
        # An entry of a list goes on from its lead: only `An encoder …` stands for itself.
        return (
            found
            if found.meaning or not sentence.listed or _INDEFINITE.search(plain[:start])
            else None
        )
    explained = plain[end : end + 2] == ": " and len(plain[end:].split()) > 5
    about = share(plain[:start], title) and len(plain[:start].split()) <= 4
    return _made(line, start, end) if explained and about else None


def _unstressed(line: Line, title: str) -> Definition | None:
    """A sentence `X is a …` says what X is where the slide's title names X."""
    match = _SUBJECT.match(line.plain)
    group = "after" if match and match["after"] else "term"
    words = telling(match[group]) if match else []
    if not match or not words or not set(words) <= set(telling(title)):
        return None
    found = _made(line, match.start(group), match.end(group))
    return found if found.meaning else None


def _made(line: Line, start: int, end: int) -> Definition:
    plain = line.plain
    article = _ARTICLE.match(plain, start)
    if article and article.end() < end:
        start = article.end()  # whoever fills the gap does not write `the`
    bracket = _BRACKET.match(plain, end)
    term = plain[start:end]
    short = bracket and (abbreviates(bracket["text"], term) or abbreviates(term, bracket["text"]))
    behind = bracket.end() if bracket and short else end
    copula = _COPULA.match(plain, behind)
    meaning = _OWN_CLAUSE.split(copula["rest"])[0].strip(" .") if copula else ""
    return Definition(line, start, end, behind, meaning)


def _says_enough(found: Definition, said: str) -> bool:
    """Tell whether one can know the term by what is said, which does not name it."""
    if share(found.term, said) or len(found.term.split()) > LONGEST_TERM:
        return False
    return len(telling(found.meaning or said)) >= FEWEST_TELLING


def from_definitions(matter: Matter) -> Iterator[Candidate]:
    """Yield gaps in defining sentences, and questions for the term, in English."""
    if english.is_exercise(matter.title):
        return
    whole = f"{matter.chunk.title} {matter.chunk.text}"
    for found in definitions_of(matter):
        answers = accepted(found.term, whole)
        if _says_enough(found, found.rest):
            yield _gap(matter, found, answers)
        question = _question(found)
        if question and _says_enough(found, question):
            own = {"stem": escaped(question), "answers": answers}
            yield _asks_term(matter, "short_answer", found, own)
    yield from _short_forms(matter)


def from_openings(matter: Matter) -> Iterator[Candidate]:
    """Yield gaps that need no words but the slide's own, in any language."""
    for found in openings_of(matter):
        yield _gap(matter, found, [found.term])


def _gap(matter: Matter, found: Definition, answers: list[str]) -> Candidate:
    plain = found.line.plain
    text = written([Text(plain[: found.start]), Gap("term"), Text(plain[found.behind :])])
    own = {"text": text, "gaps": {"term": {"answers": answers}}}
    return _asks_term(matter, "cloze", found, own)


def _asks_term(
    matter: Matter, kind: str, found: Definition, own: Mapping[str, object]
) -> Candidate:
    rest = found.line.plain[found.behind :].strip(" .:")
    if kind == "short_answer" and found.meaning:
        rest = found.meaning
    fact = Fact.of(found.term, found.term)
    return candidate(matter.chunk, kind, f"… {rest}", own, [found.line.raw], [fact])


def _question(found: Definition) -> str:
    """Return the question for a term: what is called so, or what does so."""
    if len(found.meaning.split()) >= FEWEST_TELLING + 1:
        return f"What is the term for {found.meaning}?"
    plain = found.line.plain
    if found.start or ":" in plain or not _VERB.match(plain, found.behind):
        return ""
    return f"What{plain[found.behind :].rstrip(' .')}?"


def _is_of_the_subject(matter: Matter, sentence: Sentence, short: str, long: str) -> bool:
    """Tell whether a short form is a term that students should know.

    The name of an organisation is none, and what prose names in brackets must come again.
    """
    if _ORGANISATION.search(long):
        return False
    if re.fullmatch(r"[A-Z]+s", short):
        return False  # several of them
    whole = f"{matter.title} {matter.chunk.text}"
    if sentence.listed or len(sentence.line.plain.split()) <= _PROSE:
        return True
    # A name, as of a firm, is written large wherever it stands.
    words = [word for word in telling(long) if len(word) > 3]
    again = len(re.findall(rf"\b{re.escape(short)}\b", whole)) > 1
    return again and any(re.search(rf"\b{re.escape(word)}", whole) for word in words)


def _long_forms(long: str) -> list[str]:
    """Return what counts as a long form: `agent-based models`, and one of them."""
    forms = accepted(long, "")
    if english.is_plural(long) and long.split()[-1].islower():
        forms += [form.removesuffix("s") for form in forms]
    return forms


def _short_forms(matter: Matter) -> Iterator[Candidate]:
    """Yield the question what a short form stands for."""
    seen = set()
    for sentence in matter.sentences:
        for pattern in (_EXPANDED, _TURNED):
            for match in pattern.finditer(sentence.line.plain):
                short, long = match["short"], trimmed(match["long"], match["short"])
                if (
                    not long
                    or short in seen
                    or not _is_of_the_subject(matter, sentence, short, long)
                ):
                    continue
                seen.add(short)
                yield candidate(
                    matter.chunk,
                    "short_answer",
                    f"What {short} stands for",
                    {
                        "stem": escaped(f"What does the abbreviation {short} stand for?"),
                        "answers": _long_forms(long),
                    },
                    [sentence.line.raw],
                    [Fact.of(short, long)],
                )
