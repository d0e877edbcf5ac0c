"""Which hosts may be spoken to: this machine, and others that course.yaml confirms."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from urllib.parse import urlsplit

from coursec.diagnostics import Diagnostics, Span
from coursec.model.quiz import DraftingOptions

DEFAULT_HOST = "http://127.0.0.1:11434"
"""Where Ollama listens unless it is told otherwise."""


def host_of(options: DraftingOptions, sink: Diagnostics) -> str | None:
    """Return the address of Ollama; None, and a finding, where it may not be spoken to.

    Only course.yaml says which host that is: no environment variable does.
    """
    host = options.host or DEFAULT_HOST
    if "://" not in host:
        host = f"http://{host}"
    try:
        parts = urlsplit(host)
        name, port = parts.hostname, parts.port
    except ValueError:
        name, port, parts = None, None, urlsplit("")
    if not name or parts.scheme not in ("http", "https") or parts.username:
        sink.report(
            "E937",
            f"`{host}` is no address of a host.",
            Span("course.yaml"),
            hint=f"Write it as {DEFAULT_HOST}.",
        )
        return None
    if not is_loopback(name) and not options.remote:
        sink.report(
            "E937",
            f"`{name}` is another machine: the text of the slides would be sent to it.",
            Span("course.yaml"),
            hint="Confirm it with `remote: true` under `drafting`, if that is meant.",
        )
        return None
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{shown}:{port or (443 if parts.scheme == 'https' else 11434)}"


def hosts_of(options: DraftingOptions, sink: Diagnostics) -> list[str]:
    """Return the addresses of all hosts that share the work; each is checked as by `host_of`."""
    named = options.hosts or (options.host or DEFAULT_HOST,)
    found = [host_of(replace(options, host=name), sink) for name in named]
    return list(dict.fromkeys(host for host in found if host))


def may_speak_to(address: str, options: DraftingOptions) -> bool:
    """Tell whether a cluster's scheduler may be given the slides: this machine, or confirmed."""
    try:
        name = urlsplit(address if "://" in address else f"tcp://{address}").hostname
    except ValueError:
        return False
    return bool(name) and (options.remote or is_loopback(name or ""))


def is_loopback(name: str) -> bool:
    """Tell whether a host's name is this machine."""
    if name.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
