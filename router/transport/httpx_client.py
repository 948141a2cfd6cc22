"""Subgraphs over HTTP with a library: slower than `http.py`, for networks that are left only through a proxy.

The library is httpx2, which carries httpx on; the setting keeps the name `httpx` (docs/decisions).
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2 as httpx

from router.errors import ResponseTooLarge, TransportError
from router.transport.base import Kept, SubgraphRequest, SubgraphResponse, kept_of
from router.transport.http import ACCEPT, Origin
from router.transport.multipart_body import MultipartBody
from router.transport.tls import TLS

JSON = (("content-type", "application/json"),)


class HTTPXTransport:
    """Proxies are read from the environment as httpx does."""

    def __init__(
        self,
        url: str,
        *,
        max_connections: int,
        kept: Kept = frozenset(),
        tls: TLS | None = None,
    ) -> None:
        self._tls = tls
        self._context = tls.context() if tls is not None else None
        self._running: dict[httpx.AsyncClient, int] = {}
        """Requests under way, by whose they are: a client may have been replaced meanwhile."""
        self._kept = kept
        Origin.of(url)
        self._url = url
        self._limits = httpx.Limits(max_connections=max_connections)
        self._client = self._make_client()

    async def start(self) -> None:
        """Connections are made when they are needed."""
        if self._client.is_closed:
            self._client = self._make_client()

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        multipart = MultipartBody(request) if request.files else None
        about = multipart.headers if multipart is not None else JSON
        headers = [("accept", ACCEPT), *about, *request.headers]
        body = bytearray()
        try:
            async with (
                self._lent() as client,
                client.stream(
                    "POST", self._url, content=multipart or request.body, headers=headers
                ) as response,
            ):
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > request.max_bytes:
                        raise ResponseTooLarge("The subgraph's answer is larger than one operation may take.")
        except httpx.HTTPError as error:
            raise TransportError("The subgraph could not be reached.") from error
        return SubgraphResponse(
            body=bytes(body).removeprefix(BOM_UTF8),
            status=response.status_code,
            content_type=response.headers.get("content-type", ""),
            headers=kept_of(response.headers.raw, self._kept),
        )

    async def aclose(self) -> None:
        for client in {self._client, *self._running}:
            await client.aclose()

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[httpx.AsyncClient]:
        """The client for one request. One with certificates of before is closed after its last."""
        if self._tls is not None and (context := self._tls.context()) is not self._context:
            before, self._context = self._client, context
            self._client = self._make_client()
            if before not in self._running:
                await before.aclose()
        client = self._client
        self._running[client] = self._running.get(client, 0) + 1
        try:
            yield client
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
                if client is not self._client:
                    await client.aclose()

    def _make_client(self) -> httpx.AsyncClient:
        verify = self._context if self._context is not None else True
        return httpx.AsyncClient(
            verify=verify, limits=self._limits, timeout=None
        )  # The executor has deadlines.
