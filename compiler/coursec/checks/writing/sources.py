"""Texts and pictures that an item points to and does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import Found, Prose, View
from coursec.checks.writing.words import either
from coursec.model.items import TextItem
from coursec.model.text import Code, CodeBlock, Image, Math, Quote, Table

_OUR = "(?:the |our |your |this |last |today's |these )?"
_OUR_OWN = "(?:the |our |your |this |last |today's )"
_ENDS = "(?= (?:we|you|it|on|about|was|were|is|are)\\b|[,.?:])"
_KIND = "(?:week's |assigned |course |lecture |class |required |previous )*"
_LESSON = either(
    """
    slides?|slide deck|deck|lectures?|lessons?|class|course|textbook|course ?book|book|chapter
    module|unit|handout|notes|reader|readings?|tutorial|workshop|seminar|video|podcast|webinar
    professor|instructor|lecturer|teacher|article|paper|author
    """
)
_SAID = either(
    """
    said|shown|seen|discussed|mentioned|described|stated|explained|defined|presented|covered
    introduced|listed|taught|learned|learnt|studied|given|noted|treated|used|named|recommended
    emphasi[sz]ed
    """
)
_SAYS = either(
    """
    says?|said|shows?|showed|states?|stated|lists?|listed|mentions?|mentioned|explains?|explained
    defines?|defined|claims?|claimed|gives?|gave|called|calls|describes?|described|argues?|argued
    names?|named|presents?|presented|emphasi[sz]e[sd]?|tells?|uses|used|introduced
    """
)
_SPEAKER = either("slides?|lecturer|professor|instructor|textbook|lecture|author|article|passage")
_PLACE = either(
    """
    slides?|lectures?|lesson|textbook|handout|lecture notes|course notes|class notes
    lecture slides|tutorial|seminar|course
    """
)
_TAUGHT = re.compile(
    either(
        rf"""
        \b(?:according to|as per|based on) {_OUR}{_KIND}{_LESSON}\b
        \b{_SAID} (?:\w+ )?(?:in|on|by|during|at) {_OUR}{_KIND}{_LESSON}\b
        \b(?:in|from|on|during) {_OUR_OWN}{_KIND}{_PLACE}\b{_ENDS}
        \b(?:on |see )?slide (?:number )?\d+|\bin class we\b
        \b(?:in|from) (?:our|last|today's|this) class\b
        \bthe {_SPEAKER} {_SAYS}\b
        \bwe (?:discussed|covered|saw|learned|learnt|talked about|studied|went over|introduced)\b
        \bwe have (?:seen|discussed)\b
        \byou (?:learned|learnt|read|saw) (?:about )?(?:in|on|last)\b
        \bpage \d+ of\b|\b(?:in|from) chapter \d+\b
        \b(?:in|from|during|covered) last (?:week|lecture|class|session)\b|\blast week's\b
        \blecturer's\b|\bthe (?:course )?slides\b|\bthe textbook\b|\bthe lecture\b
        \bthe lecture notes\b|\bthe handout\b|\bthe assigned reading\b
        \btoday's (?:lecture|class|lesson)\b
        """
    )
)
_PICTURE = "figure|diagram|graph|chart|plot|image|picture|photo|photograph|map|drawing|illustration"
_TEXT = "table|passage|text|excerpt|extract|paragraph|poem|snippet|listing"
_ITEM = either(
    rf"{_PICTURE}|fig\.|{_TEXT}|quotation|code|program|scenario|case|dialogue|equation|formula"
)
_GIVEN = "shown|given|provided|displayed|reproduced|printed|depicted|illustrated"
_SHOWS = either("shows?|depicts?|illustrates?|gives|lists|suggests|implies|describes")
_FROM = either("according to|based on|referring to|refer to|look at|from|see|using")
_READ = "reading|article|story|dialogue"
_SHOWN = re.compile(
    either(
        rf"""
        \b(?P<a>{_ITEM})s? (?:above|below|opposite|on the (?:right|left))
        \b(?P<b>{_ITEM})s? (?:is |are )?(?:{_GIVEN}|presented)
        \b(?:the|this) (?:following|above|accompanying|attached|adjacent|given) (?P<c>{_ITEM})s?\b
        \b{_FROM} (?:the |this )(?P<d>{_PICTURE}|{_TEXT}|{_READ}|author)\b
        \bas (?:{_GIVEN}|{_SAID}) in (?:the |this )(?P<e>{_PICTURE}|{_TEXT}|{_READ})\b
        \b(?P<f>figure|fig\.|table) \d+\b
        \bin the (?P<g>figure|diagram|picture|image|passage|excerpt|photograph|illustration)\b
        \bthe (?P<h>{_PICTURE}|table|passage|excerpt) {_SHOWS}\b
        """
    )
)
_SOURCES = frozenset(
    """
    slide slides lecture lectures lecturer lecturer's lesson lessons class course textbook book
    chapter module unit handout notes reader reading readings tutorial workshop seminar video
    podcast professor instructor teacher deck webinar article paper author page we you last today's
    figure figures fig diagram diagrams graph graphs chart charts plot plots image images picture
    pictures photo photos photograph photographs map maps drawing illustration illustrations table
    tables passage passages text texts excerpt excerpts extract paragraph paragraphs poem quotation
    code snippet listing program scenario case dialogue data equation formula story
    """.split()
)
"""Words without which no text points to a source."""


def unseen_source(view: View) -> Iterator[Found]:
    """A student who was not there, or sits in an examination, cannot look at it."""
    if isinstance(view.item, TextItem):
        return
    for prose in dict.fromkeys((view.stem, view.body)):
        if _SOURCES.isdisjoint(prose.set):
            continue
        text = prose.lower
        if found := _TAUGHT.search(text):
            if view.stimulus or (
                _long(view) and re.search(r"article|author|paper|passage|book|text", found[0])
            ):
                continue
            yield _unseen(prose, view, found[0])
            return
        for found in _SHOWN.finditer(text):
            noun = next(g for g in found.groups() if g)
            if not _is_there(noun, view):
                yield _unseen(prose, view, found[0])
                return


def _unseen(prose: Prose, view: View, words: str) -> Found:
    return Found(
        f"`{words.strip(' ,')}` points to something that the item does not show.",
        prose.span or view.place,
        "Ask about the matter itself, or put what is meant into the item or its stimulus.",
    )


def _long(view: View) -> bool:
    """Tell whether a text of its own stands in the stem before or after the words at hand."""
    return bool(
        Quote in view.stem.kinds
        or len(view.stem.words) > 45
        or len(view.body.words) > 80
        or re.search(r"[\"“][^\"”]{25,}[\"”]", view.stem.text)
    )


def _is_there(noun: str, view: View) -> bool:
    if view.stimulus:
        return True
    kinds = view.stem.kinds | view.body.kinds
    text = view.stem.text + "\n" + view.body.text
    if Image in kinds:
        return True
    if noun in ("table", "data", "chart", "graph", "plot"):
        return bool(kinds & {Table, CodeBlock})
    if noun in ("code", "snippet", "listing", "program"):
        return bool(kinds & {Code, CodeBlock}) or bool(re.search(r"[;{}=]|\w\(", text))
    if noun in ("equation", "formula"):
        return bool(kinds & {Math, Code, CodeBlock}) or bool(re.search("[=→*/]", text))
    if noun in (
        "figure",
        "fig.",
        "diagram",
        "image",
        "picture",
        "photo",
        "photograph",
        "map",
        "drawing",
        "illustration",
    ):
        return bool(kinds & {CodeBlock}) or view.stem.lower.startswith(noun)
    return _long(view) or len(view.stem.sentences) > 2 or bool(kinds & {CodeBlock, Table})
