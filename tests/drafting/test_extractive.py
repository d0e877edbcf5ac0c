"""The drafter without a model: what it makes is true, word for word, and worth asking."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.drafting.drafts import Asked, Known
from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.extractive import Extractive
from coursec.drafting.extractive.candidate import SHORTEST_QUOTE, Candidate
from coursec.drafting.extractive.drafter import candidates_of
from coursec.drafting.extractive.line import key
from coursec.drafting.extractive.matter import matter_of
from coursec.drafting.extractive.refusals import given_away
from coursec.model.quiz import Lecture, Slide
from coursec.model.slides import normalised
from courses import read, write_course
from drafting.extraction import GOAL, SAMPLE, chunks, everything, shares
from drafting.measures import log_chunks


def slide(text: str, title: str = "Memory") -> Chunk:
    found = chunks_of(
        [Lecture(name="l", title="L", slides=(Slide(id="s", title=title, text=text),))]
    )
    assert len(found) == 1
    return found[0]


def made(text: str, title: str = "Memory", language: str = "en") -> list[Candidate]:
    matter = matter_of(slide(text, title))
    return list(candidates_of(matter, [matter], language))


def kinds(text: str, title: str = "Memory", language: str = "en") -> list[str]:
    return [candidate.type for candidate in made(text, title, language)]


def only(text: str, kind: str, title: str = "Memory") -> Candidate:
    found = [candidate for candidate in made(text, title) if candidate.type == kind]
    assert len(found) == 1, found
    return found[0]


# The sample course


def test_the_goal_holds_on_the_sample_course() -> None:
    found = list(everything(chunks()))
    counts = shares(found)
    assert counts["unjudged"] == 0, "judge the new items: python tests/drafting/extraction.py --new"
    assert counts["wrong key"] == 0
    assert counts["usable"] >= GOAL * len(found)
    assert len(found) >= 100


def test_no_key_is_wrong_on_slides_read_back_from_a_log() -> None:
    found = list(everything(log_chunks()))
    counts = shares(found)
    assert len(found) >= 30
    assert counts["unjudged"] == counts["wrong key"] == 0


def test_every_quote_stands_on_its_slide_word_for_word() -> None:
    texts = {c.reference: (c.digest, normalised(f"{c.title}\n{c.text}")) for c in chunks()}
    for candidate in everything(chunks()):
        assert candidate.quotes
        for quote in candidate.quotes:
            digest, text = texts[quote.slide]
            assert quote.digest == digest
            assert normalised(quote.text) in text


def bank(folder: Path, found: list[Candidate]) -> Path:
    """Write candidates as a course's bank, beside the sample's lectures."""
    items = [
        {
            "id": f"x{number}",
            **candidate.fields,
            "status": "draft",
            "source": sorted({quote.slide for quote in candidate.quotes}),
            "provenance": {
                "drafter": "extractive",
                "evidence": [
                    {"slide": q.slide, "digest": q.digest, "quote": q.text}
                    for q in candidate.quotes
                ],
            },
        }
        for number, candidate in enumerate(found)
    ]
    files: dict[str, str | bytes] = {
        f"lectures/{path.name}": path.read_bytes() for path in (SAMPLE / "lectures").iterdir()
    }
    files |= {f"media/{path.name}": path.read_bytes() for path in (SAMPLE / "media").iterdir()}
    return write_course(
        folder, {**files, "items/drafts.yaml": json.dumps({"items": items}, indent=1)}
    )


BANK_WIDE = ("W841", "W842", "W843")
"""Findings that say that two candidates ask the same: not all of them are drafted."""
NUMBERS = "N833"
"""It takes the name ZeRO for a number."""


def test_all_that_is_made_passes_every_check(tmp_path: Path) -> None:
    found = list(everything(chunks()))
    course, _, sink = read(bank(tmp_path, found), writing=True)
    assert [d for d in sink if d.code not in (*BANK_WIDE, NUMBERS)] == []
    assert len(course.items) == len(found)
    assert {item.bloom for item in course.items.values()} == {"remember"}


def test_it_makes_the_same_every_time() -> None:
    assert list(everything(chunks())) == list(everything(chunks()))


# Definitions


def test_a_sentence_that_defines_becomes_a_gap_and_a_question() -> None:
    text = "**Chunking** is the grouping of single items into larger meaningful units."
    gap = only(text, "cloze")
    assert gap.fields["text"] == (
        "{{term}} is the grouping of single items into larger meaningful units."
    )
    assert gap.fields["gaps"] == {"term": {"answers": ["Chunking"]}}
    asked = only(text, "short_answer")
    assert asked.fields["stem"] == (
        "What is the term for the grouping of single items into larger meaningful units?"
    )
    assert gap.quotes[0].text == text


@pytest.mark.parametrize(
    "text",
    [
        "It is the grouping of single items into larger meaningful units.",
        "**This** is the grouping of single items into larger meaningful units.",
        "**Chunking** is the grouping of items, and chunks are larger meaningful units.",
        "**Chunking** is the first of these grouping strategies for larger meaningful units.",
        "**Chunking** replaces them by larger meaningful units that people remember.",
        "**Chunking** is a useful thing.",
        "**Chunking** is the grouping of single items into larger units of $n$ letters.",
        "What if **chunking** is the grouping of single items into larger meaningful units?",
        "**Chunking** is the grouping of single items into larger meaningful units, for example:",
        "- **Chunking** groups single items into larger meaningful units of the mind.",
        "### Chunking\n\nHumans remember seven plus or minus two single items at once.",
        "```\n**Chunking** is the grouping of single items into larger meaningful units.\n```",
        "> [!NOTE]\n> **Chunking** is the grouping of single items into larger units.\n\nNothing.",
    ],
)
def test_what_no_gap_is_made_of(text: str) -> None:
    assert not {"cloze", "short_answer"} & set(kinds(text))


def test_a_title_names_what_an_unstressed_sentence_defines() -> None:
    text = "Chunking is the grouping of single items into larger meaningful units."
    assert kinds(text, "Chunking") == ["cloze", "short_answer"]
    assert kinds(text, "Memory") == []


def test_a_short_form_counts_and_its_expansion_is_asked_for() -> None:
    text = (
        "**Working memory capacity** (WMC) is the number of single items that people can hold "
        "briefly.\n\nThe Wechsler Adult Intelligence Scale (WAIS) measures it."
    )
    gap = only(text, "cloze")
    assert gap.fields["gaps"] == {"term": {"answers": ["Working memory capacity", "WMC"]}}
    assert "WMC" not in str(gap.fields["text"])
    stems = [c.fields["stem"] for c in made(text) if c.type == "short_answer"]
    assert "What does the abbreviation WAIS stand for?" in stems


def test_brackets_that_abbreviate_nothing_are_no_short_form() -> None:
    assert kinds("The Lisbon Treaty (EU) is in force since 2009, and people know.") == []


def test_spellings_of_both_sides_of_the_ocean_count() -> None:
    text = "**Predictive modeling** is the use of recorded data to estimate probable events."
    assert only(text, "cloze").fields["gaps"] == {
        "term": {"answers": ["Predictive modeling", "Predictive modelling"]}
    }


# Tables


STORES = """
| Store | Lasts | Holds |
|---|---|---|
| Sensory | under a second | nearly all that is seen |
| Working | some twenty seconds | about four chunks |
| Long-term | a lifetime | no known limit |
"""


def test_a_table_becomes_matchings_choices_and_statements() -> None:
    found = made(STORES.replace("Lasts", "Duration").replace("Holds", "Capacity"), "Memory stores")
    matching = next(c for c in found if c.type == "matching")
    assert matching.fields["stem"] == "Memory stores: match each store with its duration."
    assert matching.fields["pairs"] == [
        {"premise": "Sensory", "response": "under a second"},
        {"premise": "Working", "response": "some twenty seconds"},
        {"premise": "Long-term", "response": "a lifetime"},
    ]
    assert matching.quotes[0].text == "| Sensory | under a second | nearly all that is seen |"
    assert "single_choice" in [c.type for c in found]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("| Store | Duration |", ["| Sensory | 1 |", "| Working | 20 |", "| Long-term | 9999 |"]),
        ("| Store | Duration |", ["| Sensory | $t_1$ |", "| Working | $t_2$ |", "| Old | $t_3$ |"]),
        ("| Store | Duration |", ["| Sensory | short one |", "| Working | longer one |"]),
        (
            "| Store | Made by |",
            ["| Sensory | the eye |", "| Working | the mind |", "| Old | time |"],
        ),
        ("| Store | Why? |", ["| Sensory | the eye |", "| Working | the mind |", "| Old | time |"]),
        ("| $s$ | Duration |", ["| one | a second |", "| two | a minute |", "| three | an hour |"]),
        ("| Store | Duration |", ["| 1 | a second |", "| 2 | a minute |", "| 3 | an hour |"]),
        (
            "| Store | Trace |",
            ["| Eye | eye trace |", "| Ear | ear trace |", "| Skin | skin trace |"],
        ),
    ],
)
def test_what_no_item_is_made_of_in_a_table(header: str, rows: list[str]) -> None:
    columns = header.count("|") - 1
    assert kinds("\n".join([header, "|" + "---|" * columns, *rows]), "Stores") == []


def test_a_name_made_of_words_gives_away_what_holds_them() -> None:
    table = "| Kind | Aim |\n|---|---|\n| EyeTrace | a fast trace |\n"
    table += "| Buffer | a slow copy |\n| Archive | an old letter |"
    assert "matching" not in kinds(table)
    assert "matching" in kinds(table.replace("EyeTrace", "EyeView"))


VERDICTS = """
| Technique | Lectures | Labs |
|---|---|---|
| Spacing | yes | yes |
| Testing | yes | no |
| Rereading | no | sometimes |
| Drawing | no | yes |
"""


def test_cells_that_say_yes_or_no_become_statements_and_others_do_not() -> None:
    found = made(VERDICTS)
    said = {c.fields["stem"]: c.fields["answer"] for c in found if c.type == "true_false"}
    assert said["Spacing applies to lectures."] is True
    assert said["Rereading applies to lectures."] is False
    assert not any("Rereading applies to labs" in stem for stem in said)
    chosen = [c for c in found if c.type == "multiple_choice"][1]
    assert (
        chosen.fields["stem"] == "Which of these techniques apply to labs? Choose all that apply."
    )
    assert [c["text"] for c in chosen.fields["choices"] if c.get("correct")] == [  # type: ignore[attr-defined]
        "Spacing",
        "Drawing",
    ]
    assert all("Rereading" not in str(c) for c in chosen.fields["choices"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("header", ["Floats", "Burns", "Needs water"])
def test_what_things_do_is_nothing_that_they_apply_to(header: str) -> None:
    assert not [c for c in made(VERDICTS.replace("Lectures", header)) if header.lower() in str(c)]


@pytest.mark.parametrize("header", ["Requires", "Produces", "Converges quickly"])
def test_what_things_do_is_no_thing_that_they_have(header: str) -> None:
    rows = "| Newton | a good start |\n| Bisection | a sign change |\n| Secant | two points |\n"
    assert not made(f"| Method | {header} |\n|---|---|\n{rows}", "Root finding")
    assert made(f"| Method | Requirement |\n|---|---|\n{rows}", "Root finding")


def test_what_two_slides_say_in_two_ways_is_not_asked() -> None:
    head = "| Rock | Texture | Colour |\n|---|---|---|\n"
    one = slide(
        f"{head}| Granite | coarse | light |\n| Basalt | fine | dark |\n| Slate | flat | grey |",
        "A",
    )
    two = slide(
        f"{head}| Granite | medium | light |\n| Basalt | fine | dark |\n| Slate | flat | grey |",
        "B",
    )
    both = [c for kind in ("matching", "single_choice", "true_false")
            for c in Extractive().drafts(kind, [one, two])]  # fmt: skip
    assert both
    assert not [
        c for c in both if "Texture" in str(c.fields["title"]) and "Granite" in str(c.fields)
    ]
    alone = Extractive().drafts("matching", [one])
    assert [c for c in alone if "Texture" in str(c.fields["title"])]


@pytest.mark.parametrize(
    "title", ["Common mistakes", "Myths about memory", "What is wrong here", "A misconception"]
)
def test_what_is_said_to_be_wrong_is_left_alone(title: str) -> None:
    text = "**Chunking** is the grouping of single items into larger meaningful units."
    assert made(text, "Memory")
    assert not made(text, title)


def test_what_a_thing_is_not_is_no_definition() -> None:
    assert not made(
        "**Basalt** is not a coarse rock that cooled slowly below the ground of a continent."
    )


def test_a_column_is_the_thing_where_the_corner_is_empty() -> None:
    text = """
