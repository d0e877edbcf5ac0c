"""Links and images of a Markdown text: where they may lead, and what they must say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from coursec.model.text import Image, Inline, Link
from coursec.source.accessibility import alternative_fault, link_fault
from coursec.source.workspace import INVISIBLE

if TYPE_CHECKING:
    from markdown_it.token import Token

    from coursec.source.markdown_tree import TreeBuilder

_SAFE_LINK = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)
_REMOTE = re.compile(r"([a-z][a-z0-9+.-]*:)?//|data:", re.IGNORECASE)


def _title(builder: TreeBuilder, token: Token) -> None:
    if title := token.attrGet("title"):
        builder.report(
            "W310",
            f"The title `{title}` of this link or image is shown nowhere.",
            builder.place(f'"{title}"', f"'{title}'", f"({title})"),
            "Say it in the text, or in the words between the brackets.",
        )


def read_link(builder: TreeBuilder, token: Token, children: tuple[Inline, ...]) -> Inline | None:
    """Return a link, or report why it cannot stand."""
    href = str(token.attrGet("href") or "")
    _title(builder, token)
    if not _SAFE_LINK.fullmatch(href):
        builder.report(
            "E309",
            f"The link `{href[:60]}` is not an http, https or mailto address.",
            builder.place(f"]({href}", f"]({unquote(href)}", "](", inner=2),
            "Write a whole address such as https://example.org/page.",
        )
        return None
    if not children:
        builder.report(
            "E307", f"The link to {href[:60]} shows no words.", builder.place(f"]({href}")
        )
        return None
    if fault := link_fault(children):
        builder.report("W325", fault[0], builder.place(f"]({href}", "]("), fault[1])
    return Link(href, children)


def read_image(builder: TreeBuilder, token: Token) -> Inline | None:
    """Return an image with its file, or report why it cannot stand."""
    source = unquote(str(token.attrGet("src") or ""))
    named = (f"]({source}", f"](<{source}") if source else ("]()", "](<>")
    span = builder.place(*named, inner=2)
    alt = " ".join("".join(map(_alternative, token.children or ())).split())
    _title(builder, token)
    if not source:
        builder.report("E303", "This image names no file.", span, "Write ![words](media/x.png).")
        return None
    if not alt.strip(INVISIBLE):
        builder.report(
            "E306",
            f"The image `{source}` has no alternative text.",
            span,
            "Say between the brackets what a student who cannot see it needs to know.",
        )
    elif fault := alternative_fault(alt, source):
        builder.report("W321", fault[0], span, fault[1])
    if _REMOTE.match(source):
        builder.report(
            "E308",
            f"The image `{source[:60]}` is an address on the network.",
            span,
            "Keep the file in media/, so that it is there in the examination.",
        )
        return None
    asset = builder.reader.workspace.asset(source, builder.reader.file.path)
    if isinstance(asset, tuple):
        code, message, hint = asset
        builder.report(code, message, span, hint)
        return None
    return Image(asset, alt)


def _alternative(token: Token) -> str:
    """Return what a part of an image's words says without its markup."""
    return " " if token.type in ("softbreak", "hardbreak") else token.content
