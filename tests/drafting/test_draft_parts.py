"""The parts of drafting: file of drafts, ids, repetition, schemas, prompts, questions, sizes."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from coursec.drafting.bankfile import with_items
from coursec.drafting.drafts import Draft, Known, Quote
from coursec.drafting.entry import Stamp, entry
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot, Span
from coursec.drafting.identity import item_id
from coursec.drafting.repetition import asked_by, known_of, repeated
from coursec.model.items import (
    Choice,
    Cloze,
    Item,
    Matching,
    NumberAnswer,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TrueFalse,
)
from coursec.model.text import Paragraph, RichText, Text
from courses import read_items

pytest.importorskip("ollama")

from coursec.drafting.ollama import prompts
from coursec.drafting.ollama.answering import TURNS, question
from coursec.drafting.ollama.fields import draft_of, quotes_of
from coursec.drafting.ollama.parsing import UnusableReplyError
from coursec.drafting.ollama.schemas import drafting_schema, faults, longest
from coursec.drafting.ollama.tokens import at_least, at_most

STAMP = Stamp("ollama", "2026-11-25")
QUOTE = Quote("l#s", "0" * 12, "The second step moves it.")


def draft(stem: str) -> Draft:
    return Draft({"type": "true_false", "stem": stem, "answer": True}, (QUOTE,))


def entries(*names: str) -> dict[str, dict[str, object]]:
    return {name: dict(entry(name, draft(f"So is {name}."), STAMP)) for name in names}


ORDER = ["a", "b", "c", "d"]


def put(text: str | None, *names: str) -> str | None:
    return with_items(text, entries(*names), ORDER, "quiz")  # type: ignore[arg-type]


# The file


def test_items_take_their_places_whatever_order_they_come_in() -> None:
    whole = put(None, "a", "b", "c", "d")
    assert whole is not None
    for first, then in [("ad", "bc"), ("b", "acd"), ("d", "abc"), ("ac", "bd")]:
        assert put(put(None, *first), *then) == whole


def test_items_of_people_keep_their_lines() -> None:
    mine = "items:\n  # a comment\n  - id: mine\n    type: text\n    stem: |\n      x\n\n      y\n"
    text = put(mine, "a", "c")
    assert text is not None
    assert text.startswith(mine.rstrip("\n"))
    again = put(text + "# the end\n", "b")
    assert again is not None
    assert again.index("id: a") < again.index("id: b") < again.index("id: c")
    assert again.endswith("# the end\n")


@pytest.mark.parametrize("head", ["items:\n- id: mine\n  type: text\n  stem: x\n"])
def test_another_indent_is_kept(head: str, tmp_path: Path) -> None:
    text = put(head, "a")
    assert text is not None
    assert "\n- id: a\n  type: true_false\n" in text


@pytest.mark.parametrize(
    "text",
    [
        "items: [{id: mine, type: text, stem: x}]\n",
        "{items: []}\n",
        "just a text\n",
        "- id: mine\n",
        "items:\n  - id: mine\n   stem: x\n",
        "items:\n  - {id: mine}\nother: 1\n",
        "items: *a\n",
    ],
)
def test_a_file_that_takes_no_items_is_left_alone(text: str) -> None:
    after = put(text, "a")
    assert after is None or after.startswith(text.rstrip("\n"))


@pytest.mark.parametrize("text", ["items: []\n", "items:\n", "", "\n"])
def test_an_empty_bank_takes_items(text: str) -> None:
    after = put(text, "a")
    assert after is not None
    assert "  - id: a\n" in after


def test_line_ends_stay() -> None:
    text = put("items:\r\n  - id: mine\r\n    stem: x\r\n", "a")
    assert text is not None
    assert text.count("\r\n") == text.count("\n")


def test_a_draft_sets_no_field_that_is_not_its_own() -> None:
    for field in ("id", "status", "source", "provenance", "notes", "stimulus", "ignore", "x"):
        bad = Draft({"type": "true_false", "stem": "x", "answer": True, field: "y"}, (QUOTE,))
        with pytest.raises(ValueError, match=field):
            entry("a", bad, STAMP)


# Ids and repetition


def slot(kind: str, *lines: str, number: int = 1) -> Slot:
    chunk = Chunk(lecture="l", slide="the-slide", title="T", text="\n".join(lines), digest="0" * 12)
    spans = tuple(Span(chunk=chunk, text=line, kind="step") for line in lines)
    return Slot(number=number, topic="t", type=kind, bloom="apply", spans=spans)


def test_an_id_depends_on_quiz_type_and_words_only() -> None:
    one = item_id("quiz", slot("cloze", "The second step moves it."))
    assert one.startswith("quiz-the-slide-cloze-")
    assert one == item_id("quiz", slot("cloze", "the second  step moves it", number=9))
    assert one != item_id("quiz", slot("cloze", "The third step moves it."))
    assert one != item_id("quiz", slot("short_answer", "The second step moves it."))
    assert one != item_id("other", slot("cloze", "The second step moves it."))
    assert len(item_id("q" * 80, slot("matching", "a b c d"))) <= 80


def rich(text: str) -> RichText:
    return RichText((Paragraph((Text(text),)),))


def short(name: str, stem: str, *answers: str) -> Item:
    return ShortAnswer(id=name, stem=rich(stem), answers=tuple(TextAnswer(text=a) for a in answers))


def test_the_same_answer_on_the_same_thing_is_asked_once() -> None:
    known = known_of([short("old", "Which model predicts a word from its context?", "CBOW")])
    for stem in (
        "Which model predicts a word from its context?",
        "What predicts a word from the context around it?",
        "Name the Word2Vec model that predicts a word from its context.",
    ):
        assert repeated(asked_by(short("new", stem, "cbow")), known)
    new = short("new", "Which model predicts a word from its context?", "Skip-gram")
    assert not repeated(asked_by(new), known)
    new = short("new", "Which model is trained faster on large corpora?", "CBOW")
    assert not repeated(asked_by(new), known)
    assert not repeated(asked_by(short("old", "Which?", "CBOW")), known)
    assert not repeated(asked_by(new), Known())


def test_a_statement_is_repeated_by_its_words() -> None:
    one = TrueFalse(id="a", stem=rich("BPE merges the most frequent pair."), answer=True)
    two = TrueFalse(id="b", stem=rich("BPE merges the most frequent pair of all."), answer=False)
    other = TrueFalse(id="c", stem=rich("WordPiece marks inner pieces."), answer=True)
    known = known_of([one])
    assert repeated(asked_by(two), known)
    assert not repeated(asked_by(other), known)


# Schemas

QUOTES = ["The first step moves it.", "The second step moves it.", "The third step is last."]
KINDS = [
    "single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "matching",
    "ordering", "cloze", "essay", "file_upload",
]  # fmt: skip
_HELD = {"type", "properties", "required", "additionalProperties", "items", "enum", "pattern"} | {
    "minItems", "maxItems", "minLength", "maxLength",
}  # fmt: skip


def schemas_within(schema: object) -> list[dict[str, object]]:
    if not isinstance(schema, dict):
        return []
    inner = [*schema.get("properties", {}).values(), schema.get("items")]
    return [schema, *(found for one in inner for found in schemas_within(one))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_holds_only_what_a_grammar_holds(kind: str) -> None:
    schema = drafting_schema(kind, QUOTES)
    assert schema is not None
    for part in schemas_within(schema):
        assert set(part) <= _HELD
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])  # type: ignore[call-overload]
        elif part["type"] == "array":
            assert part["maxItems"] <= 7  # type: ignore[operator]
        else:
            assert "enum" in part or part["maxLength"] <= 1_000  # type: ignore[operator]
    first = next(iter(schema["properties"]))
    assert first == ("stem" if kind in ("matching", "ordering") else "quote")
    assert longest(schema) < 4_000


@pytest.mark.parametrize("sign", ['"', "\\"])
def test_a_quote_that_grammars_cannot_list_is_copied(sign: str) -> None:
    schema = drafting_schema("cloze", [f"The {sign}first step moves it."])
    assert schema is not None
    assert "enum" not in schema["properties"]["quote"]
    assert drafting_schema("cloze", ["L’été → ε |x|"])["properties"]["quote"]["enum"]  # type: ignore[index]


def test_a_text_is_no_type_that_is_drafted() -> None:
    assert drafting_schema("text", QUOTES) is None


def test_what_breaks_a_schema_is_said() -> None:
    schema = drafting_schema("true_false", QUOTES)
    assert schema is not None
    good = {"quote": QUOTES[0], "statement": "The first step moves it.", "answer": "true"}
    assert faults(good, schema) == []
    for bad in (
        [], None, {}, {**good, "answer": True}, {**good, "more": 1}, {**good, "quote": "no"},
        {**good, "statement": "x"}, {**good, "statement": "x" * 401},
    ):  # fmt: skip
        assert faults(bad, schema)


# From a reply to a draft


def test_choices_stand_in_a_drawn_order_and_numbers_by_size() -> None:
    made = slot("single_choice", QUOTES[1])
    reply = {"quote": QUOTES[1], "stem": "What?", "key": "30", "distractors": ["4", "200", "1"]}
    choices = draft_of(made, reply, "name").fields["choices"]
    assert choices == ["1", "4", {"text": "30", "correct": True}, "200"]
    words = {**reply, "key": "it", "distractors": ["us", "me", "you"]}
    orders = {
        str(draft_of(made, words, f"name-{n}").fields["choices"]).index("correct")
        for n in range(40)
    }
    assert len(orders) > 3


@pytest.mark.parametrize(
    ("gaps", "text"),
    [
        (["second"], "The {{gap1}} step moves it."),
        (["it", "second"], "The {{gap1}} step moves {{gap2}}."),
    ],
)
def test_gaps_are_cut_out_of_the_sentence(gaps: list[str], text: str) -> None:
    reply = {"quote": QUOTES[1], "sentence": QUOTES[1], "gaps": gaps}
    fields = draft_of(slot("cloze", QUOTES[1]), reply, "name").fields
    assert fields["text"] == text
    assert list(fields["gaps"]) == [f"gap{n}" for n in range(1, len(gaps) + 1)]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("sentence", "gaps"),
    [
        (QUOTES[1], ["third"]),
        (QUOTES[1], ["eco"]),
        ("It moves it.", ["moves it", "it"]),
        ("One and one.", ["one and", "and one"]),
        ("The {{second}} step.", ["step"]),
        (QUOTES[1], [""]),
    ],
)
def test_gaps_that_cannot_be_cut_out(sentence: str, gaps: list[str]) -> None:
    reply = {"quote": QUOTES[1], "sentence": sentence, "gaps": gaps}
    with pytest.raises(UnusableReplyError):
        draft_of(slot("cloze", QUOTES[1]), reply, "name")


def test_quotes_are_those_of_the_slot() -> None:
    made = slot("matching", *QUOTES)
    assert list(quotes_of(made)) == QUOTES
    pairs = [{"quote": q, "premise": "a", "response": "b"} for q in QUOTES]
    assert [q.text for q in draft_of(made, {"stem": "x", "pairs": pairs}, "n").quotes] == QUOTES


# The second reading

ITEMS: list[tuple[Item, dict[str, object], dict[str, object]]] = [
    (
        ShortAnswer(id="s", stem=rich("What?"), answers=(TextAnswer(text="Byte-pair encoding"),)),
        {"answer": " byte-pair  ENCODING."},
        {"answer": ""},
    ),
    (
        Numeric(
            id="n", stem=rich("How many?"),
            answers=(NumberAnswer(low=Decimal(9), high=Decimal(11), value=Decimal(10)),),
        ),
        {"answer": "10.5"},
        {"answer": "NaN"},
    ),
    (
        Cloze(
            id="c", text=rich("x"), gaps=(TextGap(name="gap1", answers=(TextAnswer(text="pair"),)),)
        ),
        {"gap1": "`pair`"},
        {"gap1": "pairs"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("item", "right", "wrong"), ITEMS)
def test_a_typed_answer_is_compared_as_a_students_is(
    item: Item, right: dict[str, object], wrong: dict[str, object]
) -> None:
    for turn in range(TURNS):
        assert question(item, turn).agrees(right)
        assert not question(item, turn).agrees(wrong)


def single(count: int) -> SingleChoice:
    choices = tuple(Choice(text=rich(f"choice {n}"), correct=n == 0) for n in range(count))
    return SingleChoice(id=f"single-{count}", stem=rich("Which?"), choices=choices)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_no_choice_keeps_its_letter_in_the_second_turn(count: int) -> None:
    item = single(count)
    letters = []
    for turn in range(TURNS):
        asked = question(item, turn)
        right = [
            letter
            for letter in asked.schema["properties"]["answer"]["enum"]
            if asked.agrees({"answer": letter})
        ]
        assert len(right) == 1
        assert f"{right[0]}. choice 0" in asked.text
        letters.append(right[0])
    assert letters[0] != letters[1]


def test_a_question_does_not_tell_its_key() -> None:
    item = read_items_of(
        "stem: Which?\n    choices: [{text: a one, correct: true}, b two, c three]"
    )
    for turn in range(TURNS):
        text = question(item, turn).text
        assert "correct" not in text
        assert sorted(line[3:] for line in text.split("\n")[2:]) == ["a one", "b two", "c three"]


def read_items_of(text: str) -> Item:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        whole = f"items:\n  - id: x\n    type: single_choice\n    {text}\n"
        return read_items(Path(folder), whole)[0]


def test_pairs_and_orders_are_turned_too() -> None:
    pairs = tuple(Pair(premise=rich(f"p{n}"), response=rich(f"r{n}")) for n in range(4))
    order = tuple(rich(f"step {n}") for n in range(4))
    for item in (
        Matching(id="m", stem=rich("Match."), pairs=pairs),
        Ordering(id="o", stem=rich("Order."), sequence=order),
    ):
        texts = {question(item, turn).text for turn in range(TURNS)}
        assert len(texts) == TURNS
        for turn in range(TURNS):
            asked = question(item, turn)
            names = list(asked.schema["properties"])
            assert not asked.agrees(dict.fromkeys(names, "A"))


# Prompts and sizes


def test_another_wording_is_another_version() -> None:
    """A template is never changed under its version: kept replies would not be its."""
    folder = Path(prompts.__file__).parent / prompts.VERSION
    whole = b"".join(path.read_bytes() for path in sorted(folder.rglob("*.md")))
    assert (prompts.VERSION, sha256(whole).hexdigest()[:12]) == ("1", "600dad777f68")


def test_every_type_has_its_rules() -> None:
    for kind in KINDS:
        assert prompts.template(f"types/{kind}").substitute()


@pytest.mark.parametrize(
    "text",
    [
        "Byte-pair encoding merges the most frequent pair.",
        "x = [1, 2]; y = {}",
        "分词器将文本转换为标记",
        "αβγ → δ",
        "",
    ],
)
def test_sizes_are_on_the_safe_side(text: str) -> None:
    llama_index = pytest.importorskip("llama_index.core.utils")
    real = len(llama_index.get_tokenizer()(text))  # GPT's own, bundled
    assert at_least(text) <= max(real, 0)
    assert at_most(text) >= real
