"""Encodings that were mistaken are undone exactly, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursec.drafting.ingest.encoding import CODECS, decode, restored
from drafting.measures import SEED


def test_all_damaged_lines_of_the_log_are_restored_exactly() -> None:
    text = SEED.read_text("utf-8")
    found = restored(text)
    assert found.codec == "mac_roman"
    assert len(found.lines) == 194
    assert found.text.encode() == text.encode("mac_roman")
    sound = [line for line in text.split("\n") if line.isascii()]
    kept = found.text.split("\n")
    assert all(line in kept for line in sound)
    assert len(kept) == len(text.split("\n"))


def test_a_sound_text_stays_as_it_is() -> None:
    for text in ("Café – “quoted” • naïve Übung ☃", "x ≤ √± 2", "√±2 and √≤3", "日本語", "Ã", ""):
        assert restored(text).text == text


def test_signs_that_would_make_a_letter_of_another_script_stay() -> None:
    text = "Sätze\n- Das Gauß’sche Gesetz und Strauß’ Walzer\nEin Maß."
    assert restored(text).lines == ()


@pytest.mark.parametrize("codec", ["mac_roman", "cp1252", "latin-1", "cp850"])
def test_every_table_is_undone(codec: str) -> None:
    text = "Die Übung – “Wörter” und Größe\nplain line\nnaïve café"
    damaged = text.encode().decode(codec, "replace")
    if "\ufffd" not in damaged:
        assert restored(damaged).text == text


def test_damage_in_some_lines_only_is_repaired_there() -> None:
    text = "Schön ist es – hier\n" + "Wörter – “Größe”".encode().decode("mac_roman")
    found = restored(text)
    assert found.text == "Schön ist es – hier\nWörter – “Größe”"
    assert [n for n, _, _ in found.lines] == [2]


def test_damage_twice_over_is_undone_twice() -> None:
    text = "• Größe – “x”"
    twice = text.encode().decode("mac_roman").encode().decode("mac_roman")
    assert restored(twice).text == text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), st.sampled_from(CODECS))
def test_what_is_undone_can_be_done_again(text: str, codec: str) -> None:
    """Nothing is lost: from a restored text the damaged one can be made."""
    found = restored(text)
    if found.codec and found.text != text and " " not in found.codec:
        lines = {n: after for n, _, after in found.lines}
        for n, before, after in found.lines:
            assert lines[n] == after
            assert any(_redone(after, c) == before for c in CODECS)


def _redone(text: str, codec: str) -> str:
    data = text.encode()
    if codec == "cp1252":
        undefined = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
        return "".join(chr(b) if b in undefined else bytes([b]).decode(codec) for b in data)
    return data.decode(codec, "replace")


def test_bytes_that_are_no_text_are_refused() -> None:
    assert decode(b"\0\0\0\x01abc") is None
    assert decode("Größe".encode("utf-16")) == ("Größe", "utf-16")
    assert decode(b"Gr\xf6\xdfe\r\nx") == ("Größe\nx", "cp1252")
