"""Subgraphs over HTTP with httpx: slower than `http.py`, for what only a library does (proxies, HTTP/2)."""

from __future__ import annotations

import httpx2 as httpx

from router.errors import ResponseTooLarge, TransportError
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.http import ACCEPT, Origin


class HTTPXTransport:
    """Proxies are read from the environment as httpx does."""

    def __init__(self, url: str, *, max_connections: int) -> None:
        Origin.of(url)
        self._url = url
        limits = httpx.Limits(max_connections=max_connections)
        self._client = httpx.AsyncClient(limits=limits, timeout=None)

    async def start(self) -> None:
        """Connections are made when they are needed."""

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        headers = [("accept", ACCEPT), ("content-type", "application/json"), *request.headers]
        body = bytearray()
        try:
            async with self._client.stream(
                "POST", self._url, content=request.body, headers=headers
            ) as response:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > request.max_bytes:
                        raise ResponseTooLarge("The subgraph's answer is larger than one operation may take.")
        except httpx.HTTPError as error:
            raise TransportError("The subgraph could not be reached.") from error
        content_type = response.headers.get("content-type", "")
        return SubgraphResponse(body=bytes(body), status=response.status_code, content_type=content_type)

    async def aclose(self) -> None:
        await self._client.aclose()
