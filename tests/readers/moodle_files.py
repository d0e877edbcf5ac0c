"""Pieces of Moodle XML, and what is read from them."""

from __future__ import annotations

from coursec.diagnostics import Diagnostics
from coursec.model.items import Item
from coursec.readers.moodle import read


def question(kind: str, rest: str = "", text: str = "<p>Q?</p>", style: str = "html") -> str:
    """Return a question; `rest` are the elements that its type has of its own."""
    return (
        f'<question type="{kind}"><name><text>Name</text></name>'
        f'<questiontext format="{style}"><text><![CDATA[{text}]]></text></questiontext>'
        f"{rest}</question>"
    )


def answer(percent: str, text: str, more: str = "") -> str:
    """Return an answer and what it earns."""
    return f'<answer fraction="{percent}"><text><![CDATA[{text}]]></text>{more}</answer>'


def told(name: str, text: str) -> str:
    """Return an element that is a text."""
    return f'<{name} format="html"><text><![CDATA[{text}]]></text></{name}>'


def items(*questions: str) -> tuple[list[Item], list[str]]:
    """Return (what is read of a file of questions, codes and messages of what is said)."""
    sink = Diagnostics()
    (reading,) = read("bank.xml", f"<quiz>{''.join(questions)}</quiz>".encode(), sink)
    return list(reading.items), [f"{d.code} {d.message}" for d in sink]


def one(kind: str, rest: str = "", text: str = "<p>Q?</p>", style: str = "html") -> Item:
    """Read one question about which there is nothing to say."""
    (item,), said = items(question(kind, rest, text, style))
    assert said == []
    return item


def changed(kind: str, rest: str = "", text: str = "<p>Q?</p>") -> tuple[Item, str]:
    """Read one question about which one thing is said."""
    (item,), said = items(question(kind, rest, text))
    assert len(said) == 1
    return item, said[0]


def left_out(kind: str, rest: str = "", text: str = "<p>Q?</p>") -> str:
    """Read one question that is left out; return why."""
    found, said = items(question(kind, rest, text))
    assert found == []
    (message,) = [line for line in said if line.startswith("W706")]
    begin = "W706 The question `Name` is left out: "
    assert message.startswith(begin)
    return message.removeprefix(begin).removesuffix(".")