| | Spacing | Testing | Drawing |
|---|---|---|---|
| Main effect | slower forgetting | better retrieval | richer images |
"""
    matching = only(text, "matching", "Three techniques")
    assert matching.fields["stem"] == (
        "Three techniques: match each of the following with its main effect."
    )
    assert [quote.text for quote in matching.quotes] == [
        "| | Spacing | Testing | Drawing |",
        "| Main effect | slower forgetting | better retrieval | richer images |",
    ]


# Lists


TERMS = """
Three effects shape what is remembered:

- **Primacy**: what comes at the beginning is rehearsed most.
- **Recency**: the end is still in working memory.
- **Isolation**: what stands out from its surroundings is kept.
"""


def test_a_list_of_terms_becomes_a_matching_and_choices() -> None:
    matching = only(TERMS, "matching")
    assert matching.fields["stem"] == "Memory. Match each effect with its description."
    choices = [c for c in made(TERMS) if c.type == "single_choice"]
    assert str(choices[0].fields["stem"]).startswith("Memory. Which of these effects does this")


@pytest.mark.parametrize(
    "text",
    [
        "- **Primacy**: what comes first.\n- **Recency**: what comes last.",
        "- **Data**: How much is there?\n- **Skills**: Who can do it?\n- **Output**: What is it?",
        "- **Primacy**: the primacy effect.\n- **Recency**: a recency effect.\n- **X**: x.",
        "- Primacy\n- Recency\n- Isolation",
        "- **Primacy** of what comes\n- **Recency** of it\n- **Isolation** is not a term here",
    ],
)
def test_what_is_no_list_of_terms(text: str) -> None:
    assert kinds(text) == []


def test_two_terms_become_statements_one_about_the_other() -> None:
    text = "- Encoding: what is seen becomes a trace.\n- Retrieval: a trace is brought back."
    found = made(text, "Two processes")
    assert [c.type for c in found] == ["true_false", "true_false"]
    said = {str(c.fields["stem"]): c.fields["answer"] for c in found}
    for stem, answer in said.items():
        right = ("Encoding" in stem) == ("becomes a trace" in stem)
        assert answer is right


def test_what_stands_in_brackets_is_matched() -> None:
    text = """
