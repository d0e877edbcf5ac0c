"""`coursec retrieve`: what a model would see, and what is missing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from coursec.diagnostics import Diagnostics
from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.evidence.embedded import Embedded
from coursec.drafting.evidence.embedding import OllamaEmbedder, UnreachableError
from coursec.drafting.evidence.request import request_of_text
from coursec.drafting.evidence.retrieve import retrieve
from coursec.drafting.evidence.store import sync
from coursec.drafting.hosts import host_of, is_loopback
from coursec.drafting.ingest.run import Course, ingest
from coursec.model.quiz import DraftingOptions
from coursec.source.lectures import read_lecture
from coursec.source.workspace import SourceFile, Workspace
from courses import write_course
from drafting.measures import CONTENT, SEED, Shares, foreign_chunks, requests, shares


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["retrieve", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course") / "content"
    shutil.copytree(CONTENT, root, ignore=shutil.ignore_patterns(".*"))
    return root


def seed_chunks() -> list[Chunk]:
    found = ingest("retrieval-log.txt", SEED.read_bytes(), Course.read(CONTENT), Diagnostics())
    assert found
    file = SourceFile(found.path, found.files[found.path].decode())
    lecture = read_lecture("log", file, Workspace(CONTENT, Diagnostics()))
    assert lecture
    return chunks_of([lecture])


@pytest.mark.parametrize("foreign", [0, 1_000])
def test_the_requests_of_the_log_get_what_is_on_topic(foreign: int) -> None:
    index = Embedded(None)
    sync(index, [*seed_chunks(), *foreign_chunks(foreign)])
    whole = Shares()
    for number, text in enumerate(requests(), 1):
        context = retrieve(request_of_text(text), index).context
        whole.add(shares([f"{p.title}\n{p.text}" for p in context], number))
        assert len({p.reference for p in context}) == len(context)
    assert whole.on >= 0.70 * whole.total
    assert whole.structure < 0.01 * whole.total
    assert len(whole.found) >= 17
    assert whole.repeated == 0


def test_a_request_is_shown_topic_by_topic(sample: Path) -> None:
    result = run(requests()[2], "--course", sample)
    assert result.exit_code == 0
    assert result.output.startswith("Topics, by rule: MoE; PEFT; Quantization\n\nMoE: ")
    assert "  1.00  efficiency#peft  PEFT: the idea\n" in result.output
    assert "agenda" not in result.output


def test_json_has_everything_and_nothing_else(sample: Path) -> None:
    data = json.loads(run("quantization", "--course", sample, "--format", "json").stdout)
    (topic,) = data["topics"]
    assert topic["slides"][0]["reference"] == "efficiency#quantization"
    assert topic["slides"][0]["id"].startswith("efficiency#quantization@")
    assert data["findings"] == []


def test_a_quiz_is_asked_by_its_draft(sample: Path) -> None:
    data = json.loads(run("tokenization", "--course", sample, "--format", "json").stdout)
    assert [t["topic"] for t in data["topics"]][:2] == ["tokenization", "subword vocabularies"]
    assert all(
        s["reference"].startswith("04-tokenization#") for t in data["topics"] for s in t["slides"]
    )
    assert sum(t["granted"] for t in data["topics"]) == 8


def test_what_no_slide_says_is_said(sample: Path) -> None:
    result = run("tokenization and photosynthesis", "--course", sample)
    assert result.exit_code == 0
    assert "warning[W930] No slide says anything of “photosynthesis”." in result.output


def test_too_little_evidence_is_said(tmp_path: Path) -> None:
    root = write_course(
        tmp_path,
        {
            "lectures/l.md": "---\ntitle: L\n---\n\n## Stomata\n\nStomata are pores in leaves.\n",
            "items/i.yaml": "items:\n  - {id: a, type: true_false, stem: Yes?, answer: true}\n",
            "quizzes/q.yaml": "quiz: q\ntitle: Q\nsections:\n  - items: [a]\n"
            "draft:\n  topics: [stomata]\n  items: {single_choice: 4}\n",
        },
    )
    result = run("q", "--course", root)
    assert "“stomata” has 1 span of evidence for 4 items: 1 can be drafted." in result.output
    assert "Items that can be drafted: 1.\n  without evidence: 3 single_choice" in result.output


def test_a_misspelt_word_is_taken_for_the_nearest_and_that_is_said(sample: Path) -> None:
    result = run("quantizaton", "--course", sample)
    assert "note[N932]" in result.output
    assert "efficiency#quantization" in result.output


def test_a_request_without_topics_or_with_unknown_lectures(sample: Path) -> None:
    assert "E933" in run("a quiz", "--course", sample).output
    result = run("tokenization", "--course", sample, "--lecture", "nobody")
    assert "W936" in result.output
    assert "Lectures here: 03-problem-formulation, 04-tokenization, efficiency." in result.output


def test_a_quiz_without_a_draft(tmp_path: Path) -> None:
    root = write_course(
        tmp_path,
        {
            "items/i.yaml": "items:\n  - {id: a, type: true_false, stem: Yes?, answer: true}\n",
            "quizzes/q.yaml": "quiz: q\ntitle: Q\nsections:\n  - items: [a]\n",
        },
    )
    result = run("q", "--course", root)
    assert result.exit_code == 1
    assert "The quiz `q` does not say what is to be drafted." in result.output


def test_the_index_follows_the_slides(tmp_path: Path) -> None:
    lecture = "---\ntitle: L\n---\n\n## Stomata\n\nStomata are pores in leaves.\n"
    root = write_course(tmp_path, {"lectures/l.md": lecture})
    assert "l#stomata" in run("stomata", "--course", root).output
    (root / "lectures/l.md").write_text(lecture.replace("Stomata", "Xylem"), "utf-8")
    assert "W930" in run("stomata", "--course", root).output
    assert "l#xylem" in run("xylem", "--course", root).output
    assert (root / ".coursec/.gitignore").exists()


# Hosts and stores


def test_an_embedding_model_that_does_not_answer_is_said_and_words_are_compared(
    tmp_path: Path,
) -> None:
    pytest.importorskip("ollama")
    pytest.importorskip("numpy")
    root = write_course(
        tmp_path,
        {
            "course.yaml": "course: T\ntitle: T\ndrafting: {embed_model: e, host: 127.0.0.1:9}\n",
            "lectures/l.md": "---\ntitle: L\n---\n\n## Stomata\n\nStomata are pores in leaves.\n",
        },
    )
    result = run("stomata", "--course", root)
    assert result.exit_code == 0
    assert "W935" in result.output
    assert "ollama serve" in result.output
    assert "l#stomata" in result.output


@pytest.fixture(scope="module")
def ollama() -> Iterator[str]:
    """An embedding endpoint as a process of its own; its models are faults."""
    server = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("embed_server.py")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    server.terminate()
    server.wait(10)


def test_slides_are_embedded_through_the_client_and_kept(ollama: str, tmp_path: Path) -> None:
    pytest.importorskip("ollama")
    embedder = OllamaEmbedder(ollama, "words")
    with Embedded(tmp_path / "i.sqlite", embedder=embedder) as index:
        sync(index, seed_chunks())
        stats = index.stats()
        assert stats.vectors == stats.chunks == 21
        assert "meaning" in retrieve(request_of_text("tokenization"), index).hits[0].why


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("missing", "has no model `missing`"),
        ("broken", "fails: llama runner process has terminated"),
        ("busy", "has too much to do"),
        ("short", "gave 0 vectors for 1 texts"),
        ("ragged", "gave 2 vectors for 1 texts"),
        ("html", "is no Ollama"),
        ("nan", "vectors that are no numbers"),
        ("hangs", "gives no whole answer within 1 seconds"),
        ("drips", "gives no whole answer within 1 seconds"),
        ("waits", "gives no whole answer within 1 seconds"),
        ("packed", "is no Ollama"),
        ("nested", "is no Ollama"),
        ("elsewhere", "sends us to another address"),
        ("closes", "broke off the connection"),
    ],
)
def test_every_fault_of_the_endpoint_is_one_clear_sentence(
    ollama: str, model: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ollama")
    monkeypatch.setattr("coursec.drafting.evidence.embedding.TIMEOUT", 1.0)
    # A proxy of the environment must not see the slides.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    with pytest.raises(UnreachableError, match=re.escape(words)) as caught:
        OllamaEmbedder(ollama, model).embed(["a text"])
    assert caught.value.hint


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("host: 'http://gpu.example.org:11434', embed_model: e", "E937"),
        ("host: 'ftp://127.0.0.1', embed_model: e", "E937"),
        ("host: 'http://user:pw@127.0.0.1', embed_model: e", "E937"),
        ("store: 'postgresql://localhost/x'", "E934"),
    ],
)
def test_hosts_and_stores_that_may_not_or_cannot_be_used(
    tmp_path: Path, options: str, code: str
) -> None:
    root = write_course(
        tmp_path,
        {
            "course.yaml": f"course: T\ntitle: T\ndrafting: {{{options}}}\n",
            "lectures/l.md": "---\ntitle: L\n---\n\n## Stomata\n\nStomata are pores in leaves.\n",
        },
    )
    result = run("stomata", "--course", root)
    assert result.exit_code in (1, 3)
    assert code in result.output


def test_a_database_that_does_not_answer_or_is_far_away_is_said() -> None:
    pytest.importorskip("llama_index.vector_stores.postgres")
    from coursec.drafting.evidence.postgres import Postgres, StoreError
    from drafting.test_index import Words

    for address, words in (
        ("postgresql://localhost:9/x", "cannot be used"),
        ("postgresql://db.example.org/x", "is another machine"),
    ):
        with pytest.raises(StoreError, match=words):
            Postgres(address, "T", Words())


def test_only_course_yaml_names_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://evil.example.org")
    assert host_of(DraftingOptions(), Diagnostics()) == "http://127.0.0.1:11434"
    assert host_of(DraftingOptions(host="localhost"), Diagnostics()) == "http://localhost:11434"
    assert host_of(DraftingOptions(host="http://h", remote=True), Diagnostics()) == "http://h:11434"
    assert is_loopback("::1")
    assert not is_loopback("127.0.0.1.example.org")
    assert not is_loopback("0.0.0.0")


# Privacy and weight

GUARD = """
import socket, sys
real = socket.socket.connect
def connect(self, address):
    raise AssertionError(f"a connection to {address}")
