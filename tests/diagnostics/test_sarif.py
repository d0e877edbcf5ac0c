"""SARIF: valid for the published schema, and what GitHub code scanning documents as demanded."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest
from hypothesis import given

from coursec import __version__
from coursec.diagnostics import CODES, Span
from coursec.diagnostics.page import SECTIONS
from coursec.diagnostics.renderers import Run, render
from findings import finding, runs

SCHEMA = (
    Path(__file__).parents[1]
    / "node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
)


@cache
def schema() -> jsonschema_rs.Draft4Validator:
    text = SCHEMA.read_text("utf-8")
    # A bracket too many in the pattern of languages, mended in the standard's errata.
    return jsonschema_rs.Draft4Validator(json.loads(text.replace("{2}]?$", "{2}$")))


def log(run: Run) -> dict[str, Any]:
    return json.loads(render("sarif", run))["runs"][0]  # type: ignore[no-any-return]


@pytest.mark.skipif(not SCHEMA.is_file(), reason="needs `npm install` in tests/node")
@given(run=runs())
def test_the_log_is_valid_for_the_published_schema(run: Run) -> None:
    schema().validate(json.loads(render("sarif", run)))


@pytest.mark.skipif(not SCHEMA.is_file(), reason="needs `npm install` in tests/node")
def test_the_schema_would_notice() -> None:
    wrong = json.loads(render("sarif", Run((finding("E401"),))))
    wrong["runs"][0]["results"][0]["level"] = "grave"
    assert not schema().is_valid(wrong)


@given(run=runs())
def test_every_result_has_its_rule_and_its_place(run: Run) -> None:
    read = log(run)
    rules = read["tool"]["driver"]["rules"]
    assert read["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in rules] == sorted({d.code for d in run.found})
    prints = [result["partialFingerprints"]["coursec/v1"] for result in read["results"]]
    assert len(set(prints)) == len(prints)
    for result, d in zip(read["results"], run.found, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == d.code
        assert result["level"] == d.severity.value
        (location,) = result["locations"]
        place = location["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert uri.isascii()
        assert not set(uri) & set(":?#, ")
        assert unquote(uri) == d.span.path
        assert list(place["region"].values()) == [*d.span[1:]]


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_what_code_scanning_shows(code: str) -> None:
    driver = log(Run((finding(code),)))["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("coursec", __version__)
    (rule,) = driver["rules"]
    assert rule["name"] == CODES[code].name
    assert rule["shortDescription"]["text"] == CODES[code].summary
    assert 0 < len(rule["fullDescription"]["text"]) <= 1024
    assert "\n" not in rule["fullDescription"]["text"]
    assert all(f"\n## {title}\n" in rule["help"]["markdown"] for title in SECTIONS)
    assert rule["defaultConfiguration"]["level"] == CODES[code].severity.value
    assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


def test_paths_are_relative_to_a_base_without_a_place() -> None:
    read = log(Run((finding("E401", span=Span("items/a b: ü.yaml")),)))
    (result,) = read["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "items/a%20b%3A%20%C3%BC.yaml",
        "uriBaseId": "SRCROOT",
    }
    assert list(read["originalUriBaseIds"]["SRCROOT"]) == ["description"]


def test_a_path_elsewhere_has_an_address_of_its_own() -> None:
    (result,) = log(Run((finding("E401", span=Span("/over there/a.yaml")),)))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///over%20there/a.yaml"}


def test_a_message_holds_no_placeholder_and_no_link() -> None:
    d = finding("E303", r"No $\frac{1}{2}$ here.", hint="Write ![words](media/x.png).", item="one")
    (result,) = log(Run((d,)))["results"]
    assert result["message"]["text"] == (
        r"No $\frac{{1}}{{2}}$ here. Write !\[words\](media/x.png)."
    )
    assert result["locations"][0]["logicalLocations"] == [{"name": "one", "kind": "item"}]
