"""The fixed words of handouts, notebooks and starter folders, by language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coursec.model.assignment import Due, Handout
from coursec.model.text import plain
from coursec.targets.pdf.words import Words, words_for
from coursec.text.markdown import markdown_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentWords:
    """Every word that an assignment says on its own; `{...}` marks what is put in."""

    common: Words
    """Those that quizzes say too: points, rubric, page."""
    assignment: str
    solution: str
    task: str
    tasks: tuple[str, str]
    due: str
    day: str
    moment: str
    months: Sequence[str]
    builds_on: str
    outcomes: str
    files: str
    packages: str
    hand_in: str
    hand_in_many: str
    introduction: str
    starter: str
    given: str
    test: str
    hidden_test: str
    hint: str
    question: str
    answer: str
    """Heading of a model answer."""
    your_answer: str
    write_here: str
    rubric: str
    points: str
    readme_start: str
    readme_install: str
    readme_notebook: str
    readme_script: str
    readme_gaps: str
    readme_tests: str

    def date(self, due: Due) -> str:
        """Return a deadline in words."""
        day = self.day.format(
            day=due.day.day, month=self.months[due.day.month - 1], year=due.day.year
        )
        if due.time is None:
            return day
        return self.moment.format(day=day, time=due.time.strftime("%H:%M"))

    def facts(self, handout: Handout) -> str:
        """Return the course, the points and the deadline on a line of Markdown."""
        assignment = handout.assignment
        found = [handout.course, self.common.count(self.common.points, assignment.points)]
        if assignment.due:
            found.append(f"{self.due}: {self.date(assignment.due)}")
        return escaped(" · ".join(found))


ENGLISH = AssignmentWords(
    common=words_for("en"),
    assignment="Assignment",
    solution="Solution",
    task="Task {number}",
    tasks=("{count} task", "{count} tasks"),
    due="Due",
    day="{day} {month} {year}",
    moment="{day}, {time}",
    months=(
        "January February March April May June July August September October November December"
    ).split(),
    builds_on="Builds on",
    outcomes="Outcomes",
    files="Files",
    packages="Packages",
    hand_in="Hand in",
    hand_in_many="up to {count} files, {types}",
    introduction="Before you begin",
    starter="Starter",
    given="Given",
    test="Test",
    hidden_test="Hidden test",
    hint="Hint",
    question="Question",
    answer="Model answer",
    your_answer="Your answer",
    write_here="Write your answer here.",
    rubric="Rubric",
    points="Points",
    readme_start="How to start",
    readme_install="Install the packages: `{command}`.",
    readme_notebook="Open `{file}` in Jupyter and work through it from top to bottom, or",
    readme_script="work in `{file}`: it holds the same code without the texts.",
    readme_gaps=(
        "Write your code where `NotImplementedError` is raised or `...` stands. Code that is run "
        "before it is written says so."
    ),
    readme_tests="The tests pass once a task is solved.",
)

GERMAN = AssignmentWords(
    common=words_for("de"),
    assignment="Übung",
    solution="Lösung",
    task="Aufgabe {number}",
    tasks=("{count} Aufgabe", "{count} Aufgaben"),
    due="Abgabe",
    day="{day}. {month} {year}",
    moment="{day}, {time} Uhr",
    months=(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    ).split(),
    builds_on="Grundlagen",
    outcomes="Lernziele",
    files="Dateien",
    packages="Pakete",
    hand_in="Abzugeben",
    hand_in_many="bis zu {count} Dateien, {types}",
    introduction="Vorbereitung",
    starter="Vorlage",
    given="Gegeben",
    test="Test",
    hidden_test="Verdeckter Test",
    hint="Hinweis",
    question="Frage",
    answer="Musterantwort",
    your_answer="Ihre Antwort",
    write_here="Schreiben Sie Ihre Antwort hierher.",
    rubric="Bewertung",
    points="Punkte",
    readme_start="So fangen Sie an",
    readme_install="Installieren Sie die Pakete: `{command}`.",
    readme_notebook="Öffnen Sie `{file}` in Jupyter und arbeiten Sie von oben nach unten, oder",
    readme_script="arbeiten Sie in `{file}`: Dort steht derselbe Code ohne die Texte.",
    readme_gaps=(
        "Schreiben Sie Ihren Code dorthin, wo `NotImplementedError` ausgelöst wird oder `...` "
        "steht. Code, der vorher ausgeführt wird, meldet das."
    ),
    readme_tests="Die Tests gelingen, sobald eine Aufgabe gelöst ist.",
)

_LANGUAGES = {"en": ENGLISH, "de": GERMAN}


def escaped(text: str) -> str:
    """Return plain text on a line of Markdown."""
    return markdown_text(plain(text), lambda asset: "")


def assignment_words(language: str) -> AssignmentWords:
    """Return the words of a BCP 47 language tag, in English where there are none."""
    return _LANGUAGES.get(language.lower().partition("-")[0], ENGLISH)
