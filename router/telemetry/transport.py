"""A transport that is watched: how long each request to a subgraph took, what came of it, and its span."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from time import perf_counter

import msgspec

from router.errors import TransportError
from router.transport.base import Headers, SubgraphRequest, SubgraphResponse, Transport

Fetched = Callable[[str, str, float], None]
"""The subgraph, the outcome (`ok` or the error's code), and seconds."""

Span = Callable[[str, SubgraphRequest], AbstractContextManager[Headers]]
"""Open while a request is under way; gives the headers that carry the trace on."""


class WatchedTransport:
    def __init__(self, name: str, transport: Transport, fetched: Fetched | None, span: Span | None) -> None:
        self._name = name
        self._transport = transport
        self._fetched = fetched
        self._span = span

    async def start(self) -> None:
        await self._transport.start()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        began, outcome = perf_counter(), "cancelled"
        try:
            if self._span is None:
                response = await self._transport.send(request)
            else:
                response = await self._send_within(self._span, request)
            outcome = "ok" if response.status < 400 else f"status {response.status}"
        except TransportError as error:
            outcome = error.code
            raise
        finally:
            if self._fetched is not None:
                self._fetched(self._name, outcome, perf_counter() - began)
        return response

    async def _send_within(self, span: Span, request: SubgraphRequest) -> SubgraphResponse:
        with span(self._name, request) as carried:
            names = {name for name, _ in carried}
            others = (pair for pair in request.headers if pair[0] not in names)
            return await self._transport.send(msgspec.structs.replace(request, headers=(*others, *carried)))
