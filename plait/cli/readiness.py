"""`/health/ready` of a process that holds its subgraphs: ready when router and stores are.

A router alone cannot tell: its subgraphs are elsewhere and are asked by whoever runs them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from subgraphs.kit.subgraph import Subgraph

READY_PATH = "/health/ready"
ANSWER_SECONDS = 3.0


class SubgraphReadiness:
    """503 with the names of the subgraphs whose stores do not answer; else what the router says."""

    def __init__(self, app: ASGIApp, subgraphs: Sequence[Subgraph]) -> None:
        self._app = app
        self._subgraphs = subgraphs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == READY_PATH:
            states = await asyncio.gather(*(_is_ready(subgraph) for subgraph in self._subgraphs))
            down = [one.name for one, ready in zip(self._subgraphs, states, strict=True) if not ready]
            if down:
                body = {"status": "DOWN", "subgraphs": down}
                answer = JSONResponse(body, status_code=503, headers={"cache-control": "no-store"})
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _is_ready(subgraph: Subgraph) -> bool:
    expected: tuple[type[Exception], ...] = (TimeoutError, *subgraph.unavailable)
    try:
        await asyncio.wait_for(subgraph.ready(), ANSWER_SECONDS)
    except expected:
        return False
    return True
