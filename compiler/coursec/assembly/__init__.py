"""From quiz specs and a bank to quizzes: selection, sections, draws."""

from coursec.assembly.assemble import assemble

__all__ = ["assemble"]
