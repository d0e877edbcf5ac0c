"""The item-writing rules: flaws by which items measure something else than knowledge.

They follow the guidelines of Haladyna, Downing and Rodriguez and the nineteen flaws of Tarrant
and Ware. Each rule is one function and has one code; `docs/item-writing.md` says how often it is
right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from coursec.checks.writing.bank import BankRule, Pool, duplicate_item, near_duplicate_item
from coursec.checks.writing.choices import (
    choice_count,
    implausible_distractor,
    mixed_kinds,
    overlapping_choices,
    true_false_choice,
)
from coursec.checks.writing.cues import (
    absolute_word,
    clang_cue,
    convergence_cue,
    hedged_key,
    longest_key,
    shortest_key,
)
from coursec.checks.writing.grammar import article_cue, form_cue, number_cue
from coursec.checks.writing.language import other_language
from coursec.checks.writing.leaks import answer_given_away
from coursec.checks.writing.negatives import double_negative, unmarked_negative
from coursec.checks.writing.numbers import overlapping_numbers, unordered_numbers
from coursec.checks.writing.others import all_of_the_above, combined_choice, none_of_the_above
from coursec.checks.writing.pairs import answer_in_text, few_pairs, matching_cue
from coursec.checks.writing.quizzes import QuizRule, key_position_bias, true_false_bias
from coursec.checks.writing.sources import unseen_source
from coursec.checks.writing.spelling import name_spelt_differently
from coursec.checks.writing.statements import two_claims, vague_statement
from coursec.checks.writing.stems import long_stem, misplaced_blank, no_question, unfocused_stem
from coursec.checks.writing.texts import damaged_text, gendered_person
from coursec.checks.writing.view import Found, ItemRule, View
from coursec.diagnostics import Diagnostics, Severity, Span
from coursec.model.items import TextItem
from coursec.model.quiz import Bank, Quiz

ITEM_RULES: Mapping[str, ItemRule] = {
    "W801": all_of_the_above,
    "W802": none_of_the_above,
    "W803": combined_choice,
    "W804": unmarked_negative,
    "W805": double_negative,
    "W806": no_question,
    "W807": unfocused_stem,
    "N808": long_stem,
    "W809": misplaced_blank,
    "W810": true_false_choice,
    "W811": overlapping_choices,
    "W812": overlapping_numbers,
    "W813": unordered_numbers,
    "N814": choice_count,
    "W815": longest_key,
    "W816": shortest_key,
    "W817": absolute_word,
    "W818": hedged_key,
    "W819": clang_cue,
    "W820": convergence_cue,
    "W821": article_cue,
    "W822": number_cue,
    "W823": form_cue,
    "N824": gendered_person,
    "W825": unseen_source,
    "W826": damaged_text,
    "W827": two_claims,
    "W828": answer_in_text,
    "W829": matching_cue,
    "N830": few_pairs,
    "W831": implausible_distractor,
    "W832": vague_statement,
    "N833": mixed_kinds,
}
"""Rules over one item."""

BANK_RULES: Mapping[str, BankRule] = {
    "W841": duplicate_item,
    "W842": near_duplicate_item,
    "W843": answer_given_away,
    "W846": name_spelt_differently,
}
"""Rules over all items of a course."""

QUIZ_RULES: Mapping[str, QuizRule] = {
    "W844": key_position_bias,
    "W845": true_false_bias,
}
"""Rules over an assembled quiz."""

ANY_LANGUAGE = frozenset("N808 W809 W812 W813 N814 W815 W816 W820 W823 W828 N830".split())
"""Item rules that read no English words; the others hold for English items only."""


def check_writing(bank: Bank, quizzes: Sequence[Quiz], sink: Diagnostics) -> None:
    """Run every item-writing rule that the course has not switched off.

    Items that are retired or have errors are left alone.
    """
    off = {code for code, level in sink.levels.items() if level is None}
    item_rules = {code: rule for code, rule in ITEM_RULES.items() if code not in off}
    bank_rules = {code: rule for code, rule in BANK_RULES.items() if code not in off}
    quiz_rules = {code: rule for code, rule in QUIZ_RULES.items() if code not in off}
    if not (item_rules or bank_rules or quiz_rules) and "N847" in off:
        return
    language = bank.course.language
    wrong = {d.item for d in sink if d.severity is Severity.ERROR}
    views = []
    for item in bank.items.values():
        if item.status == "retired" or item.id in wrong:
            continue
        stimulus = bank.items.get(item.stimulus) if item.stimulus else None
        text = stimulus if isinstance(stimulus, TextItem) else None
        views.append(View(item, language, text))
    known: Counter[str] = Counter()
    for view in views:
        view.known = known
        for prose in view.seen:
            known.update(prose.words)
    for view, found in other_language(views):
        _report("N847", found, view, sink)
    for view in views:
        for code, rule in item_rules.items():
            if view.english or code in ANY_LANGUAGE:
                for found in rule(view):
                    _report(code, found, view, sink)
    pool = Pool(views, quizzes)
    for code, bank_rule in bank_rules.items():
        for view, found in bank_rule(pool):
            _report(code, found, view, sink)
    for quiz in quizzes:
        for code, quiz_rule in quiz_rules.items():
            for found in quiz_rule(quiz):
                place = found.span or Span("")
                sink.report(code, found.message, place, hint=found.hint)


def _report(code: str, found: Found, view: View, sink: Diagnostics) -> None:
    place = found.span or view.place or Span("")
    sink.report(code, found.message, place, hint=found.hint, item=view.item.id)
