"""Papers are accessible: the part of PDF/UA-1 and PDF/A-2a that can be checked here.

veraPDF would check more; these are the facts that assistive technology relies on first.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from coursec.model.items import TrueFalse
from coursec.model.quiz import Course, Section
from coursec.model.text import plain
from courses import quiz_of as quiz
from courses import read
from pdf_reader import Tag, pdfs, reader, tags

GOLDEN = Path(__file__).parents[1] / "golden/course"


@pytest.fixture(scope="module")
def golden() -> dict[str, bytes]:
    return pdfs(read(GOLDEN)[1][0])


@pytest.fixture(params=["sink.pdf", "sink-key.pdf", "sink-b.pdf", "sink-b-key.pdf"])
def pdf(request: pytest.FixtureRequest, golden: dict[str, bytes]) -> bytes:
    return golden[request.param]


def catalog(pdf: bytes) -> Any:
    return reader(pdf).trailer["/Root"]


def test_the_document_says_what_it_is(pdf: bytes) -> None:
    root = catalog(pdf)
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    title = reader(pdf).metadata.title  # type: ignore[union-attr]
    assert title is not None
    assert title.startswith("KS-1 – Sink: a/b & <c> – Version ")
    assert title in metadata.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def test_the_key_says_so_in_its_title(golden: dict[str, bytes]) -> None:
    titles = {name: str(reader(pdf).metadata.title) for name, pdf in golden.items()}  # type: ignore[union-attr]
    assert {name for name, title in titles.items() if title.endswith("Answer key")} == {
        "sink-key.pdf",
        "sink-b-key.pdf",
    }


def test_pages_are_walked_in_the_order_of_the_structure(pdf: bytes) -> None:
    for page in reader(pdf).pages:
        assert "/Annots" not in page or page["/Tabs"] == "/S"


def test_fonts_are_embedded_and_readable(pdf: bytes) -> None:
    for page in reader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()
            assert "/ToUnicode" in described
            descriptor = described["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.get_object())


def test_headings_skip_no_level_and_begin_with_the_title(pdf: bytes) -> None:
    levels = [int(tag.role[2:]) for tag in tags(pdf) if tag.role[:2] == "/H" and tag.role[2:]]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) == 3
    assert levels.count(3) >= 20
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_questions_of_an_untitled_section_stand_right_below_the_title() -> None:
    item = TrueFalse(id="t", stem=plain("So?"), answer=True)
    other = TrueFalse(id="u", stem=plain("So?"), answer=True)
    mixed = quiz(
        sections=(
            Section(id="a", title="Part", items=(item,)),
            Section(id="b", title=None, items=(other,)),
        )
    )
    for pdf in pdfs(mixed).values():
        assert [t.role for t in tags(pdf) if t.role[:2] == "/H"] == ["/H1", "/H2", "/H3", "/H2"]


def test_formulas_and_pictures_have_alternative_text(golden: dict[str, bytes]) -> None:
    for pdf in golden.values():
        for tag in tags(pdf):
            if tag.role in ("/Formula", "/Figure"):
                assert tag.node["/Alt"].strip(), tag.role
    told = {tag.node["/Alt"] for tag in tags(golden["sink.pdf"]) if "/Alt" in tag.node}
    assert {r"\frac{a}{b} < \{1\}", "A grey dot", "y^2"} <= told


def test_tables_have_headers_with_a_scope(golden: dict[str, bytes]) -> None:
    for name in ("sink.pdf", "sink-key.pdf"):
        headers = [tag for tag in tags(golden[name]) if tag.role == "/TH"]
        assert headers
        assert all(tag.attribute("/Scope") == "/Column" for tag in headers)


def test_lists_have_labels_and_bodies(pdf: bytes) -> None:
    entries = [tag for tag in tags(pdf) if tag.role == "/LI"]
    assert len(entries) > 10

    def roles(tag: Tag) -> list[str]:
        return [kid.get_object()["/S"] for kid in tag.node["/K"]]

    assert all(roles(tag)[:2] == ["/Lbl", "/LBody"] for tag in entries)


def test_links_are_described(golden: dict[str, bytes]) -> None:
    found = [
        annotation.get_object()
        for page in reader(golden["sink.pdf"]).pages
        for annotation in page.get("/Annots", [])
    ]
    assert [link["/Contents"] for link in found] == ["https://example.org/a?b=1&c=2"]
    assert sum(tag.role == "/Link" for tag in tags(golden["sink.pdf"])) == 1


def test_the_language_is_that_of_the_course() -> None:
    item = TrueFalse(id="t", stem=plain("So?"), answer=True, language="fr")
    german = quiz(item, course=Course(code="K", title="Kurs", language="de"))
    for name, pdf in pdfs(german).items():
        assert catalog(pdf)["/Lang"] == "de", name
    spoken = {tag.node["/Lang"] for tag in tags(pdfs(german)["quiz.pdf"]) if "/Lang" in tag.node}
    assert "fr" in spoken
