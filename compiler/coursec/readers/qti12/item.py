"""From a question's element to an item: what it is, by its tool's name for it or by its shape."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, Literal

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics
from coursec.model.items import ONE, Item, TextItem
from coursec.model.text import plain
from coursec.readers.markup import FindImage
from coursec.readers.qti12.budget import Budget
from coursec.readers.qti12.choices import Choosing, read_multiple, read_single
from coursec.readers.qti12.feedback import FeedbackTexts
from coursec.readers.qti12.gaps import Filling, read_blanks, read_fields
from coursec.readers.qti12.pairs import Pairing, read_matching, read_ordering
from coursec.readers.qti12.presentation import Presentation, Response, read_presentation, shows
from coursec.readers.qti12.rules import Rules
from coursec.readers.qti12.source import LeftOutError, Source, characters, decimal
from coursec.readers.qti12.typed import (
    Typing,
    looks_like_a_number,
    read_essay,
    read_numeric,
    read_short,
    read_upload,
)
from coursec.source.fields import visible

_Kind = Literal[
    "single",
    "multiple",
    "judgement",
    "short",
    "number",
    "blanks",
    "matching",
    "ordering",
    "essay",
    "upload",
    "text",
    "calculated",
    "hotspot",
    "opinion",
    "",
]
_NAMED: Final[dict[str, _Kind]] = {
    # Canvas
    "multiple_choice_question": "single",
    "true_false_question": "judgement",
    "multiple_answers_question": "multiple",
    "short_answer_question": "short",
    "numerical_question": "number",
    "matching_question": "matching",
    "fill_in_multiple_blanks_question": "blanks",
    "multiple_dropdowns_question": "blanks",
    "essay_question": "essay",
    "file_upload_question": "upload",
    "text_only_question": "text",
    "calculated_question": "calculated",
    # Common Cartridge
    "cc.multiple_choice.v0p1": "single",
    "cc.multiple_response.v0p1": "multiple",
    "cc.true_false.v0p1": "judgement",
    "cc.fib.v0p1": "short",
    "cc.pattern_match.v0p1": "short",
    "cc.essay.v0p1": "essay",
    # Respondus
    "multiplechoice": "single",
    "truefalse": "judgement",
    "multipleresponse": "multiple",
    "fillinblank": "short",
    "fillinmultiple": "blanks",
    "numerical": "number",
    "calculated": "calculated",
    "textinformation": "text",
    # Blackboard, Desire2Learn and others
    "multiple choice": "single",
    "multiple answer": "multiple",
    "multi-select": "multiple",
    "true/false": "judgement",
    "either/or": "judgement",
    "fill in the blank plus": "blanks",
    "jumbled sentence": "blanks",
    "numeric": "number",
    "arithmetic": "calculated",
    "significant figures": "calculated",
    "matching": "matching",
    "ordering": "ordering",
    "essay": "essay",
    "short response": "essay",
    "long answer": "essay",
    "written response": "essay",
    "file upload": "upload",
    "hot spot": "hotspot",
    "opinion scale": "opinion",
    "quiz bowl": "short",
    "wct_calculated": "calculated",
}
_LABELS = (
    "question_type",
    "cc_profile",
    "respondusapi_qtype",
    "bbmd_questiontype",
    "qmd_questiontype",
    "wct_questiontype",
    "qmd_itemtype",
)
_POINTS = (
    "points_possible",
    "respondusapi_qpoints",
    "cc_weighting",
    "qmd_absolutescore_max",
    "qmd_weighting",
    "max_score",
)
_REFUSED: Final[dict[str, str]] = {
    "calculated": "its numbers are drawn anew for each student",
    "hotspot": "places on a picture are to be found",
    "opinion": "it asks for an opinion",
}


def read_item(
    node: _Element, path: str, sink: Diagnostics, image: FindImage, budget: Budget
) -> Item | None:
    """Return the item of a question; None, and W706, where it is left out."""
    source = Source(node, path, sink, image)
    try:
        return _Question(source, budget).item()
    except LeftOutError as error:
        source.leave_out(str(error))
        return None


class _Question:
    def __init__(self, source: Source, budget: Budget) -> None:
        self.source = source
        self.kind = _kind(source)
        if self.kind in _REFUSED:
            raise LeftOutError(_REFUSED[self.kind])
        self.shown: Presentation = read_presentation(source, pairs=self.kind == "matching")
        self.responses: list[Response] = self.shown.responses
        self.rules = Rules(source.item, self.responses, budget)
        self.feedback = FeedbackTexts(source)
        if self.rules.timed:
            source.tell("W707", "That the time of the answer counts is left out.")

    def item(self) -> Item:
        """Return the item. Raises LeftOutError."""
        made = self._read(self.kind)
        if not made.stem and made.kind not in ("cloze", "text") and self.source.title:
            self.source.tell("W708", "The question has no text: its name stands there.")
        return made

    def fields(self, *, stem: bool = True) -> dict[str, Any]:
        """Return the fields that every type has; `points` is None where the file says none."""
        source = self.source
        language, text = source.marked_text(self.stem()) if stem else (None, plain(""))
        if not text and stem and source.title:
            text = plain(source.title)
        return {
            "id": source.id,
            "title": source.title if source.title and source.title != source.id else None,
            "stem": text,
            "points": self._points(),
            "language": language,
            "hints": tuple(self.feedback.hints),
            "span": source.span,
        }

    def stem(self) -> str:
        """Return the question's own text as HTML; what stands before choices belongs to it."""
        only = self.responses[0] if len(self.responses) == 1 else None
        above = only.html if only is not None and shows(only.html) else ""
        if only is None or not above:
            return self.shown.html
        return "".join(part if isinstance(part, str) else above for part in self.shown.pieces)

    def _points(self) -> Decimal | None:
        for label in _POINTS:
            value = decimal(self.source.metadata.get(label))
            if value is not None and value > 0:
                return value
        stated = decimal(self.source.metadata.get("points_possible"))
        if stated is not None and self.kind != "text":
            self.source.tell("W708", "It earns no points in the file: here it has 1.")
            return ONE
        maximum = self.rules.maximum
        return maximum if maximum is not None and maximum > 0 and maximum != 100 else None

    # --------------------------------------------------------------------------------- by its name

    def _read(self, kind: _Kind) -> Item:
        match kind:
            case "single" | "judgement":
                choosing = self.choosing()
                if choosing.response.several:
                    return self._multiple(choosing)
                canvas = self.source.canvas == "multiple_choice_question"
                return read_single(choosing, self.fields(), judged=not canvas)
            case "multiple":
                return self._multiple(self.choosing())
            case "short":
                return self._short()
            case "number":
                return read_numeric(self.typing(), self.fields())
            case "blanks":
                return read_blanks(self.filling(), self.fields(stem=False))
            case "matching":
                return read_matching(self.pairing(), self.fields())
            case "ordering":
                return read_ordering(self.pairing(), self._only("order", "choice"), self.fields())
            case "essay":
                return read_essay(self.typing(), self.fields())
            case "upload":
                return read_upload(self.typing(), self.fields())
            case "text":
                return self._text()
            case _:
                return self._by_shape()

    def _multiple(self, choosing: Choosing) -> Item:
        partial = self.source.canvas == "multiple_answers_question"
        if self.source.metadata.get("bbmd_partialcredit", "").lower() == "true":
            partial = True
        return read_multiple(choosing, self.fields(), partial=partial)

    def _short(self) -> Item:
        if not self.source.canvas and (len(self.responses) > 1 or self.shown.within):
            return read_fields(self.filling(), self.fields(stem=False))
        return read_short(self.typing(), self.fields())

    def _text(self) -> Item:
        fields = self.fields()
        fields["points"] = ONE
        for ident in self.feedback.texts:
            self.source.tell("W707", f"The feedback `{ident[:60]}` of a text is left out.")
        return TextItem(**fields)

    # -------------------------------------------------------------------------------- by its shape

    def _by_shape(self) -> Item:
        kinds = {response.kind for response in self.responses}
        if not self.responses:
            if self.source.canvas or any(rule.earns for rule in self.rules.rules):
                raise LeftOutError("what it asks is not in the file")
            return self._text()
        if "place" in kinds:
            raise LeftOutError(_REFUSED["hotspot"])
        if kinds & {"group"}:
            raise LeftOutError("its pairs are written in a way that is not read")
        if any(response.extended for response in self.responses):
            raise LeftOutError("it is shown in a way that is not read")
        if self._in_brackets():
            return self._read("blanks")
        if len(self.responses) == 1:
            return self._one(self.responses[0])
        if kinds == {"choice"} and self._is_matching():
            return read_matching(self.pairing(), self.fields())
        if "choice" in kinds:
            message = "Its several questions become one text with gaps."
            self.source.tell("W708", message)
        return read_fields(self.filling(), self.fields(stem=False))

    def _in_brackets(self) -> bool:
        """Tell whether all that is asked stands in brackets in the text, as Canvas writes it."""
        names = [r.ident.removeprefix("response_") for r in self.responses]
        return all(f"[{name}]" in self.shown.html for name in names) and all(
            r.ident.startswith("response_") for r in self.responses
        )

    def _one(self, response: Response) -> Item:
        match response.kind:
            case "choice":
                return self._read("multiple" if response.several else "single")
            case "order":
                return self._read("ordering")
            case _:
                pass
        if self.shown.within and self._accepts(response):
            return self._short()
        if response.kind == "number" or self._is_number(response):
            return self._read("number")
        return self._read("short" if self._accepts(response) else "essay")

    def _accepts(self, response: Response) -> bool:
        """Tell whether a rule names what may be typed."""
        return any(
            True for rule in self.rules.rules for _ in rule.test.positive(response.ident)
        ) or self._is_number(response)

    def _is_number(self, response: Response) -> bool:
        tests = [test for rule in self.rules.rules for test in rule.test.all()]
        if any(test.op.startswith(("vargt", "varlt")) for test in tests):
            return True
        values = [test.value for test in tests if test.op == "varequal"]
        return response.numeric and bool(values) and all(map(looks_like_a_number, values))

    def _is_matching(self) -> bool:
        """Tell whether all menus hold the same choices."""
        menus = {tuple(characters(label.html) for label in r.labels) for r in self.responses}
        sets = {frozenset(menu) for menu in menus}
        return len(sets) == 1 and all(shows(r.html) for r in self.responses)

    # --------------------------------------------------------------------------------------- parts

    def _only(self, *kinds: str) -> Response:
        found = [response for response in self.responses if response.kind in kinds]
        if not found:
            raise LeftOutError("it holds nothing to answer that fits its type")
        if len(self.responses) > 1:
            raise LeftOutError("it asks in several ways")
        return found[0]

    def choosing(self) -> Choosing:
        response = self._only("choice")
        kept = [n for n in response.labels if visible(self.source.text(n.html, n.node))]
        if len(kept) < len(response.labels):
            self.source.tell("W707", "Choices without a text are left out.")
            response.labels = kept
        return Choosing(self.source, self.rules, self.feedback, response)

    def typing(self) -> Typing:
        if not self.responses and self.kind in ("upload", "essay"):
            response = Response(ident="", kind="text", node=self.source.item)
        else:
            response = self._only("text", "number")
        return Typing(self.source, self.rules, self.feedback, response)

    def filling(self) -> Filling:
        return Filling(self.source, self.rules, self.feedback, self.shown)

    def pairing(self) -> Pairing:
        return Pairing(self.source, self.rules, self.feedback, self.shown)


def _kind(source: Source) -> _Kind:
    for label in _LABELS:
        written = source.metadata.get(label, "").lower()
        if written in _NAMED:
            return _NAMED[written]
    return ""
