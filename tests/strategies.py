"""Hypothesis strategies for texts and items."""

from __future__ import annotations

from hypothesis import strategies as st

from coursec.source.workspace import CONTROL

# Every character that a text of the language can hold: what XML can, but line ends.
characters = st.characters(exclude_categories=["Cs", "Cc"]).filter(lambda c: not CONTROL.match(c))
# Whatever GIFT, HTML, XML, PHP, Typst, Markdown and Moodle give a meaning, and the rest.
hostile = st.sampled_from(
    [
        *"\\~=#{}:%[]<>&\"'*_`$|@!^/-+.,;()?0",
        *("->", "//", "::", "[html]", "%50%", "&&058;", "\\n", "$$", "\\(", "\\]", "]]>", "<!--"),
        *("<b>", "&amp;", "&#x41;", "@@PLUGINFILE@@", "####", "#let", "{{x}}", "<?php", "TRUE"),
        *("$CATEGORY:", "\u00a0", "\u200b", "é", "漢", "𝒳"),
    ]
)
texts = st.one_of(
    st.text(characters, min_size=1, max_size=20),
    st.lists(st.one_of(hostile, characters), min_size=1, max_size=12).map("".join),
)
"""Any text of one line that shows something."""
visible_texts = texts.filter(lambda text: bool(text.strip()))
