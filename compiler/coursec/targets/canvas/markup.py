"""The few shapes of elements that QTI 1.2 is made of, as text."""

from __future__ import annotations

from collections.abc import Iterable

from coursec.text.html import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def material(html: str, indent: str) -> str:
    """Return HTML to be shown; B takes `text/plain` for HTML too and cuts it at a `<`."""
    return f'{indent}<material><mattext texttype="text/html">{escape(html)}</mattext></material>\n'


def fields(values: Iterable[tuple[str, str]], indent: str) -> str:
    """Return metadata."""
    rows = "".join(
        f"{indent}  <qtimetadatafield><fieldlabel>{label}</fieldlabel>"
        f"<fieldentry>{escape(value)}</fieldentry></qtimetadatafield>\n"
        for label, value in values
    )
    return f"{indent}<qtimetadata>\n{rows}{indent}</qtimetadata>\n"
