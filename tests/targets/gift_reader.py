"""A reader of GIFT for tests, after the rules of Moodle's; it shares no code with the writer."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

_PLACEHOLDERS = {
    "\\\\": "&&092;",
    "\\:": "&&058;",
    "\\#": "&&035;",
    "\\=": "&&061;",
    "\\{": "&&123;",
    "\\}": "&&125;",
    "\\~": "&&126;",
    "\\n": "&&010",
}
_CHARACTERS = {
    "&&092;": "\\",
    "&&058;": ":",
    "&&035;": "#",
    "&&061;": "=",
    "&&123;": "{",
    "&&125;": "}",
    "&&126;": "~",
    "&&010": "\n",
}


class Question(NamedTuple):
    id: str
    tags: list[str]
    name: str
    stem: str
    answers: str | None
    """What stands between the braces, still protected; None where there are none."""


def protect(text: str) -> str:
    """Turn escapes into placeholders, in the order in which Moodle does."""
    for escape, placeholder in _PLACEHOLDERS.items():
        text = text.replace(escape, placeholder)
    return text


def unescape(text: str) -> str:
    """Turn placeholders into characters and trim."""
    for placeholder, character in _CHARACTERS.items():
        text = text.replace(placeholder, character)
    return text.strip(" \t\n\r\0\x0b")


def blocks(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for raw in text.split("\n"):
        line = raw.strip(" \t\0\x0b\r")
        if line in ("", "0"):
            found.append([])
        else:
            found[-1].append(line)
    return [block for block in found if block]


def questions(text: str) -> list[Question]:
    """Read all questions of a file; categories are passed over."""
    found = []
    for block in blocks(text):
        comments = " ".join(line for line in block if line.startswith("//"))
        lines = [line for line in block if not line.startswith("//")]
        if lines and lines[0].startswith("$CATEGORY:"):
            assert len(lines) == 1
            continue
        found.append(_question(comments, protect("\n".join(lines))))
    return found


def _question(comments: str, text: str) -> Question:
    marks = re.findall(r"\[(id|tag):((?:\\\]|[^\]])*)\]", comments)
    name = ""
    if text.startswith("::"):
        name, _, text = text[2:].partition("::")
    answers = None
    if "{" in text:
        start, end = text.index("{"), text.index("}")
        answers = text[start + 1 : end].strip(" \n")
        text = text[:start] + ("_____" if text[end + 1 :].strip() else "") + text[end + 1 :]
    return Question(
        id=next((v for k, v in marks if k == "id"), ""),
        tags=[v.replace("\\]", "]") for k, v in marks if k == "tag"],
        name=unescape(name),
        stem=_format(unescape(text)),
        answers=answers,
    )


def _format(text: str) -> str:
    assert text.startswith(("[html]", "[plain]")), text
    return text[text.index("]") + 1 :]


def choices(answers: str) -> list[tuple[float, str, str]]:
    """Read choices or typed answers: (weight, text, feedback)."""
    answers = answers.partition("####")[0]
    found = []
    for mark, part in re.findall(r"([=~])([^=~]*)", answers):
        weight = 1.0 if mark == "=" else 0.0
        if match := re.match(r"%(-?[0-9.]+)%", part):
            weight = float(match[1]) / 100
            part = part[match.end() :]
        text, _, feedback = part.partition("#")
        found.append((weight, _format(unescape(text)), unescape(feedback).removeprefix("[html]")))
    return found


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass


def html_text(html: str) -> str:
    """Return what a browser would show of some HTML."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.words)
