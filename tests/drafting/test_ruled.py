"""What rules draft for a request: on its topics, each fact once, the same in every run."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("numpy")

from courses import read, write_course
from drafting.slides import drafted

COURSE = "course: AI-602\ntitle: Generative AI\n"
MEMORY = """\
---
title: Memory
---

## Stores of memory {#stores}

| Store | Duration | Capacity |
|---|---|---|
| Sensory | under a second | all that is seen |
| Working | some twenty seconds | about seven items |
| Long-term | a lifetime | without known limit |

## Chunking {#chunking}

**Chunking** is the grouping of single items into larger meaningful units.

## History {#history}

Chunking was named early. The APA (American Psychological Association) keeps the records.

**Behaviourism** is the study of what can be observed and of nothing else that a mind may do.
"""
RULES = ("--drafter", "extractive")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_course(tmp_path, {"course.yaml": COURSE, "lectures/memory.md": MEMORY})


def ids(folder: Path) -> list[str]:
    bank, _, sink = read(folder)
    assert not sink.errors
    return list(bank.items)


def test_items_rest_on_what_slides_say_of_the_topic(folder: Path) -> None:
    """A slide that only mentions a topic is no source of items on its other matters."""
    result = drafted(folder, "--request", "A quiz on chunking.", *RULES, quiz="a")
    assert result.exit_code == 0, result.output
    bank, _, _ = read(folder)
    (item,) = bank.items.values()
    assert item.source == ("memory#chunking",)
    assert item.id.startswith("a-chunking-")


def test_each_item_is_named_after_the_slide_it_rests_on(folder: Path) -> None:
    drafted(folder, "--request", "A quiz on chunking and the stores of memory.", *RULES, quiz="a")
    bank, _, _ = read(folder)
    assert len(bank.items) >= 3
    for item in bank.items.values():
        assert item.id.startswith(f"a-{item.source[0].partition('#')[2]}-")


def test_no_fact_is_asked_twice_in_a_run(folder: Path) -> None:
    drafted(folder, "--request", "A quiz on the stores of memory.", *RULES, quiz="a")
    bank, _, sink = read(folder)
    assert not sink.warnings
    matching = next(item for item in bank.items.values() if item.kind == "matching")
    asked = {str(pair.response) for pair in matching.pairs}
    for item in bank.items.values():
        if item.kind == "single_choice":
            key = next(str(choice.text) for choice in item.choices if choice.correct)
            assert key not in asked


def test_a_second_run_finds_all_of_it_there(folder: Path) -> None:
    asked = ("--request", "A quiz on chunking and the stores of memory.", *RULES)
    drafted(folder, *asked, quiz="a")
    first = ids(folder)
    path = folder / "items/a-drafts.yaml"
    before = path.read_bytes()
    again = drafted(folder, *asked, quiz="a")
    assert f"{len(first)} stand in the course already" in again.output
    assert path.read_bytes() == before
    path.unlink()
    drafted(folder, *asked, quiz="a")
    assert path.read_bytes() == before


def test_an_item_that_is_gone_comes_back_in_its_place(folder: Path) -> None:
    asked = ("--request", "A quiz on chunking and the stores of memory.", *RULES)
    drafted(folder, *asked, quiz="a")
    path = folder / "items/a-drafts.yaml"
    before = path.read_bytes()
    parts = before.decode().split("\n\n  - id: ")
    path.write_text("\n\n  - id: ".join([*parts[:1], *parts[2:]]))
    drafted(folder, *asked, quiz="a")
    assert path.read_bytes() == before


def test_what_another_quiz_asks_is_not_asked_again(folder: Path) -> None:
    asked = ("--request", "A quiz on chunking.", *RULES)
    drafted(folder, *asked, quiz="a")
    result = drafted(folder, *asked, quiz="b")
    assert result.exit_code == 1
    assert (
        "Nothing on “chunking” could be drafted: All that these slides say is asked already."
        in result.output
    )
    assert not (folder / "items/b-drafts.yaml").exists()


def test_places_that_are_counted_and_stay_empty_are_said_together(folder: Path) -> None:
    options = ("--items", "ordering=2", "--items", "matching=1")
    request = ("--request", "A quiz on memory stores and chunking.")
    result = drafted(folder, *request, *options, *RULES, quiz="a")
    assert result.exit_code == 0
    said = "2 of type ordering on “memory stores”, “chunking” could not be drafted: "
    assert said + "These slides say nothing that ordering can be made of" in result.output
    assert result.output.count("W950") == 2, "the finding, and where to read more"
    assert "Drafted 1 of 3 items" in result.output
    assert "W931" not in result.output


def test_a_topic_that_supports_no_such_type_leaves_its_place_to_others(folder: Path) -> None:
    options = ("--items", "single_choice=2")
    request = ("--request", "A quiz on chunking and the stores of memory.")
    result = drafted(folder, *request, *options, *RULES, quiz="a")
    assert "Drafted 2 of 2 items" in result.output, result.output
