"""Several hosts share the work: the least busy is asked, and one that is lost gives its work up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coursec.drafting.ollama.client import Ask, Host, Reply
from coursec.drafting.ollama.faults import Fault, OllamaError

TRIES = 4
"""How often one request is tried, on all hosts together."""
PAUSE = 1.0
"""Seconds before the second try; each next one waits twice as long."""
_SLOW_TRIES = 2
"""The same for hosts that give no answer in time."""
_GIVEN_UP = 3 * TRIES
"""Failures in a row after which a host is not asked any more."""


@dataclass(slots=True)
class _Seat:
    host: Host
    busy: int = 0
    failed: int = 0
    """Failures in a row."""
    served: int = 0
    lost: bool = False


@dataclass(slots=True)
class Pool:
    """Hosts that have the same model."""

    seats: list[_Seat]
    lost: Callable[[Host, OllamaError], None]
    """Is told of a host that is not asked any more."""
    pause: float = PAUSE
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @staticmethod
    def of(
        hosts: Sequence[Host], lost: Callable[[Host, OllamaError], None], pause: float = PAUSE
    ) -> Pool:
        """Return a pool of hosts."""
        return Pool([_Seat(host) for host in hosts], lost, pause)

    def __call__(self, ask: Ask) -> Reply:
        """Return a reply of any host. Raises OllamaError; a fatal one when no host is left."""
        tries = slow = 0
        failed: list[_Seat] = []
        while True:
            seat = self._take(failed)
            try:
                reply = seat.host.chat(ask)
            except OllamaError as error:
                tries += 1
                slow += error.fault is Fault.SLOW
                failed.append(seat)
                self._failed(seat, error)
                if not error.fault.transient and not error.fault.fatal:
                    raise
                if not self._living():
                    raise OllamaError(_last(error), error.message, error.hint) from error
                if tries >= TRIES or slow >= _SLOW_TRIES:
                    raise
                if not self._fresh():
                    time.sleep(self.pause * 2 ** (tries - 1))
            else:
                with self._lock:
                    seat.failed = 0
                    seat.served += 1
                return reply
            finally:
                with self._lock:
                    seat.busy -= 1

    @property
    def size(self) -> int:
        """How many requests can be answered at once."""
        return len(self.seats)

    def _take(self, failed: Sequence[_Seat]) -> _Seat:
        """Return the least busy host; one that failed this request only where no other is left."""
        with self._lock:
            living = [seat for seat in self.seats if not seat.lost]
            if not living:
                raise OllamaError(Fault.NOT_RUNNING, "No Ollama answers any more.")
            seat = min(living, key=lambda s: (failed.count(s), s.busy, s.failed, s.served))
            seat.busy += 1
            return seat

    def _failed(self, seat: _Seat, error: OllamaError) -> None:
        """Count a failure; a host that fails too often is not asked any more."""
        fault = error.fault
        if not fault.transient and not fault.fatal:
            return  # the request is to blame
        with self._lock:
            seat.failed += 1
            others = any(other is not seat and not other.lost for other in self.seats)
            if fault is Fault.NOT_RUNNING:
                limit = 1 if others else TRIES
            else:
                limit = (TRIES if others else _GIVEN_UP) if fault.transient else 1
            lose = seat.failed >= limit and not seat.lost
            seat.lost = seat.lost or lose
        if lose:
            self.lost(seat.host, error)

    def _fresh(self) -> bool:
        """Tell whether a host can be asked at once: one that has not just failed."""
        with self._lock:
            return any(not seat.lost and not seat.failed for seat in self.seats)

    def _living(self) -> bool:
        with self._lock:
            return any(not seat.lost for seat in self.seats)


def _last(error: OllamaError) -> Fault:
    """Return the fault of a run whose last host is lost."""
    return error.fault if error.fault.fatal else Fault.NOT_RUNNING
