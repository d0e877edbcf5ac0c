"""Markdown that a page of HTML shows by a script: slides of remark and reveal.js."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from coursec.drafting.ingest.markdown_in import read_markdown
from coursec.drafting.ingest.page import Deck
from coursec.drafting.ingest.source_file import Source

_REMARK = re.compile(
    r"<textarea\b[^>]*\bid\s*=\s*[\"']?source\b[^>]*>(.*?)</textarea>", re.IGNORECASE | re.DOTALL
)
_REVEAL = re.compile(
    r"<section\b[^>]*\bdata-markdown\b[^>]*>\s*<(script|textarea)\b[^>]*>(.*?)</\1>",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATOR = re.compile(r"\n---\n")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_LANGUAGE = re.compile(r"<html[^>]*\slang=[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
_PROPERTY = re.compile(
    r"(class|name|layout|template|count|exclude|background-[a-z]+)\s*:\s*(.*?)\s*$"
)
_UNSEEN = frozenset((("layout", "true"), ("exclude", "true")))
"""Properties of slides that are patterns of others, or not shown."""
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_WRAPPED = re.compile(r"\.[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*\[")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_SCALED = re.compile(r"!\[:[^\]]*\]\(")
_MATH = re.compile(r"`\\\((.+?)\\\)`", re.DOTALL)


def is_scripted(text: str) -> bool:
    """Tell whether a page of HTML holds its slides as Markdown."""
    return bool(_REMARK.search(text) or _REVEAL.search(text))


def read_scripted(source: Source, text: str) -> Deck:
    """Return the slides of a page of HTML that holds them as Markdown."""
    remark = _REMARK.search(text)
    if remark:
        markdown = "\n\n---\n\n".join(_slides(unescape(remark[1]).strip("\n")))
    else:
        parts = [
            unescape(body) if kind.lower() == "textarea" else body
            for kind, body in _REVEAL.findall(text)
        ]
        markdown = "\n\n---\n\n".join(
            _SEPARATOR.sub("\n\n---\n\n", _dedented(part)) for part in parts
        )
    deck = read_markdown(source, "\n" + markdown)
    title, language = _TITLE.search(text), _LANGUAGE.search(text[:4096])
    named = " ".join(unescape(title[1]).split()) if title else ""
    return replace(
        deck,
        title=deck.title or named,
        language=deck.language or (language[1].lower() if language else ""),
    )


def _dedented(text: str) -> str:
    lines = text.strip("\n").expandtabs(4).split("\n")
    margin = min((len(s) - len(s.lstrip()) for s in lines if s.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)


def _slides(text: str) -> Iterator[str]:
    """Yield the slides of a text for remark as plain Markdown, speaker notes as comments."""
    slide: list[str] = []
    fence = ""
    for line in [*text.split("\n"), "---"]:
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if fence or line.rstrip() not in ("---", "--"):
            slide.append(line)
        elif line.rstrip() == "---":
            plain = _plain(slide)
            if plain:
                yield plain
            slide = []


def _plain(lines: list[str]) -> str:
    """Return a slide without the marks of remark; nothing of one that is not shown."""
    at = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    while at < len(lines) and (match := _PROPERTY.match(lines[at])):
        if (match[1], match[2].lower()) in _UNSEEN:
            return ""
        at += 1
    shown, _, notes = "\n".join(lines[at:]).partition("\n???")
    shown = _SCALED.sub("![](", shown)
    shown = _unwrapped(_MATH.sub(r"$\1$", shown)).strip("\n")
    notes = notes.strip().replace("--", "–")
    return f"{shown}\n\n<!--\n{notes}\n-->" if notes else shown


def _unwrapped(text: str) -> str:
    """Return a text without `.class[` and the bracket that ends it; code stays."""
    code = {n for match in _CODE.finditer(text) for n in range(*match.span())}
    gone: set[int] = set()
    for match in _WRAPPED.finditer(text):
        if match.start() in code:
            continue
        depth = 1
        for n in range(match.end(), len(text)):
            if n not in code:
                depth += (text[n] == "[") - (text[n] == "]")
            if not depth:
                gone.update(range(*match.span()), (n,))
                break
    return "".join(character for n, character in enumerate(text) if n not in gone)
