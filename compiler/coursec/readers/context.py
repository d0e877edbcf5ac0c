"""What all parts of the text reader share while one text is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from coursec.model.text import Asset, Code, Inline, Math
from coursec.readers.element import Element
from coursec.source.workspace import CONTROL
from coursec.text.math import MathError, parse

Tell = Callable[[str, str], None]
"""(code, message) of a finding about the text at hand."""
FindImage = Callable[[str], Asset | None]
"""The file that an image's address names; None where there is none."""
FindGap = Callable[[Element], str | None]
"""The name of the gap that an element stands for; None if it is none."""


@dataclass(slots=True)
class Context:
    """The ways out of one text: findings, images, gaps."""

    image: FindImage
    tell: Tell
    tex: bool
    gap: FindGap | None
    looks: dict[str, None] = field(default_factory=dict)
    """What the text's look says and rich text does not."""
    said: set[tuple[str, str]] = field(default_factory=set)

    def say(self, code: str, message: str) -> None:
        """Report something, once in a text."""
        if (code, message) not in self.said:
            self.said.add((code, message))
            self.tell(code, message)

    def end(self) -> None:
        """Say what of the look is lost."""
        if self.looks:
            self.say("W707", f"The look of the text is lost: {', '.join(self.looks)}.")

    def gap_name(self, element: Element) -> str | None:
        """Return the name of the gap that an element stands for."""
        return None if self.gap is None else self.gap(element)

    def clean(self, text: str) -> str:
        """Return a text without the characters that no text of a course can hold."""
        if CONTROL.search(text) is None:
            return text
        self.say("W707", "Characters that cannot be shown are left out.")
        return CONTROL.sub("", text)

    def formula(self, latex: str, display: bool) -> Inline:
        """Return a formula, or its source as code where it is not good LaTeX."""
        latex = " ".join(latex.replace("\u00a0", " ").split())
        try:
            parse(latex, display=display)
        except MathError as error:
            self.say("W708", f"The formula {short(latex)} is kept as code. {error}")
            return Code(latex)
        return Math(latex, display)


def short(text: str) -> str:
    """Return a text in quotation marks for a message, cut where it grows long."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= 50 else line[:49] + '…'}`"
