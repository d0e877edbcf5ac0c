"""A loopback server that speaks Ollama's HTTP API, as a process of its own.

    python tests/drafting/ollama_server.py [--port N] [--mind good] [--models NAME …]

prints its address and serves until it is ended. `Server` starts it from a test. Faults are put
into its queue through `/_double/faults`; what it was asked is at `/_double/log`.

Minds: `good` answers by the slides (goodmind.py), `liar` drafts wrong keys and reads honestly,
`engine` has a real llama.cpp engine with random weights write (see tests/engine).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from goodmind import HOSTILE, MINDS

WHEN = "2026-01-01T00:00:00.000000Z"
OVERFLOW = (
    "the prompt is longer than the context length currently available to the model; shorten the "
    "prompt, adjust the context length in settings, or use a model with a longer context length"
)


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+|\W", text)


def digest_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


class Double:
    """The state of the server."""

    def __init__(
        self, models: list[str], mind: Callable[[dict[str, Any]], str | tuple[str, str]]
    ) -> None:
        self.names = models
        self.first = mind
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        self.models = {(m if ":" in m else f"{m}:latest"): digest_of(m) for m in self.names}
        self.mind = self.first
        self.version = "0.32.9"
        self.context: int | None = None
        """Tokens that the server allows, whatever it is asked for."""
        self.longest = 131_072
        """What the model says of itself."""
        self.overflow = "truncate"
        self.capabilities = ["completion"]
        self.faults: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []
        self.delay = 0.0

    def take(self, path: str) -> dict[str, Any]:
        with self.lock:
            for fault in self.faults:
                if fault.get("path", "/api/chat") != path or not fault.get("times", 1):
                    continue
                if fault.get("after", 0) > 0:
                    fault["after"] -= 1
                    continue
                every = fault.get("every")
                if every:
                    fault["count"] = fault.get("count", 0) + 1
                    if fault["count"] % every:
                        continue
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    double: Double

    def log_message(self, *args: object) -> None:
        pass

    # What every answer needs

    def say(self, code: int, value: object, kind: str = "application/json; charset=utf-8") -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, value: object) -> None:
        data = value if isinstance(value, bytes) else (json.dumps(value) + "\n").encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        double = self.double
        if self.path == "/_double/log":
            return self.say(200, double.log)
        with double.lock:
            double.log.append({"path": self.path, "headers": dict(self.headers)})
        if self.fault(double.take(self.path)):
            return None
        if self.path == "/":
            return self.say(200, b"Ollama is running", "text/plain; charset=utf-8")
        if self.path == "/api/version":
            return self.say(200, {"version": double.version})
        if self.path == "/api/tags":
            return self.say(200, {"models": [self.entry(m) for m in double.models]})
        if self.path == "/api/ps":
            loaded = [{**self.entry(m), "expires_at": WHEN, "size_vram": 0} for m in double.models]
            return self.say(200, {"models": loaded})
        return self.say(404, b"404 page not found", "text/plain")

    def entry(self, name: str) -> dict[str, Any]:
        details = {
            "parent_model": "",
            "format": "gguf",
            "family": "llama",
            "families": ["llama"],
            "parameter_size": "0.1M",
            "quantization_level": "F32",
        }
        return {
            "name": name,
            "model": name,
            "modified_at": WHEN,
            "size": 468_448,
            "digest": self.double.models[name],
            "details": details,
        }

    def fault(self, fault: dict[str, Any]) -> bool:
        """Do what a fault says of a whole answer; tell whether that was it."""
        match fault.get("kind"):
            case "http":
                said = fault.get("text", "llama runner process has terminated: signal: killed")
                self.say(fault.get("code", 500), {"error": said})
            case "raw":
                self.say(
                    fault.get("code", 200), fault["text"].encode(), fault.get("type", "text/html")
                )
            case "redirect":
                self.send_response(307)
                self.send_header("Location", fault["to"])
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "reset":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            case "silent":
                time.sleep(fault["seconds"])
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            case "flood":
                self.begin()
                try:
                    while True:
                        self.chunk(b"x" * 65_536)
                except OSError:
                    self.close_connection = True
            case _:
                return False
        return True

    def do_POST(self) -> None:
        double = self.double
        size = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(size)
        if not raw:
            return self.say(400, {"error": "missing request body"})
        try:
            asked = json.loads(raw)
        except ValueError as error:
            return self.say(400, {"error": str(error)})
        if self.path.startswith("/_double/"):
            return self.control(asked)
        with double.lock:
            entry = {"path": self.path, "headers": dict(self.headers), "body": asked, "done": False}
            double.log.append(entry)
        fault = double.take(self.path)
        if double.delay:
            time.sleep(double.delay)
        if self.fault(fault):
            return None
        name = str(asked.get("model") or asked.get("name") or "")
        full = name if ":" in name else f"{name}:latest"
        if self.path == "/api/pull":
            return self.pull(full)
        if full not in double.models:
            return self.say(404, {"error": f"model '{name}' not found"})
        if self.path == "/api/show":
            return self.say(200, self.shown(full))
        if self.path == "/api/embed":
            return self.embed(asked)
        if self.path in ("/api/chat", "/api/generate"):
            self.chat(asked, fault)
            entry["done"] = True
            return None
        return self.say(404, b"404 page not found", "text/plain")

    def control(self, asked: Any) -> None:
        double = self.double
        with double.lock:
            if self.path == "/_double/faults":
                double.faults = asked
            elif self.path == "/_double/set":
                HOSTILE.update(asked.pop("hostile", {}))
                for key, value in asked.items():
                    setattr(double, key, MINDS[value] if key == "mind" else value)
            elif self.path == "/_double/forget":
                double.log.clear()
            elif self.path == "/_double/reset":
                double.reset()
        self.say(200, {})

    # The endpoints

    def shown(self, name: str) -> dict[str, Any]:
        return {
            "modelfile": "",
            "parameters": "",
            "template": "",
            "details": self.entry(name)["details"],
            "model_info": {
                "general.architecture": "llama",
                "llama.context_length": self.double.longest,
                "llama.embedding_length": 64,
            },
            "capabilities": self.double.capabilities,
            "modified_at": WHEN,
        }

    def pull(self, name: str) -> None:
        self.begin()
        self.chunk({"status": "pulling manifest"})
        if "missing" in name:
            self.chunk({"error": "pull model manifest: file does not exist"})
            return self.end()
        for done in (0, 50, 100):
            self.chunk(
                {"status": "pulling aaaa", "digest": "aaaa", "total": 100, "completed": done}
            )
        self.double.models[name] = digest_of(name)
        self.chunk({"status": "verifying sha256 digest"})
        self.chunk({"status": "success"})
        return self.end()

    def embed(self, asked: dict[str, Any]) -> None:
        texts = asked.get("input")
        texts = [texts] if isinstance(texts, str) else texts
        vectors = []
        for text in texts:
            vector = [0.0] * 64
            for word in re.findall(r"\w+", text.casefold()):
                at = hashlib.sha256(word.encode()).digest()
                vector[at[0] % 64] += 1.0 if at[1] % 2 else -1.0
            norm = math.sqrt(sum(v * v for v in vector)) or 1.0
            vectors.append([v / norm for v in vector])
        self.say(200, {"model": asked["model"], "embeddings": vectors, "prompt_eval_count": 1})

    def chat(self, asked: dict[str, Any], fault: dict[str, Any]) -> None:
        double, kind = self.double, fault.get("kind")
        form = asked.get("format")
        if form not in (None, "", "json") and not isinstance(form, dict):
            return self.say(500, {"error": f"invalid format: {json.dumps(form)}"})
        options = asked.get("options") or {}
        context = min(int(options.get("num_ctx") or 4096), double.context or 10**9)
        messages = asked.get("messages") or []
        read = sum(len(tokens(m.get("content", ""))) + 4 for m in messages)
        if read > context:
            if double.overflow == "error":
                return self.say(400, {"error": OVERFLOW})
            read = context // 2 + 2  # what servers report that cut a prompt in silence
        if kind == "prefix":
            read = 7  # what servers report that count only what they did not know
        made = fault["text"] if kind == "reply" else double.mind(asked)
        text, done = made if isinstance(made, tuple) else (made, "stop")
        if kind == "control":
            text = re.sub(r"(\w) (\w)", "\\1\x01\\2", text, count=1)
            text = re.sub(r"(\w) (\w)", "\\1\n\\2", text, count=1)
        parts = tokens(text)
        most = int(options.get("num_predict", -1))
        if kind == "cut":
            parts, done = parts[: len(parts) // 2], "length"
        if 0 < most < len(parts):
            parts, done = parts[:most], "length"
        last = {
            "done": True,
            "done_reason": done,
            "total_duration": 10**6,
            "load_duration": 10**5,
            "prompt_eval_count": read,
            "prompt_eval_duration": 10**5,
            "eval_count": len(parts),
            "eval_duration": 10**5,
        }
        head = {"model": asked["model"], "created_at": WHEN}
        if asked.get("stream") is False:
            message = {"role": "assistant", "content": "".join(parts)}
            return self.say(200, {**head, "message": message, **last})
        self.begin()
        half = len(parts) // 2
        for at in range(0, len(parts), 8):
            if at >= half and kind == "disconnect":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return None
            if at >= half and kind == "error":
                self.chunk({"error": "an error was encountered while running the model"})
                return self.end()
            if at >= half and kind == "stall":
                time.sleep(fault["seconds"])
                self.close_connection = True
                return None
            if kind == "drip":
                time.sleep(fault["seconds"])
            message = {"role": "assistant", "content": "".join(parts[at : at + 8])}
            self.chunk({**head, "message": message, "done": False})
        if kind == "unfinished":
            return self.end()
        self.chunk({**head, "message": {"role": "assistant", "content": ""}, **last})
        return self.end()


class Server:
    """The server as a process of its own, and a hand on it."""

    def __init__(self, *, port: int = 0, mind: str = "good", models: tuple[str, ...] = ()) -> None:
        command = [sys.executable, __file__, "--port", str(port), "--mind", mind]
        command += ["--models", *(models or ("qwen2.5:7b-instruct",))]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *args: object) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def faults(self, *faults: dict[str, Any]) -> None:
        """Put faults in the place of those that wait."""
        self._post("faults", list(faults))

    def set(self, **values: Any) -> None:
        self._post("set", values)

    def forget(self) -> None:
        """Forget what was asked."""
        self._post("forget", {})

    def reset(self) -> None:
        """Forget everything."""
        self._post("reset", {})

    def log(self, path: str | None = "/api/chat") -> list[dict[str, Any]]:
        """Return what was asked of an endpoint; None for all."""
        from urllib.request import urlopen

        with urlopen(f"{self.url}/_double/log", timeout=10) as answer:
            found = json.load(answer)
        return [entry for entry in found if path is None or entry["path"] == path]

    def _post(self, what: str, value: object) -> None:
        from urllib.request import Request, urlopen

        data = json.dumps(value).encode()
        with urlopen(Request(f"{self.url}/_double/{what}", data), timeout=10):
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mind", default="good")
    parser.add_argument("--models", nargs="*", default=["qwen2.5:7b-instruct"])
    given = parser.parse_args()
    if given.mind == "engine":
        sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
        from random_engine import mind
    else:
        mind = MINDS[given.mind]
    handler = type("Bound", (Handler,), {"double": Double(given.models, mind)})
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
