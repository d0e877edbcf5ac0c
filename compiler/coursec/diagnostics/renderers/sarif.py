"""SARIF 2.1.0, with what GitHub code scanning asks of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from coursec import __version__
from coursec.diagnostics.codes import CODES, Severity, stage
from coursec.diagnostics.diagnostic import Diagnostic
from coursec.diagnostics.page import read_page, shown_page
from coursec.diagnostics.renderers import Run, sentence
from coursec.diagnostics.renderers.fingerprint import fingerprinted

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_BASE = "SRCROOT"
_LINK = re.compile(r"\[([^\[\]]*)\](?=\()")
_RANKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(run: Run) -> str:
    """Return a log of one run; only codes that were found are among its rules.

    The base of the paths has no URI: which folder of which machine it was is nobody's business,
    and readers take the root of the repository.
    """
    codes = sorted({d.code for d in run.found})
    base = {"description": {"text": "The folder in which coursec was run."}}
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "coursec",
                        "version": __version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "originalUriBaseIds": {_BASE: base},
                "columnKind": "unicodeCodePoints",
                "results": list(_results(run, codes)),
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> dict[str, Any]:
    row, text = CODES[code], shown_page(code)
    return {
        "id": code,
        "name": row.name,
        "shortDescription": {"text": row.summary},
        "fullDescription": {"text": " ".join(read_page(code).lead.split())},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": row.severity.value},
        "properties": {"tags": [stage(code)], "problem.severity": _RANKS[row.severity]},
    }


def _results(run: Run, codes: list[str]) -> Iterable[dict[str, Any]]:
    for d, fingerprint in fingerprinted(run):
        yield {
            "ruleId": d.code,
            "ruleIndex": codes.index(d.code),
            "level": d.severity.value,
            "message": {"text": _plain(sentence(d))},
            "locations": [_location(d, run.path(d.span.path))],
            # GitHub's upload adds a hash of the line under a key of its own beside this one.
            "partialFingerprints": {"coursec/v1": fingerprint},
        }


def _location(d: Diagnostic, path: str) -> dict[str, Any]:
    span = d.span
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(path),
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }
    if d.item:
        location["logicalLocations"] = [{"name": d.item, "kind": "item"}]
    return location


def _artifact(path: str) -> dict[str, str]:
    if PurePath(path).is_absolute():
        return {"uri": PurePath(path).as_uri()}
    uri = quote(path)
    return {"uri": uri} if uri.startswith("../") else {"uri": uri, "uriBaseId": _BASE}


def _plain(text: str) -> str:
    """Return a text as a message: braces are doubled, and what looks like a link is none."""
    return _LINK.sub(r"\\[\1\\]", text.replace("{", "{{").replace("}", "}}"))
