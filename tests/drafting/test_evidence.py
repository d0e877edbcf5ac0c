"""From a request to evidence and a plan: topics, floors, excerpts, acronyms, coverage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursec.drafting.evidence.acronyms import learned, stands_for
from coursec.drafting.evidence.chunk import LONGEST, Hit, chunks_of
from coursec.drafting.evidence.coverage import plan, spans_of
from coursec.drafting.evidence.embedded import Embedded
from coursec.drafting.evidence.excerpt import excerpt
from coursec.drafting.evidence.request import Request, request_of_quiz, request_of_text
from coursec.drafting.evidence.retrieve import Found, Retrieved, retrieve
from coursec.drafting.evidence.spelling import respelled, slips
from coursec.drafting.evidence.store import sync
from coursec.drafting.evidence.topics import topics_by_rule
from coursec.drafting.evidence.words import searchable, stem, terms
from coursec.model import quiz
from coursec.model.quiz import Lecture, Slide


def lecture(name: str, *slides: tuple[str, str], kinds: dict[str, str] | None = None) -> Lecture:
    return Lecture(
        name=name,
        title=name.title(),
        slides=tuple(
            Slide(
                id=title.lower().replace(" ", "-"),
                title=title,
                text=text,
                kinds=frozenset([kinds[title]] if kinds and title in kinds else []),
            )
            for title, text in slides
        ),
    )


def index_of(*lectures: Lecture) -> Embedded:
    index = Embedded(None)
    sync(index, chunks_of(lectures))
    return index


LEAVES = lecture(
    "leaves",
    ("Agenda", "- Photosynthesis\n- Stomata"),
    ("Photosynthesis", "Photosynthesis turns light, water and carbon dioxide into sugar."),
    ("Stomata", "Pores called stomata let carbon dioxide in.\n\nGuard cells open them."),
    ("Summary", "- Photosynthesis feeds the plant.\n- Stomata save water at night."),
    kinds={"Agenda": "agenda"},
)


@pytest.mark.parametrize(
    ("request_", "topics"),
    [
        (
            "Generate a quiz on tokenization and embeddings, testing their use and importance for "
            "pertaining of LLMs.",
            ("tokenization", "embeddings"),
        ),
        (
            "Make a quiz testing the broad techniques to optimize training and inference, "
            "specifically MoE, PEFT and Quantization.",
            ("MoE", "PEFT", "Quantization"),
        ),
        (
            "Generate an assignment exploring the basic Word2Vec framework using CBOW and SkipGram "
            "by coding it using pytorch.",
            ("basic Word2Vec framework", "CBOW", "SkipGram", "pytorch"),
        ),
        ("photosynthesis", ("photosynthesis",)),
        ("Please write 5 multiple choice questions about the Calvin cycle and stomata",
         ("Calvin cycle", "stomata")),
        ("Erstelle ein Quiz über Photosynthese", ("Photosynthese",)),
        ("A quiz on hardware architecture: CPU, memory and devices",
         ("CPU", "memory", "devices")),
        ("questions on BERT: pre-training", ("BERT: pre-training",)),
        ("a quiz", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_a_request_becomes_topics(request_: str, topics: tuple[str, ...]) -> None:
    assert topics_by_rule(request_) == topics


@given(st.text(max_size=200))
def test_any_request_becomes_topics_that_say_something(text: str) -> None:
    for topic in topics_by_rule(text):
        assert terms(topic)


def test_structure_and_copies_are_no_evidence() -> None:
    twice = lecture("leaves-2", ("Stomata again", LEAVES.slides[2].text), ("Only a title", ""))
    found = chunks_of([LEAVES, twice])
    assert [c.reference for c in found] == [
        "leaves#photosynthesis", "leaves#stomata", "leaves#summary",
    ]  # fmt: skip
    assert found[1].aliases == ("leaves-2#stomata-again",)


def test_nearly_the_same_slide_is_an_alias() -> None:
    text = " ".join(f"word{n} says something of its own" for n in range(30))
    found = chunks_of([lecture("a", ("One", text), ("Two", text + " Really."))])
    assert [(c.slide, c.aliases) for c in found] == [("one", ("a#two",))]


def test_speaker_notes_and_images_are_not_what_students_see() -> None:
    text = "Seen text here.\n\n![A leaf](../media/leaf.png)\n\n> [!NOTE]\n> Secret remark.\n> More."
    (chunk,) = chunks_of([lecture("a", ("One", text))])
    assert chunk.text == "Seen text here."


def test_a_digest_changes_with_what_students_see_and_only_then() -> None:
    one = chunks_of([lecture("a", ("One", "Some text."))])[0]
    note = chunks_of([lecture("a", ("One", "Some  text.\n\n> [!NOTE]\n> New note."))])[0]
    edited = chunks_of([lecture("a", ("One", "Some texts."))])[0]
    assert one.digest == note.digest != edited.digest


def test_a_long_slide_is_cut_between_blocks() -> None:
    code = "```python\nx = 1\n\ny = 2\n```"
    text = "\n\n".join([f"Paragraph {n} " + "word " * 60 for n in range(12)] + [code])
    found = chunks_of([lecture("a", ("Long", text))])
    assert len(found) > 1
    assert [c.part for c in found] == list(range(1, len(found) + 1))
    assert all(len(c.text) <= LONGEST for c in found)
    assert sum(code in c.text for c in found) == 1
    assert len({c.id for c in found}) == len(found)


def test_compounds_are_found_in_every_spelling() -> None:
    index = index_of(
        lecture("a", ("Models", "Skip-gram predicts the context."), ("Other", "Nothing of it.")),
        lecture("b", ("Training", "Pretraining comes first."), ("FlashAttention", "It is fast.")),
    )
    for text, wanted in (
        ("SkipGram", "a#models"), ("skip gram", "a#models"), ("skip-grams", "a#models"),
        ("pre-training", "b#training"), ("flash attention", "b#flashattention"),
    ):  # fmt: skip
        found = retrieve(request_of_text(text), index).hits
        assert [hit.chunk.reference for hit in found][:1] == [wanted], text


def test_short_and_long_forms_are_one() -> None:
    texts = ["A Mixture of Experts (**MoE**) layer.", "BERT (Bidirectional Encoder Representations "
             "from Transformers)", "see (2013)", "Parameters (AB)"]  # fmt: skip
    forms = learned(texts)
    assert forms["moe"] == ("mixture of experts",)
    assert forms["mixture of experts"] == ("moe",)
    assert "ab" not in forms
    assert stands_for("moe", ["mixture", "of", "experts"])
    index = index_of(
        lecture("a", ("Routing", "The mixture of experts (MoE) has a router."), ("X", "Other."))
    )
    for text in ("MoE", "mixture of experts"):
        assert retrieve(request_of_text(text), index).hits


def test_a_slip_of_the_pen_finds_the_word_that_was_meant() -> None:
    index = index_of(LEAVES)
    assert respelled("photosynthsis of leaves", index) == "photosynthesis of leaves"
    assert respelled("pytorch", index) == "pytorch"
    assert slips("pertaining", "pretraining") == 2
    assert slips("abcd", "abdc") == 1


def test_a_topic_that_no_slide_names_has_no_hits() -> None:
    found = retrieve(request_of_text("stomata and volcanoes"), index_of(LEAVES)).found
    assert [one.topic for one in found] == ["stomata", "volcanoes"]
    assert found[0].hits
    assert found[1].hits == ()


def test_a_topic_of_which_half_is_said_is_found() -> None:
    (one,) = retrieve(request_of_text("stomata closure"), index_of(LEAVES)).found
    assert one.hits[0].chunk.slide == "stomata"


def test_of_a_slide_about_something_else_only_the_parts_that_name_the_topic_are_shown() -> None:
    (chunk,) = chunks_of(
        [
            lecture(
                "a",
                ("Conclusion", "| T | Use |\n|---|---|\n| PEFT | tuning |\n| MoE | routing |\n\n"
                 "- Other things\n  - PEFT is cheap\n  - Nothing\n\nPlain words."),
            )
        ]
    )  # fmt: skip
    shown = excerpt(Hit(chunk=chunk, score=1.0), ["peft"])
    assert shown == (
        "| T | Use |\n|---|---|\n| PEFT | tuning |\n\n- Other things\n  - PEFT is cheap"
    )
    assert all(line in chunk.text for line in shown.split("\n"))


def test_slides_that_a_good_hit_lists_belong_to_the_topic() -> None:
    index = index_of(
        lecture(
            "a",
            ("Frameworks for problems", "Several frameworks:\n\n- AI Canvas\n- Design Thinking"),
            ("AI Canvas: parts", "Value and data."),
            ("Design Thinking", "Empathize first."),
            ("Cooking", "Salt and water."),
        )
    )
    found = retrieve(request_of_text("frameworks"), index).hits
    assert {hit.chunk.slide for hit in found} == {
        "frameworks-for-problems", "ai-canvas:-parts", "design-thinking",
    }  # fmt: skip


def test_a_lecture_that_touches_a_topic_in_passing_gives_way() -> None:
    main = lecture("main", ("Tokens", "Tokens are units."), ("Vectors", "Vectors embed tokens."))
    other = lecture("other", ("Parsers", "A parser reads tokens of a program."))
    found = retrieve(request_of_text("tokens and vectors"), index_of(main, other)).hits
    assert {hit.chunk.lecture for hit in found} == {"main"}
    alone = retrieve(request_of_text("parser"), index_of(main, other)).hits
    assert {hit.chunk.lecture for hit in alone} == {"other"}


# Coverage


def request(topics: tuple[str, ...], **items: int) -> Request:
    return Request(topics=topics, items=tuple(items.items()))


def test_fewer_items_are_planned_where_there_is_too_little_evidence() -> None:
    asked = request(("stomata", "volcanoes"), single_choice=6)
    made = plan(asked, retrieve(asked, index_of(LEAVES)))
    stomata, volcanoes = made.coverage
    assert (stomata.asked, stomata.spans, stomata.granted) == (3, 3, 3)
    assert (volcanoes.asked, volcanoes.spans, volcanoes.granted) == (3, 0, 0)
    assert len(made.slots) == 3
    assert made.unfilled == (("single_choice", 3),)
    assert made.short


def test_every_slot_has_evidence_of_its_own_word_for_word() -> None:
    asked = request(("photosynthesis", "stomata"), single_choice=3, true_false=3)
    made = plan(asked, retrieve(asked, index_of(LEAVES)))
    keys = [span.key for slot in made.slots for span in slot.spans]
    assert len(keys) == len(set(keys))
    for slot in made.slots:
        for span in slot.spans:
            assert span.text in span.chunk.text
    assert [slot.number for slot in made.slots] == list(range(1, len(made.slots) + 1))


def test_matching_and_ordering_get_a_group_of_one_slide() -> None:
    terms_ = "- CBOW: predicts the word\n- Skip-gram: predicts the context\n- GloVe: counts pairs"
    steps = "1. Find the best pair\n2. Replace all of them\n3. Add it to the vocabulary"
    index = index_of(lecture("a", ("Embeddings", terms_), ("Learning embeddings", steps)))
    asked = request(("embeddings",), single_choice=1, matching=1, ordering=1)
    made = plan(asked, retrieve(asked, index))
    by_type = {slot.type: slot for slot in made.slots}
    assert len(by_type["matching"].spans) == 3
    assert {span.kind for span in by_type["ordering"].spans} == {"step"}
    assert made.unfilled == (("single_choice", 1),)


def test_a_list_of_which_a_topic_is_one_entry_is_matched_as_a_whole() -> None:
    glossary = lecture(
        "parts",
        (
            "Definitions",
            "- Main memory: fast storage that is lost\n- Disk: large storage that stays\n"
            "- Bus: wires that join the parts",
        ),
    )
    made = plan(
        request(("main memory",), matching=1),
        retrieve(request(("main memory",), matching=1), index_of(glossary)),
    )
    assert [len(slot.spans) for slot in made.slots] == [3]


def test_a_plan_is_the_same_each_time_and_follows_the_levels() -> None:
    asked = Request(topics=("stomata",), items=(("single_choice", 2),), bloom=("apply", "analyze"))
    plans = {plan(asked, retrieve(asked, index_of(LEAVES))) for _ in range(3)}
    (made,) = plans
    assert [slot.bloom for slot in made.slots] == ["apply", "analyze"]


def test_code_and_headings_are_no_spans() -> None:
    text = "### A heading of words here\n\n```\nthis is code of words\n```\n\nThis is a sentence."
    (chunk,) = chunks_of([lecture("a", ("Words", text))])
    found = Found(topic="words", searched="words", hits=(Hit(chunk=chunk, score=1.0),))
    assert [span.text for span in spans_of(found)] == ["This is a sentence."]


@given(st.text(max_size=300))
def test_spans_of_any_text_stand_in_it(text: str) -> None:
    for chunk in chunks_of([lecture("a", ("Words", text))]):
        found = Found(topic="words", searched="words", hits=(Hit(chunk=chunk, score=1.0),))
        for span in spans_of(found):
            assert span.text in chunk.text


def test_nothing_asked_is_nothing_planned() -> None:
    empty = Request()
    assert plan(empty, Retrieved(request=empty, found=())).slots == ()


def test_a_quiz_asks_by_its_topics_its_words_or_its_lectures() -> None:
    lectures = {"leaves": LEAVES}
    by_topics = request_of_quiz(quiz.Plan(topics=("a b",), request="on c"), lectures)
    by_words = request_of_quiz(quiz.Plan(request="a quiz on stomata"), lectures)
    by_lecture = request_of_quiz(quiz.Plan(lectures=("leaves#stomata",)), lectures)
    assert (by_topics.topics, by_words.topics, by_lecture.topics) == (
        ("a b",), ("stomata",), ("Leaves",),
    )  # fmt: skip


def test_forms_of_a_word_have_one_stem() -> None:
    assert {stem(w) for w in ("token", "tokens", "tokenizer", "tokenization")} == {"token"}
    assert {stem(w) for w in ("embedding", "embeddings", "embed")} == {"embed"}
    assert stem("words") != stem("word2vec")
    assert searchable("Skip-gram") == "Skip-gram\nSkipgram"
