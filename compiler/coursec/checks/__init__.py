"""Rules over the course: each finds one kind of mistake that no schema can see."""

from coursec.checks.course import check_course
from coursec.checks.writing import check_writing

__all__ = ["check_course", "check_writing"]
