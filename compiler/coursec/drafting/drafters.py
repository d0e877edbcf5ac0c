"""The table of drafters; each is imported when it is chosen."""

from __future__ import annotations

from importlib import import_module

from coursec.drafting.drafts import ByRules

WITHOUT_MODEL = "extractive"
WITH_MODEL = "ollama"
_MODULES = {WITHOUT_MODEL: "coursec.drafting.extractive:Extractive"}
"""Drafters that need nothing but the slides, and where they live."""


def drafter(name: str, language: str) -> ByRules:
    """Return a drafter that needs no model, by its name, for slides in a language."""
    module, _, attribute = _MODULES[name].partition(":")
    made: ByRules = getattr(import_module(module), attribute)(language)
    return made
