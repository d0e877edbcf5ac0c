"""From elements to blocks: the walk over a text's tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from coursec.model.text import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Inline,
    LineBreak,
    Link,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    Strong,
    walk,
)
from coursec.readers.context import Context, short
from coursec.readers.element import UNSHOWN, Element, visible
from coursec.readers.leaves import address, flat, image, raised
from coursec.readers.look import hidden, lost, stressed, strong, style
from coursec.readers.mathml import to_latex
from coursec.readers.run import Run, Wrap, Wraps
from coursec.readers.tables import cells_of, read_table, rows_of
from coursec.readers.tex import Tex, formulas

_BLOCKS = frozenset(
    "p div section article aside header footer main nav address figure figcaption center form "
    "fieldset legend details summary caption dd dt li tr td th tbody thead tfoot body html "
    "hgroup rubricBlock itemBody prompt".split()
)
"""Elements that begin and end a line, and say nothing else."""
_STRONG = frozenset(("b", "strong"))
_STRESSED = frozenset(("i", "em", "cite", "dfn", "var", "address"))
_CODE = frozenset(("code", "tt", "kbd", "samp"))
_LEVELS = {"h1": 1, "h2": 1, "h3": 1, "h4": 2, "h5": 3, "h6": 4}
"""Our own writers print a heading of level n two levels lower."""
_DROPPED = {
    "audio": "A sound",
    "video": "A video",
    "iframe": "A page",
    "embed": "An embedded file",
    "applet": "A program",
    "canvas": "A drawing",
    "svg": "A drawing",
    **dict.fromkeys(("button", "input", "select", "textarea"), "A form field"),
}
"""Elements that are more than text, and what they are."""
_NUMBER = re.compile(r"[0-9]{1,9}")
_SCRIPTS = frozenset(("script", "style", "link"))


@dataclass(slots=True)
class Blocks:
    """Gathers the blocks of one place: a text, an entry of a list, a quote."""

    context: Context
    made: list[Block] = field(default_factory=list)
    run: Run = field(default_factory=Run)
    around: Wraps = ()
    """Elements around the block at hand, such as `b` around a list."""

    def read(self, children: Sequence[Element | str], wraps: Wraps = ()) -> tuple[Block, ...]:
        """Return what some nodes say."""
        self.walk(children, wraps)
        self.flush()
        return tuple(self.made)

    def inside(self, node: Element) -> tuple[Block, ...]:
        """Return what stands in an element, apart from the blocks around it."""
        return Blocks(self.context).read(node.children, self.around)

    def line(self, node: Element) -> tuple[Inline, ...]:
        """Return what stands in an element that holds one line only."""
        inlines, changed = flat(self.inside(node))
        if changed:
            self.context.say("W708", "Lists or paragraphs in one line are joined.")
        return inlines

    def flush(self) -> None:
        """End the paragraph at hand."""
        if children := self.run.take():
            self.made.append(Paragraph(children))

    def block(self, block: Block) -> None:
        """Add a block of its own."""
        self.flush()
        self.made.append(block)

    def walk(self, children: Sequence[Element | str], wraps: Wraps) -> None:
        """Add nodes in order; `wraps` are the elements around them."""
        for node in children:
            if isinstance(node, str):
                self.words(node, wraps)
            else:
                self.element(node, wraps)

    def words(self, text: str, wraps: Wraps) -> None:
        """Add characters, and the formulas in them."""
        text = self.context.clean(text)
        if not self.context.tex or ("\\" not in text and "$$" not in text):
            self.run.text(text, wraps)
            return
        for part in formulas(text):
            if isinstance(part, Tex):
                self.run.add(self.context.formula(part.latex, part.display), wraps)
            else:
                self.run.text(part, wraps)

    def element(self, node: Element, wraps: Wraps) -> None:
        """Add one element."""
        if (gap := self.context.gap_name(node)) is not None:
            self.run.add(Gap(gap), wraps)
            return
        name = node.name
        if name in _SCRIPTS:
            what = "script" if name == "script" else "style sheet"
            self.context.say("W707", f"A {what} in the text is left out.")
            return
        if name in UNSHOWN:
            return
        if hidden(node):
            if visible(node):
                self.context.say("W707", "Text that is not shown is left out.")
            return
        css = style(node)
        self.context.looks.update(dict.fromkeys(lost(node, css)))
        wraps = self.stress(node, css, wraps)
        if name in _BLOCKS:
            self.flush()
            self.walk(node.children, wraps)
            self.flush()
        elif not self.leaf(node, wraps):
            self.around = wraps
            if not self.structure(node):
                self.walk(node.children, wraps)

    def stress(self, node: Element, css: dict[str, str], wraps: Wraps) -> Wraps:
        """Return the elements around a node's content."""
        if node.name in _STRONG or strong(css):
            wraps = (*wraps, Wrap(Strong))
        if node.name in _STRESSED or stressed(css):
            wraps = (*wraps, Wrap(Emphasis))
        if node.name == "a" and (href := node.get("href")):
            target = address(href)
            if target is None:
                self.context.say("W707", f"A link to `{href[:60]}` is left out, its words stay.")
            else:
                wraps = (*wraps, Wrap(partial(Link, target)))
        return wraps

    def leaf(self, node: Element, wraps: Wraps) -> bool:
        """Add an element that is a mark in a line; False where it is something else."""
        match node.name:
            case "br":
                self.run.add(LineBreak(), wraps)
            case "img":
                linked = any(isinstance(w.make, partial) for w in wraps)
                for made in image(node, self.context, linked=linked):
                    self.run.add(made, wraps)
            case "math":
                self.math(node, wraps)
            case "sub" | "sup":
                italic = any(inner.name in ("i", "em", "var") for inner in node.elements)
                formula = raised(node, italic=italic)
                if formula is None:
                    if visible(node):
                        self.context.looks["raised and lowered text"] = None
                    self.walk(node.children, wraps)
                else:
                    self.context.say("W708", "Raised and lowered text is imported as formulas.")
                    self.run.add(formula, wraps)
            case "q":
                self.run.text("“", wraps)
                self.walk(node.children, wraps)
                self.run.text("”", wraps)
            case name if name in _CODE:
                self.code(node, wraps)
            case name if name in _DROPPED:
                sources = [element.get("src") for element in (node, *node.elements)]
                where = next((f" ({short(source)})" for source in sources if source), "")
                self.context.say("W707", f"{_DROPPED[name]} in the text is left out{where}.")
                self.run.text(visible(node), wraps)
            case "object":
                self.object(node, wraps)
            case _:
                return False
        return True

    def object(self, node: Element, wraps: Wraps) -> None:
        """Add an `object`: an image with its words inside, or what stands instead."""
        if node.get("type").startswith("image/"):
            words = node.get("alt") or visible(node)
            source = Element("img", {"src": node.get("data"), "alt": words})
            for made in image(source, self.context, linked=False):
                self.run.add(made, wraps)
            return
        self.context.say("W707", "An embedded file in the text is left out.")
        self.walk(node.children, wraps)

    def code(self, node: Element, wraps: Wraps) -> None:
        """Add code in a line; a line break, a gap or an image in it divides it."""
        pieces = self.pieces(node)
        for piece in pieces:
            if isinstance(piece, Element):
                self.element(piece, wraps)
                continue
            text = piece.replace("\n", " ")
            if text.strip() or len(pieces) == 1:
                self.run.add(Code(text), wraps)

    def pieces(self, node: Element) -> list[str | Element]:
        """Return what code is made of: characters, and the marks among them."""
        pieces: list[str | Element] = []
        todo = list(reversed(node.children))
        while todo:
            child = todo.pop()
            if isinstance(child, str):
                text = self.context.clean(child).replace("\r\n", "\n").replace("\r", "\n")
                if pieces and isinstance(pieces[-1], str):
                    text = f"{pieces.pop()}{text}"
                pieces.append(text)
            elif child.name in ("br", "img") or self.context.gap_name(child) is not None:
                pieces.append(child)
            elif child.name not in UNSHOWN:
                todo.extend(reversed(child.children))
        return [piece for piece in pieces if piece != ""]

    def math(self, node: Element, wraps: Wraps) -> None:
        """Add a formula in MathML."""
        latex = to_latex(node)
        if latex is None:
            self.context.say("W708", "A formula in MathML is kept as code.")
            self.run.add(Code(visible(node) or "?"), wraps)
        else:
            self.run.add(self.context.formula(latex, node.get("display") == "block"), wraps)

    def structure(self, node: Element) -> bool:
        """Add an element that is a block of its own; False where it is none."""
        match node.name:
            case "ul" | "menu" | "dir":
                entries, tight = self.entries(node)
                if entries:
                    self.block(BulletList(entries, tight))
            case "ol":
                entries, tight = self.entries(node)
                if entries:
                    self.block(OrderedList(entries, self.start(node), tight))
            case "dl":
                self.terms(node)
            case "pre" | "listing" | "xmp":
                self.code_block(node)
            case "table":
                self.table(node)
            case "blockquote":
                if inside := self.inside(node):
                    self.block(Quote(inside))
            case "hr":
                self.block(Rule())
            case name if name in _LEVELS:
                if line := self.line(node):
                    self.block(Heading(_LEVELS[name], line))
            case _:
                return False
        return True

    def entries(self, node: Element) -> tuple[tuple[tuple[Block, ...], ...], bool]:
        """Return (the entries of a list, whether their paragraphs stand close)."""
        found: list[tuple[Block, ...]] = []
        for child in node.children:
            if isinstance(child, Element) and child.name == "li":
                found.append(self.inside(child))
            elif inside := Blocks(self.context).read([child], self.around):
                # What stands between two entries belongs to the first.
                found[-1:] = [(*(found[-1] if found else ()), *inside)]
        loose = any(_begins_with_paragraph(entry) for entry in node.elements)
        return tuple(found), not loose

    def start(self, node: Element) -> int:
        """Return the number that a list begins with."""
        values = [entry.get("value") for entry in node.elements if entry.name == "li"]
        if any(values[1:]) or "reversed" in node.attributes:
            self.context.say("W708", "A list with numbers of its own is numbered in order.")
        if node.get("type") not in ("", "1"):
            self.context.looks["letters of lists"] = None
        written = (values[0] if values and values[0] else node.get("start")).strip()
        if not written or _NUMBER.fullmatch(written):
            return int(written or "1")
        self.context.say("W708", f"A list that begins with {short(written)} begins with 1.")
        return 1

    def terms(self, node: Element) -> None:
        """Add a list of terms; one whose terms count on is a numbered list."""
        rows = [row for row in node.elements if row.name in ("dt", "dd")]
        numbers = [visible(row) for row in rows if row.name == "dt"]
        kinds = [row.name for row in rows]
        first = numbers[0].removesuffix(".") if numbers else ""
        if first.isdecimal() and len(first) < 10 and kinds == ["dt", "dd"] * len(numbers):
            start = int(first)
            if numbers == [f"{start + n}." for n in range(len(numbers))]:
                entries = [self.inside(row) for row in rows if row.name == "dd"]
                loose = any(_begins_with_paragraph(row) for row in rows)
                self.block(OrderedList(tuple(entries), start, not loose))
                return
        if rows:
            self.context.say("W708", "A list of terms is imported as paragraphs.")
        for row in rows:
            if row.name == "dt" and (line := self.line(row)):
                self.block(Paragraph((Strong(line),)))
            elif row.name == "dd":
                for block in self.inside(row):
                    self.block(block)

    def code_block(self, node: Element) -> None:
        """Add code on lines of its own."""
        pieces = self.pieces(node)
        if any(isinstance(piece, Element) and piece.name != "br" for piece in pieces):
            self.context.say("W708", "Code with marks in it is imported as a paragraph.")
            self.code_lines(pieces)
            return
        text = "".join(piece if isinstance(piece, str) else "\n" for piece in pieces)
        text = text.removesuffix("\n")
        if text.strip() or any(inner.name == "code" for inner in node.elements):
            self.block(CodeBlock(text, _language(node)))

    def code_lines(self, pieces: Sequence[str | Element]) -> None:
        """Add lines of code as a paragraph, with the marks in them."""
        self.flush()
        for piece in pieces:
            if isinstance(piece, Element):
                self.element(piece, ())
                continue
            for number, line in enumerate(piece.split("\n")):
                if number:
                    self.run.add(LineBreak(), ())
                if line.strip():
                    self.run.add(Code(line), ())
        self.flush()

    def table(self, node: Element) -> None:
        """Add a table, its caption above it; one of a single cell only lays out what it holds."""
        for caption in node.elements:
            if caption.name == "caption" and (line := self.line(caption)):
                self.context.say("W708", "The caption of a table is imported as a paragraph.")
                self.block(Paragraph(line))
        cells = [cell for row in rows_of(node)[0] for cell in cells_of(row)]
        if len(cells) == 1 and cells[0].name == "td":
            self.context.say("W708", "A table of one cell is imported as what stands in it.")
            for block in self.inside(cells[0]):
                self.block(block)
            return
        made = read_table(node, self.cell, self.context.say)
        if made is not None:
            self.block(made)

    def cell(self, node: Element) -> tuple[Inline, ...]:
        """Return what stands in a cell."""
        line = self.line(node)
        if any(isinstance(part, LineBreak) for part in walk(RichText((Paragraph(line),)))):
            self.context.say("W708", "Line breaks in a table's cells become blanks.")
        return line


def _begins_with_paragraph(entry: Element) -> bool:
    first = next((c for c in entry.children if not (isinstance(c, str) and not c.strip())), None)
    return isinstance(first, Element) and first.name == "p"


def _language(node: Element) -> str:
    """Return the language of code: a class such as `language-python`."""
    for element in (node, *node.elements):
        for word in element.get("class").split():
            kind, _, language = word.partition("-")
            if kind in ("language", "lang") and language:
                return language
    return ""
