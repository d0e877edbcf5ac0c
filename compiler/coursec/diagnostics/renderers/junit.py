"""JUnit XML, as Jenkins, GitLab and others read it: a suite a file, a case a finding."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from coursec.diagnostics.diagnostic import Diagnostic
from coursec.diagnostics.renderers import Run, sentence

# Characters that XML 1.0 cannot hold, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(run: Run) -> str:
    """Return the report; a file without findings is one case that passes.

    A finding that fails the run is a failure; another one is skipped, which every reader shows
    and none takes for a failure. A case is named after its code and item, so that it is the same
    case when lines move. There are no times: the report is the same on each machine.
    """
    found: dict[str, list[Diagnostic]] = {run.path(file): [] for file in run.files}
    for d in run.found:
        found.setdefault(run.path(d.span.path), []).append(d)
    root = Element("testsuites", name="coursec")
    for path in sorted(found):
        _suite(root, path, found[path], run)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    indent(root)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, path: str, found: list[Diagnostic], run: Run) -> None:
    failures = sum(run.fails(d) for d in found)
    suite = SubElement(
        root,
        "testsuite",
        name=_legal(path),
        tests=str(max(len(found), 1)),
        failures=str(failures),
        errors="0",
        skipped=str(len(found) - failures),
    )
    if not found:
        SubElement(suite, "testcase", classname=_legal(path), name="no findings")
    seen: Counter[str] = Counter()
    for d in found:
        name = f"{d.code} {d.name}" + (f": {d.item}" if d.item else "")
        seen[name] += 1
        again = f" ({seen[name]})" if seen[name] > 1 else ""
        case = SubElement(suite, "testcase", classname=_legal(path), name=_legal(name + again))
        place = f"{path}:{d.span.line}:{d.span.column}"
        text = _legal(f"{place}: {d.severity.value}[{d.code}] {sentence(d)}")
        if run.fails(d):
            SubElement(case, "failure", type=d.code, message=_legal(d.message)).text = text
        else:
            SubElement(case, "skipped").text = text


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
