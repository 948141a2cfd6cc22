"""Subgraphs over HTTP/1.1 on a pool of keep-alive connections of our own.

An answer that comes compressed although nobody asked for it is unpacked when it is gzip; a byte order mark
before the JSON is dropped.

A request that finds its idle connection closed by the peer goes out once more on a new one: nothing of an
answer had come, and only a query is asked twice. `httpx_client.py` is the library-made alternative.
"""

from __future__ import annotations

import asyncio
import ssl
from codecs import BOM_UTF8
from dataclasses import dataclass
from urllib.parse import urlsplit

from router.config import TLSConfig
from router.errors import TransportError
from router.transport.base import Headers, Kept, SubgraphRequest, SubgraphResponse
from router.transport.connection import Connection, ConnectionLost
from router.transport.heads import HTTPResponse, KnownHeads
from router.transport.multipart_body import MultipartBody
from router.transport.slots import Slots
from router.transport.tls import TLS
from router.transport.unpack import unpacked

ACCEPT = "application/graphql-response+json, application/json"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a URL leads. `head` is the part of a request that never changes."""

    host: str
    port: int
    is_tls: bool
    head: bytes

    @classmethod
    def of(cls, url: str) -> Origin:
        """Raises `ValueError` for a URL that is not http or https."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an HTTP address: {url}")
        if parts.username is not None:
            raise ValueError("credentials do not belong into a subgraph's address; insert a header instead")
        is_tls = parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        authority = host if parts.port is None else f"{host}:{port}"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        head = f"POST {target} HTTP/1.1\r\nhost: {authority}\r\naccept: {ACCEPT}\r\n"
        return cls(parts.hostname, port, is_tls, head.encode("ascii"))


class HTTPTransport:
    """At most `max_connections` at a time; the rest wait. The last to become idle is reused first."""

    def __init__(
        self,
        url: str,
        *,
        max_connections: int,
        kept: Kept = frozenset(),
        tls: TLS | None = None,
    ) -> None:
        self._kept = kept
        self._origin = Origin.of(url)
        self._tls = (tls or TLS(url, TLSConfig())) if self._origin.is_tls else None
        self._context = self._tls.context() if self._tls is not None else None
        self._idle: list[Connection] = []
        self._heads = KnownHeads()
        self._max_connections = max_connections
        self._slots = Slots(max_connections)

    async def start(self) -> None:
        """Connections are made when they are needed. Started anew, it may run in another event loop."""
        self._slots = Slots(self._max_connections)

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        if request.files:
            return await self._send_files(request)
        message = self._message(request.headers, request.body)
        if not self._slots.take():
            await self._slots.wait()
        try:
            connection = self._reusable() or await self._connect()
            context = self._context
            try:
                response = await connection.request(message, request.max_bytes)
            except ConnectionLost as error:
                if not error.nothing_received or request.document.is_mutation:
                    raise
                connection = await self._connect()
                context = self._context
                response = await connection.request(message, request.max_bytes)
            if connection.is_open and context is self._context:
                self._idle.append(connection)
            else:
                connection.close()
        finally:
            self._slots.give_back()
        return self._response(response, request.max_bytes)

    async def _send_files(self, request: SubgraphRequest) -> SubgraphResponse:
        """On a connection of its own: half a request that was given up must not be another's beginning."""
        multipart = MultipartBody(request)
        about = (*multipart.headers, ("transfer-encoding", "chunked"), ("connection", "close"))
        head = self._origin.head + self._lines((*about, *request.headers)) + b"\r\n"
        if not self._slots.take():
            await self._slots.wait()
        try:
            connection = await self._connect()
            try:
                response = await connection.stream(head, multipart, request.max_bytes)
            finally:
                connection.close()
        finally:
            self._slots.give_back()
        return self._response(response, request.max_bytes)

    def _response(self, response: HTTPResponse, max_bytes: int) -> SubgraphResponse:
        body = response.body
        if response.encoding:
            body = unpacked(body, response.encoding, max_bytes)
        return SubgraphResponse(
            body=body.removeprefix(BOM_UTF8),
            status=response.status,
            content_type=response.content_type,
            headers=response.headers,
        )

    async def aclose(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _reusable(self) -> Connection | None:
        if self._tls is not None:
            self._follow(self._tls.context())
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    def _follow(self, context: ssl.SSLContext) -> None:
        """Connections that were made with certificates of before carry no further request."""
        if context is not self._context:
            self._context = context
            while self._idle:
                self._idle.pop().close()

    async def _connect(self) -> Connection:
        origin = self._origin
        if self._tls is not None:
            self._follow(self._tls.context())
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(self._kept, self._heads), origin.host, origin.port, ssl=self._context
            )
        except ssl.SSLError as error:
            raise TransportError("The subgraph could not be reached: TLS failed.") from error
        except OSError as error:
            raise TransportError("The subgraph could not be reached.") from error
        return connection

    def _message(self, headers: Headers, body: bytes) -> bytes:
        return b"".join(
            (
                self._origin.head,
                self._lines(headers),
                b"content-type: application/json\r\ncontent-length: ",
                str(len(body)).encode(),
                b"\r\n\r\n",
                body,
            )
        )

    @staticmethod
    def _lines(headers: Headers) -> bytes:
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        if lines.count("\r") != len(headers) or lines.count("\n") != len(headers):
            lines = "".join([f"{name}: {_one_line(value)}\r\n" for name, value in headers])
        return lines.encode("latin-1", "replace")


def _one_line(value: str) -> str:
    """A value that ended its line could add headers of its own."""
    return value.replace("\r", " ").replace("\n", " ")
