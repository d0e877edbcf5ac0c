"""Elements and documents of the package's vocabularies, as lxml makes them."""

from __future__ import annotations

from typing import Final, cast

from lxml.etree import Element, _Element, tostring

from coursec.text.xhtml import QTI

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
"""The attribute that names a language."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_QTI_SCHEMA = f"{QTI[1:-1]} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1p2.xsd"


def document(
    name: str, schema: str, attributes: dict[str, str], namespaces: dict[str | None, str]
) -> _Element:
    """Return the root of a document; its attributes keep their order."""
    return Element(
        name,
        {f"{{{_XSI}}}schemaLocation": schema, **attributes},
        nsmap=_nsmap({**namespaces, "xsi": _XSI}),
    )


def qti_document(name: str, attributes: dict[str, str]) -> _Element:
    """Return the root of a QTI document."""
    return document(QTI + name, _QTI_SCHEMA, attributes, {None: QTI[1:-1]})


def serialize(root: _Element) -> bytes:
    """Return a document as the bytes of a file."""
    return tostring(root, encoding="UTF-8", xml_declaration=True)


def element(name: str, *children: _Element | str, **attributes: str) -> _Element:
    """Return a QTI element with its children, or with its text.

    Handy and slow: for what is made once and copied, and for what is rare.
    """
    made = Element(QTI + name, attributes, nsmap=_QTI_NAMESPACE)
    for child in children:
        if isinstance(child, str):
            made.text = child
        else:
            made.append(child)
    return made


def number_outcome(name: str, value: str, **attributes: str) -> _Element:
    """Return the declaration of an outcome that is a number and begins as `value`."""
    return element(
        "outcomeDeclaration",
        element("defaultValue", element("value", value)),
        identifier=name,
        cardinality="single",
        baseType="float",
        **attributes,
    )


def _nsmap(namespaces: dict[str | None, str]) -> dict[str, str]:
    # The stubs of lxml do not know that None names the default namespace.
    return cast("dict[str, str]", namespaces)


_QTI_NAMESPACE = _nsmap({None: QTI[1:-1]})
