"""The neutral tree that every markup becomes before it is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

MAX_DEPTH = 100
"""Elements within elements; what is deeper stands beside instead of within."""

UNSHOWN = frozenset("script style template head title meta link base annotation".split())
"""Elements whose characters nobody sees."""

MAX_OPEN = 3_000
"""Elements open at once that a parser is asked to follow."""
MAX_REPEATED = 2_000_000
"""Elements that HTML's rule for stressed text left open may make."""

_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>?")
_CLOSED_BY_OTHERS = frozenset(
    "p li td th tr dt dd option br img hr input meta link col wbr source area base embed param "
    "track".split()
)
_STRESSING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SURROGATE = re.compile("[\ud800-\udfff\0]")
# Between the characters of these elements nothing stands where browsers show one word.
_WORD_PARTS = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike "
    "strong sub sup tt u var mi mn mo mtext mrow msub msup math ruby rb rt".split()
)


@dataclass(slots=True)
class Element:
    """An element of HTML, of XHTML or of MathML, whatever parser it came from."""

    name: str
    """Local name in lower case for HTML, as written for XML."""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return an attribute's value; empty where there is none."""
        return self.attributes.get(name, "")

    @property
    def elements(self) -> list[Element]:
        """The children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]


def parse_html(source: str) -> Element:
    """Parse HTML as browsers do; the root is `body`, nothing raises."""
    return parse_limited(source)[0]


def parse_limited(source: str) -> tuple[Element, bool]:
    """Return (body, whether it is whole): elements that are too deep lose their nesting."""
    from selectolax.lexbor import LexborHTMLParser

    root = Element("body")
    source = _SURROGATE.sub("\ufffd", source)
    if _costly(source):
        root.children.append(_TAG.sub(" ", source))
        return root, False
    # Without a body's tag, styles and scripts at the start would go to the head, unseen.
    document = LexborHTMLParser("<!DOCTYPE html><body>" + source)
    body = document.body
    if body is None or body.child is None:
        return root, True
    whole = True
    parents = [root]
    deeper = 0  # elements that are open in the parser's tree but not in this one
    node: Any = body.child
    while True:
        made: Element | None = None
        if node.is_text_node:
            _append(parents[-1], node.text_content or "")
        elif node.is_element_node:
            attributes = {key: value or "" for key, value in node.attributes.items()}
            made = Element(str(node.tag), attributes)
            parents[-1].children.append(made)
        if made is not None and node.child is not None:
            if len(parents) < MAX_DEPTH and not deeper:
                parents.append(made)
            else:
                deeper, whole = deeper + 1, False
            node = node.child
            continue
        while node.next is None:
            node = node.parent
            if node is None or node.mem_id == body.mem_id:
                return root, whole
            if deeper:
                deeper -= 1
            else:
                parents.pop()
        node = node.next


def _costly(source: str) -> bool:
    """Tell whether a parser would take more than its share of time or memory.

    HTML5 looks through all open elements at many tags, and opens stressed text that was not
    closed again in each paragraph.
    """
    if source.count("<") < MAX_OPEN:
        return False
    depth = stressed = cost = 0
    for closes, name in _TAG_NAME.findall(source):
        word = name.lower()
        if word in _CLOSED_BY_OTHERS:
            cost += stressed
        elif closes:
            depth = max(depth - 1, 0)
            stressed = max(stressed - (word in _STRESSING), 0)
        else:
            depth += 1
            stressed += word in _STRESSING
            cost += stressed
        if depth > MAX_OPEN or cost > MAX_REPEATED:
            return True
    return False


def from_lxml(node: Any) -> Element:
    """Return an lxml element as an `Element`: local names, no comments, `xml:lang` as `lang`."""
    root = _from_lxml(node)
    _append(root, node.text or "")
    todo = [(root, iter(node), 1)]
    while todo:
        parent, children, depth = todo[-1]
        child = next(children, None)
        if child is None:
            todo.pop()
            continue
        if isinstance(child.tag, str):
            made = _from_lxml(child)
            parent.children.append(made)
            # Children that are too deep come beside their parent, and so does its own text.
            home = made if depth < MAX_DEPTH else parent
            _append(home, child.text or "")
            # The tail belongs behind everything that is in the child.
            todo.append((home, _with_tail(child, parent), depth + 1))
        else:
            _append(parent, child.tail or "")
    return root


def _with_tail(node: Any, parent: Element) -> Any:
    """Yield an element's children; at the end its tail goes to its parent."""
    yield from node
    _append(parent, node.tail or "")


def _from_lxml(node: Any) -> Element:
    attributes = {
        ("lang" if key == _XML_LANG else str(key).rpartition("}")[2]): str(value)
        for key, value in node.attrib.items()
    }
    return Element(str(node.tag).rpartition("}")[2], attributes)


def _append(parent: Element, text: str) -> None:
    if not text:
        return
    if parent.children and isinstance(parent.children[-1], str):
        parent.children[-1] += text
    else:
        parent.children.append(text)


def squeezed(text: str) -> str:
    """Return a text with every run of blanks as one, and none at its ends; NBSP stays."""
    return _BLANKS.sub(" ", text).strip(" ")


def visible(root: Element) -> str:
    """Return an element's characters without markup, blanks squeezed."""
    return squeezed(characters(root))


def characters(root: Element, *, line_end: str = " ") -> str:
    """Return an element's characters as they stand; `line_end` for each `br`."""
    out: list[str] = []
    todo: list[Element | str] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            out.append(node)
        elif node.name == "br":
            out.append(line_end)
        elif node.name not in UNSHOWN:
            if node.name not in _WORD_PARTS and node.name != "pre" and line_end == " ":
                todo.append(" ")
                out.append(" ")
            todo.extend(reversed(node.children))
    return "".join(out)