socket.socket.connect = connect
socket.socket.connect_ex = connect
socket.getaddrinfo = connect
"""


def _guarded(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", GUARD + code],
        cwd=folder,
        env={
            "OPENAI_API_KEY": "sk-test",
            "PYTHONPATH": ":".join(sys.path),
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_leaves_the_machine_with_a_key_in_the_environment(
    sample: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample, tmp_path / "content")
    pytest.importorskip("llama_index.core")
    code = f"""
from coursec.cli import main
for arguments in (
    ["ingest", {str(SEED)!r}],
    ["retrieve", "tokenization"],
    ["retrieve", "efficiency", "--format", "json"],
):
    try:
        main(arguments)
    except SystemExit as end:
        assert not end.code, end.code
from pathlib import Path
from coursec.drafting.evidence.embedded import Embedded
from coursec.drafting.evidence.llama import CourseRetriever
index = Embedded(Path("content/.coursec/index.sqlite"))
nodes = CourseRetriever(index).retrieve("a quiz on tokenization and embeddings")
assert nodes and nodes[0].score > 0
print("NODES", len(nodes), nodes[0].node.node_id)
"""
    assert "NODES" in _guarded(code, tmp_path)


def test_building_and_checking_load_nothing_of_drafting(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "content")
    code = """
