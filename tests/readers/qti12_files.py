"""QTI 1.2 as its elements, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from coursec.diagnostics import Diagnostics
from coursec.model.items import Item
from coursec.readers.qti12 import read
from coursec.readers.reading import Reading

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def html(text: str) -> str:
    return f'<material><mattext texttype="text/html">{escape(text)}</mattext></material>'


def plain_text(text: str) -> str:
    return f"<material><mattext>{escape(text)}</mattext></material>"


def label(ident: str, text: str, attributes: str = "") -> str:
    return f'<response_label ident="{ident}" {attributes}>{html(text)}</response_label>'


def lid(
    labels: Sequence[str],
    ident: str = "r",
    kind: str = "Single",
    above: str = "",
    shuffle: str = "",
) -> str:
    """A response of choices A, B, C with these texts."""
    inner = "".join(label(chr(65 + n), text) for n, text in enumerate(labels))
    written = f'shuffle="{shuffle}"' if shuffle else ""
    return (
        f'<response_lid ident="{ident}" rcardinality="{kind}">{html(above) if above else ""}'
        f"<render_choice {written}>{inner}</render_choice></response_lid>"
    )


def fib(ident: str = "r", fibtype: str = "String", tag: str = "response_str") -> str:
    return f'<{tag} ident="{ident}"><render_fib fibtype="{fibtype}"/></{tag}>'


def equal(value: str, ident: str = "r", attributes: str = "") -> str:
    return f'<varequal respident="{ident}" {attributes}>{escape(value)}</varequal>'


def rule(
    test: str, score: object = None, shows: Sequence[str] = (), action: str = "Set", go: str = "No"
) -> str:
    setvar = "" if score is None else f'<setvar varname="SCORE" action="{action}">{score}</setvar>'
    shown = "".join(f'<displayfeedback feedbacktype="Response" linkrefid="{s}"/>' for s in shows)
    return (
        f'<respcondition continue="{go}"><conditionvar>{test}</conditionvar>{setvar}{shown}'
        "</respcondition>"
    )


OTHER = "<other/>"


def said(ident: str, text: str) -> str:
    return f'<itemfeedback ident="{ident}"><flow_mat>{html(text)}</flow_mat></itemfeedback>'


def item(
    presentation: str,
    rules: Sequence[str] = (),
    feedback: Sequence[str] = (),
    *,
    kind: str = "",
    points: str = "",
    ident: str = "i",
    title: str = "",
    maximum: str = "100",
    fields: Sequence[tuple[str, str]] = (),
    extra: str = "",
) -> str:
    """An item; `kind` and `points` are Canvas's."""
    pairs = [("question_type", kind), ("points_possible", points), *fields]
    metadata = "".join(
        f"<qtimetadatafield><fieldlabel>{k}</fieldlabel><fieldentry>{escape(v)}</fieldentry>"
        "</qtimetadatafield>"
        for k, v in pairs
        if v
    )
    bound = f'maxvalue="{maximum}"' if maximum else ""
    return (
        f'<item ident="{ident}" title="{title}"><itemmetadata><qtimetadata>{metadata}'
        f"</qtimetadata></itemmetadata><presentation>{presentation}</presentation>"
        f'<resprocessing><outcomes><decvar varname="SCORE" minvalue="0" {bound}/></outcomes>'
        f"{''.join(rules)}</resprocessing>{''.join(feedback)}{extra}</item>\n"
    )


def canvas(kind: str, presentation: str, *args: Sequence[str], points: str = "1") -> str:
    return item(presentation, *args, kind=f"{kind}_question", points=points)


def document(
    *inner: str, attributes: str = 'ident="quiz" title="Quiz"', tag: str = "assessment"
) -> str:
    return (
        f'{HEAD}<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">\n'
        f"<{tag} {attributes}>{''.join(inner)}</{tag}></questestinterop>"
    )


def readings(source: str | bytes, name: str = "bank.xml") -> tuple[list[Reading], Diagnostics]:
    sink = Diagnostics()
    data = source if isinstance(source, bytes) else source.encode()
    return read(name, data, sink), sink


def items(*inner: str) -> tuple[list[Item], list[str]]:
    """Read items; return them and what was said, as codes."""
    found, sink = readings(document(*inner))
    return [one for reading in found for one in reading.items], [d.code for d in sink]


def one(source: str, *codes: str) -> Item:
    """Read one item about which these things are said."""
    found, said_codes = items(source)
    assert said_codes == list(codes)
    assert len(found) == 1
    return found[0]


def left_out(source: str) -> str:
    """Read one item that is left out; return why."""
    found, sink = readings(document(source))
    assert [item for reading in found for item in reading.items] == []
    (message,) = (d.message for d in sink if d.code == "W706")
    return message
