"""From quiz specs and a bank to quizzes: selection, sections, draws."""

from coursec.assembly.assemble import assemble, held_back

__all__ = ["assemble", "held_back"]
