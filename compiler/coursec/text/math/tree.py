"""MathML Core made into the small regular tree that every pass reads.

math-core writes for browsers: CSS in `style`, spacers against Firefox, HTML inside `mtext`, three
dots as three operators. The tree says the same in MathML's own words, without a namespace:

- `mrow`, `msqrt`, `mtd` hold a row; `mstyle` one child, with `displaystyle`, `scriptlevel`,
  `mathcolor`; there is no `style`, `class` or `rem` anywhere;
- `mo` that grow with what they enclose have `stretchy="true"`, and stand first or last in
  their `mrow` (a missing partner is left out);
- `mspace` has a `width` in em, which may be negative;
- `mtext` holds text only, `mathvariant` its style, `mathsize` a percentage;
- `menclose` has one `notation`;
- `mtable` has one `columnalign` a column and one `columnspacing` between each two,
  `columnlines` and `rowlines` where there are lines, and `frame`: the outer sides that are drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element, fromstring

from coursec.text.math.tables import tidy_table
from coursec.text.math.units import css, em

INVISIBLE = "\u2061\u2062\u2063\u2064\u200b\u200c\u200d\ufeff"
"""Characters that say how a formula is meant and print nothing."""

_FENCES = frozenset("()[]{}|‖⌊⌋⌈⌉⟨⟩⟦⟧⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⎰⎱⌜⌝⌞⌟❲❳⟅⟆⦀↑↓↕⇑⇓⇕")
_TEXT_VARIANTS = {
    "b": "bold", "i": "italic", "em": "italic", "code": "monospace", "bi": "bold-italic",
}  # fmt: skip
_TEXT_LIGATURES = (("---", "—"), ("--", "–"), ("‘‘", "“"), ("’’", "”"))
_ELLIPSES = {"...": "…", "···": "⋯"}
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@lru_cache(maxsize=1024)
def tree(core: str) -> Element:
    """The regular tree of MathML Core; shared between passes, so not to be changed."""
    # math-core writes no document type, so there are no entities that could expand.
    return _tidy(fromstring(core))  # noqa: S314


def text_of(element: Element) -> str:
    """What an element prints, without blanks and invisible characters at the ends."""
    return "".join(element.itertext()).strip(INVISIBLE + " \n\t")


def _tidy(element: Element) -> Element:
    """The element in regular form; it may be changed, or another may take its place."""
    if len(element) and element.tag != "mtext":
        element[:] = [_tidy(child) for child in element]
    rule = _RULES.get(element.tag)
    return rule(element) if rule else element


def _wrap(tag: str, children: Iterable[Element], **attributes: str) -> Element:
    """A new element around `children`."""
    wrapper = Element(tag, attributes)
    wrapper.extend(children)
    return wrapper


def _identifier(element: Element) -> Element:
    r"""`mi`; the colon of `\colon` is punctuation, which MathML must be told."""
    if element.text == ":":
        colon = Element("mo", lspace="0", rspace="0.1667em")
        colon.text = ":"
        return colon
    return element


def _operator(element: Element) -> Element:
    """`mo` with one character where Unicode has one: `∈` and a slash are `∉`."""
    text = element.text or ""
    if not text.isascii():
        element.text = unicodedata.normalize("NFC", text)
    return element


def _space(element: Element) -> Element:
    """`mspace` with its width in em, whether it came as an attribute or as a CSS margin."""
    style = css(element)
    width = em(style.get("margin-left") or element.get("width") or "0")
    element.attrib.clear()
    element.set("width", f"{width:.4g}em")
    return element


def _sequence(children: list[Element]) -> list[Element]:
    """A row without spacers of no width, and with each `. . .` as one ellipsis."""
    row: list[Element] = []
    for child in children:
        if child.tag == "mspace" and child.get("width") == "0em":
            continue
        row.append(child)
        dots = "".join(dot.text or "" for dot in row[-3:] if dot.tag == "mo")
        if dots in _ELLIPSES:
            ellipsis = Element("mo")
            ellipsis.text = _ELLIPSES[dots]
            row[-3:] = [ellipsis]
    return row


def _row(element: Element) -> Element:
    """`mrow`, with its colour and style as `mstyle` around it, or its only child."""
    children = _sequence(list(element))
    _mark_fences(children)
    children = [child for child in children if not _is_null_fence(child)]
    attributes = _style_attributes(element)
    row = children[0] if len(children) == 1 else _wrap("mrow", children)
    return _wrap("mstyle", (row,), **attributes) if attributes else row


def _style_attributes(element: Element) -> dict[str, str]:
    """What `mstyle` says for the colour and style of an element."""
    attributes = {
        name: value for name in ("displaystyle", "scriptlevel") if (value := element.get(name))
    }
    colour = css(element).get("color", "")
    if _COLOUR.fullmatch(colour):
        attributes["mathcolor"] = colour.lower()
    return attributes


def _is_null_fence(element: Element) -> bool:
    r"""Whether this is the side of `\left.` or `\right.` that is not there."""
    return element.tag == "mo" and element.text == "\u2063"


def _mark_fences(row: list[Element]) -> None:
    """Say of the operators at both ends of a row that they grow, if they do."""
    for end in (row[:1], row[-1:]) if len(row) > 1 else ():
        fence = end[0]
        grows = fence.get("stretchy") is None and fence.get("minsize") is None
        if grows and fence.tag == "mo" and fence.text in _FENCES:
            fence.set("stretchy", "true")


def _container(element: Element) -> Element:
    """`math` or `mtd`: only its row is tidied."""
    element[:] = _sequence(list(element))
    return element


def _text(element: Element) -> Element:
    """`mtext` without the HTML in it."""
    tags = {inner.tag for inner in element.iter()} - {"mtext", "span"}
    size = css(element).get("font-size")
    text = "".join(element.itertext())
    for written, printed in _TEXT_LIGATURES:
        text = text.replace(written, printed)
    plain = Element("mtext")
    plain.text = text
    variant = _TEXT_VARIANTS.get("bi" if {"b", "i"} <= tags else next(iter(tags & _STYLED), ""))
    sans = any("sans-serif" in inner.get("class", "") for inner in element.iter("span"))
    if variant or sans:
        plain.set("mathvariant", variant or "sans-serif")
    if size and size != "100%":
        plain.set("mathsize", size)
    if "u" in tags:
        line = Element("mo", stretchy="true")
        line.text = "_"
        return _wrap("munder", (plain, line), accentunder="true")
    return _wrap("menclose", (plain,), notation="horizontalstrike") if "s" in tags else plain


_STYLED = frozenset(("b", "i", "em", "code"))


def _fraction(element: Element) -> Element:
    """`mfrac` with its style as `mstyle` around it."""
    attributes = _style_attributes(element)
    thickness = element.get("linethickness")
    element.attrib.clear()
    if thickness is not None:
        element.set("linethickness", f"{em(thickness):.4g}em" if em(thickness) else "0")
    return _wrap("mstyle", (element,), **attributes) if attributes else element


def _padded(element: Element) -> Element:
    r"""`mpadded`: the padding of a class such as `\mathrel` becomes spaces, no size is `0em`."""
    style = css(element)
    left, right = em(style.get("padding-left", "0")), em(style.get("padding-right", "0"))
    sizes = {name: "0em" for name in ("width", "height") if element.get(name) == "0"}
    if sizes:
        return _wrap("mpadded", element, **sizes)
    row = [
        *((Element("mspace", width=f"{left:.4g}em"),) if left else ()),
        *element,
        *((Element("mspace", width=f"{right:.4g}em"),) if right else ()),
    ]
    return row[0] if len(row) == 1 else _wrap("mrow", row)


def _over_or_under(element: Element) -> Element:
    r"""`mover` or `munder`; the strut that gives `\xrightarrow` a least width is dropped."""
    base, script = element
    if script.tag == "mspace":
        return base
    # A combining low line, whichever side it is on: MathML has a character for each.
    if script.tag == "mo" and script.text == "\u0332":
        script.text = "_" if element.tag == "munder" else "¯"
    return element


def _enclosure(element: Element) -> Element:
    """`menclose` once for each of its notations, without the rows that only carry a CSS class."""
    notations = element.get("notation", "").split()
    content = [child for child in element if child.tag != "mrow" or len(child)]
    inner = content[0] if len(content) == 1 else _wrap("mrow", content)
    for notation in notations:
        inner = _wrap("menclose", (inner,), notation=notation)
    return inner


_RULES: dict[str, Callable[[Element], Element]] = {
    "math": _container,
    "mtd": _container,
    "mrow": _row,
    "mi": _identifier,
    "mo": _operator,
    "mspace": _space,
    "mtext": _text,
    "mfrac": _fraction,
    "mpadded": _padded,
    "mover": _over_or_under,
    "munder": _over_or_under,
    "menclose": _enclosure,
    "mtable": tidy_table,
}
