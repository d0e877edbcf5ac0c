"""Names and plain words in the forms that learning platforms take."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from coursec.model.items import Item
from coursec.model.quiz import Quiz
from coursec.model.text import Asset, RichText
from coursec.text.html import escape
from coursec.text.plain import plain_text, squeezed

LONGEST_TITLE = 250
"""Characters of a title: Moodle cuts longer ones itself, in the middle of a word."""

_EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
}
_NOT_PORTABLE = re.compile(r"[^a-z0-9]+")
_OPEN_TAG = re.compile(r"<(?=\S)")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{1,40};)")
_NOT_IN_TAGS = re.compile(r"[<>`]")


def file_name(asset: Asset) -> str:
    """Return the name of an image's file.

    It holds a digest of the whole path, because Canvas finds a file by the end of its name:
    without it `dot.png` would also be found as `my-dot.png`.
    """
    stem = asset.path.rpartition("/")[2].rpartition(".")[0].lower()
    stem = _NOT_PORTABLE.sub("-", stem)[:40].strip("-") or "image"
    digest = sha256(asset.path.encode()).hexdigest()[:8]
    return f"{stem}-{digest}{_EXTENSIONS[asset.media_type]}"


def data_uri(asset: Asset) -> str:
    """Return an image as an address that holds it."""
    return f"data:{asset.media_type};base64,{b64encode(asset.data).decode()}"


def in_language(html: str, item: Item, quiz: Quiz) -> str:
    """Return an item's HTML, marked where its language is not the course's."""
    language = quiz.language(item)
    if language == quiz.course.language:
        return html
    return f'<div lang="{escape(language)}">{html}</div>'


def without_tags(text: str) -> str:
    """Return plain text on one line in which Moodle finds no tag to strip."""
    return _OPEN_TAG.sub("< ", squeezed(text))


def moodle_title(text: str) -> str:
    """Return a question's name for Moodle."""
    return without_tags(text)[:LONGEST_TITLE]


def moodle_category(text: str) -> str:
    """Return a part of a category's path: a slash inside it is doubled, longer ones stop Moodle."""
    return moodle_title(text).replace("/", "//")


def moodle_tag(text: str) -> str:
    """Return a tag with an apostrophe for each sign that makes Moodle ignore it.

    A tag that is a bare 0 stops the whole import.
    """
    return "'0'" if text == "0" else _NOT_IN_TAGS.sub("'", text)


def menu_entry(text: RichText) -> str:
    """Return a response as an entry of a menu: plain text in which no tag is stripped."""
    return without_tags(plain_text(text))


def moodle_menu_entry(text: RichText) -> str:
    """Return a response as an entry of Moodle's menus, which show `&lt;` as `<`."""
    return _ENTITY.sub("&amp;", menu_entry(text))
