"""The few shapes of elements that Moodle XML is made of, as indented lines."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from coursec.model.text import Asset

Lines = list[str]
INDENT = "    "
"""What stands before the elements of a question."""


def cdata(text: str) -> str:
    """Return a text in CDATA; where it holds the end of one, in two (rule 53)."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>" if text else ""


def value(name: str, text: object) -> str:
    """Return an element that holds a number or a word."""
    return f"{INDENT}<{name}>{text}</{name}>"


def flag(name: str, given: bool) -> str:
    """Return an element that is 1 or 0."""
    return value(name, int(given))


def inner(name: str, text: str, indent: str = INDENT) -> str:
    """Return an element with plain text in Moodle's way: inside a `text`."""
    return f"{indent}<{name}><text>{cdata(text)}</text></{name}>"


def content(html: str, files: Iterable[tuple[str, Asset]], indent: str) -> Lines:
    """Return a `text`, and behind it the files that it names (rule 54)."""
    lines = [f"{indent}<text>{cdata(html)}</text>"]
    for name, asset in files:
        data = b64encode(asset.data).decode()
        lines.append(f'{indent}<file name="{name}" path="/" encoding="base64">{data}</file>')
    return lines


def rich(
    name: str, html: str, files: Iterable[tuple[str, Asset]] = (), indent: str = INDENT
) -> Lines:
    """Return an element with HTML and the files that it names; an empty one on one line."""
    if not html:
        return [f'{indent}<{name} format="html"><text></text></{name}>']
    inside = content(html, files, indent + "  ")
    return [f'{indent}<{name} format="html">', *inside, f"{indent}</{name}>"]
