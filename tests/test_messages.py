"""Every mistake in its words and at its place: source in, exact findings out.

`messages/*.md` hold the cases: a heading, the files of a course in fenced blocks whose
info string ends in a path, and the findings in a last block `findings`. After a change of
wording run pytest with --force-regen and read the diff.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from coursec.diagnostics import CODES
from coursec.diagnostics.renderers import Run, render
from courses import PNG, read, write_course

FOLDER = Path(__file__).parent / "messages"
_BLOCK = re.compile(r"^(`{3,})([^\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


class Case(NamedTuple):
    file: Path
    title: str
    body: str

    @property
    def files(self) -> dict[str, str | bytes]:
        files: dict[str, str | bytes] = {"media/dot.png": PNG}
        for _, info, content in _BLOCK.findall(self.body):
            path = info.split()[-1]
            if path != "findings":
                files[path] = (
                    content.encode().decode("unicode_escape") if "raw" in info else content
                )
        return files

    @property
    def findings(self) -> str:
        return next(content for _, info, content in _BLOCK.findall(self.body) if info == "findings")


def cases() -> list[Case]:
    found = []
    for file in sorted(FOLDER.glob("*.md")):
        title, body, fence = "", "", ""
        for line in [*file.read_text("utf-8").splitlines(keepends=True), "## "]:
            if line.startswith("## ") and not fence:
                if title:
                    found.append(Case(file, title, body))
                title, body = line[3:].strip(), ""
                continue
            if mark := re.match("`{3,}", line):
                fence = "" if mark[0] == fence else fence or mark[0]
            body += line
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c.file.stem}: {c.title}")
def test_message(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    _, _, sink = read(write_course(tmp_path, case.files), writing=case.file.stem == "writing")
    said = render("concise", Run(sink))
    if request.config.getoption("force_regen"):
        text = case.file.read_text("utf-8")
        start = text.index(f"## {case.title}\n")
        block = text.index("```findings\n", start) + len("```findings\n")
        end = text.index("```", block)
        case.file.write_text(text[:block] + said + text[end:], "utf-8")
    else:
        assert said == case.findings


def test_titles_are_unique() -> None:
    titles = [(case.file, case.title) for case in cases()]
    assert len(titles) == len(set(titles))


# Codes that need more than texts to trip, each tested where its test says.
ELSEWHERE = {
    "E101": "test_source.py",
    "E102": "test_source.py",
    "E108": "test_source.py",
    "E304": "test_source.py",
    "E305": "test_source.py",
    "E565": "test_running.py",
    "E566": "test_running.py",
    "E567": "test_running.py",
    "E568": "test_running.py",
    "E569": "test_running.py",
    "E603": "test_build.py",
    "E604": "test_build.py",
    "W601": "test_capability.py",
    "W602": "test_capability.py",
    "E611": "test_verify.py",
    "E612": "test_verify.py",
    "E701": "test_xml.py",
    "E702": "test_import.py",
    "E703": "test_package.py",
    "E704": "test_xml.py",
    "E705": "test_import.py",
    "W706": "test_moodle_reader.py",
    "W707": "test_markup.py",
    "W708": "test_markup.py",
    "W709": "test_moodle_reader.py",
    "N710": "test_import.py",
    "E975": "test_review.py",
    "E976": "test_review.py",
    "E901": "test_formats.py",
    "E902": "test_formats.py",
    "E903": "test_formats.py",
    "E904": "test_formats.py",
    "E905": "test_formats.py",
    "E906": "test_ingest.py",
    "E907": "test_ingest.py",
    "W911": "test_ingest.py",
    "W912": "test_formats.py",
    "N913": "test_ingest.py",
    "N914": "test_ingest.py",
    "N915": "test_ingest.py",
    "N916": "test_ingest.py",
    "W917": "test_formats.py",
    "W918": "test_formats.py",
    "W919": "test_ingest.py",
    "W930": "test_retrieve.py",
    "W931": "test_retrieve.py",
    "N932": "test_retrieve.py",
    "E933": "test_retrieve.py",
    "E934": "test_retrieve.py",
    "W935": "test_retrieve.py",
    "W936": "test_retrieve.py",
    "E937": "test_retrieve.py",
    "E940": "test_draft_command.py",
    "E941": "test_draft_command.py",
    "E942": "test_draft_command.py",
    "E943": "test_draft_command.py",
    "E944": "test_draft_command.py",
    "E945": "test_draft_command.py",
    "W950": "test_draft_command.py",
    "N951": "test_draft_command.py",
    "W952": "test_draft_command.py",
    "E953": "test_draft_command.py",
    "N956": "test_topics.py",
    "E957": "test_strangers.py",
    "E955": "test_cluster.py",
}


def test_every_code_is_said_at_least_once() -> None:
    said = set(re.findall(r"\[([EWN]\d{3})\]", "".join(case.findings for case in cases())))
    assert said | set(ELSEWHERE) == set(CODES)
