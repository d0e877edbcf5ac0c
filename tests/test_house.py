"""The house keeps its shape: tables, schemas and rooms agree."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from coursec.cli import COMMANDS
from coursec.diagnostics import CODES
from coursec.model.items import ITEM_TYPES, ItemFields
from coursec.resources import schemas
from coursec.targets import TARGETS, emitter
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


def test_every_property_has_a_description_for_editors() -> None:
    common = schema("common.schema.json")["definitions"]
    for item in ITEM_TYPES:
        for name, rule in schema(f"item/{item.kind}.schema.json")["properties"].items():  # type: ignore[attr-defined]
            target = rule.get("$ref", "").rpartition("/")[2]
            assert (common[target] if target else rule).get("description"), name  # type: ignore[index]


def test_the_course_schema_knows_every_target() -> None:
    targets = schema("course.schema.json")["properties"]["targets"]["items"]["enum"]  # type: ignore[index]
    assert set(targets) == set(TARGETS) == set(NAMES) == set(SUPPORT) == set(TYPES)
    assert all(callable(emitter(target)) for target in TARGETS)


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
        "explain",
        "import",
        "init",
        "schema",
        "verify",
    }


def test_the_project_names_no_package_index() -> None:
    for name in ("constraints.txt", "pyproject.toml", "Makefile", ".ci/run", "README.md"):
        text = (ROOT / name).read_text("utf-8")
        assert "--index-url" not in text
        assert not re.search(r"https?://\S*(pypi|npmjs|simple)", text)
