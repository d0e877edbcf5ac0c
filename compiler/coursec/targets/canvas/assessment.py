"""The quiz as an assessment: its sections, groups and questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from coursec.model.items import ZERO, Item, max_points
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz, Section, points_of
from coursec.model.text import Asset
from coursec.targets.canvas.markup import HEAD, fields
from coursec.targets.canvas.question import QuestionWriter
from coursec.targets.naming import file_name
from coursec.text.html import escape

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_IMAGES = "images"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The document of a quiz, and what the files beside it say of it."""

    ident: str
    data: bytes = field(repr=False)
    description: str = field(repr=False)
    """The instructions as HTML."""
    points: Decimal
    images: dict[str, bytes] = field(repr=False)
    """By path in the package."""


def write_assessment(quiz: Quiz) -> Assessment:
    """Return the assessment of a quiz."""
    images: dict[str, bytes] = {}

    def address(asset: Asset) -> str:
        path = f"{_IMAGES}/{file_name(asset)}"
        images[path] = asset.data
        return f"$IMS-CC-FILEBASE$/{path}"

    writer = QuestionWriter(quiz, address)
    ident = f"quiz_{quiz.id}"  # no item can have it
    body = "".join(_section(section, quiz, writer) for section in quiz.sections)
    settings = []
    if quiz.time_limit is not None:
        settings.append(("qmd_timelimit", str(quiz.time_limit)))
    if quiz.attempts is not None:
        settings.append(("cc_maxattempts", str(quiz.attempts or "unlimited")))
    text = (
        f'{HEAD}<questestinterop xmlns="{_QTI}">\n'
        f'  <assessment ident="{ident}" title="{escape(quiz.title)}">\n'
        + (fields(settings, "    ") if settings else "")
        + f'    <section ident="root_section">\n{body}    </section>\n'
        "  </assessment>\n</questestinterop>\n"
    )
    points = sum((points_of(section) for section in quiz.sections), ZERO)
    return Assessment(ident, text.encode(), writer.blocks(quiz.instructions), points, images)


def _section(section: Section, quiz: Quiz, writer: QuestionWriter) -> str:
    """Return a section: Canvas knows groups to draw from, and no other sections."""
    questions = [writer.question(item) for item in section.items]
    if section.pick is None:
        if section.title and len(quiz.sections) > 1:
            questions.insert(0, writer.heading(f"{quiz.id}_{section.id}", section.title))
        return "".join(questions)
    title = escape(section.title or section.id)
    points = decimal_text(group_points(section.items))
    return (
        f'      <section ident="{quiz.id}_{section.id}" title="{title}">\n'
        "        <selection_ordering><selection>"
        f"<selection_number>{section.pick}</selection_number>"
        f"<selection_extension><points_per_item>{points}</points_per_item></selection_extension>"
        "</selection></selection_ordering>\n"
        f"{''.join(questions)}      </section>\n"
    )


def group_points(items: tuple[Item, ...]) -> Decimal:
    """Return what each question of a group is worth: in Canvas all the same, so the mean."""
    return sum((max_points(item) for item in items), ZERO) / len(items)
