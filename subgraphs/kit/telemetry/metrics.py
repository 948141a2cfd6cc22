"""Counters and histograms of one subgraph, for Prometheus. All labels are of our own making."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from db.errors import StoreError
from subgraphs.kit.outbox.backlog import Backlog

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class SubgraphMetrics:
    """`ready` raises a `StoreError` while a store is away; `backlog` says what the outbox holds, None for a
    domain that has none.
    """

    def __init__(
        self,
        subgraph: str,
        ready: Callable[[], Awaitable[None]],
        backlog: Callable[[], Awaitable[Backlog | None]],
    ) -> None:
        self._subgraph, self._ready, self._backlog = subgraph, ready, backlog
        self.registry = registry = CollectorRegistry()
        own = ("subgraph",)
        self._operations = Counter(
            "plait_subgraph_operations", "Operations by outcome.", (*own, "outcome"), registry=registry
        )
        self._seconds = Histogram(
            "plait_subgraph_operation_duration_seconds",
            "Operations.",
            own,
            buckets=SECONDS,
            registry=registry,
        )
        self._errors = Counter(
            "plait_subgraph_errors",
            "Answers that have an error of a code.",
            (*own, "code"),
            registry=registry,
        )
        self._statements = Histogram(
            "plait_subgraph_statement_duration_seconds", "Statements sent to PostgreSQL.", (*own, "kind"),
            buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._up = Gauge("plait_subgraph_ready", "Whether its stores answer.", own, registry=registry)
        self._waiting = Gauge(
            "plait_outbox_waiting", "Messages that were not sent yet.", own, registry=registry
        )
        self._oldest = Gauge(
            "plait_outbox_oldest_seconds", "How long the oldest of them waits.", own, registry=registry
        )
        self._dead = Gauge(
            "plait_dead_letters", "Messages that could not be handled.", own, registry=registry
        )

    def answered(self, codes: Sequence[str], seconds: float) -> None:
        """`codes` are of the answer's errors, each once."""
        self._operations.labels(self._subgraph, "errors" if codes else "success").inc()
        self._seconds.labels(self._subgraph).observe(seconds)
        for code in codes:
            self._errors.labels(self._subgraph, code).inc()

    def sent(self, kind: str, seconds: float) -> None:
        self._statements.labels(self._subgraph, kind).observe(seconds)

    async def text(self) -> bytes:
        """What Prometheus reads. The stores are asked now."""
        await self.refresh()
        return generate_latest(self.registry)

    async def refresh(self) -> None:
        """Ask the stores; one that is away leaves out what it would say."""
        self._up.labels(self._subgraph).set(await self._is_ready())
        for gauge in (self._waiting, self._oldest, self._dead):
            gauge.clear()
        try:
            found = await self._backlog()
        except StoreError:
            found = None
        if found is not None:
            self._waiting.labels(self._subgraph).set(found.waiting)
            self._oldest.labels(self._subgraph).set(found.oldest_seconds)
            self._dead.labels(self._subgraph).set(found.dead)

    async def _is_ready(self) -> bool:
        try:
            await self._ready()
        except StoreError:
            return False
        return True
