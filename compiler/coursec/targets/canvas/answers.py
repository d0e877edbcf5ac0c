"""What earns what: the conditions of a question, in the forms that Canvas knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from coursec.model.items import Essay, NumberAnswer
from coursec.model.numbers import decimal_text
from coursec.text.html import escape

OUTCOMES = (
    '          <outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/>'
    "</outcomes>\n"
)


class Label(NamedTuple):
    """A choice under its identifier; identifiers are numbers, as Canvas's own are.

    A label that is no HTML is a text as it stands: Canvas keeps every character of it, so that
    `&lt;` would have to be typed where `<` is the answer.
    """

    ident: str
    text: str
    is_html: bool = True


def idents(count: int, first: int = 0) -> list[str]:
    """Return identifiers of answers: unique across all blanks of a question."""
    return [str(1001 + first + position) for position in range(count)]


def equal(response: str, value: str) -> str:
    """Return the condition that a response is this one."""
    return f'<varequal respident="{response}">{escape(value)}</varequal>'


def exactly(response: str, right: Iterable[str], wrong: Iterable[str]) -> str:
    """Return the condition that all right choices are chosen and no wrong one."""
    parts = [equal(response, ident) for ident in right]
    parts += [f"<not>{equal(response, ident)}</not>" for ident in wrong]
    return f"<and>{''.join(parts)}</and>"


def number(response: str, answer: NumberAnswer) -> str:
    """Return the condition that a number counts; B refuses `varequal` without its bounds."""
    low, high = decimal_text(answer.low), decimal_text(answer.high)
    between = (
        f'<vargte respident="{response}">{low}</vargte>'
        f'<varlte respident="{response}">{high}</varlte>'
    )
    if answer.value is None:
        return between
    # C ignores the margin; without it B shows the noise of floats.
    margin = decimal_text(answer.tolerance or 0)
    exact = (
        f'<varequal respident="{response}" margin="{margin}" margintype="absolute">'
        f"{decimal_text(answer.value)}</varequal>"
    )
    return f"<or>{exact}<and>{between}</and></or>"


def condition(test: str, score: str = "", show: str = "", *, last: bool = False) -> str:
    """Return a rule: where `test` holds, it sets or adds a score and shows feedback."""
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{show}"/>' if show else ""
    return (
        f'          <respcondition continue="{"No" if last else "Yes"}">'
        f"<conditionvar>{test}</conditionvar>{score}{shown}</respcondition>\n"
    )


ALL = '<setvar action="Set" varname="SCORE">100</setvar>'
OTHER = "<other/>"


def share(parts: int) -> str:
    """Return the score of one of so many equal parts, in per cent."""
    return f'<setvar action="Add" varname="SCORE">{100 / parts:.10g}</setvar>'


def choice_response(
    ident: str, labels: Iterable[Label], *, head: str = "", cardinality: str = "Single"
) -> str:
    """Return a response by choice."""
    rows = "".join(_label(label) for label in labels)
    return (
        f'          <response_lid ident="{ident}" rcardinality="{cardinality}">\n{head}'
        f"            <render_choice>\n{rows}            </render_choice>\n"
        "          </response_lid>\n"
    )


def _label(label: Label) -> str:
    kind = "text/html" if label.is_html else "text/plain"
    return (
        f'              <response_label ident="{label.ident}"><material>'
        f'<mattext texttype="{kind}">{escape(label.text)}</mattext>'
        "</material></response_label>\n"
    )


def typed_response(*, number: bool = False, words: str = "") -> str:
    """Return a response that is typed; `words` are attributes that limit its length."""
    kind = ' fibtype="Decimal"' if number else ""
    return (
        f'          <response_str ident="response1" rcardinality="Single"{words}>\n'
        f'            <render_fib{kind}><response_label ident="answer1" rshuffle="No"/>'
        "</render_fib>\n          </response_str>\n"
    )


def word_limits(item: Essay) -> str:
    """Return the limits of an essay as attributes, which B reads; C knows none."""
    limits = (("min", item.min_words), ("max", item.max_words))
    written = "".join(f' word_limit_{end}="{count}"' for end, count in limits if count)
    return f' word_count="yes" word_limit_enabled="yes"{written}' if written else ""
