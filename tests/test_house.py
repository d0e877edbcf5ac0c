"""The house keeps its shape: tables, schemas and rooms agree."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import jsonschema_rs
import pytest

from coursec.cli import COMMANDS
from coursec.diagnostics import CODES
from coursec.model.items import ITEM_TYPES, ItemFields
from coursec.resources import schemas
from coursec.targets import (
    ALL_TARGETS,
    ASSIGNMENT_TARGETS,
    HAND_IN_TARGETS,
    TARGETS,
    assignment_emitter,
    emitter,
)
from coursec.targets.capability import NAMES, SUPPORT, TYPES
from coursec.targets.features import FEATURES, QUIZ_FEATURES

ROOT = Path(__file__).parents[1]


def schema(name: str) -> dict[str, object]:
    return json.loads((schemas() / name).read_text("utf-8"))  # type: ignore[no-any-return]


def test_every_item_type_has_its_schema() -> None:
    found = {path.name.split(".")[0] for path in (schemas() / "item").iterdir()}
    assert found == {item.kind for item in ITEM_TYPES}


@pytest.mark.parametrize("item", ITEM_TYPES, ids=lambda item: item.kind)
def test_a_schema_has_the_fields_of_its_type(item: type) -> None:
    properties = set(schema(f"item/{item.kind}.schema.json")["properties"])  # type: ignore[call-overload]
    fields = {field.name for field in dataclasses.fields(item)} - {"span"}
    # A numeric's forms are all one list of answers in the model.
    written = {"numeric": {"answer", "tolerance", "range"}}.get(item.kind, set())
    assert properties - {"type"} - written == fields


def test_the_common_fields_are_the_same_everywhere() -> None:
    common = {field.name for field in dataclasses.fields(ItemFields)} - {"span"}
    seen = []
    for item in ITEM_TYPES:
        properties = schema(f"item/{item.kind}.schema.json")["properties"]
        seen.append({key: properties[key] for key in common})  # type: ignore[index]
    assert all(fields == seen[0] for fields in seen)


def parts(name: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield (JSON pointer, schema) for every schema inside a file's that describes a value."""

    def walk(found: object, at: str, *, table: bool = False) -> Iterator[tuple[str, dict]]:  # type: ignore[type-arg]
        if isinstance(found, list):
            for index, part in enumerate(found):
                yield from walk(part, f"{at}/{index}")
        elif isinstance(found, dict):
            if not table:
                yield at, found
            for key, part in found.items():
                if table or key not in ("examples", "default", "enum", "const", "required"):
                    inner = not table and key in ("properties", "definitions")
                    yield from walk(part, f"{at}/{key}", table=inner)

    return walk(schema(name), "")


SCHEMAS = sorted(p.relative_to(schemas()).as_posix() for p in schemas().rglob("*.json"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_has_a_description_for_editors(name: str) -> None:
    common = schema("common.schema.json")["definitions"]
    for at, rule in parts(name):
        for key, value in rule.get("properties", {}).items():  # type: ignore[attr-defined]
            if at.endswith("/if"):
                continue
            target = value.get("$ref", "").rpartition("/")[2]
            words = value.get("description") or common.get(target, {}).get("description")  # type: ignore[attr-defined]
            assert words, f"{at}/properties/{key}"
            # Editors show it as plain text.
            assert words.endswith(".") and "`" not in words, words  # noqa: PT018


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_examples_that_editors_show_are_right(name: str) -> None:
    registry = jsonschema_rs.Registry([(f"coursec:///{path}", schema(path)) for path in SCHEMAS])
    for at, rule in parts(name):
        pointer = quote(at, safe="/")
        validator = jsonschema_rs.validator_for(
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "$ref": f"coursec:///{name}#{pointer}",
            },
            registry=registry,
        )
        for example in rule.get("examples", []):  # type: ignore[attr-defined]
            assert validator.is_valid(example), f"{at}: {example}"
        if "enumDescriptions" in rule:
            assert len(rule["enumDescriptions"]) == len(rule["enum"]), at  # type: ignore[arg-type]


def test_the_course_schema_knows_every_target() -> None:
    targets = schema("course.schema.json")["properties"]["targets"]["items"]["enum"]  # type: ignore[index]
    assert set(targets) == set(ALL_TARGETS)
    assert set(TARGETS) == set(NAMES) == set(SUPPORT) == set(TYPES)
    assert all(callable(emitter(target)) for target in TARGETS)


def test_an_assignment_knows_every_target_that_it_has() -> None:
    targets = schema("assignment.schema.json")["properties"]["targets"]["items"]["enum"]  # type: ignore[index]
    assert set(targets) == {*ASSIGNMENT_TARGETS, *HAND_IN_TARGETS}
    assert all(callable(assignment_emitter(target)) for target in ASSIGNMENT_TARGETS)


def test_the_capability_table_names_known_features_only() -> None:
    known = set(FEATURES) | set(QUIZ_FEATURES)
    assert all(set(cells) <= known for cells in SUPPORT.values())
    assert not set(FEATURES) & set(QUIZ_FEATURES)


def test_codes_are_named_once_and_well() -> None:
    names = [code.name for code in CODES.values()]
    assert len(names) == len(set(names))
    for number, code in CODES.items():
        assert re.fullmatch(r"[EWN][1-9]\d\d", number)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
        assert code.summary.endswith(".")


def test_the_source_root_is_no_package() -> None:
    """A package called `compiler` would collide with hundreds of others."""
    assert not (ROOT / "compiler/__init__.py").exists()


def test_the_help_names_every_command() -> None:
    modules = (ROOT / "compiler/coursec/cli").glob("*.py")
    assert set(COMMANDS) == {path.stem.rstrip("_") for path in modules} & {
        "build",
        "check",
        "diff",
        "draft",
        "explain",
        "import",
        "ingest",
        "init",
        "retrieve",
        "review",
        "schema",
        "stats",
        "verify",
    }


def test_the_project_names_no_package_index() -> None:
    for name in ("constraints.txt", "pyproject.toml", "Makefile", ".ci/run", "README.md"):
        text = (ROOT / name).read_text("utf-8")
        assert "--index-url" not in text
        assert not re.search(r"https?://\S*(pypi|npmjs|simple)", text)
