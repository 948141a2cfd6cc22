"""The metrics for a collector by OpenTelemetry's protocol: those that Prometheus reads, under the same names.

    registry ── collect ──> families of samples ── otlp_metrics ──> points ── OTLP over HTTP ──> collector

They are counted once, by the Prometheus client; that costs less than OpenTelemetry's instruments, and both
sides agree. A collector that makes Prometheus names of these arrives at ours: `plait_operations` becomes
`plait_operations_total`, unit `s` becomes `_seconds`. Processes that share a port send their own values.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from router.config import OTLPMetricsConfig
from router.errors import ConfigError

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

NEEDS = "telemetry.metrics.otlp needs OpenTelemetry: pip install 'plait[telemetry]'"
SEND_SECONDS = 3.0
"""A collector that does not answer by then has missed this round."""
CONVENTIONAL = {
    "http_server_request_duration_seconds": "http.server.request.duration",
    "http_server_active_requests": "http.server.active_requests",
}
"""Semantic conventions write dots, which Prometheus has underscores for."""
SECONDS = "_seconds"
COUNTED_APART = ("_created",)


def make_exporter(config: OTLPMetricsConfig) -> Any:
    """Raises `ConfigError` where the library is missing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    except ModuleNotFoundError as error:
        raise ConfigError(NEEDS) from error
    return OTLPMetricExporter(endpoint=config.endpoint, timeout=SEND_SECONDS)


async def nothing() -> None: ...


class OTLPMetrics:
    """Sends what a registry holds every so often, and at the end. `exporter` is a `MetricExporter`; `refresh`
    puts into the registry what is only known when it is asked for.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        exporter: Any,
        interval: float,
        service_name: str,
        refresh: Callable[[], Awaitable[None]] = nothing,
    ) -> None:
        self._registry = registry
        self._exporter = exporter
        self._interval = interval
        self._refresh = refresh
        self._service_name = service_name
        self._instance = str(uuid.uuid4())
        self._began = time.time_ns()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """In the event loop that runs. Once it runs, nothing happens."""
        if self._task is None:
            self._instance = str(uuid.uuid4())  # A process that was forked is another one.
            self._task = asyncio.get_running_loop().create_task(self._repeat())

    async def aclose(self) -> None:
        """Sends for a last time. A collector that is away does not hold up the end for long."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(self.send), SEND_SECONDS)

    def send(self) -> None:
        """Blocks; what goes wrong is in the exporter's log."""
        from opentelemetry.sdk.metrics.export import MetricsData, ResourceMetrics, ScopeMetrics
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        about = {"service.name": self._service_name, "service.instance.id": self._instance}
        metrics = list(otlp_metrics(self._registry.collect(), self._began, time.time_ns()))
        scope = ScopeMetrics(scope=InstrumentationScope("plait"), metrics=metrics, schema_url="")
        resource = ResourceMetrics(resource=Resource.create(about), scope_metrics=[scope], schema_url="")
        self._exporter.export(MetricsData(resource_metrics=[resource]))

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            await self._refresh()
            await asyncio.to_thread(self.send)


def otlp_metrics(families: Iterable[Metric], began: int, now: int) -> Iterator[Any]:
    """OpenTelemetry's `Metric` for each family that has values. Times are nanoseconds since 1970."""
    from opentelemetry.sdk.metrics.export import Metric as OTLPMetric

    for family in families:
        data = _data(family, began, now)
        if data is not None and data.data_points:
            name, unit = otlp_name(family.name)
            yield OTLPMetric(name=name, description=family.documentation, unit=unit, data=data)


def otlp_name(name: str) -> tuple[str, str]:
    """The name and the unit of what is called so in Prometheus."""
    unit = "s" if name.endswith(SECONDS) else ""
    return CONVENTIONAL.get(name, name.removesuffix(SECONDS)), unit


def _data(family: Metric, began: int, now: int) -> Any:
    from opentelemetry.sdk.metrics.export import (
        AggregationTemporality,
        Gauge,
        Histogram,
        NumberDataPoint,
        Sum,
    )

    def points() -> list[Any]:
        return [
            NumberDataPoint(_attributes(sample.labels), began, now, sample.value)
            for sample in family.samples
            if not sample.name.endswith(COUNTED_APART)
        ]

    match family.type:
        case "counter":
            return Sum(points(), AggregationTemporality.CUMULATIVE, is_monotonic=True)
        case "gauge":
            return Gauge(points())
        case "histogram":
            return Histogram(list(_histograms(family, began, now)), AggregationTemporality.CUMULATIVE)
        case _:
            return None


def _histograms(family: Metric, began: int, now: int) -> Iterator[Any]:
    """Prometheus counts everything up to a bound, OpenTelemetry what is between two."""
    from opentelemetry.sdk.metrics.export import HistogramDataPoint

    found: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}
    for sample in family.samples:
        labels = {name: value for name, value in sample.labels.items() if name != "le"}
        one = found.setdefault(tuple(labels.items()), {"buckets": [], "sum": 0.0})
        if sample.name.endswith("_bucket"):
            one["buckets"].append((float(sample.labels["le"]), int(sample.value)))
        elif sample.name.endswith("_sum"):
            one["sum"] = sample.value
    for key, one in found.items():
        buckets = sorted(one["buckets"])
        counts = [count for _, count in buckets]
        between = [count - before for count, before in zip(counts, [0, *counts], strict=False)]
        yield HistogramDataPoint(
            attributes=_attributes(dict(key)),
            start_time_unix_nano=began,
            time_unix_nano=now,
            count=counts[-1],
            sum=one["sum"],
            bucket_counts=between,
            explicit_bounds=[bound for bound, _ in buckets[:-1]],
            min=float("nan"),
            max=float("nan"),
        )


def _attributes(labels: Mapping[str, str]) -> dict[str, str]:
    """`http_request_method` is `http.request.method`."""
    return {
        name.replace("_", ".", 2) if name.startswith("http_") else name: value
        for name, value in labels.items()
    }
