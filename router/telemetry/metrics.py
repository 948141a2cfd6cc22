"""Counters and histograms for Prometheus, of this process or of all that share a port.

Label values are bounded: names of operations and clients are whatever clients write, so each label takes
only so many different ones, and the rest are `other`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any, Final

from router.telemetry.observer import Observed

MAX_NAMES = 500
OTHER = "other"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
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


class Metrics:
    """Raises nothing while serving; `prepared` tells how many operations are prepared."""

    def __init__(self, prepared: Callable[[], int]) -> None:
        # The library decides when it is imported whether values are shared.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._is_shared = SHARED_FOLDER in os.environ
        self.registry = registry = CollectorRegistry()
        self._operations = Counter(
            "plait_operations", "Operations by name, kind, client and outcome.",
            ("operation", "kind", "client", "outcome"), registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "plait_operation_duration_seconds", "From the request's arrival to its answer.",
            ("kind",), buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._requests = Counter(
            "plait_http_requests", "Requests by method and status.", ("method", "status"), registry=registry
        )
        self._partner_requests = Counter(
            "plait_partner_requests", "Requests with a partner's key, by partner and status.",
            ("partner", "status"), registry=registry,
        )  # fmt: skip
        self._errors = Counter(
            "plait_errors", "Answers that have an error of a code.", ("code",), registry=registry
        )
        self._fetch_seconds = Histogram(
            "plait_fetch_duration_seconds", "Requests to subgraphs.", ("subgraph", "outcome"),
            buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._running = 0
        if not self._is_shared:  # Values that are read when they are asked for are one process's own.
            kept = Gauge("plait_prepared_operations", "Operations kept prepared.", registry=registry)
            kept.set_function(prepared)
            running = Gauge("plait_http_requests_running", "Requests being answered.", registry=registry)
            running.set_function(lambda: self._running)
        self._names: dict[str, set[str]] = {}
        self._children: dict[tuple[Any, ...], Any] = {}

    def begun(self, observed: Observed) -> None:
        self._running += 1

    def ended(self, observed: Observed) -> None:
        self._running -= 1
        self._child(self._requests, self._name("method", observed.method), str(observed.status)).inc()
        if observed.partner is not None:
            partner = self._name("partner", observed.partner)
            self._child(self._partner_requests, partner, str(observed.status)).inc()
        for code in observed.codes:
            self._child(self._errors, self._name("code", code)).inc()
        client = self._name("client", observed.client_name or "")
        for facts in observed.operations:
            operation, kind = facts.operation, facts.operation.kind if facts.operation else "unknown"
            name = self._name("operation", (operation.name or "") if operation else "")
            outcome = "errors" if facts.codes or observed.codes else "success"
            self._child(self._operations, name, kind, client, outcome).inc()
            self._child(self._seconds, kind).observe(observed.seconds)
            for code in facts.codes:
                self._child(self._errors, self._name("code", code)).inc()

    def fetched(self, subgraph: str, outcome: str, seconds: float) -> None:
        self._child(self._fetch_seconds, subgraph, outcome).observe(seconds)

    def text(self) -> bytes:
        """What Prometheus reads, of all processes where values are shared."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        if not self._is_shared:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        collect: Any = MultiProcessCollector
        collect(registry)
        return generate_latest(registry)

    def _child(self, metric: Any, *labels: str) -> Any:
        """`labels` looks a child up under a lock; a dict does not need one."""
        key = (metric, *labels)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = metric.labels(*labels)
        return child

    def _name(self, label: str, value: str) -> str:
        if not value:
            return "unnamed"
        known = self._names.setdefault(label, set())
        if value not in known:
            if len(known) >= MAX_NAMES:
                return OTHER
            known.add(value)
        return value
