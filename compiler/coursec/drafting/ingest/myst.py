"""Marks of MyST and Pandoc in Markdown: roles, directives and boxes, read for their words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SIGNS = re.compile(
    r"^:{3,}|^\+{3}|^\([\w:.-]+\)=\s*$|\{[a-z][\w:-]*\}`|^`{3,}\{[a-z]", re.MULTILINE
)
_FENCE = re.compile(r"(\s*)(`{3,}|~{3,})(.*)$")
_DIRECTIVE = re.compile(r"\{([a-z][\w:-]*)\}\s*(.*)$")
_BOX = re.compile(r"\s*:{3,}\s*(.*)$")
_OPTION = re.compile(r"\s*:[\w-]+:(\s|$)")
_DROPPED = re.compile(r"\+{3}.*$|\([\w:.-]+\)=\s*$")
_ROLE = re.compile(r"\{([a-z][\w:-]*)\}(`+)(.+?)\2", re.DOTALL)
_TARGET = re.compile(r"\s*<[^<>]+>$")
_CODE = frozenset(
    "code code-block code-cell sourcecode literalinclude jupyter-execute ipython".split()
)
"""Directives whose text is code."""
_TITLED = frozenset("admonition topic card dropdown prf:theorem prf:definition tab-item".split())
"""Directives with a title of the author's."""
_UNSEEN = frozenset(
    "toctree contents glue index bibliography raw only tableofcontents embed iframe youtube".split()
)
"""Directives that hold nothing to read."""
_LITERAL = frozenset("code func mod class meth attr data obj file kbd program command".split())
"""Roles whose words are code."""


def plain(text: str) -> str:
    """Return Markdown without the marks of MyST and Pandoc; other Markdown as it is."""
    if not _SIGNS.search(text):
        return text
    return "\n".join(_lines(iter(text.split("\n"))))


def _lines(lines: Iterator[str]) -> Iterator[str]:
    prose: list[str] = []
    options = False
    for line in lines:
        fence = _FENCE.match(line)
        if options and (_OPTION.match(line) or not line.strip()):
            options = bool(line.strip())
            continue
        options = False
        if fence:
            yield from _spoken(prose)
            prose = []
            yield from _fenced(fence, lines)
        elif box := _BOX.match(line):
            opened = _DIRECTIVE.match(box[1])
            prose += ["", _title(opened), ""] if opened else [""]
            options = bool(opened)
        elif not _DROPPED.match(line):
            prose.append(line)
    yield from _spoken(prose)


def _fenced(fence: re.Match[str], lines: Iterator[str]) -> Iterator[str]:
    """Yield what a fence encloses: code as code, the text of a directive as text."""
    directive = _DIRECTIVE.match(fence[3].strip())
    inside: list[str] = []
    for line in lines:
        if line.strip().startswith(fence[2]) and not line.strip().strip(fence[2][0]):
            break
        inside.append(line)
    name = directive[1] if directive else ""
    if directive and name in _UNSEEN:
        return
    if directive:
        while inside and _OPTION.match(inside[0]):
            inside.pop(0)
    if name == "math":
        yield from ("$$", *inside, "$$")
    elif not directive or name in _CODE:
        language = (directive[2] or "python") if directive else fence[3]
        yield from (f"{fence[1]}{fence[2]}{language}", *inside, f"{fence[1]}{fence[2]}")
    else:
        yield from ("", _title(directive), "", *_lines(iter(inside)), "")


def _title(directive: re.Match[str] | None) -> str:
    """Return the title of a box; its name says nothing that students see."""
    if directive is None or directive[1] not in _TITLED or not directive[2].strip():
        return ""
    words = re.sub(r"[*_]{1,3}(\S.*?)[*_]{1,3}", r"\1", directive[2].strip())
    return f"**{_ROLE.sub(_said, words)}**"


def _spoken(lines: list[str]) -> Iterator[str]:
    yield from _ROLE.sub(_said, "\n".join(lines)).split("\n") if lines else ()


def _said(role: re.Match[str]) -> str:
    """Return the words of a role: `{ref}` with its text, `{math}` as a formula."""
    name = role[1].rpartition(":")[2]
    if name == "math":
        return f"${role[3]}$"
    words = _TARGET.sub("", role[3]).lstrip("~!")
    return f"`{words}`" if name in _LITERAL else words
