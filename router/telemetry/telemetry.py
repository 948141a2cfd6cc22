"""What is on of all that watches, made from the configuration once per router."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from router.config import TelemetryConfig
from router.telemetry.access_log import AccessLog, LineFile
from router.telemetry.afterwards import Afterwards
from router.telemetry.field_usage import FieldUsage
from router.telemetry.metrics import Metrics
from router.telemetry.observer import Observer, Watcher
from router.telemetry.otlp_metrics import OTLPMetrics, make_exporter
from router.telemetry.slow_log import SlowLog
from router.telemetry.traces import Traces, make_provider
from router.telemetry.transport import WatchedTransport
from router.transport.base import Transport

FLUSH_SECONDS = 3.0


class Telemetry:
    """`observer` is None when nobody watches requests. Raises `ConfigError`."""

    def __init__(self, config: TelemetryConfig) -> None:
        self.prepared: set[Callable[[], int]] = set()
        """How many operations are prepared, of each router that runs."""
        self.observer: Observer | None = None
        self.metrics = Metrics(self._count_prepared, self._running) if config.metrics.enabled else None
        self.field_usage: FieldUsage | None = None
        self._otlp: OTLPMetrics | None = None
        self.traces = Traces(make_provider(config.traces)) if config.traces.enabled else None
        self._lines: LineFile | None = None
        watchers: list[Watcher] = []
        if self.traces is not None:
            watchers.append(self.traces)
        self._afterwards = self._told_afterwards(config)
        if self._afterwards is not None:
            watchers.append(self._afterwards)
        if config.slow_operations.threshold_seconds is not None:
            watchers.append(SlowLog(config.slow_operations.threshold_seconds))
        if watchers:
            self.observer = Observer(watchers)

    def _told_afterwards(self, config: TelemetryConfig) -> Afterwards | None:
        told: list[Watcher] = []
        if self.metrics is not None:
            told += [self.metrics, *self._beside_metrics(self.metrics, config)]
        if config.access_log.enabled:
            self._lines = LineFile(config.access_log.file)
            told.append(AccessLog(self._lines.add))
        if not told:
            return None
        return Afterwards(told) if self._lines is None else Afterwards(told, self._lines.flush)

    def _beside_metrics(self, metrics: Metrics, config: TelemetryConfig) -> list[Watcher]:
        usage, otlp = config.metrics.field_usage, config.metrics.otlp
        if otlp.enabled:
            exporter, name = make_exporter(otlp), config.traces.service_name
            self._otlp = OTLPMetrics(
                metrics.registry, exporter, otlp.interval_seconds, name, self._tell_before_sending
            )
        if not usage.enabled:
            return []
        self.field_usage = FieldUsage(metrics.registry, usage.max_series)
        return [self.field_usage]

    def start(self) -> None:
        """In the event loop that serves. It may be called again."""
        if self._otlp is not None:
            self._otlp.start()

    def watched(self, name: str, transport: Transport) -> Transport:
        """The transport itself when nobody watches fetches."""
        if self.metrics is None and self.traces is None:
            return transport
        fetched = self.metrics.fetched if self.metrics is not None else None
        return WatchedTransport(
            name, transport, fetched, self.traces.fetch if self.traces is not None else None
        )

    def tell(self) -> None:
        """Everything that ended until now is counted and written down. In the event loop that serves."""
        if self._afterwards is not None:
            self._afterwards.tell()
        if self.field_usage is not None:
            self.field_usage.fold()

    async def _tell_before_sending(self) -> None:
        self.tell()

    def _count_prepared(self) -> int:
        return sum(count() for count in tuple(self.prepared))

    def _running(self) -> int:
        return self.observer.running if self.observer is not None else 0

    async def aclose(self) -> None:
        """What was not sent is. A collector that is away does not hold up the end for long."""
        self.tell()
        if self._lines is not None:
            self._lines.close()
        if self._otlp is not None:
            await self._otlp.aclose()
        if self.traces is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.to_thread(self.traces.flush), FLUSH_SECONDS)
