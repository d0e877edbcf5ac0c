"""What students see of a slide, and its digest: another digest is another slide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import sha256

from coursec.model.quiz import Lecture, Slide

_NOTE = re.compile(r"^> \[!NOTE\][^\n]*(?:\n>[^\n]*)*\n?", re.MULTILINE)
_IMAGE = re.compile(r"!\[((?:[^\]\\]|\\.)*)\]\([^)\n]*\)")


def normalised(text: str) -> str:
    """Return a text as digests and quotes see it: single blanks, one form of each character."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def shown(text: str) -> str:
    """Return a slide's Markdown without speaker notes and images."""
    return re.sub(r"\n{3,}", "\n\n", _IMAGE.sub("", _NOTE.sub("", text))).strip()


def wording(slide: Slide) -> str:
    """Return the normalised text of a slide, its title first: what a quote must stand in."""
    return normalised(f"{slide.title}\n{shown(slide.text)}")


def digest_of(slide: Slide) -> str:
    """Return the first 12 hex digits of the SHA-256 of a slide's wording."""
    return sha256(wording(slide).encode()).hexdigest()[:12]


class Slides:
    """The slides of a course by reference; digests are made when they are asked for."""

    def __init__(self, lectures: Mapping[str, Lecture]) -> None:
        self._slides = {
            f"{name}#{slide.id}": slide
            for name, lecture in lectures.items()
            for slide in lecture.slides
        }
        self._digests: dict[str, str] = {}
        self._twins: dict[str, str] | None = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._slides)

    def get(self, reference: str) -> Slide | None:
        """Return the slide of a reference."""
        return self._slides.get(reference)

    def digest(self, reference: str) -> str | None:
        """Return a slide's digest; None where there is no such slide."""
        slide = self._slides.get(reference)
        if slide is None:
            return None
        if reference not in self._digests:
            self._digests[reference] = digest_of(slide)
        return self._digests[reference]

    def with_digest(self, digest: str) -> str | None:
        """Return the reference of the first slide that has a digest."""
        if self._twins is None:
            self._twins = {self.digest(name) or "": name for name in reversed(self._slides)}
        return self._twins.get(digest)
