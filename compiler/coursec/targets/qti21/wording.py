"""The few words that an item needs and its author does not write."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """The words in one language."""

    true: str
    false: str
    rubric: str
    sample_answer: str


_WORDS = {
    "de": Words("Wahr", "Falsch", "Bewertung", "Musterantwort"),
    "en": Words("True", "False", "Rubric", "Sample answer"),
    "es": Words("Verdadero", "Falso", "Rúbrica", "Respuesta modelo"),
    "fr": Words("Vrai", "Faux", "Barème", "Réponse type"),
    "it": Words("Vero", "Falso", "Griglia di valutazione", "Risposta modello"),
    "nl": Words("Waar", "Onwaar", "Beoordeling", "Modelantwoord"),
    "pt": Words("Verdadeiro", "Falso", "Rubrica", "Resposta modelo"),
}


def words(language: str) -> Words:
    """Return the words for a BCP 47 tag; English where we have none."""
    return _WORDS.get(language.partition("-")[0].lower(), _WORDS["en"])
