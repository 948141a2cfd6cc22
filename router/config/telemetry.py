"""What operators see: access log, slow operations, metrics, traces. All is off until it is asked for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from router.config.base import Config, Seconds


class AccessLogConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether every operation is a line of JSON.")] = False
    file: Annotated[
        str | None, Meta(description="Where the lines are appended; standard output without one.")
    ] = None


class SlowOperationsConfig(Config, frozen=True):
    threshold_seconds: Annotated[
        Seconds | None, Meta(description="Operations that take longer are logged with their plan.")
    ] = None


class MetricsConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether Prometheus metrics are kept and served.")] = False
    listen: Annotated[
        str, Meta(description="The admin address: `/metrics` and `/health`, for operators alone.")
    ] = "127.0.0.1:9090"


class TracesConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether spans are sent to a collector by OpenTelemetry's protocol.")
    ] = False
    endpoint: Annotated[str, Meta(description="Where the collector takes them (OTLP over HTTP).")] = (
        "http://127.0.0.1:4318/v1/traces"
    )
    sample_ratio: Annotated[
        float, Meta(ge=0, le=1, description="Of traces that begin here; the client's decision counts else.")
    ] = 1.0
    service_name: Annotated[str, Meta(description="What the router is called in traces.")] = "plait-router"


class TelemetryConfig(Config, frozen=True):
    access_log: AccessLogConfig = field(default_factory=AccessLogConfig)
    slow_operations: SlowOperationsConfig = field(default_factory=SlowOperationsConfig)
    metrics: MetricsConfig = field(default_factory=MetricsConfig)
    traces: TracesConfig = field(default_factory=TracesConfig)
