"""An item's body taken apart: its text, its interactions, its feedback, what markers may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lxml.etree import Element, _Element

from coursec.readers.qti21.names import put_in_place, take_out, unwrap
from coursec.readers.qti21.processing import Variables
from coursec.readers.qti21.values import members
from coursec.readers.xml import line_of, local

GAP: Final = "gap"
"""The element that stands for an interaction inside the text; its `name` is the response's."""
INLINE: Final = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
"""Interactions that stand inside a line."""

_CHOICES = frozenset(
    {"simpleChoice", "inlineChoice", "simpleAssociableChoice", "hottext", "gapText", "gapImg"}
)


@dataclass(frozen=True, slots=True)
class Interaction:
    """A place of an item where something is to be answered."""

    node: _Element
    name: str
    """Such as `choiceInteraction`."""
    response: str
    """The identifier of the response."""
    prompt: _Element | None = None
    """Its prompt, which stands in the text unless it was taken for something else."""

    @property
    def line(self) -> int:
        """The line it begins at."""
        return line_of(self.node)


@dataclass(frozen=True, slots=True)
class FeedbackText:
    """A text that is shown when an outcome says so."""

    outcome: str
    identifier: str
    when_named: bool
    """Whether it is shown when the outcome holds the identifier, or when it does not."""
    node: _Element
    choice: str | None = None
    """The choice inside which it stands."""

    def shown(self, variables: Variables) -> bool:
        """Tell whether it is shown with these outcomes."""
        return (self.identifier in members(variables.get(self.outcome))) == self.when_named


@dataclass(slots=True)
class Body:
    """An item's body; `node` holds its text, with a gap for each interaction inside a line."""

    node: _Element
    interactions: list[Interaction] = field(default_factory=list)
    feedback: list[FeedbackText] = field(default_factory=list)
    rubrics: list[_Element] = field(default_factory=list)
    """Rubric blocks that the candidate does not see."""
    hints: list[_Element] = field(default_factory=list)
    printed: bool = False
    """Whether the value of a variable was printed in the text."""
    nested: bool = False
    """Whether an interaction stands inside a feedback, so that it comes and goes."""


def take_apart(item: _Element) -> Body:
    """Return the parts of an item's body; the item's tree is changed by it."""
    found = item.find("{*}itemBody")
    body = Body(Element("itemBody") if found is None else found)
    for node in list(body.node.iter("{*}feedbackBlock", "{*}feedbackInline")):
        if _inside(node, body.node):
            body.nested = body.nested or any(_is_interaction(inner) for inner in node.iter())
            body.feedback.append(_feedback(node))
            take_out(node)
    for node in list(body.node.iter("{*}rubricBlock")):
        if "candidate" in node.get("view", "candidate").split():
            node.tag = "div"
        else:
            body.rubrics.append(node)
            take_out(node)
    for node in list(body.node.iter("{*}infoControl")):
        if _inside(node, body.node):
            body.hints.append(node)
            take_out(node)
    for node in list(body.node.iter("{*}printedVariable")):
        body.printed = True
        take_out(node)
    for node in list(body.node.iter("{*}templateBlock", "{*}templateInline")):
        unwrap(node)
    for node in list(body.node.iter()):
        if _is_interaction(node) and _inside(node, body.node):
            _take_interaction(node, body)
    for node in item.iterchildren("{*}modalFeedback"):
        body.feedback.append(_feedback(node))
    return body


def _is_interaction(node: _Element) -> bool:
    name = local(node)
    return name.endswith("Interaction") or name == "positionObjectStage"


def _inside(node: _Element, root: _Element) -> bool:
    """Tell whether an element still stands in a tree: it may have gone with one around it."""
    return node is root or any(ancestor is root for ancestor in node.iterancestors())


def _feedback(node: _Element) -> FeedbackText:
    choices = (a.get("identifier") for a in node.iterancestors() if local(a) in _CHOICES)
    return FeedbackText(
        node.get("outcomeIdentifier", ""),
        node.get("identifier", ""),
        node.get("showHide", "show") != "hide",
        node,
        next(choices, None),
    )


def _take_interaction(node: _Element, body: Body) -> None:
    prompt = node.find("{*}prompt")
    interaction = Interaction(node, local(node), node.get("responseIdentifier", ""), prompt)
    body.interactions.append(interaction)
    if interaction.name in INLINE:
        put_in_place(node, [Element(GAP, name=interaction.response)])
        return
    kept = list(node.iterchildren("{*}prompt"))
    for prompt in kept:
        prompt.tag = "div"
    if interaction.name == "gapMatchInteraction":
        for gap in list(node.iter("{*}gap")):
            put_in_place(gap, [Element(GAP, name=gap.get("identifier", ""))])
        kept += [child for child in node if child not in kept and local(child) not in _CHOICES]
    for child in kept:
        child.tail = None
    put_in_place(node, kept)
