"""Spans for OpenTelemetry: the request, preparing and executing its operation, each request to a subgraph.

    GraphQL Operation (server)  ─┬─ prepare
                                 ├─ execute
                                 └─ fetch users (client)  ──traceparent──►  the subgraph's own spans

The client's trace is continued, and its decision whether to record counts. Names and attributes are those of
OpenTelemetry's semantic conventions for GraphQL and HTTP.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from router.config import TracesConfig
from router.errors import ConfigError
from router.pipeline.facts import OperationFacts
from router.telemetry.observer import Observed
from router.transport.base import Headers, SubgraphRequest

NEEDS = "telemetry.traces needs OpenTelemetry: pip install 'plait[telemetry]'"
SPAN, TOKEN, BEGAN = "span", "token", "began_ns"
FLUSH_MILLISECONDS = 2000
CARRIED = ("traceparent", "tracestate")


def make_provider(config: TracesConfig) -> Any:
    """Spans leave in batches, from a thread. Raises `ConfigError` where the library is missing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
    except ModuleNotFoundError as error:
        raise ConfigError(NEEDS) from error
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(config.sample_ratio)),
        resource=Resource.create({"service.name": config.service_name}),
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=config.endpoint)))
    return provider


class Traces:
    """`provider` is a `TracerProvider`. Raises `ConfigError` where OpenTelemetry is not installed."""

    def __init__(self, provider: Any) -> None:
        try:
            from opentelemetry import context, propagate, trace
        except ModuleNotFoundError as error:
            raise ConfigError(NEEDS) from error
        self._context, self._propagate, self._trace = context, propagate, trace
        self._provider = provider
        self._tracer = provider.get_tracer("plait.router")

    def begun(self, observed: Observed) -> None:
        carried = {name: observed.headers[name] for name in CARRIED if name in observed.headers}
        span = self._tracer.start_span(
            "GraphQL Operation",
            context=self._propagate.extract(carried),
            kind=self._trace.SpanKind.SERVER,
            attributes={"http.request.method": observed.method},
        )
        observed.memory[SPAN] = span
        observed.memory[TOKEN] = self._context.attach(self._trace.set_span_in_context(span))
        observed.memory[BEGAN] = time.time_ns()

    def ended(self, observed: Observed) -> None:
        span = observed.memory[SPAN]
        self._context.detach(observed.memory[TOKEN])
        if span.is_recording():
            self._describe(span, observed)
        span.end()

    def flush(self) -> None:
        """Sends what has not been sent."""
        self._provider.force_flush(FLUSH_MILLISECONDS)

    @contextmanager
    def fetch(self, subgraph: str, request: SubgraphRequest) -> Iterator[Headers]:
        attributes = {"graphql.subgraph.name": subgraph, "graphql.document": request.document.text}
        with self._tracer.start_as_current_span(
            f"fetch {subgraph}", kind=self._trace.SpanKind.CLIENT, attributes=attributes
        ):
            carried: dict[str, str] = {}
            self._propagate.inject(carried)
            yield tuple((name.lower(), value) for name, value in carried.items())

    def _describe(self, span: Any, observed: Observed) -> None:
        span.set_attribute("http.response.status_code", observed.status)
        for key, value in _about(observed).items():
            span.set_attribute(key, value)
        codes = (*observed.codes, *(code for facts in observed.operations for code in facts.codes))
        if codes:
            span.set_attribute("graphql.error.codes", codes)
            span.set_status(self._trace.StatusCode.ERROR)
        for facts in observed.operations:
            self._stages(observed, facts)

    def _stages(self, observed: Observed, facts: OperationFacts) -> None:
        """Made when they are over: a stage that nobody watches costs nothing then."""
        start = observed.memory[BEGAN]

        def at(moment: float) -> int:
            return int(start + (moment - observed.began) * 1e9)

        stages = (("prepare", facts.began, facts.prepared), ("execute", facts.prepared, facts.executed))
        parent = self._trace.set_span_in_context(observed.memory[SPAN])
        for name, began, ended in stages:
            if began is not None and ended is not None:
                self._tracer.start_span(name, context=parent, start_time=at(began)).end(at(ended))


def _about(observed: Observed) -> Mapping[str, Any]:
    operation = observed.operations[0].operation if observed.operations else None
    known = {
        "graphql.operation.name": operation.name if operation else None,
        "graphql.operation.type": operation.kind if operation else None,
        "client.name": observed.client_name,
        "client.version": observed.client_version,
        "plait.partner": observed.partner,
        "plait.request_id": observed.headers.get("x-request-id"),
        "plait.fetches": sum(facts.fetches for facts in observed.operations),
        "cost.estimated": _total([facts.estimated_cost for facts in observed.operations]),
        "cost.actual": _total([facts.actual_cost for facts in observed.operations]),
    }
    return {key: value for key, value in known.items() if value is not None}


def _total(costs: Sequence[float | None]) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) if known else None
