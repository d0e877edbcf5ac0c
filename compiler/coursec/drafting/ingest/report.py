"""The report of an ingest: every repair, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coursec.drafting.ingest.record import Record


def report_text(records: Sequence[Record]) -> str:
    """Return a report as Markdown: one section per file; numbers are those of `--only`."""
    return "\n".join(line for record in records for line in _report(record)) + "\n"


def _report(record: Record) -> Iterator[str]:
    yield f"# {record.source}"
    yield ""
    if record.restored:
        yield f"## Encoding: {len(record.restored)} lines (UTF-8 read as {record.codec})"
        yield ""
        yield from _pairs((f"line {n}", b, a) for n, b, a in record.restored)
    if record.repairs:
        yield f"## Words: {len(record.repairs)} texts"
        yield ""
        numbered = enumerate(record.repairs, 1)
        yield from _pairs(
            (f"{n}, slide {pair.slide}", pair.before, pair.after) for n, pair in numbered
        )
    if record.dropped:
        yield "## Left out, because it runs along the slides"
        yield ""
        yield from (f"    {line}" for line in record.dropped)
        yield ""
    if record.copies:
        yield f"Slides left out, because they stand there already: {record.copies}."
        yield ""
    if not (record.restored or record.repairs or record.dropped or record.copies):
        yield "Nothing was repaired or left out."
        yield ""


def _pairs(pairs: Iterator[tuple[str, str, str]]) -> Iterator[str]:
    for place, before, after in pairs:
        yield f"{place}"
        yield ""
        yield f"    - {before}"
        yield f"    + {after}"
        yield ""
