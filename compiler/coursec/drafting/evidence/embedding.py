"""Vectors from Ollama: its embed endpoint, through its own client."""

from __future__ import annotations

from collections.abc import Sequence

TIMEOUT = 120.0
"""Seconds that one batch may take; a model that must be loaded first takes most of them."""
_LONGEST = 8_000
"""Characters of a text that is embedded; longer ones are cut, as the server would."""
_HINT = "Look into Ollama's log, or choose another `embed_model`."


class UnreachableError(Exception):
    """The embedding model does not answer."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class OllamaEmbedder:
    """Embeds texts on an Ollama host."""

    def __init__(self, host: str, model: str) -> None:
        self.host = host
        self.model = model

    @property
    def name(self) -> str:
        """The model's name: vectors of two models never mix."""
        return self.model

    def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        """Return a vector of each text. Raises UnreachableError."""
        from coursec.drafting.ollama.client import Host, Patience
        from coursec.drafting.ollama.faults import OllamaError

        cut = [text[:_LONGEST] or " " for text in texts]
        try:
            # The same door as for drafts: no proxy, no redirect, no host or key of the environment.
            return Host(self.host, Patience(stall=TIMEOUT, total=TIMEOUT)).embed(self.model, cut)
        except OllamaError as error:
            raise UnreachableError(error.message, error.hint or _HINT) from error
