"""What stands around a quiz: the package's manifest, and Canvas's settings of the quiz."""

from __future__ import annotations

from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz
from coursec.targets.canvas.assessment import Assessment
from coursec.targets.canvas.markup import HEAD
from coursec.text.html import escape

_CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_META_TYPE = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def write_manifest(quiz: Quiz, assessment: Assessment) -> bytes:
    """Return the manifest; C loses an image that is no resource of its own."""
    ident = assessment.ident
    meta = f"{ident}/assessment_meta.xml"
    images = "".join(
        f'    <resource identifier="image-{number}" type="webcontent" href="{href}">\n'
        f'      <file href="{href}"/>\n    </resource>\n'
        for number, href in enumerate(sorted(assessment.images), 1)
    )
    text = (
        f'{HEAD}<manifest identifier="manifest-{quiz.id}" xmlns="{_CP}">\n'
        "  <metadata>\n    <schema>IMS Content</schema>\n"
        "    <schemaversion>1.1.3</schemaversion>\n  </metadata>\n"
        "  <organizations/>\n  <resources>\n"
        f'    <resource identifier="{ident}" type="imsqti_xmlv1p2">\n'
        f'      <file href="{ident}/{ident}.xml"/>\n'
        f'      <dependency identifierref="{ident}-meta"/>\n    </resource>\n'
        f'    <resource identifier="{ident}-meta" type="{_META_TYPE}" href="{meta}">\n'
        f'      <file href="{meta}"/>\n    </resource>\n'
        f"{images}  </resources>\n</manifest>\n"
    )
    return text.encode()


def write_meta(quiz: Quiz, assessment: Assessment) -> bytes:
    """Return the settings; what the author leaves open is left to Canvas."""
    rows = [
        ("title", quiz.title),
        ("description", assessment.description),
        ("shuffle_answers", _boolean(quiz.shuffle_choices)),
        ("shuffle_questions", _boolean(quiz.shuffle_items)),  # B reads it, C has no such thing
        ("scoring_policy", "keep_highest"),
        ("quiz_type", "assignment"),
        ("points_possible", decimal_text(assessment.points)),
        ("show_correct_answers", "true"),
    ]
    if quiz.time_limit is not None:
        rows.append(("time_limit", str(quiz.time_limit)))
    if quiz.attempts is not None:
        rows.append(("allowed_attempts", str(quiz.attempts or -1)))
    body = "".join(f"  <{name}>{escape(text)}</{name}>\n" for name, text in rows)
    text = f'{HEAD}<quiz identifier="{assessment.ident}" xmlns="{_CANVAS}">\n{body}</quiz>\n'
    return text.encode()


def _boolean(value: bool) -> str:
    return "true" if value else "false"
