"""From elements to blocks: the walk over a text's tree."""

from __future__ import annotations

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
    Rule,
    Strong,
)
from coursec.readers.context import Context
from coursec.readers.element import UNSHOWN, Element, characters, visible
from coursec.readers.leaves import address, flat, image, raised
from coursec.readers.look import hidden, lost, stressed, strong, style
from coursec.readers.mathml import to_latex
from coursec.readers.run import Run, Wrap, Wraps
from coursec.readers.tables import read_table
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
    **dict.fromkeys(("audio", "video", "iframe", "embed", "applet", "canvas", "svg"), "media"),
    **dict.fromkeys(("button", "input", "select", "textarea", "map"), "form fields"),
}
_SCRIPTS = frozenset(("script", "style", "link"))


@dataclass(slots=True)
class Blocks:
    """Gathers the blocks of one place: a text, an entry of a list, a quote."""

    context: Context
    made: list[Block] = field(default_factory=list)
    run: Run = field(default_factory=Run)

    def read(self, children: Sequence[Element | str], wraps: Wraps = ()) -> tuple[Block, ...]:
        """Return what some nodes say."""
        self.walk(children, wraps)
        self.flush()
        return tuple(self.made)

    def inside(self, node: Element) -> tuple[Block, ...]:
        """Return what stands in an element, apart from what stands around it."""
        return Blocks(self.context).read(node.children)

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
            self.context.say("W707", f"A `{name}` in the text is left out.")
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
        elif not self.leaf(node, wraps) and not self.structure(node):
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
                    self.context.say("W707", "Raised or lowered text stands on the line.")
                    self.walk(node.children, wraps)
                else:
                    self.run.add(formula, wraps)
            case "q":
                self.run.text("“", wraps)
                self.walk(node.children, wraps)
                self.run.text("”", wraps)
            case name if name in _CODE:
                text = " ".join(self.context.clean(characters(node, line_end="\n")).split("\n"))
                if text:
                    self.run.add(Code(text), wraps)
            case name if name in _DROPPED:
                self.context.say("W707", f"A `{name}` ({_DROPPED[name]}) is left out.")
                self.run.text(visible(node) if name != "svg" else "", wraps)
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
        self.context.say("W707", "An `object` (media) is left out.")
        self.walk(node.children, wraps)

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
                start = node.get("start").strip()
                first = int(start) if start.isdecimal() and len(start) < 10 else 1
                if entries:
                    self.block(OrderedList(entries, first, tight))
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
        found = [self.inside(entry) for entry in node.elements if entry.name == "li"]
        strays = [child for child in node.elements if child.name != "li"]
        for stray in strays:  # a list directly in a list belongs to the entry before it
            inside = Blocks(self.context).read([stray])
            if found and inside:
                found[-1] = (*found[-1], *inside)
            elif inside:
                found.append(inside)
        loose = any(_begins_with_paragraph(entry) for entry in node.elements)
        return tuple(found), not loose

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
        text = self.context.clean(characters(node, line_end="\n"))
        text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        if text.strip() or any(inner.name == "code" for inner in node.elements):
            self.block(CodeBlock(text, _language(node)))

    def table(self, node: Element) -> None:
        """Add a table, its caption above it."""
        for caption in node.elements:
            if caption.name == "caption" and (line := self.line(caption)):
                self.block(Paragraph(line))
        made = read_table(node, self.line, self.context.say)
        if made is not None:
            self.block(made)


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
