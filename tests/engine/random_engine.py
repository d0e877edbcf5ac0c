"""A mind for the loopback server: llama.cpp with random weights, held by the request's schema."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any

from llama_cpp import Llama, llama_grammar
from tiny_gguf import write

# One byte is one token here: a text of so many characters has so many tokens only in ASCII.
# Control characters and escapes are left in.
_CHAR = (
    r'char ::= [\x01-\x21\x23-\x5B\x5D-\x7E] | "\\" (["\\/bfnrt] | '
    r'"u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F])'
)
_converted = llama_grammar.json_schema_to_gbnf


def _in_ascii(*given: Any, **named: Any) -> str:
    lines = _converted(*given, **named).split("\n")
    return "\n".join(_CHAR if line.startswith("char ::=") else line for line in lines)


llama_grammar.json_schema_to_gbnf = _in_ascii
_LOCK = threading.Lock()
_FOLDER = tempfile.mkdtemp(prefix="coursec-engine-")
_PATH = Path(_FOLDER) / "random.gguf"
write(_PATH)
_LLAMA = Llama(str(_PATH), n_ctx=16_384, n_batch=1024, verbose=False)


def mind(asked: dict[str, Any]) -> tuple[str, str]:
    options = asked.get("options") or {}
    form = asked.get("format")
    held = {"type": "json_object", "schema": form} if isinstance(form, dict) else None
    with _LOCK:
        made = _LLAMA.create_chat_completion(
            asked["messages"],
            temperature=1.0,  # of random weights the likeliest token is one letter for ever
            seed=int(options.get("seed", 0)) + len(str(asked["messages"])),
            max_tokens=int(options.get("num_predict", 1_500)),
            response_format=held,
        )
    choice = made["choices"][0]
    return str(choice["message"]["content"]), str(choice["finish_reason"])
