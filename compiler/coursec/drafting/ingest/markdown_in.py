"""Markdown of any tool to pages: headings or rules make slides, HTML is taken out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursec.diagnostics import Diagnostics
from coursec.drafting.ingest.html import markdown_of
from coursec.drafting.ingest.myst import plain
from coursec.drafting.ingest.page import Block, Deck, Formed, Page, Picture
from coursec.drafting.ingest.source_file import Source, address_of
from coursec.source import nodes
from coursec.source.lectures import KINDS
from coursec.source.markdown import markdown_parser
from coursec.source.nodes import Mapping, Scalar, compose
from coursec.source.workspace import SourceFile

_ATTRIBUTES = re.compile(r"\s*\{([^{}]*)\}\s*$")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_DIRECTIVE = re.compile(r"\s*_?[A-Za-z][\w-]*\s*:\s*\S[^\n]*\s*$")
_NOTE = re.compile(r"notes?:\s*(.*)", re.IGNORECASE)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def read_markdown(source: Source, text: str) -> Deck:
    """Return the slides of a Markdown file."""
    head, rest = _front(text)
    title, number, language = head.get("title", ""), head.get("number", ""), head.get("language")
    reader = _Markdown(source, plain(rest).split("\n"), _divider(head))
    found = reader.pages()
    abstract = ""
    if found and found[0].level < 0:
        first = found.pop(0)
        abstract = first.text
    heads = found and found[0].level == 1 and reader.slide_level != 1 and not reader.by_rules
    if not title and heads:
        first = found.pop(0)
        title, abstract = first.title, "\n\n".join(t for t in (abstract, first.text) if t)
    pages = [
        Page(
            number=n,
            title=_plain(piece.title),
            blocks=_blocks(piece),
            notes="\n\n".join(piece.notes),
            kinds=frozenset(piece.kinds),
            id=piece.id,
        )
        for n, piece in enumerate(found, 1)
    ]
    if not pages and abstract:
        pages, abstract = [Page(number=1, title=title, blocks=(Formed(abstract),))], ""
    return Deck(
        title=_plain(title),
        number=int(number) if re.fullmatch(r"\d{1,4}", number) else None,
        language=language or "",
        abstract=abstract,
        pages=tuple(pages),
    )


def _divider(head: dict[str, str]) -> int:
    """Return the deepest level of headings that the front matter says begin slides; else 0."""
    said = head.get("headingDivider") or head.get("slide-level") or ""
    levels = re.findall(r"[1-6]", said)
    return max(map(int, levels), default=0)


def _blocks(piece: _Piece) -> tuple[Block, ...]:
    if not piece.text.strip():
        return ()
    return (Formed(piece.text, tuple(piece.pictures.items())),)


def _plain(title: str) -> str:
    """Return a heading's words without the marks of Markdown."""
    return re.sub(r"[*_`]{1,3}(\S.*?)[*_`]{1,3}", r"\1", title).replace("\\", "").strip()


def _front(text: str) -> tuple[dict[str, str], str]:
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return {}, text
    for end, line in enumerate(lines[1:60], 1):
        if line.strip() in ("---", "..."):
            file = SourceFile("front", "\n".join(lines[1:end]))
            node = compose(file, Diagnostics(), file.text)
            if not isinstance(node, Mapping):
                return {}, text
            words = {k: _said(v) for k, v in node.entries.items()}
            return words, "\n".join(lines[end + 1 :])
    return {}, text


def _said(node: nodes.Node) -> str:
    match node:
        case Scalar():
            return node.value
        case nodes.Sequence():
            return " ".join(_said(entry) for entry in node.entries)
        case _:
            return ""


@dataclass(slots=True)
class _Piece:
    level: int
    title: str = ""
    id: str = ""
    kinds: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines).strip("\n"))


