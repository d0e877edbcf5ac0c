"""`coursec review`: at a real terminal, and without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from terminal import coursec

from coursec.cli import main
from coursec.diagnostics import Diagnostics
from coursec.source.course import read_course
from courses import write_course

if sys.platform == "win32":
    pytest.skip("there are no such terminals", allow_module_level=True)

QUIZ = "quiz: q\ntitle: Q\nsections:\n  - items: [one, two]\n"


def bank(*names: str) -> str:
    rows = "".join(
        f"""\
  # About {name}.
  - id: {name}
    type: single_choice
    stem: Which store is {name}?
    choices:
      - {{text: Working memory, correct: true}}
      - Long-term memory
      - Sensory memory
    status: draft
"""
        for name in names
    )
    return f"items:\n{rows}"


def course(folder: Path, *names: str) -> Path:
    files: dict[str, str | bytes] = {
        "items/a.yaml": bank(*(names or ("one", "two", "three"))),
        "quizzes/q.yaml": QUIZ,
    }
    return write_course(folder, files)


def statuses(folder: Path) -> dict[str, str]:
    return {name: i.status for name, i in read_course(folder, Diagnostics()).items.items()}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["review", *arguments])


PROMPT = "help): "


# At a terminal


def test_a_sitting(tmp_path: Path) -> None:
    folder = course(tmp_path / "c")
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path) as terminal:
        first = terminal.expect(PROMPT)
        assert "1 of 3  one  (single_choice, 1 p., draft)" in first
        assert "  ( ) A. Working memory\n  ( ) B. Long-term memory\n" in first
        assert "Key: A" in first
        assert "c/items/a.yaml:3" in first
        terminal.type("?")
        assert "retire it with a reason" in terminal.expect(PROMPT)
        terminal.type("a")
        assert "2 of 3  two" in terminal.expect(PROMPT)
        terminal.type("b")
        assert "1 of 3  one  (single_choice, 1 p., approved)" in terminal.expect(PROMPT)
        terminal.type("s")
        terminal.expect(PROMPT)
        terminal.type("reject")
        terminal.expect("Why? (empty: do not reject): ")
        terminal.type("")
        terminal.expect(PROMPT)
        terminal.type("r")
        terminal.expect("do not reject): ")
        terminal.type("Two keys.")
        assert "3 of 3  three" in terminal.expect(PROMPT)
        terminal.type("q")
        code, last = terminal.end()
    assert code == 0
    assert last.endswith("3 items: 1 accepted, 1 rejected, 1 left.\n")
    assert statuses(folder) == {"one": "approved", "two": "retired", "three": "draft"}
    assert "        reason: Two keys.\n" in (folder / "items/a.yaml").read_text("utf-8")


def test_ctrl_c_keeps_what_was_decided(tmp_path: Path) -> None:
    folder = course(tmp_path / "c")
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path) as terminal:
        terminal.expect(PROMPT)
        terminal.type("a")
        terminal.expect(PROMPT)
        terminal.interrupt()
        code, last = terminal.end()
    assert code == 130
    assert "3 items: 1 accepted, 2 left." in last
    assert "Traceback" not in last
    assert statuses(folder)["one"] == "approved"


def test_ctrl_d_is_quit(tmp_path: Path) -> None:
    course(tmp_path / "c")
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path) as terminal:
        terminal.expect(PROMPT)
        terminal.press(b"\x04")
        code, last = terminal.end()
    assert code == 0
    assert "3 items: none decided, 3 left." in last


def editor(folder: Path, script: str) -> dict[str, str]:
    path = folder / "editor"
    path.write_text(f"#!{sys.executable}\nimport sys\npath = sys.argv[1]\n{script}\n", "utf-8")
    path.chmod(0o755)
    return {"VISUAL": str(path)}


REPLACE = """
text = open(path).read()
open(path, "w").write(text.replace({old!r}, {new!r}))
"""


def test_an_item_is_edited_until_it_is_sound(tmp_path: Path) -> None:
    folder = course(tmp_path / "c", "one")
    script = """
text = open(path).read()
if ", correct: true" in text:
    text = text.replace(", correct: true", "")
else:
    assert "#: E401" in text
    text = text.replace("{text: Working memory}", "{text: The working memory, correct: true}")