from coursec.cli import main
for arguments in (["check"], ["build", "--target", "gift"]):
    try:
        main(arguments)
    except SystemExit as end:
        assert not end.code, end.code
heavy = {"llama_index", "ollama", "httpx", "numpy", "pypdfium2", "pptx", "coursec.drafting"}
print("LOADED", sorted(heavy & set(sys.modules)))
"""
    assert "LOADED []" in _guarded(code, tmp_path)


def test_retrieving_by_words_does_not_load_llama_index(sample: Path) -> None:
    code = f"""
from coursec.cli import main
try:
    main(["retrieve", "tokenization", "--course", {str(sample)!r}])
except SystemExit as end:
    assert not end.code
print("LOADED", "llama_index" in sys.modules)
"""
    assert "LOADED False" in _guarded(code, sample)


def test_nodes_of_llama_index_are_stable_and_hold_no_metadata_for_models() -> None:
    pytest.importorskip("llama_index.core")
    from llama_index.core.schema import MetadataMode

    from coursec.drafting.evidence.llama import CourseRetriever, chunk_of

    index = Embedded(None)
    sync(index, seed_chunks())
    asked = CourseRetriever(index)
    first, second = (asked.retrieve(requests()[0]) for _ in range(2))
    assert [n.node.node_id for n in first] == [n.node.node_id for n in second]
    assert len({n.node.node_id for n in first}) == len(first)
    for found in first:
        chunk = chunk_of(found.node)
        assert found.node.get_content(MetadataMode.LLM) == chunk.text
        assert found.node.get_content(MetadataMode.EMBED) == chunk.text
        assert found.node.node_id == chunk.id
    assert CourseRetriever(index).retrieve("quaternions") == []
