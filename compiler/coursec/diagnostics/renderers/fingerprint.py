"""What makes a finding the same finding in the next run, when lines have moved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from coursec.diagnostics.diagnostic import Diagnostic
from coursec.diagnostics.renderers import Run

_LINE = re.compile(r"\bline \d+")


def fingerprinted(run: Run) -> Iterator[tuple[Diagnostic, str]]:
    """Yield each finding with 32 hexadecimal digits that no other finding of the run has.

    They come from the code, the item (or the file, where there is none) and the message without
    the lines that it names; findings that agree in all of these are numbered.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    for d in run.found:
        where = f"item {d.item}" if d.item else f"file {run.path(d.span.path)}"
        same = (d.code, where, _LINE.sub("line", d.message))
        seen[same] += 1
        text = "\0".join((*same, str(seen[same])))
        yield d, sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
