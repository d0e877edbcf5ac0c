"""Ollama's embedding endpoint for tests: prints its port; the name of the model is the fault."""

from __future__ import annotations

import gzip
import json
import math
import re
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def vector(text: str) -> list[float]:
    """Texts that share words are alike."""
    out = [0.0] * 64
    for word in re.findall(r"\w+", text.casefold()):
        out[zlib.crc32(word[:5].encode()) % 64] += 1.0
    size = math.sqrt(sum(v * v for v in out)) or 1.0
    return [v / size for v in out]


class Handler(BaseHTTPRequestHandler):
    """Answers `POST /api/embed`."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
        match asked["model"]:
            case "missing":
                self.answer(404, {"error": "model 'missing' not found"})
            case "broken":
                self.answer(500, {"error": "llama runner process has terminated"})
            case "busy":
                self.answer(503, {"error": "server busy, please try again"})
            case "short":
                self.answer(200, {"model": "short", "embeddings": []})
            case "ragged":
                self.answer(200, {"model": "ragged", "embeddings": [[1.0], [1.0, 2.0]]})
            case "html":
                self.answer(200, "<html>no</html>")
            case "nan":
                self.answer(200, '{"model": "nan", "embeddings": [[NaN, 1.0]]}')
            case "nested":
                self.answer(200, "[" * 100_000)
            case "elsewhere":
                self.send_response(307)
                self.send_header("Location", f"http://{self.headers['Host']}/api/other")
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "packed":
                packed = gzip.compress(b" " * 50_000_000)
                self.send_response(200)
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(packed)))
                self.end_headers()
                self.wfile.write(packed)
            case "drips":
                self.drip(b"HTTP/1.1 200 OK\r\n", b"X-Drip: ")
            case "waits":
                self.drip(b"", b"HTTP/1.1 102 Processing\r\n\r\n")
            case "hangs":
                time.sleep(5)
            case "closes":
                self.connection.close()
            case name:
                self.answer(200, {"model": name, "embeddings": [vector(text) for text in texts]})

    def drip(self, first: bytes, part: bytes) -> None:
        """Show signs of life for five seconds, and answer nothing."""
        try:
            self.wfile.write(first)
            for _ in range(50):
                self.wfile.write(part)
                time.sleep(0.1)
        except OSError:
            pass
        self.close_connection = True

    def answer(self, status: int, body: Any) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
