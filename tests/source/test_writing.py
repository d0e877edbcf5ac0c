"""Laws of writing: a bank that is written is read as the same items."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings

from coursec.checks import check_course
from coursec.diagnostics import Diagnostics
from coursec.model.items import Item
from coursec.model.text import Asset
from coursec.source.course import read_course
from coursec.source.writing import bank_text
from courses import COURSE, write_course
from itemstrategies import LECTURE, banks
from richtexts import IMAGES

DEFAULTS = """\
defaults:
  points: 7
  tags: [x]
  outcomes: [y]
  status: draft
  scoring: all_or_nothing
  case_sensitive: true
"""


def beside(asset: Asset) -> str:
    return f"../{asset.path}"


def read(bank: str, course: str = COURSE) -> dict[str, Item]:
    """Read a bank; nothing may be found wrong with it."""
    with TemporaryDirectory() as folder:
        files: dict[str, str | bytes] = {
            "course.yaml": course,
            "lectures/l.md": LECTURE,
            "items/bank.yaml": bank,
            **{asset.path: asset.data for asset in IMAGES},
        }
        sink = Diagnostics()
        course_read = read_course(write_course(Path(folder), files), sink)
        check_course(course_read, sink)
        # Whether a feedback can ever be shown is no matter of writing.
        assert [d for d in sink if d.code != "W411"] == [], bank
        return course_read.items


@given(banks())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_bank_that_is_written_is_read_as_the_same_items(bank: list[Item]) -> None:
    assert list(read(bank_text(bank, beside)).values()) == bank


@given(banks())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_the_course_says_otherwise_is_written(bank: list[Item]) -> None:
    keys = ("points", "tags", "outcomes", "status", "scoring", "case_sensitive")
    assert list(read(bank_text(bank, beside, keys), COURSE + DEFAULTS).values()) == bank
