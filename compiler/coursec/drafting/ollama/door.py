"""The only way out: one host, no redirect, no proxy, no key, a time and a size limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any

import httpcore
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
        # Only the sockets see each byte of a head that drips; a request stays in its thread.
        self._clock = _Clock()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_Timed(self._clock),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx.TransportError, httpx.DecodingError."""
        there = (request.url.scheme, request.url.host, request.url.port)
        if there != (self._host.scheme, self._host.host, self._host.port):
            raise httpx.UnsupportedProtocol(f"{request.url.host} is not the host", request=request)
        # The client adds the key of the environment; this host was not given it by anyone.
        request.headers.pop("authorization", None)
        # What is packed has no size that could be limited.
        request.headers["accept-encoding"] = "identity"
        self._clock.until = time.monotonic() + self.seconds
        with self._clock.told(request):
            response = super().handle_request(request)
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            response.close()
            raise httpx.DecodingError("the answer is packed", request=request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Limited(response.stream, self._clock, request)
        return response


class _Clock(threading.local):
    """When the answer must be whole that this thread waits for."""

    until = 0.0

    @property
    def left(self) -> float:
        return self.until - time.monotonic()

    @contextmanager
    def told(self, request: httpx.Request) -> Iterator[None]:
        """Tell a time that is up from a host that is silent."""
        try:
            yield
        except httpx.TimeoutException as error:
            if self.left > 0:
                raise
            raise OverdueError("the answer takes too long", request=request) from error


class _Limited(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, clock: _Clock, request: httpx.Request) -> None:
        self._stream = stream
        self._clock = clock
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        with self._clock.told(self._request):
            for data in self._stream:
                size += len(data)
                if size > MOST_BYTES:
                    raise EndlessError("the answer does not end", request=self._request)
                yield data

    def close(self) -> None:
        self._stream.close()


class _Timed(httpcore.NetworkBackend):
    """Opens connections on which nobody waits beyond the clock."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(host, port, timeout, local_address, socket_options)
        return _TimedStream(stream, self._clock)

    def sleep(self, seconds: float) -> None:
        self._plain.sleep(seconds)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._clock.left
        if left <= 0:
            raise httpcore.ReadTimeout("the answer takes too long")
        return self._stream.read(max_bytes, left if timeout is None else min(left, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _TimedStream(stream, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
