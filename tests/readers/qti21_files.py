"""QTI 2 files of tests: items and packages written by hand, as other tools write them."""

from __future__ import annotations

import io
import zipfile

from coursec.diagnostics import Diagnostics
from coursec.model.items import Item
from coursec.model.text import Gap, RichText, Text, walk
from coursec.readers.qti21 import read
from coursec.readers.reading import Reading

RULES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
MATCH_CORRECT = f'<responseProcessing template="{RULES}match_correct"/>'
MAP_RESPONSE = f'<responseProcessing template="{RULES}map_response"/>'
SCORE = (
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">'
    "<defaultValue><value>0</value></defaultValue></outcomeDeclaration>"
)


def points(maximum: str) -> str:
    """Declare SCORE and the points of a fully right response."""
    return (
        f'{SCORE}<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
        f"<defaultValue><value>{maximum}</value></defaultValue></outcomeDeclaration>"
    )


def response(
    base: str,
    *correct: str,
    identifier: str = "RESPONSE",
    cardinality: str = "single",
    mapping: dict[str, str] | None = None,
    bounds: str = "",
    case: str = "",
) -> str:
    """Declare a response with its key and its mapping."""
    key = "".join(f"<value>{value}</value>" for value in correct)
    entries = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{worth}"{case}/>'
        for key, worth in (mapping or {}).items()
    )
    return (
        f'<responseDeclaration identifier="{identifier}" cardinality="{cardinality}" '
        f'baseType="{base}">'
        + (f"<correctResponse>{key}</correctResponse>" if correct else "")
        + (f"<mapping {bounds}>{entries}</mapping>" if mapping else "")
        + "</responseDeclaration>"
    )


def choices(*texts: str, most: int = 1, response: str = "RESPONSE", extra: str = "") -> str:
    """Write a choice interaction whose choices are called A, B, C …"""
    simple = "".join(
        f'<simpleChoice identifier="{name}">{text}</simpleChoice>'
        for name, text in zip("ABCDEFGHIJ", texts, strict=False)
    )
    return (
        f'<choiceInteraction responseIdentifier="{response}" shuffle="true" '
        f'maxChoices="{most}"{extra}>{simple}</choiceInteraction>'
    )


def document(
    declarations: str, body: str, after: str = "", *, attributes: str = 'identifier="q1"'
) -> str:
    """Write an item."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" '
        f'{attributes} adaptive="false" timeDependent="false">\n'
        f"{declarations}\n<itemBody>\n{body}\n</itemBody>\n{after}\n</assessmentItem>"
    )


def read_file(source: str | bytes, name: str = "item.xml") -> tuple[list[Reading], Diagnostics]:
    """Read a file."""
    sink = Diagnostics()
    data = source if isinstance(source, bytes) else source.encode()
    return read(name, data, sink), sink


def item_of(source: str, *codes: str) -> Item:
    """Return the only item of a file; the findings must have just these codes."""
    readings, sink = read_file(source)
    assert [d.code for d in sink] == list(codes), [d.message for d in sink]
    (item,) = (item for reading in readings for item in reading.items)
    return item


def messages(source: str) -> list[str]:
    """Return what is said of a file."""
    return [f"{d.code} {d.message}" for d in read_file(source)[1]]


def packed(files: dict[str, str | bytes]) -> bytes:
    """Return an archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def flat(text: RichText | None) -> str | None:
    """Return the characters of a text, with the names of its gaps in braces."""
    if text is None:
        return None
    parts = [
        node.text if isinstance(node, Text) else f"{{{node.name}}}"
        for node in walk(text)
        if isinstance(node, Text | Gap)
    ]
    return " ".join("".join(parts).split())
