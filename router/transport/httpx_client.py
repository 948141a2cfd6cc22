"""Subgraphs over HTTP with a library: slower than `http.py`, for networks that are left only through a proxy.

The library is httpx2, which carries httpx on; the setting keeps the name `httpx` (docs/decisions).
"""

from __future__ import annotations

import ssl
from codecs import BOM_UTF8

import httpx2 as httpx

from router.errors import ResponseTooLarge, TransportError
from router.transport.base import Kept, SubgraphRequest, SubgraphResponse, kept_of
from router.transport.http import ACCEPT, Origin
from router.transport.multipart_body import MultipartBody

JSON = (("content-type", "application/json"),)


class HTTPXTransport:
    """Proxies are read from the environment as httpx does."""

    def __init__(
        self,
        url: str,
        *,
        max_connections: int,
        kept: Kept = frozenset(),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
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
            async with self._client.stream(
                "POST", self._url, content=multipart or request.body, headers=headers
            ) as response:
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
        await self._client.aclose()

    def _make_client(self) -> httpx.AsyncClient:
        verify = self._tls if self._tls is not None else True
        return httpx.AsyncClient(
            verify=verify, limits=self._limits, timeout=None
        )  # The executor has deadlines.
