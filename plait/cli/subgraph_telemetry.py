"""What `plait subgraph` shows operators: `/metrics` on an address of its own, spans for a collector."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from plait.cli.failures import fail
from router.http.admin import TEXT, serve_admin
from router.http.server import address_of

if TYPE_CHECKING:
    from db.config import DomainStore
    from subgraphs.kit.subgraph import Subgraph
    from subgraphs.kit.telemetry.metrics import SubgraphMetrics
    from subgraphs.kit.telemetry.traces import SubgraphTraces


@asynccontextmanager
async def watched(
    subgraph: Subgraph, store: DomainStore, listener: socket.socket | None, traces_endpoint: str | None
) -> AsyncIterator[Subgraph]:
    """The subgraph as it is watched, for as long as the block; itself when nobody wants to know."""
    if listener is None and traces_endpoint is None:
        yield subgraph
        return
    from db.postgres import connect
    from subgraphs.kit.outbox.backlog import backlog
    from subgraphs.kit.telemetry.metrics import SubgraphMetrics
    from subgraphs.kit.telemetry.watch import Watch

    database = connect(store)
    metrics = SubgraphMetrics(subgraph.name, subgraph.ready, partial(backlog, database))
    traces = _traces(traces_endpoint, subgraph.name) if traces_endpoint is not None else None
    try:
        async with _served(metrics, listener):
            yield replace(subgraph, watch=Watch(metrics if listener is not None else None, traces))
    finally:
        await database.close()
        if traces is not None:
            await asyncio.to_thread(traces.flush)


def _traces(endpoint: str, name: str) -> SubgraphTraces:
    from subgraphs.kit.telemetry.traces import SubgraphTraces, TracesNeedOpenTelemetry, make_provider

    try:
        return SubgraphTraces(make_provider(endpoint, name), name)
    except TracesNeedOpenTelemetry as error:
        fail("INVALID_CONFIGURATION", f"PLAIT_TRACES_ENDPOINT: {error}")


def metrics_application(metrics: SubgraphMetrics) -> Starlette:
    async def read(request: Request) -> Response:
        return Response(await metrics.text(), headers={"content-type": TEXT})

    return Starlette(routes=[Route("/metrics", read, methods=["GET"])])


@asynccontextmanager
async def _served(metrics: SubgraphMetrics, listener: socket.socket | None) -> AsyncIterator[None]:
    if listener is None:
        yield
        return
    click.echo(f"Metrics at http://{address_of(listener)}/metrics", err=True)
    serving = asyncio.create_task(serve_admin(metrics_application(metrics), listener))
    try:
        yield
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
