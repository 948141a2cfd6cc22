"""The gateways' cases through the whole application (ASGI): subgraphs answer bytes that they gave before.

Bare, or with the stages of `benchmarks/gateways/stages.py` on: a token, scopes, an id in place of the text,
limits, costs, metrics, the access log. No sockets, so what is counted or timed is the router's own code.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.gateways.peers import OWN_CONFIG
from benchmarks.gateways.shop import SUBGRAPHS, Case
from benchmarks.gateways.stages import Prepared, protected_subgraphs
from benchmarks.gateways.subgraphs import Subgraphs
from router import Router
from router.config import RouterConfig
from router.config.file import parse_config
from router.executor.execution import Service
from router.json import dumps
from schema import SubgraphDefinition, compose
from tests.support.execution_cost import _Remembered

ANY_PORT = 0
"""Of the metrics' address, where nobody listens here."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """`headers` are sent with each request; `by_id` asks for operations by the names of their cases. `tell`
    has everything counted and written down that is told after the answer.
    """

    app: Any
    tell: Callable[[], None]
    headers: Mapping[str, str]
    by_id: bool

    def sender(self, case: Case) -> Sender:
        """Each call of it is a request, answered with 200 and no errors."""
        asked = {"documentId": case.name} if self.by_id else {"query": case.query}
        body = dumps({**asked, "variables": case.variables})
        return Sender(self.app, _scope(body, self.headers), body)


@asynccontextmanager
async def gateway(folder: Path, *, staged: bool) -> AsyncIterator[Gateway]:
    """Started; `folder` is for the files of the stages."""
    if not staged:
        config, headers, sdls = parse_config(OWN_CONFIG.format(deduplicate="false"), {}), {}, SUBGRAPHS
    else:
        prepared = Prepared.into(folder)
        config = parse_config(prepared.ours(folder, ANY_PORT), {}, folder)
        headers, sdls = dict(prepared.headers), protected_subgraphs()
    async with _over_memory(sdls, config) as router:
        yield Gateway(router.asgi(), router.telemetry.tell, headers, staged)


def _over_memory(sdls: Mapping[str, str], config: RouterConfig) -> Router:
    composed = compose([SubgraphDefinition(name=n, url=f"http://x/{n}", sdl=s) for n, s in sdls.items()])
    router, shop = Router(composed.supergraph_sdl, config=config), Subgraphs()
    watched = router.telemetry.watched
    services = {name: Service(name, watched(name, _Remembered(name, shop.answer)), 60) for name in SUBGRAPHS}
    pipeline = router.engine.pipeline
    router.engine.pipeline = replace(pipeline, executor=replace(pipeline.executor, services=services))
    return router


def _scope(body: bytes, more: Mapping[str, str]) -> dict[str, Any]:
    headers = [(b"host", b"x"), (b"content-type", b"application/json"), (b"accept", b"application/json")]
    headers += [(name.encode(), value.encode()) for name, value in more.items()]
    headers.append((b"content-length", str(len(body)).encode()))
    return {
        "type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "asgi": {"version": "3.0"}, "state": {},
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sender:
    app: Any
    scope: dict[str, Any]
    body: bytes

    async def __call__(self) -> None:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            if sent:
                await asyncio.Event().wait()
            sent.append(None)
            return {"type": "http.request", "body": self.body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(dict(self.scope), receive, send)
        assert sent[1]["status"] == 200, sent
        assert b'"errors"' not in sent[2]["body"], sent
