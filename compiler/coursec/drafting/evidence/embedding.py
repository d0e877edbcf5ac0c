"""Vectors from Ollama: its embed endpoint, through its own client."""

from __future__ import annotations

from collections.abc import Sequence

TIMEOUT = 120.0
"""Seconds that one batch may take; a model that must be loaded first takes most of them."""
_LONGEST = 8_000
"""Characters of a text that is embedded; longer ones are cut, as the server would."""


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
        import httpx
        import ollama

        cut = [text[:_LONGEST] or " " for text in texts]
        try:
            # No proxy, and no host or key of the environment: what is named is what is spoken to.
            client = ollama.Client(host=self.host, timeout=TIMEOUT, trust_env=False)
            answer = client.embed(model=self.model, input=cut)
        except (ConnectionError, httpx.TransportError) as error:
            raise UnreachableError(
                f"No Ollama answers at {self.host} ({type(error).__name__}).",
                "Start it with `ollama serve`, or name its address as `drafting: {host: …}`.",
            ) from error
        except ollama.ResponseError as error:
            if error.status_code == 404:
                raise UnreachableError(
                    f"Ollama has no model `{self.model}`.", f"Run: ollama pull {self.model}"
                ) from error
            raise UnreachableError(
                f"Ollama cannot embed with `{self.model}`: {str(error)[:200]}.",
                "Look into Ollama's log, or choose another `embed_model`.",
            ) from error
        except (httpx.HTTPError, ValueError) as error:
            raise UnreachableError(
                f"What answers at {self.host} is no Ollama ({type(error).__name__}).",
                "Name Ollama's address as `drafting: {host: …}`.",
            ) from error
        vectors = [list(map(float, vector)) for vector in answer.embeddings]
        sizes = {len(vector) for vector in vectors}
        if len(vectors) != len(cut) or len(sizes) != 1 or 0 in sizes:
            raise UnreachableError(
                f"`{self.model}` gave {len(vectors)} vectors for {len(cut)} texts.",
                "Choose a model that is made for embedding, such as nomic-embed-text.",
            )
        return vectors
