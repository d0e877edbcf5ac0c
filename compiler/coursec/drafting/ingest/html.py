"""HTML to pages: headings or sections make slides; scripts, styles and frames are nothing."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from coursec.drafting.ingest.page import Block, Deck, Formed, Page, Picture
from coursec.drafting.ingest.source_file import Source, address_of
from coursec.model import text as rich
from coursec.readers.element import Element, parse_limited, visible
from coursec.readers.markup import TextReader
from coursec.text.markdown import markdown_text, normal

_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)\Z", re.IGNORECASE)
_SLIDES = re.compile(r"<\w+[^>]*\sclass\s*=\s*[\"'][^\"']*\b(reveal|slides?)\b", re.IGNORECASE)
_ANCHORS = frozenset("¶#§🔗")
_NO_ALT = "coursec-no-alt"
_NEVER = frozenset("script style noscript template iframe object embed form nav svg".split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOXES = frozenset("div section article header main body footer figure center".split())
_NOTES = ("notes", "speaker-notes")


def markdown_of(html: str, source: Source) -> Formed:
    """Return what a piece of HTML says, as Markdown."""
    root, _ = parse_limited(html)
    return _Html(source).formed(root.children)


def read_html(source: Source, text: str) -> Deck:
    """Return the slides of an HTML file."""
    root, whole = parse_limited(text)
    if not whole:
        source.refuse("W912", "Elements are nested too deeply: their nesting is lost.")
    return _Html(source).deck(root, text)


@dataclass(slots=True)
class _Html:
    source: Source
    pictures: dict[str, Picture] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    has_title: bool = False
    """Whether the only heading of the first level is the title of all."""

    def deck(self, root: Element, text: str) -> Deck:
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        main = _first(root, "main") or _first(root, "article") or root
        parts = list(_unmixed(main))
        sectioned = len(parts) > 2 and len(parts) * 2 >= len(_all(main, "h2"))
        # Outside of slides a section that says more than those inside of it is one of a text.
        sectioned &= bool(_SLIDES.search(text)) or not any(_all(e, "section") for e in parts)
        if sectioned:
            pages = [self._page(n, part.children) for n, part in enumerate(parts, 1)]
        else:
            pages = self._by_headings(main)
        if self.left_out:
            self.source.refuse(
                "W912", f"Elements that hold no text are left out: {', '.join(self.left_out)}."
            )
        found = re.search(r"<html[^>]*\slang=[\"']?([A-Za-z0-9-]+)", text[:4096], re.IGNORECASE)
        language = found[1] if found else ""
        named = " ".join(unescape(title[1]).split()) if title else ""
        abstract = ""
        if not sectioned and len(pages) > 1 and self.has_title and _is_plain(pages[0]):
            # What stands below the only heading of the first level is about the whole.
            first = pages.pop(0)
            named, abstract = first.title, first.text
        return Deck(
            title=named,
            abstract=abstract,
            language=language if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) else "",
            pages=tuple(page for page in pages if page.title or page.blocks),
        )

    def _by_headings(self, main: Element) -> list[Page]:
        flat = list(_flattened(main))
        names = [c.name for c in flat if isinstance(c, Element)]
        split = "h2" if "h2" in names else "h1" if names.count("h1") > 1 else "h3"
        cut = {"h1", split}
        self.has_title = split != "h1" and names.count("h1") == 1
        groups: list[list[Element | str]] = [[]]
        for child in flat:
            if isinstance(child, Element) and child.name in cut:
                groups.append([])
            groups[-1].append(child)
        said = [group for group in groups if _says(group)]
        first = said[0][0] if said else None
        self.has_title &= isinstance(first, Element) and first.name == "h1"
        return [self._page(n, group) for n, group in enumerate(said, 1)]

    def _page(self, number: int, children: list[Element | str]) -> Page:
        title, notes = "", ""
        rest: list[Element | str] = []
        for child in _opened(children):
            if isinstance(child, Element):
                if child.name in _HEADINGS and not title:
                    title = " ".join(_without_anchors(visible(child)).split())
                    continue
                if any(name in (child.get("class") or "").split() for name in _NOTES):
                    notes = self.formed(child.children).markdown
                    continue
            rest.append(child)
        formed = self.formed(rest)
        blocks: tuple[Block, ...] = (formed,) if formed.markdown.strip() else ()
        return Page(number=number, title=title, blocks=blocks, notes=notes)

    def formed(self, children: list[Element | str]) -> Formed:
        self.pictures = {}
        root = Element("div", {}, [self._kept(c) for c in children if self._is_kept(c)])
        text = TextReader(self._image, lambda code, message: None).element(root)
        text = normal(rich.RichText(tuple(map(_lowered, text.blocks))))
        markdown = markdown_text(text, lambda asset: asset.path)
        markdown = re.sub(rf"!\[{_NO_ALT}\]", "![]", markdown)
        return Formed(markdown, tuple(self.pictures.items()))

    def _is_kept(self, child: Element | str) -> bool:
        if isinstance(child, Element) and child.name == "a" and _is_anchor(child):
            return False
        if isinstance(child, Element) and child.name in _NEVER:
            self.left_out[f"<{child.name}>"] = None
            return False
        return True

    def _kept(self, child: Element | str) -> Element | str:
        if isinstance(child, str):
            return child
        if child.name == "img":
            return self._shown(child)
        kept = [self._kept(c) for c in child.children if self._is_kept(c)]
        if child.name == "dl" and (entries := _terms(kept)):
            return Element("ul", {}, entries)
        return Element(child.name, dict(child.attributes), kept)

    def _shown(self, image: Element) -> Element | str:
        """Return an image under the address of its bytes; its words where there is no image."""
        alt, address = " ".join(image.get("alt").split()), image.get("src").strip()
        if match := _DATA.match(address):
            try:
                data = base64.b64decode(match[1])
            except (binascii.Error, ValueError):
                data = b""
            picture = self.source.picture(data, alt, "inside the file")
        else:
            picture = self.source.beside(address, alt)
        if picture is None:
            return alt
        self.pictures[address_of(picture)] = picture
        return Element("img", {"src": address_of(picture), "alt": alt or _NO_ALT})

    def _image(self, address: str) -> rich.Asset | None:
        picture = self.pictures.get(address)
        return rich.Asset(address, "image/png", picture.data) if picture else None


def _is_anchor(link: Element) -> bool:
    """Tell whether a link only points at the heading that it stands in."""
    return link.get("href").startswith("#") and visible(link).strip() in _ANCHORS


def _without_anchors(title: str) -> str:
    title = title.strip()
    return title[:-1] if title[-1:] in _ANCHORS - {"#"} else title


def _terms(rows: list[Element | str]) -> list[Element | str]:
    """Return a list of terms as entries `**Term**: text`; nothing where it is another list."""
    entries: list[Element | str] = []
    term: Element | None = None
    for row in rows:
        if isinstance(row, str):
            if row.strip():
                return []
        elif row.name == "dt" and term is None:
            term = row
        elif row.name == "dd" and term is not None:
            said = list(row.children)
            first = next((c for c in said if not isinstance(c, str) or c.strip()), "")
            if isinstance(first, Element) and first.name == "p":
                said[said.index(first)] = Element("span", {}, list(first.children))
            name = Element("strong", {}, list(term.children))
            entries.append(Element("li", {}, [name, ": ", *said]))
            term = None
        else:
            return []
    return entries if term is None else []


def _all(root: Element, name: str) -> list[Element]:
    """Return the elements of a name below an element, in order."""
    found: list[Element] = []
    todo = list(reversed(root.elements))
    while todo:
        node = todo.pop()
        if node.name == name:
            found.append(node)
        todo.extend(reversed(node.elements))
    return found


def _first(root: Element, name: str) -> Element | None:
    return next(iter(_all(root, name)), None)


def _flattened(root: Element) -> Iterator[Element | str]:
    """Yield children, those of boxes that hold headings in place of the boxes."""
    todo: list[Element | str] = list(reversed(root.children))
    while todo:
        node = todo.pop()
        if isinstance(node, Element) and node.name in _BOXES and _holds_heading(node):
            todo.extend(reversed(node.children))
        else:
            yield node


def _holds_heading(node: Element) -> bool:
    return any(_first(node, name) for name in ("h1", "h2", "h3"))


def _opened(children: Sequence[Element | str]) -> list[Element | str]:
    return list(_flattened(Element("div", {}, list(children))))


def _unmixed(node: Element) -> Iterator[Element]:
    """Yield the innermost sections, and those that say more than the sections inside of them."""
    for child in node.elements:
        if child.name == "section" and (
            not _all(child, "section") or _says(_beside_sections(child))
        ):
            yield child
        else:
            yield from _unmixed(child)


def _beside_sections(node: Element) -> list[Element | str]:
    """Return what stands in a section beside the sections that it holds."""
    found: list[Element | str] = []
    todo: list[Element | str] = list(reversed(node.children))
    while todo:
        child = todo.pop()
        if isinstance(child, str) or (child.name != "section" and not _first(child, "section")):
            found.append(child)
        elif child.name != "section":
            todo.extend(reversed(child.children))
    return found


def _says(children: Sequence[Element | str]) -> bool:
    return any(
        child.strip() if isinstance(child, str) else visible(child) or _first(child, "img")
        for child in children
        if isinstance(child, str) or child.name not in _NEVER
    )


def _is_plain(page: Page) -> bool:
    return not page.notes and not any(
        isinstance(block, Formed) and block.pictures for block in page.blocks
    )


def _lowered(block: rich.Block) -> rich.Block:
    """Return a block whose heading belongs to a slide: the third level or deeper."""
    if isinstance(block, rich.Heading):
        return rich.Heading(max(block.level, 3), block.children)
    return block
