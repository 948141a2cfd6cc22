"""Counters and histograms for Prometheus, of this process or of all that share a port.

One process counts in tallies of its own (`tallies.py`); what several count is in the library's files.

Label values are bounded: names of operations and clients are whatever clients write, so each label takes
only so many different ones, and the rest are `other`. Where OpenTelemetry's semantic conventions have a
metric it has their name; the others begin with `plait_`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from router.telemetry import tallies
from router.telemetry.observer import Observed

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

MAX_NAMES = 500
OTHER = "other"
UNNAMED = "unnamed"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
COSTS = (1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "QUERY"))
OTHER_METHOD = "_OTHER"
"""As the conventions say of methods that clients make up."""
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


def forget_process(pid: int) -> None:
    """One that ended answers no requests any more; what it counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    mark: Any = mark_process_dead
    mark(pid)


def share_between_processes() -> tempfile.TemporaryDirectory[str]:
    """Before any of them is forked, and before metrics are made.

    Values are kept in files of this folder, which whoever is asked adds up. It goes when the caller leaves.
    """
    folder = tempfile.TemporaryDirectory(prefix="plait-metrics-")
    os.environ[SHARED_FOLDER] = folder.name
    return folder


def _nobody() -> int:
    return 0


def _kinds(is_shared: bool) -> tuple[Any, Any]:
    """The counter and the histogram."""
    if is_shared:
        from prometheus_client import Counter, Histogram

        return Counter, Histogram
    return tallies.Counter, tallies.Histogram


class _Series:
    """What operations of one name, kind, client and outcome are counted in; `estimated` once they cost
    something: the costs of all, and of the client.
    """

    __slots__ = ("client", "estimated", "operations", "seconds")

    def __init__(self, operations: Any, seconds: Any, client: str) -> None:
        self.operations = operations
        self.seconds = seconds
        self.client = client
        self.estimated: tuple[Any, Any] | None = None


class Metrics:
    """Raises nothing while serving; `prepared` tells how many operations are prepared, `running` how many
    requests are being answered.
    """

    def __init__(self, prepared: Callable[[], int], running: Callable[[], int] = _nobody) -> None:
        # The library decides when it is imported whether values are shared.
        from prometheus_client import CollectorRegistry, Gauge

        self._is_shared = SHARED_FOLDER in os.environ
        Counter, Histogram = _kinds(self._is_shared)
        self.registry = registry = CollectorRegistry()
        self._operations = Counter(
            "plait_operations", "Operations by name, kind, client and outcome.",
            ("operation", "kind", "client", "outcome"), registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "plait_operation_duration_seconds", "From the request's arrival to its answer.",
            ("kind",), buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._requests = Histogram(
            "http_server_request_duration_seconds", "Requests of clients, whatever became of them.",
            ("http_request_method", "http_response_status_code"), buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._partner_requests = Counter(
            "plait_partner_requests", "Requests with a partner's key, by partner and status.",
            ("partner", "status"), registry=registry,
        )  # fmt: skip
        self._errors = Counter(
            "plait_errors",
            "Answers that have an error of a code.",
            ("code",),
            registry=registry,
        )
        self._fetch_seconds = Histogram(
            "plait_fetch_duration_seconds", "Requests to subgraphs.", ("subgraph", "outcome"),
            buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._cost = Histogram(
            "plait_operation_cost", "What operations cost: estimated, and counted from answers (actual).",
            ("measure",), buckets=COSTS, registry=registry,
        )  # fmt: skip
        self._client_cost = Counter(
            "plait_client_cost", "What clients' operations cost together.", ("client", "measure"),
            registry=registry,
        )  # fmt: skip
        self._queue = Gauge(
            "plait_queue_seconds", "By how much work waits for its turn.", registry=registry,
            multiprocess_mode="livemax",
        )  # fmt: skip
        if not self._is_shared:  # Values that are read when they are asked for are one process's own.
            kept = Gauge("plait_prepared_operations", "Operations kept prepared.", registry=registry)
            kept.set_function(prepared)
            active = Gauge("http_server_active_requests", "Requests being answered.", registry=registry)
            active.set_function(running)
        self._names: dict[str, set[str]] = {}
        self._children: dict[tuple[Any, ...], Any] = {}
        self._series: dict[tuple[str, str, str, str], _Series] = {}
        """By the names as they came, where they are counted as such."""

    def ended(self, observed: Observed) -> None:
        method = observed.method if observed.method in METHODS else OTHER_METHOD
        self._child(self._requests, method, observed.status).observe(observed.seconds)
        if observed.partner is not None:
            partner = self._name("partner", observed.partner)
            self._child(self._partner_requests, partner, observed.status).inc()
        for code in observed.codes:
            self._child(self._errors, self._name("code", code)).inc()
        client = observed.client_name or ""
        for facts in observed.operations:
            name, kind = "", "unknown"
            if facts.operation is not None:
                name, kind = facts.operation.name or "", facts.operation.kind
            outcome = "errors" if facts.codes or observed.codes else "success"
            series = self._series.get((name, kind, client, outcome)) or self._of(name, kind, client, outcome)
            series.operations.inc()
            series.seconds.observe(observed.seconds)
            for code in facts.codes:
                self._child(self._errors, self._name("code", code)).inc()
            if facts.estimated_cost is not None:
                self._costs(series, facts.estimated_cost, facts.actual_cost)

    def _of(self, name: str, kind: str, client: str, outcome: str) -> _Series:
        """Kept by these names where no other stands for one of them: those are without number."""
        operation, by = self._name("operation", name), self._name("client", client)
        made = _Series(
            self._child(self._operations, operation, kind, by, outcome), self._child(self._seconds, kind), by
        )
        if OTHER not in (operation, by):
            self._series[name, kind, client, outcome] = made
        return made

    def fetched(self, subgraph: str, outcome: str, seconds: float) -> None:
        self._child(self._fetch_seconds, subgraph, outcome).observe(seconds)

    def queued(self, seconds: float) -> None:
        """What was to be done now is done so much later."""
        self._queue.set(seconds)

    def text(self) -> bytes:
        """What Prometheus reads, of all processes where values are shared."""
        from prometheus_client import generate_latest

        return generate_latest(self.collected())

    def collected(self) -> CollectorRegistry:
        """Of all processes where values are shared."""
        if not self._is_shared:
            return self.registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        collect: Any = MultiProcessCollector
        collect(registry)
        return registry

    def _costs(self, series: _Series, estimated: float, actual: float | None) -> None:
        if series.estimated is None:
            series.estimated = self._pair(series.client, "estimated")
        each, together = series.estimated
        each.observe(estimated)
        together.inc(estimated)
        if actual is not None:
            each, together = self._pair(series.client, "actual")
            each.observe(actual)
            together.inc(actual)

    def _pair(self, client: str, measure: str) -> tuple[Any, Any]:
        return self._child(self._cost, measure), self._child(self._client_cost, client, measure)

    def _child(self, metric: Any, *labels: object) -> Any:
        """`labels` looks a child up under a lock; a dict does not need one."""
        key = (metric, *labels)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = metric.labels(*map(str, labels))
        return child

    def _name(self, label: str, value: str) -> str:
        if not value:
            return UNNAMED
        known = self._names.setdefault(label, set())
        if value not in known:
            if len(known) >= MAX_NAMES:
                return OTHER
            known.add(value)
        return value
