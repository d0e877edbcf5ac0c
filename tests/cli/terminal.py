"""A process at a real terminal: what it shows, and a person who types."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

_SEQUENCE = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|=|>)")


class Terminal:
    """The other end of a terminal that a command runs in."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self.master = master
        self.raw = ""
        """Everything that was shown, with the terminal's own signs."""
        self._seen = 0

    def expect(self, text: str, seconds: float = 60) -> str:
        """Wait for a text; return what was shown up to its end, as read."""
        end = time.monotonic() + seconds
        while True:
            shown = _plain(self.raw)
            at = shown.find(text, self._seen)
            if at >= 0:
                part = shown[self._seen : at + len(text)]
                self._seen = at + len(text)
                return part
            assert time.monotonic() < end, f"no {text!r} in {shown[self._seen :]!r}"
            if not self._read(0.2) and self.process.poll() is not None:
                assert text in _plain(self.raw)[self._seen :], _plain(self.raw)[self._seen :]

    def type(self, text: str) -> None:
        """Type a line and press Enter."""
        os.write(self.master, f"{text}\n".encode())

    def press(self, key: bytes) -> None:
        """Press a key such as Ctrl-D (`\\x04`)."""
        os.write(self.master, key)

    def interrupt(self) -> None:
        """Press Ctrl-C, again where Python has begun to read between the two.

        A signal that comes just before `input` waits is only noticed at the next key.
        """
        for _ in range(5):
            self.press(b"\x03")
            end = time.monotonic() + 3
            while self.process.poll() is None and time.monotonic() < end:
                self._read(0.1)
            if self.process.poll() is not None:
                return

    def end(self, seconds: float = 60) -> tuple[int, str]:
        """Wait for the end; return the exit code and what was shown since the last text."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.2)
        while self._read(0.1):
            pass
        assert self.process.returncode is not None, _plain(self.raw)[self._seen :]
        return self.process.returncode, _plain(self.raw)[self._seen :]

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other end is closed
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)


def _plain(text: str) -> str:
    return _SEQUENCE.sub("", text).replace("\r\n", "\n")


@contextmanager
def coursec(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, columns: int = 80
) -> Iterator[Terminal]:
    """Run `coursec …` at a terminal of its own."""
    master, slave = pty.openpty()
    ioctl(slave, TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", "from coursec.cli import main; main()", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=cwd,
        env={**os.environ, "TERM": "xterm-256color", **(env or {})},
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        os.close(master)


def _own_terminal() -> None:
    from termios import TIOCSCTTY

    ioctl(0, TIOCSCTTY, 0)
