"""What `plait subgraph` and `plait worker` show operators: metrics, and spans for a collector."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from plait.cli.failures import fail
from plait.cli.shown_metrics import shown

if TYPE_CHECKING:
    from db.config import DomainStore
    from db.postgres import Database
    from plait.cli.settings import Settings
    from subgraphs.kit.subgraph import Subgraph
    from subgraphs.kit.telemetry.traces import SubgraphTraces
    from subgraphs.kit.work_watching import WorkWatch
    from subgraphs.kit.worker import Task
    from subgraphs.registry import Watching


@asynccontextmanager
async def watched(
    subgraph: Subgraph, store: DomainStore, listener: socket.socket | None, settings: Settings
) -> AsyncIterator[Subgraph]:
    """The subgraph as it is watched, for as long as the block; itself when nobody wants to know."""
    counts = listener is not None or settings.metrics_endpoint is not None
    if not counts and settings.traces_endpoint is None:
        yield subgraph
        return
    from db.postgres import connect
    from subgraphs.kit.outbox.backlog import backlog
    from subgraphs.kit.telemetry.metrics import SubgraphMetrics
    from subgraphs.kit.telemetry.watch import Watch

    database = connect(store)
    metrics = SubgraphMetrics(subgraph.name, subgraph.ready, partial(backlog, database))
    traces = _traces(settings.traces_endpoint, subgraph.name)
    try:
        async with shown(metrics, f"plait-{subgraph.name}", listener, settings.metrics_endpoint):
            yield replace(subgraph, watch=Watch(metrics if counts else None, traces))
    finally:
        await database.close()
        if traces is not None:
            await asyncio.to_thread(traces.flush)


@asynccontextmanager
async def watched_work(listener: socket.socket | None, settings: Settings) -> AsyncIterator[Watching]:
    """Makes who watches the work of a domain, for as long as the block."""
    from subgraphs.registry import nobody

    if listener is None and settings.metrics_endpoint is None and settings.traces_endpoint is None:
        yield nobody
        return
    from subgraphs.kit.telemetry.work import WorkMetrics

    metrics = WorkMetrics()
    made: list[SubgraphTraces] = []

    def watch(name: str, database: Database, tasks: Sequence[Task]) -> WorkWatch:
        traces = _traces(settings.traces_endpoint, name)
        made.extend([traces] if traces is not None else [])
        return metrics.watch(name, database, tasks, traces)

    try:
        async with shown(metrics, "plait-worker", listener, settings.metrics_endpoint):
            yield watch
    finally:
        await asyncio.gather(*(asyncio.to_thread(traces.flush) for traces in made))


def _traces(endpoint: str | None, name: str) -> SubgraphTraces | None:
    from subgraphs.kit.telemetry.traces import SubgraphTraces, TracesNeedOpenTelemetry, make_provider

    if endpoint is None:
        return None
    try:
        return SubgraphTraces(make_provider(endpoint, name), name)
    except TracesNeedOpenTelemetry as error:
        fail("INVALID_CONFIGURATION", f"PLAIT_TRACES_ENDPOINT: {error}")