open(path, "w").write(text)
"""
    env = editor(tmp_path, script)
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path, env=env) as terminal:
        terminal.expect(PROMPT)
        terminal.type("e")
        assert "error[E401]" in terminal.expect("edit again, discard: ")
        terminal.type("a")  # is not offered
        terminal.expect("edit again, discard: ")
        terminal.type("e")
        assert "( ) A. The working memory" in terminal.expect("accept, edit again, discard: ")
        terminal.type("a")
        code, last = terminal.end()
    assert code == 0
    assert "1 item: 1 edited, 0 left." in last
    text = (folder / "items/a.yaml").read_text("utf-8")
    assert "      - {text: The working memory, correct: true}\n" in text
    assert "decision: edited" in text
    assert "#:" not in text
    assert text.startswith("items:\n  # About one.\n  - id: one\n")


def test_an_edit_that_is_given_up_changes_nothing(tmp_path: Path) -> None:
    folder = course(tmp_path / "c", "one")
    before = (folder / "items/a.yaml").read_bytes()
    env = editor(tmp_path, REPLACE.format(old="Which", new="What"))
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path, env=env) as terminal:
        terminal.expect(PROMPT)
        terminal.type("e")
        terminal.expect("accept, edit again, discard: ")
        terminal.type("d")
        assert "one  (single_choice" in terminal.expect(PROMPT)
        terminal.press(b"\x04")
        terminal.end()
    assert (folder / "items/a.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sys.exit(0)", "left without saving"),
        ("sys.exit(3)", "Set VISUAL or EDITOR"),
        ("import os, time\nos.utime(path, (time.time() + 9,) * 2)", "Nothing has changed."),
        ("open(path, 'wb').write(b'\\xff' * 9); sys.exit(0)", "not UTF-8 text"),
        ("import os\nos.remove(path)", "took the file away"),
    ],
)
def test_an_editor_that_changes_nothing(tmp_path: Path, script: str, said: str) -> None:
    course(tmp_path / "c", "one")
    env = editor(tmp_path, script)
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path, env=env) as terminal:
        terminal.expect(PROMPT)
        terminal.type("e")
        assert said in terminal.expect(PROMPT)
        terminal.type("q")
        assert terminal.end()[0] == 0


def test_an_editor_that_is_no_command(tmp_path: Path) -> None:
    course(tmp_path / "c", "one")
    env = {"VISUAL": "", "EDITOR": "vi '"}
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path, env=env) as terminal:
        terminal.expect(PROMPT)
        terminal.type("e")
        assert "VISUAL or EDITOR is no command" in terminal.expect(PROMPT)
        terminal.type("q")
        assert terminal.end()[0] == 0


def test_a_file_that_changed_meanwhile_is_said(tmp_path: Path) -> None:
    folder = course(tmp_path / "c", "one")
    with coursec("review", "--course", "c", "--by", "me", cwd=tmp_path) as terminal:
        terminal.expect(PROMPT)
        path = folder / "items/a.yaml"
        path.write_text(path.read_text("utf-8").replace("is one?", "is number one?"), "utf-8")
        terminal.type("a")
        shown = terminal.expect(PROMPT)
        assert "error[E976]" in shown
        assert "Which store is number one?" in shown
        terminal.type("a")
        assert terminal.end()[0] == 0
    assert statuses(folder) == {"one": "approved"}


def test_a_quiz_of_which_nothing_waits(tmp_path: Path) -> None:
    course(tmp_path / "c", "one", "two")
    assert run("--course", str(tmp_path / "c"), "--by", "me", "--accept", "*").exit_code == 0
    with coursec("review", "q", "--course", "c", "--by", "me", cwd=tmp_path) as terminal:
        code, last = terminal.end()
    assert (code, last) == (0, "Nothing waits for a decision.\n")


# Without a terminal


def test_without_a_terminal_it_says_what_to_use(tmp_path: Path) -> None:
    course(tmp_path)
    result = run("--course", str(tmp_path))
    assert result.exit_code == 2
    assert "coursec review --list, --accept ID..., or --reject" in result.output


def test_items_are_accepted_and_rejected_by_name(tmp_path: Path) -> None:
    course(tmp_path)
    there = ("--course", str(tmp_path), "--by", "me")
    result = run("--accept", "one", "t*o", *there)
    assert result.exit_code == 0, result.output
    assert result.output == "Accepted 2 items of 2: one, two.\n"
    result = run("--reject", "three", "--reason", "Too  easy.", *there)
    assert result.output == "Rejected 1 item of 1: three.\n"
    assert statuses(tmp_path) == {"one": "approved", "two": "approved", "three": "retired"}
    review = read_course(tmp_path, Diagnostics()).items["three"].provenance.review  # type: ignore[union-attr]
    assert review
    assert (review.by, review.reason, review.decision) == ("me", "Too easy.", "rejected")


def test_the_time_can_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course(tmp_path, "one")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764151200")
    run("--accept", "one", "--course", str(tmp_path), "--by", "me")
    assert "at: 2025-11-26T10:00:00+00:00" in (tmp_path / "items/a.yaml").read_text("utf-8")


def test_git_says_who_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course(tmp_path, "one")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    result = run("--accept", "one", "--course", str(tmp_path))
    assert result.exit_code == 2
    assert "Say who decides: --by NAME, or git config user.name NAME." in result.output
    assert statuses(tmp_path) == {"one": "draft"}
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "config", "user.name", "course team"], check=True)
    assert run("--accept", "one", "--course", str(tmp_path)).exit_code == 0
    assert "by: course team" in (tmp_path / "items/a.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--accept",), "Name the items"),
        (("--reject", "one"), "Say why"),
        (("--accept", "one", "--reason", "x"), "--reason goes with --reject"),
        (("--accept", "oen"), "No item or quiz is called oen. Did you mean one?"),
        (("--accept", "broken"), "The item broken has mistakes: see coursec check."),
        (("--list", "nothing"), "No item or quiz is called nothing."),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    course(tmp_path)
    (tmp_path / "items/b.yaml").write_text("items:\n  - {id: broken, type: essay}\n", "utf-8")
    result = run(*arguments, "--course", str(tmp_path), "--by", "me")
    assert result.exit_code == 2
    assert said in result.output
    assert set(statuses(tmp_path).values()) == {"draft"}


def test_what_cannot_be_changed_fails_and_the_rest_is_kept(tmp_path: Path) -> None:
    odd = "items:\n  - {id: odd, type: text, stem: Why?, status: draft # x\n    }\n"
    write_course(tmp_path, {"items/a.yaml": bank("one"), "items/odd.yaml": odd})
    result = run("--accept", "odd", "one", "--course", str(tmp_path), "--by", "me")
    assert result.exit_code == 1
    assert "error[E975]" in result.output
    assert "Accepted 1 item of 2: one." in result.output


def test_what_waits_is_listed(tmp_path: Path) -> None:
    course(tmp_path)
    result = run("--list", "--course", str(tmp_path))
    assert result.output.splitlines()[-1] == "3 items to decide on."
    assert result.output.startswith("one    single_choice  draft  ")
    result = run("--list", "q", "--format", "json", "--course", str(tmp_path))
    rows = json.loads(result.output)
    assert [row["id"] for row in rows] == ["one", "two"]
    assert rows[0] == {
        "id": "one",
        "type": "single_choice",
        "status": "draft",
        "waits": ["draft"],
        "path": "items/a.yaml",
        "line": 3,
        "source": [],
        "drafter": None,
        "review": None,
        "findings": rows[0]["findings"],
    }
    run("--accept", "*", "--course", str(tmp_path), "--by", "me")
    assert json.loads(run("--list", "--format", "json", "--course", str(tmp_path)).output) == []
    assert run("--list", "--course", str(tmp_path)).output == "0 items to decide on.\n"
    everything = run("--list", "--all", "--format", "json", "--course", str(tmp_path)).output
    assert json.loads(everything)[0]["review"]["decision"] == "accepted"


def test_drafts_are_reviewed_before_their_quiz_is_written(tmp_path: Path) -> None:
    write_course(tmp_path, {"items/new-drafts.yaml": bank("one", "two"), "items/b.yaml": bank("x")})
    there = ("--course", str(tmp_path))
    assert "2 items to decide on." in run("--list", "new", *there).output
    run("--accept", "one", "two", "--by", "me", *there)
    assert run("--list", "new", *there).output == "0 items to decide on.\n"


def test_review_loads_no_drafting_packages(tmp_path: Path) -> None:
    course(tmp_path)
    code = (
        "import sys\nfrom coursec.cli import main\n"
        f"try: main(['review', '--list', '--course', {str(tmp_path)!r}])\n"
        "except SystemExit: pass\n"
        "assert not {'llama_index', 'ollama', 'httpx', 'numpy', 'rich'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_pattern_takes_back_no_decision(tmp_path: Path) -> None:
    course(tmp_path)
    there = ("--by", "me", "--course", str(tmp_path))
    run("--reject", "one", "--reason", "The key is wrong.", *there)
    assert run("--accept", "t*", "one*", *there).output == "Accepted 2 items of 2: two, three.\n"
    assert statuses(tmp_path) == {"one": "retired", "two": "approved", "three": "approved"}
    assert run("--accept", "*", *there).output == "Accepted 0 items of 0.\n"
    run("--reject", "*", "--reason", "The term is over.", *there)
    bank_now = (tmp_path / "items/a.yaml").read_text("utf-8")
    assert bank_now.count("The key is wrong.") == 1
    assert bank_now.count("The term is over.") == 2
    run("--accept", "one", *there)
    assert statuses(tmp_path)["one"] == "approved"


def test_a_reason_holds_nothing_that_moves_a_terminal(tmp_path: Path) -> None:
    course(tmp_path)
    run("--reject", "one", "--reason", "a\u202e\x1b[31m b", "--by", "me", "--course", str(tmp_path))
    assert (tmp_path / "items/a.yaml").read_text("utf-8").isascii()
    assert statuses(tmp_path)["one"] == "retired"


@pytest.mark.parametrize("encoding", ["latin-1", "cp437"])
def test_a_console_without_a_character_is_no_reason_to_stop(tmp_path: Path, encoding: str) -> None:
    folder = course(tmp_path)
    path = folder / "items/a.yaml"
    path.write_text(path.read_text("utf-8").replace("- Sensory memory", "- “Sinn” ω"), "utf-8")
    run("--accept", "*", "--by", "Zoë Ω", "--course", str(folder))
    done = subprocess.run(
        [sys.executable, "-m", "coursec", "review", "--list", "--all", "--format", "json",
         "--course", str(folder)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode(encoding))[0]["review"]["by"].endswith("Ω")
