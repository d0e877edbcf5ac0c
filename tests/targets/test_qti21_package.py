"""The QTI 2.1 package around its items: archive, manifest and test."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

from lxml import etree

from coursec.model.items import Numeric, Ordering, TextItem, TrueFalse
from coursec.model.quiz import Section
from coursec.model.text import Asset, Image, Paragraph, RichText, plain
from coursec.targets.qti21 import emit
from test_qti21 import PNG, SVG, document, found, kitchen_sink, members, one, sink_quiz


def test_manifest_comes_first_and_the_rest_is_sorted() -> None:
    with zipfile.ZipFile(io.BytesIO(emit(sink_quiz())[0].data)) as archive:
        names = archive.namelist()
        times = {info.date_time for info in archive.infolist()}
    assert names[0] == "imsmanifest.xml"
    assert names[1:] == sorted(names[1:])
    assert all(name.isascii() and "/" not in name and " " not in name for name in names)
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_an_item_is_the_same_file_in_every_quiz() -> None:
    item = kitchen_sink()[9]
    alone = members(one(item, shuffle_choices=True))["matching.xml"]
    assert alone == members(sink_quiz())["matching.xml"]


def test_an_id_that_begins_with_a_digit_gets_an_underscore() -> None:
    files = members(sink_quiz())
    assert etree.fromstring(files["_1-weighted.xml"]).get("identifier") == "_1-weighted"
    assert etree.fromstring(files["item_imsmanifest.xml"]).get("identifier") == "imsmanifest"


def test_a_quiz_may_be_called_like_its_item_and_its_section() -> None:
    item = TextItem(id="bpe", stem=plain("x"))
    quiz = replace(one(item), id="bpe", sections=(Section(id="bpe", title=None, items=(item,)),))
    test = document(quiz, "test_bpe.xml")
    identifiers = found(test, "//@identifier[not(parent::q:outcomeDeclaration)]")
    named = [i for i in identifiers if i not in ("SCORE", "POINTS")]
    assert len(named) == len(set(named))


def test_an_item_held_twice_has_one_file_and_two_references() -> None:
    item = TrueFalse(id="tf", stem=plain("x"), answer=True)
    section = Section(id="s", title=None, items=(item, item))
    quiz = replace(one(item), sections=(section,))
    test = document(quiz, "test_q.xml")
    assert found(test, "//q:assessmentItemRef/@identifier") == ["tf", "tf_2"]
    assert found(test, "//q:assessmentItemRef/@href") == ["tf.xml", "tf.xml"]
    dependencies = found(document(quiz, "imsmanifest.xml"), "//cp:dependency/@identifierref")
    assert dependencies == ["tf"]


def test_the_test_says_what_the_quiz_says() -> None:
    test = document(sink_quiz(), "test_sink.xml")
    assert test.get("title") == "Everything & <more>"
    assert found(test, "q:timeLimits/@maxTime") == ["1800"]
    assert found(test, "//q:itemSessionControl/@maxAttempts") == ["2"]
    assert found(test, "//q:itemSessionControl/@showFeedback") == ["true"]
    assert found(test, "//q:assessmentSection/@title") == [
        "First & foremost",
        "Everything & <more>",
        "Rest",
    ]
    assert found(test, "//q:assessmentSection/@visible") == ["true", "false", "true"]
    assert found(test, "//q:selection/@select") == ["1"]
    assert found(test, "//q:ordering/@shuffle") == ["true"] * 3
    assert found(test, "//q:rubricBlock/@view") == ["candidate"]
    assert found(test, "//q:assessmentItemRef[@identifier='single']/q:weight/@value") == ["2.5"]
    assert found(test, "//q:assessmentItemRef[@fixed='true']/@identifier") == ["imsmanifest"]
    # 2.5 + 1 + 0.1, one of two worth 1, and 1 + 1 + 1 + 3 + 1 + 1 + 1.2 + 1 + 1 + 1
    assert found(test, "q:outcomeDeclaration[@identifier='MAXSCORE']//q:value/text()") == ["16.8"]


def test_without_feedback_nothing_is_shown_and_any_number_of_attempts_is_free() -> None:
    test = document(one(TrueFalse(id="tf", stem=plain("x"), answer=True)), "test_q.xml")
    assert found(test, "//q:itemSessionControl/@showFeedback") == ["false"]
    assert found(test, "//q:itemSessionControl/@maxAttempts") == ["0"]


def test_the_manifest_carries_what_can_be_searched_for() -> None:
    manifest = document(sink_quiz(), "imsmanifest.xml")
    resource = "//cp:resource[@identifier='single']"
    assert found(manifest, f"{resource}//lom:title/lom:string/text()") == ['Title "with" <signs>']
    assert found(manifest, f"{resource}//lom:keyword/lom:string/text()") == [
        "bpe", "two words", "outcome:LO 1", "bloom:apply", "difficulty:0.4",
    ]  # fmt: skip
    assert found(manifest, "//cp:resource[@identifier='true-false']//lom:language/text()") == ["de"]


def test_images_are_files_of_the_item_and_no_resource_of_their_own() -> None:
    quiz = sink_quiz()
    manifest, files = document(quiz, "imsmanifest.xml"), members(quiz)
    sources = set(found(etree.fromstring(files["single.xml"]), "//q:img/@src"))
    listed = found(manifest, "//cp:resource[@identifier='single']/cp:file/@href")
    assert listed[0] == "single.xml"
    assert set(listed[1:]) == sources
    assert {files[source] for source in sources} == {PNG.data, SVG.data}
    assert not sources & set(found(manifest, "//cp:resource/@href"))


def test_images_of_the_same_name_stay_apart() -> None:
    first, second = Asset("a/fig.png", "image/png", b"1"), Asset("b/fig.png", "image/png", b"2")
    stem = RichText((Paragraph((Image(first, "one"), Image(second, "two"))),))
    files = members(one(TextItem(id="t", stem=stem)))
    sources = found(etree.fromstring(files["t.xml"]), "//q:img/@src")
    assert [files[source] for source in sources] == [b"1", b"2"]


def test_canvas_classic_is_told_the_types_that_it_cannot_see() -> None:
    manifest = document(sink_quiz(), "imsmanifest.xml")
    hinted = found(manifest, "//cp:resource[.//q:interactionType]/@identifier")
    kinds = {type(item) for item in kitchen_sink() if item.id in hinted}
    assert kinds == {Numeric, Ordering}


def test_a_test_of_texts_has_no_maximum() -> None:
    """Engines refuse one that is not above 0."""
    test = document(one(TextItem(id="text", stem=plain("Read."))), "test_q.xml")
    assert found(test, "//q:outcomeDeclaration/@normalMaximum") == []


def test_the_maximum_of_a_draw_is_the_most_that_can_be_drawn() -> None:
    items = tuple(
        TrueFalse(id=f"t{n}", stem=plain("?"), answer=True, points=Decimal(n)) for n in (1, 2, 3)
    )
    pool = Section(id="section-1", title="Pool", items=items, pick=2)
    test = document(one(items[0], sections=(pool,)), "test_q.xml")
    assert found(test, "//q:outcomeDeclaration/@normalMaximum") == ["5"]
