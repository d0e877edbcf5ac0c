"""Hypothesis strategies for items: every type with every field, and nothing to be found wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from decimal import Context, Decimal
from typing import Any, cast

from hypothesis import strategies as st

from coursec.model.items import (
    ITEM_TYPES,
    ONE,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Criterion,
    Essay,
    Feedback,
    FileUpload,
    Item,
    Level,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.provenance import Evidence, ModelUsed, Provenance, Review
from coursec.model.text import Gap, Paragraph, RichText, Text, plain, walk
from coursec.source.fields import visible
from coursec.source.markdown_rules import GAP
from coursec.source.workspace import CONTROL, INVISIBLE
from coursec.text.markdown import normal
from richtexts import inlines, rich_texts
from richtexts import texts as fragments
from strategies import texts

SLIDES = ("l#one", "l#two")
"""Slides that items rest on; a course that is read must hold them."""
LECTURE = "---\ntitle: L\n---\n\n## One\n\n- x\n\n## Two\n\n- y\n"
"""The lecture `l` with these slides."""
STIMULUS = "stimulus"
"""Id of the text item that other items may rest on."""


def _clean(text: str) -> str:
    return " ".join(CONTROL.sub("", text).split())[:200].strip()


words = st.one_of(
    st.sampled_from(
        [
            *("No", "null", "true", "~", "1e3", "12:30:00", "0x1F", "=", "<<", "- a", "? b"),
            *("a: b", "a #b", "#", "'", '"', "\\", "'\"\\", "[", "a, b", "{x}", "!t", "&a", "*a"),
            *("%", "@", "`", "|", ">", "---", "...", "a:", ":", ",", "\ufeffx", "2025-01-01", ".5"),
        ]
    ),
    st.one_of(texts, fragments).map(_clean),
).filter(lambda word: bool(word.strip(INVISIBLE)))
"""Plain texts of one line."""
_notes = st.lists(words, min_size=1, max_size=3).map("\n".join)


def _shown(text: RichText) -> RichText:
    """Return a text that shows something and holds no gap where none is meant."""
    made = normal(text)
    if not visible(made) or any(
        isinstance(node, Text) and GAP.search(node.text) for node in walk(made)
    ):
        return plain("Shown.")
    return made


shown_texts = st.one_of(
    rich_texts().map(_shown),
    words.map(plain).map(_shown),
    inlines(False).map(lambda line: _shown(RichText((Paragraph(line),)))),
)
"""Rich texts as Markdown can write them, each of which shows something."""
_ids = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)
_gapped = rich_texts(gaps=True)
_maybe_text = st.none() | shown_texts


def _hundredths(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda n: Decimal(n) / 100)


_EXACT = Context(prec=2000)
_numbers = st.one_of(
    st.decimals(-1000, 1000, places=3),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**60), max_value=10**60),
    st.sampled_from([Decimal("1E-50"), Decimal("1E+5"), Decimal("-0"), Decimal("1.500")]),
)


@st.composite
def _number_answers(draw: st.DrawFn) -> NumberAnswer:
    value = draw(_numbers)
    kind = draw(st.sampled_from(["exact", "tolerance", "percent", "range"]))
    if kind == "range":
        low, high = sorted([value, draw(_numbers)])
        return NumberAnswer(low=low, high=high)
    tolerance = percent = None
    if kind == "tolerance":
        tolerance = draw(st.decimals(0, 10, places=2))
    elif kind == "percent":
        percent = draw(st.decimals(0, 200, places=1))
        tolerance = _EXACT.divide(_EXACT.multiply(abs(value), percent), Decimal(100))
    margin = tolerance or Decimal(0)
    return NumberAnswer(
        low=_EXACT.subtract(value, margin),
        high=_EXACT.add(value, margin),
        value=value,
        tolerance=tolerance,
        percent=percent,
    )


@st.composite
def _scored(draw: st.DrawFn, answers: st.SearchStrategy[Any]) -> tuple[Any, ...]:
    """Answers with weights, one of which earns everything."""
    found = list(draw(answers))
    best = draw(st.integers(0, len(found) - 1))
    weights = st.one_of(st.just(ONE), _hundredths(0, 100))
    return tuple(
        replace(answer, weight=ONE if index == best else draw(weights), feedback=draw(_maybe_text))
        for index, answer in enumerate(found)
    )


_typed = _scored(
    st.lists(words, min_size=1, max_size=3, unique_by=str.casefold).map(
        lambda found: [TextAnswer(text=word) for word in found]
    )
)


@st.composite
def _choices(draw: st.DrawFn) -> tuple[Choice, ...]:
    """Choices of which exactly one is right."""
    found = draw(st.lists(shown_texts, min_size=2, max_size=4, unique=True))
    right = draw(st.integers(0, len(found) - 1))
    return tuple(
        Choice(
            text=text,
            correct=index == right,
            weight=draw(st.sampled_from([None, ONE]) if index == right else _wrong),
            feedback=draw(_maybe_text),
            fixed=draw(st.booleans()),
        )
        for index, text in enumerate(found)
    )


_wrong = st.none() | _hundredths(-100, 99)


@st.composite
def _sets(draw: st.DrawFn) -> dict[str, Any]:
    """Choices of which any number is right, and their scoring."""
    found = draw(st.lists(shown_texts, min_size=2, max_size=4, unique=True))
    rights = draw(st.integers(1, len(found)))
    weighted = draw(st.booleans())
    parts = [Decimal(n) for n in draw(st.permutations([25, 75] if rights == 2 else [100]))]
    right: list[Decimal | None] = [None] * rights
    if weighted and rights < 3:
        right = [part / 100 for part in parts]
    choices = [
        Choice(
            text=text,
            correct=index < rights,
            weight=right[index]
            if index < rights
            else draw(st.none() | _hundredths(-100, 0))
            if weighted
            else None,
            feedback=draw(_maybe_text),
            fixed=draw(st.booleans()),
        )
        for index, text in enumerate(found)
    ]
    scoring = "partial" if weighted else draw(st.sampled_from(["partial", "all_or_nothing"]))
    return {"choices": tuple(draw(st.permutations(choices))), "scoring": scoring}


@st.composite
def _matchings(draw: st.DrawFn) -> dict[str, Any]:
    premises = draw(st.lists(shown_texts, min_size=2, max_size=3, unique=True))
    responses = draw(st.lists(shown_texts, min_size=1, max_size=4, unique=True))
    pairs = [Pair(premise=p, response=draw(st.sampled_from(responses))) for p in premises]
    used = {pair.response for pair in pairs}
    rest = tuple(text for text in responses if text not in used)
    return {"pairs": tuple(pairs), "distractors": rest if draw(st.booleans()) else ()}


@st.composite
def _clozes(draw: st.DrawFn) -> dict[str, Any]:
    text = normal(draw(_gapped))
    names = [node.name for node in walk(text) if isinstance(node, Gap)]
    if not names or len(set(names)) < len(names):
        names = draw(st.lists(st.sampled_from(["a", "b-1", "null", "N"]), min_size=1, unique=True))
        parts = [part for name in names for part in (Text("x {{no}} "), Gap(name))]
        text = RichText((Paragraph(tuple(parts)),))
    gaps = tuple(draw(_gaps(name)) for name in names)
    if draw(st.booleans()):
        points = draw(_points)
        return {
            "text": text,
            "points": points,
            "gaps": tuple(replace(gap, points=points / len(gaps)) for gap in gaps),
        }
    gaps = tuple(replace(gap, points=draw(st.just(ONE) | _points)) for gap in gaps)
    return {"text": text, "points": sum((g.points for g in gaps), Decimal(0)), "gaps": gaps}


def _gaps(name: str) -> st.SearchStrategy[ClozeGap]:
    return st.one_of(
        st.builds(ChoiceGap, name=st.just(name), choices=_choices()),
        st.builds(TextGap, name=st.just(name), answers=_typed, case_sensitive=st.booleans()),
        st.builds(NumberGap, name=st.just(name), answers=st.tuples(_number_answers())),
    )


_points = st.one_of(st.just(ONE), _hundredths(1, 1000), st.just(Decimal(10_000)))


@st.composite
def _rubrics(draw: st.DrawFn) -> dict[str, Any]:
    levels = st.builds(
        Level,
        label=words,
        points=st.none() | _hundredths(0, 500),
        description=st.none() | words,
    )
    criteria = draw(
        st.lists(
            st.builds(
                Criterion,
                criterion=words,
                points=st.none() | _hundredths(1, 500),
                levels=st.lists(levels, max_size=2).map(tuple),
            ),
            max_size=2,
        )
    )
    given = [criterion.points for criterion in criteria if criterion.points is not None]
    points = sum(given, Decimal(0)) if given else draw(_points)
    return {"rubric": tuple(criteria), "points": points}


_OWN: dict[type[Item], st.SearchStrategy[dict[str, Any]]] = {
    SingleChoice: st.fixed_dictionaries({"choices": _choices(), "points": _points}),
    MultipleChoice: _sets(),
    TrueFalse: st.fixed_dictionaries(
        {
            "answer": st.booleans(),
            "feedback_true": _maybe_text,
            "feedback_false": _maybe_text,
            "points": _points,
        }
    ),
    ShortAnswer: st.fixed_dictionaries(
        {"answers": _typed, "case_sensitive": st.booleans(), "points": _points}
    ),
    Numeric: st.fixed_dictionaries(
        {
            "answers": _scored(st.lists(_number_answers(), min_size=1, max_size=3)),
            "unit": st.none() | words,
            "points": _points,
        }
    ),
    Matching: _matchings(),
    Ordering: st.fixed_dictionaries(
        {"sequence": st.lists(shown_texts, min_size=2, max_size=4, unique=True).map(tuple)}
    ),
    Cloze: _clozes(),
    Essay: st.builds(
        lambda rubric, words, own: {**rubric, **own, "min_words": words[0], "max_words": words[1]},
        _rubrics(),
        st.sampled_from([(None, None), (1, None), (None, 1), (5, 5), (10, 200)]),
        st.fixed_dictionaries(
            {
                "lines": st.none() | st.integers(1, 200),
                "template": _maybe_text,
                "sample_answer": _maybe_text,
            }
        ),
    ),
    FileUpload: st.builds(
        lambda rubric, own: {**rubric, **own},
        _rubrics(),
        st.fixed_dictionaries(
            {
                "accept": st.lists(st.sampled_from([".pdf", ".tar.gz", ".5", ".1e3"])).map(tuple),
                "max_files": st.integers(1, 100),
            }
        ),
    ),
    TextItem: st.fixed_dictionaries({"points": _points}),
}
assert set(_OWN) == set(ITEM_TYPES)


def provenances() -> st.SearchStrategy[Provenance]:
    """Where an item may come from, every part there or not."""
    digests = st.from_regex(r"[0-9a-f]{12}", fullmatch=True)
    evidence = st.builds(
        Evidence, slide=st.sampled_from(SLIDES), digest=digests, quote=st.just("") | words
    )
    options = st.lists(st.tuples(_ids, words), max_size=2, unique_by=lambda pair: pair[0])
    return st.builds(
        Provenance,
        drafter=st.sampled_from([None, "ollama", "extractive"]),
        evidence=st.lists(evidence, max_size=2).map(tuple),
        model=st.none()
        | st.builds(
            ModelUsed,
            name=words,
            digest=st.none() | digests,
            options=options.map(tuple),
            prompt=st.none() | words,
        ),
        drafted=st.none() | st.dates().map(str),
        review=st.none()
        | st.builds(
            Review,
            decision=st.sampled_from(["accepted", "edited", "rejected"]),
            by=words,
            at=st.datetimes(timezones=st.just(UTC)).map(lambda time: time.isoformat()),
            reason=st.none() | words,
        ),
    ).filter(lambda provenance: provenance != Provenance())


_COMMON: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "tags": st.lists(words, max_size=3).map(tuple),
    "outcomes": st.lists(words, max_size=2).map(tuple),
    "bloom": st.sampled_from(["remember", "create"]),
    "difficulty": _hundredths(0, 100),
    "hints": st.lists(shown_texts, max_size=2).map(tuple),
    "feedback": st.builds(
        Feedback,
        general=_maybe_text,
        correct=_maybe_text,
        partial=_maybe_text,
        incorrect=_maybe_text,
    ),
    "shuffle": st.booleans(),
    "source": st.lists(st.sampled_from(SLIDES), max_size=2).map(tuple),
    "status": st.sampled_from(["draft", "approved", "retired"]),
    "language": st.sampled_from(["de", "no", "en-GB"]),
    "notes": _notes,
    "provenance": provenances(),
}


@st.composite
def items(draw: st.DrawFn, kinds: Sequence[type[Item]] = ITEM_TYPES) -> Item:
    """Items of any type that the language takes, with any of the fields that it has."""
    kind = draw(st.sampled_from(list(kinds)))
    fields = draw(st.fixed_dictionaries({}, optional=_COMMON)) | draw(_OWN[kind])
    if kind is not Cloze or draw(st.booleans()):
        fields["stem"] = draw(shown_texts)
    if kind is not TextItem and draw(st.booleans()):
        fields["stimulus"] = STIMULUS
    build = cast("Callable[..., Item]", kind)
    return build(id=draw(_ids.filter(lambda name: name != STIMULUS)), **fields)


def banks() -> st.SearchStrategy[list[Item]]:
    """Banks of some items with ids of their own, and the stimulus that they rest on."""
    stimulus = TextItem(id=STIMULUS, stem=plain("Read this."))
    some = st.lists(items(), min_size=1, max_size=3, unique_by=lambda item: item.id)
    return some.map(lambda found: [stimulus, *found])
