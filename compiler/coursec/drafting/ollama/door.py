"""The only way out: one host, no redirect, no proxy, no key, a time and a size limit."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx

MOST_BYTES = 16 * 1024**2
"""Bytes of one answer; a reply has some thousands."""


class OverdueError(httpx.ReadTimeout):
    """An answer takes longer than its whole time, however steadily it drips."""


class EndlessError(httpx.ReadError):
    """An answer is larger than any should be."""


class Door(httpx.HTTPTransport):
    """A transport that speaks to one host, and gives each answer its time and its size."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(trust_env=False)
        self._host = httpx.URL(host)
        self.seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx.TransportError."""
        there = (request.url.scheme, request.url.host, request.url.port)
        if there != (self._host.scheme, self._host.host, self._host.port):
            raise httpx.UnsupportedProtocol(f"{request.url.host} is not the host", request=request)
        # The client adds the key of the environment; this host was not given it by anyone.
        request.headers.pop("authorization", None)
        until = time.monotonic() + self.seconds
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Limited(response.stream, until, request)
        return response


class _Limited(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, until: float, request: httpx.Request) -> None:
        self._stream = stream
        self._until = until
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for data in self._stream:
            size += len(data)
            if size > MOST_BYTES:
                raise EndlessError("the answer does not end", request=self._request)
            if time.monotonic() > self._until:
                raise OverdueError("the answer takes too long", request=self._request)
            yield data

    def close(self) -> None:
        self._stream.close()
