"""coursec, a compiler for course assessment."""

__version__ = "0.1.0"
