"""Drafting on a real Dask cluster of three worker processes, one of which is killed on the way."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ollama")
pytest.importorskip("llama_index.core")
pytest.importorskip("distributed")

from drafting.ollama_server import Server
from drafting.slides import DRAFTS, course, drafted

START = """
import json, sys, threading
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address=None, silence_logs=50,
    )
    pids = [nanny.process.process.pid for nanny in cluster.workers.values()]
    print(json.dumps([cluster.scheduler_address, pids]), flush=True)
    sys.stdin.read()
"""


class Cluster:
    def __init__(self, folder: Path) -> None:
        script = folder / "start_cluster.py"
        script.write_text(START)
        self.process = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert self.process.stdout is not None
        self.address, self.pids = json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    yield started
    started.close()


def asked(server: Server) -> list[str]:
    return [json.dumps(entry["body"], sort_keys=True) for entry in server.log()]


def answered(server: Server) -> Counter[str]:
    log = [entry for entry in server.log() if entry["done"]]
    return Counter(json.dumps(entry["body"], sort_keys=True) for entry in log)


def test_a_worker_dies_and_nothing_is_lost_nor_done_twice(
    server: Server, cluster: Cluster, tmp_path: Path
) -> None:
    alone = course(tmp_path / "alone", server.url)
    drafted(alone)
    wanted = Counter(asked(server))
    server.reset()
    server.set(delay=0.25)
    folder = course(tmp_path / "together", server.url)
    code = "from coursec.cli import main; main()"
    options = ["draft", "tokenization", "--course", str(folder), "--dask", cluster.address]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until = time.monotonic() + 60
    while sum(answered(server).values()) < 7 and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(cluster.pids[1], 9)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "Drafted 9 of 9" in said
    assert (folder / DRAFTS).read_bytes() == (alone / DRAFTS).read_bytes()
    assert set(asked(server)) == set(wanted), "nothing lost, nothing else asked"
    again = sum(Counter(asked(server)).values()) - len(wanted)
    assert again <= 1, "only what was on its way to the dead worker is asked anew"
    replies = [p for p in (folder / ".coursec/replies").rglob("*.json") if p.stem != "models"]
    assert len(replies) == len(wanted)
    count = len(server.log())
    assert "9 stand in the course already" in drafted(folder, "--dask", cluster.address).output
    assert len(server.log()) == count


def test_workers_that_share_no_folder_send_their_replies_back(
    server: Server, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coursec.drafting.cluster.secrets.token_hex", lambda size: "")
    folder = course(tmp_path, server.url, "{single_choice: 2, cloze: 1}")
    real = Path.write_text
    monkeypatch.setattr(
        Path,
        "write_text",
        lambda path, text, *more: real(path, text or "other", *more),
    )
    assert "Drafted 3 of 3" in drafted(folder, "--dask", cluster.address).output
    count = len(server.log())
    assert count == 9
    (folder / DRAFTS).unlink()
    assert "Drafted 3 of 3" in drafted(folder).output
    assert len(server.log()) == count


def test_no_scheduler_answers(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coursec.drafting.cluster._CONNECT", 1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    result = drafted(course(tmp_path, server.url), "--dask", f"tcp://127.0.0.1:{port}")
    assert result.exit_code == 3
    assert "error[E955] No Dask scheduler answers" in result.output
    assert server.log() == []


@pytest.mark.parametrize("address", ["tcp://192.0.2.9:8786", "cluster.example.org:8786", "::"])
def test_a_scheduler_elsewhere_must_be_confirmed(
    server: Server, tmp_path: Path, address: str
) -> None:
    result = drafted(course(tmp_path, server.url), "--dask", address)
    assert result.exit_code == 3
    assert "error[E955]" in result.output
    assert "another machine" in result.output


def test_without_the_package(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = drafted(course(tmp_path, server.url), "--dask", "tcp://127.0.0.1:8786")
    assert result.exit_code == 3
    assert "pip install 'coursec[cluster]'" in result.output


def test_a_model_that_no_worker_reaches(server: Server, cluster: Cluster, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    options = ("--dask", cluster.address, "--model", "none-such", "--drafter", "ollama")
    result = drafted(folder, *options)
    assert result.exit_code == 3
    assert "error[E941]" in result.output


# The other jobs: embedding and reading files


def test_embedding_is_shared_and_gives_the_same_vectors(
    server: Server, cluster: Cluster, tmp_path: Path
) -> None:
    from coursec.drafting.cluster import Spread, connected
    from coursec.drafting.evidence.embedding import OllamaEmbedder
    from coursec.model.quiz import DraftingOptions

    server.set(models={"nomic-embed-text:latest": "ef" * 32})
    embedder = OllamaEmbedder(server.url, "nomic-embed-text")
    texts = [f"The text number {n} says {n * n}." for n in range(50)]
    alone = embedder.embed(texts)
    server.forget()
    with connected(cluster.address, DraftingOptions()) as client:
        spread = Spread(client, embedder)
        assert spread.embed(texts) == alone
        assert spread.embed(texts[:3], query=True) == alone[:3]
        assert spread.name == embedder.name
    batches = [entry["body"]["input"] for entry in server.log("/api/embed")]
    assert sorted(map(len, batches)) == [2, 3, *[8] * 6]


def test_a_run_embeds_on_the_cluster(server: Server, cluster: Cluster, tmp_path: Path) -> None:
    server.set(models={"nomic-embed-text:latest": "ef" * 32, "qwen2.5:7b-instruct": "cd" * 32})
    folder = course(tmp_path, server.url, "{single_choice: 1}")
    path = folder / "course.yaml"
    path.write_text(path.read_text() + "  embed_model: nomic-embed-text\n")
    result = drafted(folder, "--dask", cluster.address)
    assert "Drafted 1 of 1" in result.output, result.output
    assert server.log("/api/embed")


def test_files_are_read_on_the_cluster_as_they_are_here(cluster: Cluster, tmp_path: Path) -> None:
    pytest.importorskip("pptx")
    from click.testing import CliRunner

    from coursec.cli import main
    from courses import write_course
    from drafting.decks import pptx

    slides = tmp_path / "week.pptx"
    slides.write_bytes(pptx())
    notes = tmp_path / "notes.md"
    notes.write_text("## One\n\nThis is said of one.\n")
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    texts = []
    for name, options in (("here", []), ("there", ["--dask", cluster.address])):
        folder = write_course(tmp_path / name, {})
        files = [str(slides), str(notes), str(broken)]
        arguments = ["ingest", *files, "--course", str(folder), *options]
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == 1
        assert "E901" in result.output
        assert "Ingested 2 files of 3" in result.output
        texts.append({p.name: p.read_bytes() for p in (folder / "lectures").glob("*.md")})
    assert texts[0] == texts[1]
    assert set(texts[0]) == {"week.md", "notes.md"}
