"""A client of the YAML language server that editors use, for tests."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

NODE = Path(__file__).parent / "node"
SERVER = NODE / "node_modules/yaml-language-server/bin/yaml-language-server"


class LanguageServer:
    """A running server on a folder, with the settings that an editor would send."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self._settings = {"yaml": {"schemaStore": {"enable": False}, "validate": True, **settings}}
        self._requests = self._version = 0
        self._found: dict[str, list[dict[str, Any]]] = {}
        self._folder = folder
        self._process = subprocess.Popen(
            ["node", str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        # A server that says nothing must not hold up the tests.
        self._watch = threading.Timer(120, self._process.kill)
        self._watch.start()
        self._request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
                "capabilities": {
                    "workspace": {"configuration": True, "workspaceFolders": True},
                    "textDocument": {"hover": {"contentFormat": ["markdown"]}},
                },
            },
        )
        self._send({"method": "initialized", "params": {}})

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.cancel()
        self._process.kill()
        self._process.communicate()

    def findings(self, path: str, text: str) -> list[tuple[int, str]]:
        """Open or change a file; return (line, message) of what the server finds in it."""
        uri = (self._folder / path).as_uri()
        self._version += 1
        document: dict[str, Any] = {"uri": uri, "version": self._version}
        if self._found.pop(uri, None) is None:
            params = {"textDocument": {**document, "languageId": "yaml", "text": text}}
            self._send({"method": "textDocument/didOpen", "params": params})
        else:
            params = {"textDocument": document, "contentChanges": [{"text": text}]}
            self._send({"method": "textDocument/didChange", "params": params})
        while uri not in self._found:
            self._receive()
        return [(d["range"]["start"]["line"] + 1, d["message"]) for d in self._found[uri]]

    def hover(self, path: str, line: int, column: int) -> str:
        """Return what the server says at a place of an open file; both count from 1."""
        answer = self._request(
            "textDocument/hover",
            {
                "textDocument": {"uri": (self._folder / path).as_uri()},
                "position": {"line": line - 1, "character": column - 1},
            },
        )
        return str(answer["contents"]["value"]) if answer else ""

    def _request(self, method: str, params: dict[str, Any]) -> Any:
        self._requests += 1
        self._send({"id": self._requests, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._requests and "method" not in message:
                return message.get("result")

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """Read a message; answer what the server asks and keep what it finds."""
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            answer = None
            if message["method"] == "workspace/configuration":
                items = message["params"]["items"]
                answer = [self._settings.get(item.get("section")) for item in items]
            self._send({"id": message["id"], "result": answer})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self._found[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message
