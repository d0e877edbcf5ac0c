"""The fixed words on paper, by language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from coursec.model.numbers import decimal_text

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every word that the paper and the key print on their own; `{...}` marks what is put in."""

    version: str
    name: str
    student_id: str
    date: str
    question: str
    questions: tuple[str, str]
    """One and several, as in the other pairs."""
    points: tuple[str, str]
    minutes: tuple[str, str]
    page: str
    passage: str
    """Heading of a text that questions rest on."""
    for_one: str
    for_many: str
    see_passage: str
    mark_all: str
    true: str
    false: str
    answer: str
    match: str
    order: str
    choose: str
    """What to do with gaps that offer choices."""
    begin: str
    """Introduces the text that an essay begins with."""
    words_between: str
    words_at_least: str
    words_at_most: str
    upload: tuple[str, str]
    upload_types: str
    key: str
    accepted: str
    shares: str
    right_order: str
    sample_answer: str
    and_: str
    or_: str
    case_sensitive: str
    if_chosen: str
    feedback: str
    if_right: str
    if_partial: str
    if_wrong: str
    hint: str
    rubric: tuple[str, str, str]
    """Column headings: criterion, points, levels."""
    by_hand: str
    each_right_less_wrong: str
    all_or_nothing: str
    by_weight: str
    each_pair: str
    each_position: str
    bloom: str
    difficulty: str
    outcomes: str
    tags: str
    slides: str
    total: str
    decimal_mark: str
    percent: str

    def number(self, value: Decimal | int) -> str:
        """Return a number with this language's decimal mark and a real minus sign."""
        return decimal_text(value).replace("-", MINUS).replace(".", self.decimal_mark)

    def count(self, forms: tuple[str, str], value: Decimal | int) -> str:
        """Return "1 point" or "2 points"."""
        return forms[value != 1].format(count=self.number(value))

    def share(self, weight: Decimal) -> str:
        """Return a weight in per cent."""
        return self.percent.format(number=self.number(weight * 100))


ENGLISH = Words(
    version="Version {version}",
    name="Name",
    student_id="Student ID",
    date="Date",
    question="Question {number}",
    questions=("{count} question", "{count} questions"),
    points=("{count} point", "{count} points"),
    minutes=("{count} minute", "{count} minutes"),
    page="Page {page} of {pages}",
    passage="Text {number}",
    for_one="for question {questions}",
    for_many="for questions {questions}",
    see_passage="This question is about text {number}, which stands before question {question}.",
    mark_all="Mark all that apply.",
    true="True",
    false="False",
    answer="Answer",
    match="Write the letter of the matching entry in each blank.",
    order="Write the position of each entry (1, 2, 3, …) in its blank.",
    choose="Write the letter of the right choice in each blank listed here.",
    begin="Your answer begins as follows.",
    words_between="Write {low} to {high} words.",
    words_at_least="Write at least {low} words.",
    words_at_most="Write at most {high} words.",
    upload=("Hand in one file electronically.", "Hand in up to {count} files electronically."),
    upload_types="Accepted types: {types}.",
    key="Answer key",
    accepted="Accepted",
    shares="Shares",
    right_order="Right order",
    sample_answer="Sample answer",
    and_="and",
    or_="or",
    case_sensitive="Capitals count.",
    if_chosen="Feedback if {answer}",
    feedback="Feedback",
    if_right="Feedback if right",
    if_partial="Feedback if partly right",
    if_wrong="Feedback if wrong",
    hint="Hint",
    rubric=("Criterion", "Points", "Levels"),
    by_hand="Marked by hand.",
    each_right_less_wrong=(
        "Each right choice earns an equal share, each wrong one costs as much, never below 0."
    ),
    all_or_nothing="All or nothing.",
    by_weight="Each choice earns or costs the share written beside it, never below 0.",
    each_pair="Each right pair earns an equal share.",
    each_position="Each entry in its right position earns an equal share.",
    bloom="Bloom",
    difficulty="Difficulty",
    outcomes="Outcomes",
    tags="Tags",
    slides="Slides",
    total="Total",
    decimal_mark=".",
    percent="{number}%",
)

GERMAN = Words(
    version="Version {version}",
    name="Name",
    student_id="Matrikelnummer",
    date="Datum",
    question="Aufgabe {number}",
    questions=("{count} Aufgabe", "{count} Aufgaben"),
    points=("{count} Punkt", "{count} Punkte"),
    minutes=("{count} Minute", "{count} Minuten"),
    page="Seite {page} von {pages}",
    passage="Text {number}",
    for_one="zu Aufgabe {questions}",
    for_many="zu den Aufgaben {questions}",
    see_passage="Diese Aufgabe bezieht sich auf Text {number}, der vor Aufgabe {question} steht.",
    mark_all="Kreuzen Sie alles Zutreffende an.",
    true="Richtig",
    false="Falsch",
    answer="Antwort",
    match="Schreiben Sie auf jede Linie den Buchstaben des passenden Eintrags.",
    order="Schreiben Sie auf jede Linie die Position des Eintrags (1, 2, 3, …).",
    choose="Schreiben Sie auf jede hier genannte Linie den Buchstaben der richtigen Auswahl.",
    begin="Ihre Antwort beginnt wie folgt.",
    words_between="Schreiben Sie {low} bis {high} Wörter.",
    words_at_least="Schreiben Sie mindestens {low} Wörter.",
    words_at_most="Schreiben Sie höchstens {high} Wörter.",
    upload=(
        "Geben Sie eine Datei elektronisch ab.",
        "Geben Sie bis zu {count} Dateien elektronisch ab.",
    ),
    upload_types="Zulässige Dateitypen: {types}.",
    key="Lösungsschlüssel",
    accepted="Zulässig",
    shares="Anteile",
    right_order="Richtige Reihenfolge",
    sample_answer="Musterantwort",
    and_="und",
    or_="oder",
    case_sensitive="Groß- und Kleinschreibung zählt.",
    if_chosen="Rückmeldung bei {answer}",
    feedback="Rückmeldung",
    if_right="Rückmeldung, wenn richtig",
    if_partial="Rückmeldung, wenn teilweise richtig",
    if_wrong="Rückmeldung, wenn falsch",
    hint="Hinweis",
    rubric=("Kriterium", "Punkte", "Stufen"),
    by_hand="Wird von Hand bewertet.",
    each_right_less_wrong=(
        "Jede richtige Auswahl zählt den gleichen Anteil, jede falsche kostet ebenso viel, "
        "nie unter 0."
    ),
    all_or_nothing="Alles oder nichts.",
    by_weight="Jede Auswahl zählt oder kostet den Anteil, der dabei steht, nie unter 0.",
    each_pair="Jedes richtige Paar zählt den gleichen Anteil.",
    each_position="Jeder Eintrag an der richtigen Position zählt den gleichen Anteil.",
    bloom="Bloom",
    difficulty="Schwierigkeit",
    outcomes="Lernziele",
    tags="Schlagwörter",
    slides="Folien",
    total="Summe",
    decimal_mark=",",
    percent="{number}\N{NO-BREAK SPACE}%",
)

_LANGUAGES = {"en": ENGLISH, "de": GERMAN}


def words_for(language: str) -> Words:
    """Return the words of a BCP 47 language tag, in English where there are none."""
    return _LANGUAGES.get(language.lower().partition("-")[0], ENGLISH)
