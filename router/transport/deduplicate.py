"""Identical queries to a subgraph that are in flight at the same time travel once.

Identical means the same text, variables and headers: the headers are those propagated to the subgraph, so
two users' queries are never confused. Those that only name a request do not count: the subgraph sees the
first one's. Mutations always travel. Raw JSON is shared as it is and decoded by
each; a Python payload is copied for all, because each merges it into data of its own.
"""

from __future__ import annotations

from router.cache.single_flight import SingleFlight
from router.json import clone
from router.transport.base import Headers, SubgraphRequest, SubgraphResponse, Transport

NAMES_A_REQUEST = frozenset(("x-request-id", "traceparent", "tracestate"))


class DeduplicatingTransport:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._flights: SingleFlight[tuple[bytes, Headers], SubgraphResponse] = SingleFlight()

    async def start(self) -> None:
        await self._transport.start()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        if request.document.is_mutation:
            return await self._transport.send(request)
        told = tuple([header for header in request.headers if header[0] not in NAMES_A_REQUEST])
        key = (request.body, told)
        response, is_shared = await self._flights.run(key, lambda: self._transport.send(request))
        if is_shared and response.payload is not None:
            return SubgraphResponse(payload=clone(response.payload), status=response.status)
        return response
