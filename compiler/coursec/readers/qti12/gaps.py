"""Texts with gaps: blanks named in brackets, and fields that stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any, Final, assert_never

from coursec.model.items import (
    ONE,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Item,
    NumberGap,
    TextAnswer,
    TextGap,
)
from coursec.model.text import NO_TEXT, Gap, RichText, plain, walk
from coursec.readers.markup import gap_mark, gap_name
from coursec.readers.qti12.choices import share_text, worth
from coursec.readers.qti12.feedback import FeedbackTexts, Probe
from coursec.readers.qti12.pairs import right_choice
from coursec.readers.qti12.presentation import Presentation, Response
from coursec.readers.qti12.rules import Rules
from coursec.readers.qti12.source import LeftOutError, Source, characters
from coursec.readers.qti12.typed import Typing
from coursec.readers.weights import evened, near

_PREFIX: Final = "response_"
_MARK = re.compile(r"\[([^\[\]]+)\]")


@dataclass(slots=True)
class Filling:
    """A text with gaps while it is read."""

    source: Source
    rules: Rules
    feedback: FeedbackTexts
    presentation: Presentation

    def typing(self, response: Response) -> Typing:
        """Return the reading of a field that is typed into."""
        return Typing(self.source, self.rules, self.feedback, response)


@dataclass(frozen=True, slots=True)
class _Made:
    """A gap, and a right response to it."""

    gap: ClozeGap
    response: str
    right: str


def read_blanks(filling: Filling, fields: dict[str, Any]) -> Item:
    """Return a text whose gaps are named in brackets: `[name]`."""
    html = filling.presentation.html
    made: list[_Made] = []
    taken: set[str] = set()
    for response in _blanks(filling):
        blank = response.ident.removeprefix(_PREFIX).removeprefix("[").removesuffix("]")
        mark = next((m for m in (f"[{blank}]", f"[{escape(blank)}]") if m in html), None)
        if mark is None:
            message = f"The blank `{blank[:40]}` stands nowhere in the text: it is left out."
            filling.source.tell("W707", message)
            continue
        name = gap_name(blank, taken)
        html = html.replace(mark, gap_mark(name), 1)
        made.append(_gap(filling, name, response))
    return _cloze(filling, html, made, fields)


def _blanks(filling: Filling) -> list[Response]:
    """Return the blanks; some files name them in their rules only."""
    responses = filling.presentation.responses
    if responses:
        return responses
    named = dict.fromkeys(
        test.response
        for rule in filling.rules.rules
        for test in rule.test.positive()
        if _MARK.fullmatch(test.response)
    )
    node = filling.source.item
    return [Response(ident=name, kind="text", node=node) for name in named]


def read_fields(filling: Filling, fields: dict[str, Any]) -> Item:
    """Return a text in which fields and menus stand where they are to be filled in."""
    out: list[str] = []
    made: list[_Made] = []
    taken: set[str] = set()
    for part in filling.presentation.pieces:
        if isinstance(part, str):
            out.append(part)
            continue
        if part.several or part.kind not in ("choice", "text", "number"):
            raise LeftOutError("it asks in several ways")
        name = gap_name(f"gap{len(made) + 1}", taken)
        out += [part.html, gap_mark(name)]
        made.append(_gap(filling, name, part))
    return _cloze(filling, "".join(out), made, fields)


# --------------------------------------------------------------------------------------- one gap


def _gap(filling: Filling, name: str, response: Response) -> _Made:
    match response.kind:
        case "number":
            answers, _, _ = filling.typing(response).numbers()
            gap: ClozeGap = NumberGap(name=name, answers=answers)
            return _Made(gap, response.ident, str(answers[0].model))
        case "text":
            found, exact = _texts(filling, response)
            gap = TextGap(name=name, answers=found, case_sensitive=exact)
            return _Made(gap, response.ident, max(found, key=lambda a: a.weight).text)
        case "choice" if filling.source.canvas == "fill_in_multiple_blanks_question":
            # Every label is an accepted text.
            words = dict.fromkeys(characters(label.html) for label in response.labels)
            accepted = _different(word for word in words if word)
            if not accepted:
                raise LeftOutError(f"the blank `{name}` accepts nothing")
            return _Made(
                TextGap(name=name, answers=accepted), response.ident, response.labels[0].ident
            )
        case "choice":
            return _menu(filling, name, response)
        case _:
            raise LeftOutError("it asks in several ways")


def _different(words: Iterable[str]) -> tuple[TextAnswer, ...]:
    """Return answers; capitals do not count."""
    found: dict[str, TextAnswer] = {}
    for word in words:
        found.setdefault(word.casefold(), TextAnswer(text=word))
    return tuple(found.values())


def _texts(filling: Filling, response: Response) -> tuple[tuple[TextAnswer, ...], bool]:
    try:
        answers, _, exact = filling.typing(response).answers()
    except LeftOutError:
        # All gaps earn together: what the rules name is right.
        tests = [
            test
            for rule in filling.rules.rules
            if rule.earns
            for test in rule.test.positive(response.ident)
        ]
        answers = _different(" ".join(t.value.split()) for t in tests if t.value.strip())
        exact = any(test.exact for test in tests)
        if not answers:
            raise
    return answers, exact


def _menu(filling: Filling, name: str, response: Response) -> _Made:
    right = right_choice(filling.rules, response)
    if right is None or len(response.labels) < 2:
        raise LeftOutError(f"the menu `{name}` has no right choice, or too few")
    canvas = bool(filling.source.canvas)
    choices = tuple(
        Choice(
            text=plain(characters(label.html))
            if canvas
            else filling.source.text(label.html, label.node),
            correct=label.ident == right,
            span=filling.source.place(label.node),
        )
        for label in response.labels
    )
    return _Made(ChoiceGap(name=name, choices=choices), response.ident, right)


# -------------------------------------------------------------------------------------- the whole


def _cloze(filling: Filling, html: str, made: list[_Made], fields: dict[str, Any]) -> Item:
    if not made:
        raise LeftOutError("its text has no blank")
    language, text = filling.source.marked_text(html)
    shown = [node.name for node in walk(text) if isinstance(node, Gap)]
    kept = {one.gap.name: one for one in made if one.gap.name in shown}
    if len(shown) != len(made) or len(kept) != len(made):
        raise LeftOutError("a blank stands where none can, in a formula or in code")
    made = [kept[name] for name in shown]
    right = {one.response: (one.right,) for one in made}
    full = filling.rules.outcome(right)
    wrong = filling.rules.outcome(dict.fromkeys(right, ("\ue000",)))
    fields["points"] = fields["points"] or worth(full.score)
    gaps = _worth(filling, made, full.score, fields["points"])
    probes = [Probe("", Fraction(1), full.shows), Probe("", Fraction(0), wrong.shows)]
    shares = (_gap_probes(filling, one) for one in made)
    own = [probe for part in shares for probe in part]
    names = [probe.name for probe in own]
    found = filling.feedback.sorted([*probes, *own], names, idents=True)
    fields |= {"feedback": found.whole, "language": language, "stem": NO_TEXT}
    told = tuple(_told(filling, one, gap, found.own) for one, gap in zip(made, gaps, strict=True))
    return Cloze(text=text, gaps=told, **fields)


def _gap_probes(filling: Filling, made: _Made) -> list[Probe]:
    """Return what the choices of a menu, or the accepted texts of a blank, show."""
    response = _response(filling, made)
    if response is None:
        return []
    found = []
    for label in response.labels:
        outcome = filling.rules.outcome({response.ident: (label.ident,)})
        found.append(Probe(label.ident, Fraction(1, 2), outcome.shows))
    return found


def _response(filling: Filling, made: _Made) -> Response | None:
    found = (r for r in filling.presentation.responses if r.ident == made.response)
    return next((r for r in found if r.kind == "choice"), None)


def _told(filling: Filling, made: _Made, gap: ClozeGap, own: dict[str, RichText]) -> ClozeGap:
    response = _response(filling, made)
    if response is None or not own:
        return gap
    match gap:
        case ChoiceGap():
            choices = (
                replace(choice, feedback=own.get(label.ident))
                for choice, label in zip(gap.choices, response.labels, strict=True)
            )
            return replace(gap, choices=tuple(choices))
        case TextGap():
            told = {
                characters(label.html).casefold(): own[label.ident]
                for label in response.labels
                if label.ident in own
            }
            answers = (replace(a, feedback=told.get(a.text.casefold())) for a in gap.answers)
            return replace(gap, answers=tuple(answers))
        case NumberGap():
            return gap
        case _:
            assert_never(gap)


def _worth(filling: Filling, made: list[_Made], full: Fraction, points: Decimal) -> list[ClozeGap]:
    """Return the gaps with their points: what each right one earns alone."""
    alone = [filling.rules.outcome({one.response: (one.right,)}).score for one in made]
    total = sum(alone, Fraction(0))
    if full <= 0 or total <= 0 or not near(total / full, 1):
        if not filling.source.canvas and len(made) > 1:
            message = "Here each gap earns its share; in the file only all of them do."
            if any(alone):
                message = "Here each gap earns its share; in the file it is another one."
            filling.source.tell("W708", message)
        alone, total = [Fraction(1)] * len(made), Fraction(len(made))
    if all(near(share / total, Fraction(1, len(made))) for share in alone):
        return list(evened([_with_points(one.gap, ONE) for one in made], points))
    shares = [share_text(share / total) * points for share in alone]
    shares[-1] = points - sum(shares[:-1], Decimal(0))
    return [_with_points(one.gap, share) for one, share in zip(made, shares, strict=True)]


def _with_points(gap: ClozeGap, points: Decimal) -> ClozeGap:
    match gap:
        case ChoiceGap():
            return replace(gap, points=points)
        case TextGap():
            return replace(gap, points=points)
        case NumberGap():
            return replace(gap, points=points)
        case _:
            assert_never(gap)
