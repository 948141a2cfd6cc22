"""What operators see of a worker: its pieces as they end, what waits as it is when somebody reads.

    metrics = WorkMetrics()
    watch = metrics.watch("posts", database, tasks)    told by the domain's worker (kit/work_watching.py)
    await metrics.text()                               what Prometheus reads

Queues and consumers are asked by every process that works or stands by for a domain, so take the `max` of
what waits, and the `sum` of what was done. All labels are of our own making.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from db.errors import StoreError
from db.postgres import Database
from db.watching import WATCH as STATEMENTS
from subgraphs.kit.job_backlog import job_backlog
from subgraphs.kit.jobs import Queue
from subgraphs.kit.outbox import Consumer
from subgraphs.kit.telemetry.traces import SubgraphTraces
from subgraphs.kit.telemetry.watch import Watch
from subgraphs.kit.work_watching import Kind, Outcome
from subgraphs.kit.worker import Task

SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
"""A mail takes milliseconds, an hour of music minutes."""
ASKED_SECONDS = 5.0
"""A domain whose stores have not answered by then is left out: Prometheus itself waits for ten."""


class WorkMetrics:
    """Of one process, over all domains that it works for."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._domains: list[DomainWork] = []

        def gauge(name: str, told: str, *labels: str) -> Gauge:
            return Gauge(name, told, ("subgraph", *labels), registry=registry)

        self.pieces = Counter(
            "plait_work", "Jobs, periodic runs and messages.", ("subgraph", "kind", "task", "outcome"),
            registry=registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "plait_work_duration_seconds", "Each of them.", ("subgraph", "kind", "task"),
            buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self.steps = Counter(
            "plait_task_steps", "Steps that had something to do.", ("subgraph", "task", "outcome"),
            registry=registry,
        )  # fmt: skip
        self.leads = gauge("plait_worker_leads", "Whether this process works for the domain.")
        self.waiting = gauge("plait_jobs_waiting", "Jobs that are due.", "queue")
        self.oldest = gauge("plait_jobs_oldest_seconds", "How long the oldest of them is due.", "queue")
        self.dead = gauge("plait_jobs_dead", "Jobs that failed for good.", "queue")
        self.behind = gauge("plait_consumer_lag_messages", "Messages that were not heard yet.", "consumer")
        self.behind_seconds = gauge(
            "plait_consumer_lag_seconds", "The age of the oldest of them.", "consumer"
        )
        self.letters = gauge("plait_consumer_dead_letters", "Messages that could not be handled.", "consumer")

    def watch(
        self, subgraph: str, database: Database, tasks: Sequence[Task], traces: SubgraphTraces | None = None
    ) -> DomainWork:
        domain = DomainWork(self, subgraph, database, tasks, traces)
        self._domains.append(domain)
        return domain

    async def text(self) -> bytes:
        """What Prometheus reads. The stores are asked now."""
        await self.refresh()
        return generate_latest(self.registry)

    async def refresh(self) -> None:
        """Ask what waits. One whose store is away leaves out what it would say."""
        waits = (self.waiting, self.oldest, self.dead, self.behind, self.behind_seconds, self.letters)
        for gauge in waits:
            gauge.clear()
        await asyncio.gather(*(domain.ask() for domain in self._domains))


class DomainWork:
    """A `WorkWatch` of one domain."""

    def __init__(
        self,
        metrics: WorkMetrics,
        subgraph: str,
        database: Database,
        tasks: Sequence[Task],
        traces: SubgraphTraces | None,
    ) -> None:
        self._metrics, self._subgraph, self._database = metrics, subgraph, database
        self._queues = [task.name for task in tasks if isinstance(task, Queue)]
        self._consumers = [task for task in tasks if isinstance(task, Consumer)]
        self._traces = traces
        self._statements = Watch(None, traces) if traces is not None else None
        metrics.leads.labels(subgraph).set(False)

    @contextmanager
    def piece(self, kind: Kind, task: str) -> Iterator[None]:
        began, outcome = time.perf_counter(), "cancelled"
        statements = STATEMENTS.set(self._statements)
        try:
            with ExitStack() as around:
                if self._traces is not None:
                    around.enter_context(self._traces.piece(kind, task))
                yield
            outcome = "done"
        except StoreError:
            outcome = "store away"
            raise
        except Exception:
            outcome = "failed"
            raise
        finally:
            STATEMENTS.reset(statements)
            self._metrics.pieces.labels(self._subgraph, kind, task, outcome).inc()
            self._metrics.seconds.labels(self._subgraph, kind, task).observe(time.perf_counter() - began)

    def stepped(self, task: str, outcome: Outcome) -> None:
        self._metrics.steps.labels(self._subgraph, task, outcome).inc()

    def leads(self, leads: bool) -> None:
        self._metrics.leads.labels(self._subgraph).set(leads)

    async def ask(self) -> None:
        try:
            async with asyncio.timeout(ASKED_SECONDS):
                await self._ask_queues()
                await self._ask_consumers()
        except (StoreError, TimeoutError):
            return

    async def _ask_queues(self) -> None:
        if not self._queues:
            return
        for queue, found in (await job_backlog(self._database, self._queues)).items():
            labels = (self._subgraph, queue)
            self._metrics.waiting.labels(*labels).set(found.waiting)
            self._metrics.oldest.labels(*labels).set(found.oldest_seconds)
            self._metrics.dead.labels(*labels).set(found.dead)

    async def _ask_consumers(self) -> None:
        for consumer in self._consumers:
            labels = (self._subgraph, consumer.name)
            self._metrics.letters.labels(*labels).set(await consumer.dead())
            lag = await consumer.lag()
            self._metrics.behind_seconds.labels(*labels).set(lag.seconds)
            if lag.messages is not None:
                self._metrics.behind.labels(*labels).set(lag.messages)