class _Markdown:
    def __init__(self, source: Source, lines: list[str], divider: int) -> None:
        self.source = source
        self.divider = divider
        self.lines = lines
        tokens = markdown_parser(False).parse("\n".join(lines))
        self.tokens: list[Any] = [t for t in tokens if t.map]
        self.by_line = sorted(self.tokens, key=lambda token: int(token.map[0]))
        headings = [t for t in self.tokens if t.type == "heading_open" and t.level == 0]
        levels = [int(t.tag[1]) for t in headings]
        rules = [t.map[0] for t in self.tokens if t.type == "hr" and t.level == 0]
        self.by_rules = len(rules) > 1 and self._follow(rules, headings) * 2 >= len(rules)
        ranked = [level for level in (2, 1, 3, 4) if levels.count(level)]
        self.slide_level = (
            2 if 2 in ranked else 1 if levels.count(1) > 1 else next(iter(ranked[::-1]), 2)
        )

    def _follow(self, rules: Sequence[int], headings: Sequence[Any]) -> int:
        """Return how many rules have a heading next below."""
        starts = {t.map[0] for t in headings}
        count = 0
        for rule in rules:
            below = next((n for n in range(rule + 1, len(self.lines)) if self.lines[n].strip()), -1)
            count += below in starts or (below >= 0 and self.lines[below].lstrip().startswith("<!"))
        return count

    def pages(self) -> list[_Piece]:
        pieces = [_Piece(-1)]
        at = 0
        for token in self.tokens:
            if token.level != 0 or token.map[0] < at:
                continue
            start, end = token.map
            pieces[-1].lines.extend(self.lines[at:start])
            at = end
            if token.type == "heading_open":
                self._heading(pieces, token)
            elif token.type == "hr" and self.by_rules:
                pieces.append(_Piece(0))
            elif token.type == "html_block":
                pieces[-1].lines.extend(self._html("\n".join(self.lines[start:end]), pieces[-1]))
            elif token.type in ("fence", "code_block"):
                pieces[-1].lines.extend(self.lines[start:end])
            else:
                pieces[-1].lines.extend(self._prose(start, end, pieces[-1]))
        pieces[-1].lines.extend(self.lines[at:])
        return [p for p in pieces if p.level > 0 or p.text or p.notes or p.title]

    def _heading(self, pieces: list[_Piece], token: Any) -> None:
        level = int(token.tag[1])
        words = self._stripped(self._words(token))
        last = pieces[-1]
        opens = last.level == 0 and not last.title and not last.text
        if self.by_rules and opens:
            pieces.pop()
        elif level > self.divider and (
            (self.by_rules and last.level >= 0) or level > self.slide_level
        ):
            last.lines.extend(["", f"{'#' * max(level, 3)} {words}", ""])
            return
        piece = _Piece(level, words)
        if match := _ATTRIBUTES.search(words):
            piece.title = words[: match.start()].strip()
            for word in match[1].split():
                if word.startswith("#") and re.fullmatch(r"[^\W_][\w.-]*", word[1:]):
                    piece.id = word[1:]
                elif word.startswith(".") and word[1:] in KINDS:
                    piece.kinds.append(word[1:])
        pieces.append(piece)

    def _words(self, token: Any) -> str:
        raw = " ".join(line.strip() for line in self.lines[token.map[0] : token.map[1]])
        if token.markup.startswith("#"):
            return re.sub(r"\s+#+\s*$", "", raw.lstrip("#")).strip()
        return re.sub(r"\s*[=-]+\s*$", "", raw).strip()

    def _html(self, html: str, piece: _Piece) -> Iterator[str]:
        comments = [c.strip() for c in _COMMENT.findall(html)]
        rest = _COMMENT.sub("", html).strip()
        for comment in comments:
            if self.by_rules and comment and not _DIRECTIVE.fullmatch(comment):
                piece.notes.append(self._stripped(comment))
        if rest:
            formed = markdown_of(rest, self.source)
            piece.pictures.update(formed.pictures)
            yield from ("", *formed.markdown.split("\n"), "")

    def _prose(self, start: int, end: int, piece: _Piece) -> list[str]:
        first, last = (
            bisect_left(self.by_line, line, key=lambda token: int(token.map[0]))
            for line in (start, end)
        )
        inside = [t for t in self.by_line[first:last] if t.map[1] <= end]
        code = {
            n
            for t in inside
            if t.type in ("fence", "code_block")
            for n in range(t.map[0], t.map[1])
        }
        text = "\n".join(self.lines[start:end])
        for token in inside:
            for child in token.children or ():
                own = str(child.attrs.get("src", "")).startswith(("coursec-media-", "attachment:"))
                if child.type == "image" and not own:
                    text = self._image(text, child, piece)
        if any(c.type == "html_inline" for t in inside for c in t.children or ()) or any(
            t.type == "html_block" for t in inside
        ):
            lines = text.split("\n")
            text = "\n".join(
                line if n in code else self._stripped(line) for n, line in enumerate(lines, start)
            )
        note = _NOTE.match(text)
        if note and self.by_rules:
            piece.notes.append(text[note.start(1) :])
            return []
        return text.split("\n")

    def _image(self, text: str, child: Any, piece: _Piece) -> str:
        address, alt = str(child.attrs.get("src", "")), str(child.content)
        picture = self.source.beside(address, alt)
        pattern = re.compile(r"!\[[^\]]*\]\(\s*<?" + re.escape(address) + r">?[^)]*\)")
        if picture is None:
            return pattern.sub(lambda m: alt, text, count=1)
        piece.pictures[address_of(picture)] = picture
        return pattern.sub(lambda m: f"![{alt}]({address_of(picture)})", text, count=1)

    def _stripped(self, text: str) -> str:
        """Return a text without tags; what stands in code stays."""
        out, at = [], 0
        for code in _CODE.finditer(text):
            out += [_TAG.sub(_space, text[at : code.start()]), code[0]]
            at = code.end()
        return "".join((*out, _TAG.sub(_space, text[at:])))


def _space(tag: re.Match[str]) -> str:
    return " " if tag[0].lower().startswith(("<br", "<p", "</p")) else ""
