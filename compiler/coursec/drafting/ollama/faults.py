"""What can go wrong between us and Ollama: one exception for all of it."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """The kinds of faults."""

    NOT_RUNNING = "not running"
    NO_MODEL = "no model"
    TOO_OLD = "too old"
    BUSY = "busy"
    FAILED = "failed"
    SLOW = "slow"
    BROKEN_OFF = "broken off"
    ENDLESS = "endless"
    CONTEXT = "context"
    STRANGER = "stranger"
    REFUSED = "refused"

    @property
    def code(self) -> str:
        """Code of the finding that says it."""
        return _CODES.get(self, "E943")

    @property
    def transient(self) -> bool:
        """Whether asking again may help."""
        return self in _TRANSIENT

    @property
    def fatal(self) -> bool:
        """Whether no other item can be drafted either."""
        return self in _FATAL


_CODES = {
    Fault.NOT_RUNNING: "E940",
    Fault.NO_MODEL: "E941",
    Fault.TOO_OLD: "E942",
    Fault.CONTEXT: "E944",
    Fault.STRANGER: "E945",
}
_TRANSIENT = {Fault.NOT_RUNNING, Fault.BUSY, Fault.FAILED, Fault.SLOW, Fault.BROKEN_OFF}
_FATAL = {Fault.NOT_RUNNING, Fault.NO_MODEL, Fault.TOO_OLD, Fault.STRANGER}


class OllamaError(Exception):
    """Ollama does not do what it is asked; the message is a sentence for the user."""

    def __init__(self, fault: Fault, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[OllamaError], tuple[Fault, str, str]]:
        """Keep the parts when it travels between processes."""
        return type(self), (self.fault, self.message, self.hint)