The canvas has four parts:

- Value proposition (center)
- Ingredients (left)
- Integration (right)
- Financing on the bottom (bottom)
"""
    matching = only(text, "matching", "AI Canvas")
    assert [pair["premise"] for pair in matching.fields["pairs"]] == [  # type: ignore[attr-defined]
        "Value proposition",
        "Ingredients",
        "Integration",
    ]


# Orders


def test_numbered_steps_are_an_order_where_a_word_says_so() -> None:
    steps = "1. Read the question twice.\n2. Recall what you know.\n3. Write an outline."
    assert kinds(steps, "Steps of an essay") == ["ordering"]
    assert kinds(f"Follow these steps:\n\n{steps}", "Essays") == ["ordering"]
    assert kinds(steps, "Tips for essays") == []
    assert kinds(steps.replace("1.", "-").replace("2.", "-").replace("3.", "-"), "Steps") == []


def test_years_in_brackets_are_an_order() -> None:
    found = only("Milestones are Ebbinghaus (1885), Bartlett (1932) and Miller (1956).", "ordering")
    assert found.fields["sequence"] == ["Ebbinghaus", "Bartlett", "Miller"]
    assert "ordering" not in kinds("Milestones are Ebbinghaus (1885) and Miller (1956).")
    asked = only(
        "Milestones: Ebbinghaus (1885), Bartlett (1932), Miller (1956).", "ordering", "Who?"
    )
    assert asked.fields["stem"] == (
        "Who? Put these in the order of their years, the earliest first."
    )
    assert "ordering" not in kinds("See Craik (1972), Lockhart (1972) and Miller (1956).")


# Languages


def test_other_languages_get_items_that_need_no_words() -> None:
    text = (
        "**Gruppierung** ist das Zusammenfassen einzelner Elemente zu größeren Einheiten.\n"
        "\n| Speicher | Dauer |\n|---|---|\n| Sensorisch | unter einer Sekunde |\n"
        "| Arbeitsspeicher | rund zwanzig Sekunden |\n| Langzeit | ein Leben |\n"
    )
    found = made(text, "Speicher", "de")
    assert [c.type for c in found] == ["matching", "cloze"]
    assert found[0].fields["stem"] == "Speicher: Speicher – Dauer"
    assert found[1].fields["gaps"] == {"term": {"answers": ["Gruppierung"]}}


# The drafter


def test_what_slides_support_comes_in_their_order() -> None:
    one = slide("**Chunking** is the grouping of single items into larger meaningful units.", "A")
    two = slide("**Rehearsal** is the silent repeating of words by speakers of a tongue.", "B")
    found = Extractive().drafts("cloze", [one, two])
    assert [draft.quotes[0].slide for draft in found] == [one.reference, two.reference]
    assert all(draft.fields["bloom"] == "remember" for draft in found)


def test_a_reason_says_why_there_is_none() -> None:
    rules = Extractive()
    assert rules.drafts("matching", [slide("Nothing.")]) == []
    assert rules.reason("matching", said=False) == (
        "These slides say nothing that matching can be made of without a model."
    )
    assert "an item" in rules.reason("", said=False)
    assert "asked already" in rules.reason("cloze", said=True)
    german = Extractive("de")
    assert german.drafts("single_choice", [slide(STORES)]) == []
    assert "English" in german.reason("single_choice", said=False)


def test_one_fact_is_asked_once_whatever_the_words_and_the_slide() -> None:
    one = slide("**Chunking** is the grouping of single items into larger meaningful units.")
    asked = Asked(
        item="a",
        answers=frozenset({key("chunking")}),
        words=frozenset({"grouping", "items"}),
        stem=key("What do we call it when items are grouped?"),
    )
    rules = Extractive()
    (cloze,) = rules.drafts("cloze", [one])
    assert rules.repeats(cloze, Known((asked,)), [])
    assert not rules.repeats(cloze, Known(), [])
    (short,) = rules.drafts("short_answer", [one])
    assert rules.repeats(short, Known(), [cloze]), "the gap asks for it"


def test_a_pair_that_a_matching_asks_is_no_choice_any_more() -> None:
    table = slide(STORES.replace("Lasts", "Duration").replace("Holds", "Capacity"), "Stores")
    asked = Asked(
        item="m",
        answers=frozenset({"sensory under a second", "working some twenty seconds"}),
        words=frozenset({"sensory", "working"}),
        stem="match",
    )
    rules = Extractive()
    choices = rules.drafts("single_choice", [table])
    left = [draft for draft in choices if not rules.repeats(draft, Known((asked,)), [])]
    assert 0 < len(left) < len(choices)
    for draft in left:
        assert "under a second" not in draft.quotes[0].text or "Capacity" in str(
            draft.fields["title"]
        )


@pytest.mark.parametrize(
    "text",
    [
        "A " * 20_000,
        "A (" * 10_000,
        "**a** " * 10_000,
        "| A | B |\n|---|---|\n" + "| word word | other words of a cell |\n" * 2_000,
        "- **Term**: text of it.\n" * 2_000,
        "1. Step of it.\n" * 2_000,
        "One. " * 10_000,
        "It is, " * 6_000 + ".",
    ],
    ids=lambda text: text[:12],
)
def test_large_slides_take_no_long_time(text: str) -> None:
    begin = process_time()
    made(text, "Steps")
    assert process_time() - begin < 3


def test_a_short_entry_is_quoted_with_what_stands_beside_it() -> None:
    text = "- Empathize\n  - Understand the users first\n- Define\n  - State clearly the problem\n"
    text += "- Ideate\n  - Brainstorm many possible solutions"
    matching = only(text, "matching", "Design Thinking")
    assert [quote.text for quote in matching.quotes][:2] == [
        "Empathize - Understand",
        "Understand the users first",
    ]


# Laws


_bits = st.sampled_from(
    [
        *(
            "**Term**",
            "*x*",
            " is the ",
            "a thing",
            "it",
            "|",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            ": ",
            ". ",
        ),
        *("| a | b |\n", "|---|---|\n", "$x$", "`c`", "?", "(AB)", "Alpha Beta (AB)", "yes", "no"),
        *("{{g}}", "\\", "<b>", "![", "](", "2001", "Name (2001)", "…", "“", "#", "> ", "e.g. "),
        *("words that say something of their own", "Step", "| Phase | What is done |\n"),
    ]
)


@given(st.lists(_bits, max_size=40).map("".join), st.sampled_from(["en", "de"]))
@settings(max_examples=300, deadline=None)
def test_whatever_stands_on_a_slide_quotes_are_its_words(text: str, language: str) -> None:
    found = chunks_of([Lecture(name="l", title="L", slides=(Slide(id="s", title="T", text=text),))])
    for chunk in found:
        matter = matter_of(chunk)
        for candidate in candidates_of(matter, [matter], language):
            for quote in candidate.quotes:
                whole = normalised(f"{chunk.title}\n{chunk.text}")
                assert normalised(quote.text) in whole
                assert len(quote.text) >= min(SHORTEST_QUOTE, len(whole))
            if candidate.type == "cloze":
                gap = candidate.fields["gaps"]["term"]  # type: ignore[index]
                shown = key(str(candidate.fields["text"]).replace("{{term}}", " "))
                assert f" {key(gap['answers'][0])} " not in f" {shown} "


# What slides of other makers taught


def test_an_article_stands_before_the_gap_and_not_in_it() -> None:
    found = only("The slope is the rate at which a line rises over a unit.", "cloze", "The slope")
    assert found.fields["text"].startswith("The {{term}} is the rate")  # type: ignore[attr-defined]
    assert found.fields["gaps"] == {"term": {"answers": ["slope"]}}
    found = only("**A heap** is a region from which a program takes memory at run time.", "cloze")
    assert found.fields["gaps"] == {"term": {"answers": ["heap"]}}


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("The dining philosophers", "How to implement the forks to ensure"),
        ("Process states", "A process has"),
        ("Locks", "In order to avoid a deadlock, ensure"),
        ("Sequence alignment", "It takes"),
    ],
)
def test_numbers_alone_make_no_order(title: str, lead: str) -> None:
    text = f"{lead}:\n\n1. No cycle of waiting\n2. A limit of time\n3. Two forks for each at most"
    assert "ordering" not in kinds(text, title)


def test_a_weak_word_and_entries_that_read_like_steps_make_an_order() -> None:
    text = "1. Start with all nodes\n2. Pick the nearest node\n3. Repeat for its neighbours"
    assert kinds(text, "Dijkstra's algorithm") == ["ordering"]


def test_entries_with_formulas_and_stress_are_no_order() -> None:
    text = "1. **Import**\n2. **Transform** $\\leftrightarrow$ *model*\n3. Communicate"
    assert kinds(text, "Steps of an analysis") == []


def test_two_headings_with_entries_and_two_values_are_no_statements() -> None:
    headings = "- Required\n  - a script that asks for time\n- Advised\n  - a queue of its own kind"
    assert kinds(headings, "The scheduler") == []
    values = "- Atmosphere: 720.0 Gt C\n- Ocean: 842.0 Gt C"
    assert kinds(values, "Reservoirs") == []


def test_a_table_that_sets_its_columns_against_each_other_is_no_matching() -> None:
    rows = ["| fixed size | grows |", "| quick | slower |", "| local names | pointers |"]
    text = "\n".join(["| Stack | Heap |", "|---|---|", *rows])
    assert "matching" not in kinds(text, "Stack vs. Heap")
    assert "matching" in kinds(text, "Parts of the memory")


@pytest.mark.parametrize("title", ["sbatch -p", "fd = socket(domain)", "Page 12", "BIOS (0xfff0)"])
def test_a_title_that_is_code_stands_in_no_stem(title: str) -> None:
    text = (
        "| Partition | Purpose |\n|---|---|\n| short | jobs of an hour |\n| long | jobs of days |\n"
        "| debug | trials by hand |"
    )
    stems = [str(candidate.fields["stem"]) for candidate in made(text, title)]
    assert stems
    assert not any(title in stem or "0x" in stem for stem in stems)
    steps = "1. Start it\n2. Wait for the stage\n3. Repeat"
    assert title in ("Page 12",) or kinds(steps, title) == []


def test_short_forms_of_organisations_and_those_named_in_passing_are_not_asked_for() -> None:
    passing = (
        "The largest maker of lysine in the country at that time was Archer Daniels Midland (ADM) "
        "of Chicago, which sold it to farmers."
    )
    assert kinds(passing) == []
    assert kinds(passing + "\n\nPrices of ADM rose in that year.") == []
    theorem = (
        "For samples that are large enough the mean is distributed normally, as the Central Limit "
        "Theorem (CLT) says of any population."
    )
    assert kinds(theorem) == []
    assert kinds(theorem + "\n\nThe CLT is a theorem of limits.") == ["short_answer"]
    assert kinds("- Randomized controlled trials (RCTs)") == []
    assert kinds("- Federal Bureau of Investigation (FBI)") == []
    assert kinds("- Central Limit Theorem (CLT)") == ["short_answer"]


def test_a_glossary_is_asked_for_without_its_title() -> None:
    text = (
        "- Input devices: keyboard, mouse and touch screen\n"
        "- Main memory: fast storage that is lost on reboot\n- Bus: wires that join the parts"
    )
    found = only(text, "matching", "Definitions")
    assert found.fields["stem"] == "Match each term with its description."


def test_paragraphs_that_each_describe_a_term_are_a_list_of_terms() -> None:
    text = (
        "**Nodes:** computers that are joined to a cluster\n\n"
        "**Cores:** processing units inside of one chip\n\n"
        "Shared disk: storage that can be read from everywhere"
    )
    found = only(text, "matching", "Parts of a cluster")
    assert [p["premise"] for p in found.fields["pairs"]] == [  # type: ignore[attr-defined]
        "Nodes", "Cores", "Shared disk",
    ]  # fmt: skip
    asides = "Note: it is late in the day\n\nSource: a book of old tales\n\nExample: a cat on a mat"
    assert kinds(asides, "Parts of a cluster") == []


def test_initials_of_what_is_said_are_no_pair() -> None:
    text = (
        "- HDD: Hard Disk Drive\n- Cache: memory between chip and disk\n"
        "- Bus: wires that carry bits between parts"
    )
    assert kinds(text, "Parts of a computer") == ["single_choice", "single_choice"]


def test_a_stressed_adjective_is_no_term() -> None:
    text = (
        "A **very** common source of slow convergence is a mistake in the gradient of the function."
    )
    assert kinds(text) == []
    text = "**Decorators** wrap a function in code that logs, caches or checks its arguments."
    assert "cloze" in kinds(text)


def test_a_text_that_stands_in_brackets_describes_nothing() -> None:
    text = "- Observed: genes (as one theory had it)\n- Hidden: smoking (which was not counted)"
    assert kinds(text, "Two causes") == []


def test_pairs_betray_nothing_when_others_are_left_out() -> None:
    """Of many terms some share a word: those that are kept may not be told by it."""
    rest = [
        ("tariff", "a sum that is levied at the border"), ("quota", "a limit of imports"),
        ("subsidy", "money for a maker"), ("cartel", "firms that agree on prices"),
        ("duopoly", "two firms in one market"), ("dumping", "selling below cost abroad"),
        ("charge", "a tax on smoke; also a pollution tax"), ("embargo", "trade that is forbidden"),
        ("smog", "what pollution makes of air"),
    ]  # fmt: skip
    terms = [("pollution charge", "a tax on dirt; also called a pollution tax"), *rest]
    text = "\n".join(f"- **{term}**: {said}" for term, said in terms)
    found = only(text, "matching", "Key terms")
    pairs = [(p["premise"], p["response"]) for p in found.fields["pairs"]]  # type: ignore[attr-defined]
    for premise, response in pairs:
        others = [other for _, other in pairs if other != response]
        assert not given_away(premise, response, others)


def test_amounts_are_offered_in_their_order() -> None:
    text = (
        "| Queue | Limit |\n|---|---|\n| middle | 5 days |\n| short | 12 hours |\n"
        "| long | 30 days |"
    )
    orders = [
        [choice["text"] for choice in candidate.fields["choices"]]  # type: ignore[attr-defined]
        for candidate in made(text, "Queues")
        if candidate.type == "single_choice"
    ]
    assert orders
    assert set(map(tuple, orders)) == {("12 hours", "5 days", "30 days")}


def test_forms_that_a_check_takes_for_one_word_give_a_pair_away() -> None:
    assert given_away("monopolistic competition", "firms competing for us", ["one seller"])
    # That another response holds a form of it does not help: the one that fits best is seen.
    assert given_away("monopolistic competition", "firms competing for us", ["no competition"])


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("- We look at Ordinary Least Squares (OLS)", ["Ordinary Least Squares"]),
        ("- What is the Variance Inflation Factor (VIF)?", ["Variance Inflation Factor"]),
        ("- Some agent-based models (ABM)", [
            "agent-based models", "agent based models", "agent-based model", "agent based model",
        ]),
    ],
)  # fmt: skip
def test_a_long_form_begins_with_a_word_of_its_own(text: str, answers: list[str]) -> None:
    assert only(text, "short_answer").fields["answers"] == answers


def test_an_expansion_behind_a_gap_goes_with_its_term() -> None:
    text = "**DNS** (Domain Name System) maps the names of hosts to numbers of the network."
    found = only(text, "cloze", "The names of hosts")
    assert found.fields["text"] == "{{term}} maps the names of hosts to numbers of the network."


@pytest.mark.parametrize("title", ["References", "Agenda for the week", "What comes next?"])
def test_slides_that_hold_no_matter_of_their_own_are_left_alone(title: str) -> None:
    text = (
        "- Today: the reasons why plain text is kept\n- Later: the ways in which plain text is read"
        "\n- National Centre for Environmental Economics (NCEE)"
    )
    assert kinds(text, title) == []


def test_what_is_said_in_a_word_or_two_is_no_statement() -> None:
    text = "- Point estimate: fishing with a spear.\n- Interval: fishing with a net."
    assert kinds(text, "Two ways to estimate") == []


def test_a_lead_that_names_a_step_makes_no_order() -> None:
    text = (
        "At this step we check:\n\n1. Quality of the bases\n2. Lengths of reads\n3. Foreign reads"
    )
    assert kinds(text, "Quality checks") == []
    for lead in ("The checks of this stage of the workflow include", "Various steps help"):
        assert kinds(text.replace("At this step we check", lead), "Quality checks") == []
    found = text.replace("At this step we check", "The steps are")
    assert kinds(found, "Quality of reads") == ["ordering"]
    assert kinds(found, "Summary") == []


def test_a_lecture_in_another_language_gets_no_english_words() -> None:
    """A course may say nothing of its language, or hold a lecture in another one."""
    sentences = (
        "Der Wechselstrom ändert seine Richtung in gleichen Abständen der Zeit. Die Spannung eilt "
        "dem Strom an einer Spule voraus, am Kondensator eilt sie ihm nach. "
    ) * 3
    table = (
        "| Leistung | Einheit |\n|---|---|\n| Wirkleistung | Watt |\n| Blindleistung | Var |\n"
        "| Scheinleistung | Voltampere |"
    )
    chunk = slide(f"{sentences}\n\n{table}", "Arten der Leistung")
    rules = Extractive("en")
    assert rules.drafts("single_choice", [chunk]) == []
    (found,) = rules.drafts("matching", [chunk])
    assert found.fields["stem"] == "Arten der Leistung: Leistung – Einheit"
