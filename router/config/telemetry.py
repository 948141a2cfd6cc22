"""What operators see: access log, slow operations, metrics, traces. All is off until it is asked for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from router.config.base import Config, Positive, Seconds


class AccessLogConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether every operation is a line of JSON.")] = False
    file: Annotated[
        str | None, Meta(description="Where the lines are appended; standard output without one.")
    ] = None


class SlowOperationsConfig(Config, frozen=True):
    threshold_seconds: Annotated[
        Seconds | None, Meta(description="Operations that take longer are logged with their plan.")
    ] = None


class FieldUsageConfig(Config, frozen=True):
    """Part of the metrics: counted only where they are enabled."""

    enabled: Annotated[
        bool, Meta(description="Whether it is counted which fields and arguments are used by which client.")
    ] = False
    max_series: Annotated[
        Positive,
        Meta(description="Pairs of coordinate and client that are told apart; the rest is `other`."),
    ] = 10_000


class OTLPMetricsConfig(Config, frozen=True):
    """Part of the metrics: the same ones, sent to a collector."""

    enabled: Annotated[
        bool, Meta(description="Whether metrics are sent to a collector by OpenTelemetry's protocol as well.")
    ] = False
    endpoint: Annotated[str, Meta(description="Where the collector takes them (OTLP over HTTP).")] = (
        "http://127.0.0.1:4318/v1/metrics"
    )
    interval_seconds: Annotated[Seconds, Meta(description="How often they are sent.")] = 60.0


class MetricsConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether Prometheus metrics are kept and served.")] = False
    listen: Annotated[
        str, Meta(description="The admin address: `/metrics` and `/health`, for operators alone.")
    ] = "127.0.0.1:9090"
    field_usage: FieldUsageConfig = field(default_factory=FieldUsageConfig)
    otlp: OTLPMetricsConfig = field(default_factory=OTLPMetricsConfig)


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
    service_name: Annotated[str, Meta(description="What the router is called there.")] = "plait-router"


class TelemetryConfig(Config, frozen=True):
    access_log: AccessLogConfig = field(default_factory=AccessLogConfig)
    slow_operations: SlowOperationsConfig = field(default_factory=SlowOperationsConfig)
    metrics: MetricsConfig = field(default_factory=MetricsConfig)
    traces: TracesConfig = field(default_factory=TracesConfig)
