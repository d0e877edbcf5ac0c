"""The table of codes.

A code is for ever: its letter is the severity it has by default (E error, W warning, N note),
its first digits the stage that finds it. A retired number stays here as a comment. Each code has
a page in `pages/`.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """How grave a finding is: errors fail the run, warnings fail it under `--strict`."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(NamedTuple):
    """A row of the table."""

    name: str
    """Readable name in kebab-case."""
    summary: str
    """What the code means, as one sentence."""
    severity: Severity


_LEVEL = {"E": Severity.ERROR, "W": Severity.WARNING, "N": Severity.NOTE}

STAGES = {
    "1": "Files and YAML",
    "2": "The shape of the language",
    "3": "Rich text",
    "32": "Accessibility",
    "4": "Items",
    "5": "Course and quizzes",
    "52": "Levels and ignores",
    "55": "Assignments",
    "6": "Targets and proof",
    "7": "Import",
    "8": "Item writing",
    "9": "Drafting",
}
"""What finds a code, by its first digits; the longer row counts."""

# 1 files and YAML, 2 the language's shape, 3 rich text, 4 items, 5 course and quizzes,
# 6 what a target cannot carry or does not say, 7 what a file of another tool holds,
# 8 how items are written.
# 6 what a target cannot carry or does not say, 7 what a file of another tool holds, 9 drafting:
# 90 to 92 ingest, 93 retrieval, 94 to 96 drafts, 97 review.
_ROWS = {
    "E101": ("unreadable-file", "A file cannot be read."),
    "E102": ("not-utf8", "A file is not UTF-8 text."),
    "E103": ("yaml-syntax", "A file is not well-formed YAML."),
    "E104": ("duplicate-key", "A key stands twice in one mapping."),
    "E105": ("merge-key", "A YAML merge key or tag is used."),
    "E106": ("alias-bomb", "YAML aliases expand to far more than is written."),
    "E107": ("too-deep", "A value is nested too deeply."),
    "E108": ("too-large", "A file or a line is larger than any bank needs."),
    "E109": ("empty-file", "A file holds nothing."),
    "E110": ("control-character", "A text holds a character that no target can carry."),
    "E111": ("several-documents", "A file holds more than one YAML document."),
    "E112": ("not-a-key", "A mapping's key is not a simple word."),
    "E201": ("unknown-key", "A key is not part of the language."),
    "E202": ("missing-key", "A required key is missing."),
    "E203": ("wrong-type", "A value has the wrong type."),
    "E204": ("unknown-value", "A value is not one of those allowed."),
    "E205": ("out-of-range", "A number lies outside its range."),
    "E206": ("bad-format", "A value does not have the form its key needs."),
    "E207": ("wrong-count", "A list holds too few or too many entries."),
    "E208": ("not-yet", "A part of the language that this version does not read."),
    "E301": ("bad-math", "A formula is not valid LaTeX math."),
    "E302": ("raw-html", "A text holds raw HTML."),
    "E303": ("missing-image", "An image does not exist."),
    "E304": ("image-outside", "An image lies outside the course folder."),
    "E305": ("image-kind", "A file is not an image that every target can show."),
    "E306": ("no-alt-text", "An image has no alternative text."),
    "E307": ("empty-text", "A text is empty once it is rendered."),
    "E308": ("remote-image", "An image is an address on the network."),
    "E309": ("unsafe-link", "A link leads to something that is not a page or a file."),
    "E311": ("surplus-cell", "A table's row has more cells than its header."),
    "W312": ("unused-definition", "A link definition is used by no link."),
    "W313": ("gap-outside-cloze", "A gap stands outside of a cloze's text."),
    "W310": ("dropped-title", "The title of a link or an image is shown nowhere."),
    "W321": ("useless-alt-text", "An alternative text does not say what the image shows."),
    "W322": ("no-table-header", "A table's column has no header."),
    "W323": ("skipped-heading", "A heading's level is more than one below the one before it."),
    "W324": ("colour-only", "A question points at something by its colour alone."),
    "W325": ("vague-link", "A link's words do not say where it leads."),
    "E401": ("no-right-answer", "A question has no right answer."),
    "E402": ("several-right-answers", "A single choice has several right answers."),
    "E403": ("duplicate-choice", "The same choice stands twice."),
    "E404": ("duplicate-id", "Two items have the same id."),
    "E405": ("undefined-gap", "A gap in the text has no definition."),
    "E406": ("unused-gap", "A gap is defined but not in the text."),
    "E407": ("reversed-range", "A range's lower end lies above its upper end."),
    "E408": ("points-mismatch", "Points of the parts do not add up to the points of the whole."),
    "E409": ("ambiguous-answer", "An answer can be read in two ways."),
    "E410": ("weight-against-key", "A weight says otherwise than the key."),
    "W411": ("idle-feedback", "Feedback is shown for no response."),
    "E502": ("unknown-item", "A quiz or an item names an item that nobody defines."),
    "E503": ("no-match", "A pattern or a condition matches no item."),
    "E504": ("pick-too-large", "A section draws more items than its pool holds."),
    "W505": ("unknown-slide", "A source names no slide that holds matter."),
    "E506": ("duplicate-slide", "Two slides of a lecture have the same reference."),
    "E507": ("duplicate-quiz", "Two quizzes have the same name."),
    "E508": ("empty-quiz", "A quiz or a section holds no items."),
    "W509": ("not-approved", "A quiz names an item that is not approved."),
    "E510": ("repeated-item", "A quiz holds the same item twice."),
    "N521": ("idle-ignore", "A finding is ignored that is not there."),
    "W522": ("bad-ignore", "A finding is ignored without a reason, or in a way that does nothing."),
    "W525": ("unknown-outcome", "An item names an outcome that the course does not list."),
    # W511 passed-over: assignments, before they were read.
    "E551": ("assignment-points", "Points in an assignment do not add up."),
    "W552": ("no-rubric", "A task has no rubric."),
    "E553": ("bad-code", "A block of code is no Python."),
    "E554": ("missing-data-file", "A data file does not exist, or its name is taken."),
    "E555": ("solution-in-starter", "What students are given holds a line of the solution."),
    "E556": ("duplicate-task", "Two tasks of an assignment have the same id."),
    "E557": ("test-without-solution", "A task has a test and no solution that could pass it."),
    "E558": ("unknown-block", "The mark of a block is unknown, or stands where it does not count."),
    "E561": ("no-tasks", "An assignment has no tasks."),
    "W562": ("gap-without-solution", "A starter leaves a gap that no solution fills."),
    "E564": ("misplaced-block", "A block stands where it belongs to no task."),
    "E565": ("starter-fails", "The starter stops before its first gap."),
    "E566": ("solution-fails", "The solution does not run."),
    "E567": ("test-fails", "The solution does not pass a test."),
    "E568": ("idle-test", "A test passes though its task is not solved."),
    "E569": ("not-run", "Code could not be run, or did not come to its end."),
    "W601": ("lost", "A target cannot carry a feature."),
    "W602": ("left-out", "A target cannot carry an item at all."),
    "E603": ("not-typeset", "The paper could not be typeset."),
    "E604": ("not-written", "An output could not be written."),
    "E611": ("not-as-written", "An output does not say what the author wrote."),
    "E612": ("not-built", "An output is missing, or was not built from these sources."),
    "E701": ("unreadable-import", "A file of another tool is broken or cut off."),
    "E702": ("unknown-format", "A file has none of the formats that can be imported."),
    "E703": ("unsafe-archive", "An archive holds what no question bank needs."),
    "E704": ("unsafe-xml", "An XML file declares entities or a document type."),
    "E705": ("no-questions", "A file holds no question that can be imported."),
    "W706": ("not-imported", "A question or a part of a quiz is left out."),
    "W707": ("import-lost", "A part of a question that the language cannot carry is left out."),
    "W708": ("import-changed", "A part of a question is imported in another way."),
    "W709": ("missing-file", "A question names a file that the bank does not hold."),
    "N710": ("known-item", "An item stands in the course already, as it is in the file."),
    "W801": ("all-of-the-above", "A choice says that all choices are right."),
    "W802": ("none-of-the-above", "A choice says that no other choice is right."),
    "W803": ("combined-choice", "A choice names other choices or statements."),
    "W804": ("unmarked-negative", "A stem asks by a negative word that is not stressed."),
    "W805": ("double-negative", "Two negatives meet in one question or statement."),
    "W806": ("no-question", "A stem asks nothing."),
    "W807": ("unfocused-stem", "A stem poses no problem."),
    "N808": ("long-stem", "A stem has more than 60 words."),
    "W809": ("misplaced-blank", "A blank does not stand at the end, or there are too many."),
    "W810": ("true-false-choice", "True, false, yes or no stands among other choices."),
    "W811": ("overlapping-choices", "One choice includes another."),
    "W812": ("overlapping-numbers", "Ranges among the choices overlap or share a bound."),
    "W813": ("unordered-numbers", "Numbers among the choices stand in no order."),
    "N814": ("choice-count", "A question has fewer than three or more than five choices."),
    "W815": ("longest-key", "The key is far longer than every distractor."),
    "W816": ("shortest-key", "The key is far shorter than every distractor."),
    "W817": ("absolute-word", "An absolute word shows that something is wrong."),
    "W818": ("hedged-key", "A careful word stands in the key alone."),
    "W819": ("clang-cue", "A word of the stem returns in the key alone."),
    "W820": ("convergence-cue", "The key shares most of its parts with the other choices."),
    "W821": ("article-cue", "An article before the choices fits some of them only."),
    "W822": ("number-cue", "Only the key agrees with the stem in number."),
    "W823": ("form-cue", "The key alone has another form."),
    "N824": ("gendered-person", "He or she is said of a person without a name."),
    "W825": ("unseen-source", "An item points to a text or picture that it does not show."),
    "W826": ("damaged-text", "A text holds signs of a wrong encoding or words run together."),
    "W827": ("two-claims", "A statement to be judged makes two claims."),
    "W828": ("answer-in-text", "The answer stands in the item itself."),
    "W829": ("matching-cue", "A premise and its response share a word."),
    "N830": ("few-pairs", "A matching has fewer than three pairs."),
    "W831": ("implausible-distractor", "A distractor is one that nobody picks."),
    "W832": ("vague-quantifier", "A vague frequency decides what is right."),
    "N833": ("mixed-kinds", "The choices are not of one kind."),
    "W841": ("duplicate-item", "Two items ask the same."),
    "W842": ("near-duplicate-item", "Two items ask nearly the same."),
    "W843": ("answer-given-away", "One item states the key of another."),
    "W844": ("key-position-bias", "The keys of a quiz stand in the same places too often."),
    "W845": ("true-false-bias", "Nearly all statements of a quiz are true, or false."),
    "W846": ("name-spelt-differently", "A name is spelt in two ways in one course."),
    "N847": ("other-language", "A bank is not in the language that it is said to be in."),
    "E901": ("unreadable-slides", "A file of slides is broken, cut off or empty."),
    "E902": ("encrypted-file", "A file of slides is protected by a password."),
    "E903": ("no-text", "A file of slides holds no text: a scan must be recognised first."),
    "E904": ("too-many-slides", "A file of slides is larger than any course needs."),
    "E905": ("unknown-slides", "A file has none of the formats that can be ingested."),
    "E906": ("edited-lecture", "A lecture that an ingest would write is somebody's own work."),
    "E907": ("no-such-repair", "What is to be taken back is not on record."),
    "W911": ("undescribed-image", "An image of a slide has no alternative text."),
    "W912": ("not-ingested", "A part of a file cannot be shown in a lecture: it is left out."),
    "N913": ("restored-encoding", "Lines that had been decoded with the wrong table are restored."),
    "N914": ("repaired-words", "Glued or split words are repaired."),
    "N915": ("running-line", "A running header or footer is left out."),
    "N916": ("repeated-slide", "A slide that stands there already is left out."),
    "W917": ("guessed-encoding", "A text file is not UTF-8: its encoding is guessed."),
    "W918": ("page-without-text", "A page holds an image and no text."),
    "W919": ("not-taken-back", "A repair cannot be taken back: the slide has been edited."),
    "W930": ("no-evidence", "The lectures say nothing of a topic."),
    "W931": ("little-evidence", "A topic has less evidence than items are asked for."),
    "N932": ("other-spelling", "A word that no slide has is taken for the nearest that one has."),
    "E933": ("nothing-asked", "A request names no topic, or a quiz says nothing of drafting."),
    "E934": ("no-index", "The index of the slides cannot be reached."),
    "W935": ("no-embedding", "The embedding model does not answer: words alone are compared."),
    "W936": ("unknown-lecture", "A request names a lecture that the course does not have."),
    "E937": ("remote-host", "A host that is not this machine has not been confirmed."),
    "E940": ("no-ollama", "No Ollama answers at the address of the course."),
    "E941": ("no-model", "Ollama does not have the model."),
    "E942": ("old-ollama", "Ollama is too old to keep to a schema."),
    "E943": ("ollama-fails", "Ollama fails, breaks off, or gives no answer in time."),
    "E944": ("small-context", "A prompt does not fit the context of the model."),
    "E945": ("not-ollama", "What answers at the address of the course is no Ollama."),
    "W950": ("not-drafted", "A planned item could not be drafted: no draft stood all checks."),
    "N951": ("without-model", "No Ollama answers: the items are drafted by rules."),
    "W952": ("host-left-out", "One of several hosts is not asked any more."),
    "E953": ("unsound-course", "Nothing can be drafted for a course that has mistakes."),
    "E955": ("no-cluster", "The Dask cluster cannot be reached, or may not be spoken to."),
    "N956": ("topics-by-rule", "Rules found the topics of a request, not the model."),
    "E957": ("draft-at-work", "Another run drafts in this course."),
    "W971": ("stale-item", "A slide that an item rests on has changed since it was written."),
    "W972": ("misquoted", "A quote does not stand on its slide word for word."),
    "W973": ("unreviewed", "An item that a program drafted is approved without a review."),
    "E975": ("not-editable", "An item is laid out in a way in which it cannot be changed safely."),
    "E976": ("changed-meanwhile", "A file was changed by somebody else during a review."),
    "W974": ("against-review", "An item is approved that its last review rejected."),
}

CODES: dict[str, Code] = {
    code: Code(name, summary, _LEVEL[code[0]]) for code, (name, summary) in _ROWS.items()
}
"""Every code, by its number."""


def stage(code: str) -> str:
    """Return the title of the stage that finds a code."""
    return STAGES.get(code[1:3]) or STAGES[code[1]]


def staged() -> dict[str, list[str]]:
    """Return all codes by the title of their stage, both in the order of their numbers."""
    found: dict[str, list[str]] = {title: [] for title in STAGES.values()}
    for code in sorted(CODES, key=lambda code: code[1:]):
        found[stage(code)].append(code)
    return {title: codes for title, codes in found.items() if codes}
