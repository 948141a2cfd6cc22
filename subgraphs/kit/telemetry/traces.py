"""Spans of a subgraph: an operation, its resolvers, their statements, in the trace that the router began.

Names and attributes are those of OpenTelemetry's semantic conventions for GraphQL and databases. A statement
has its text and never its values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

PEER = "graphql"
CARRIED = ("traceparent", "tracestate")
MAX_TEXT = 4000
FLUSH_MILLISECONDS = 2000


class TracesNeedOpenTelemetry(Exception):
    """The library is an extra."""

    def __init__(self) -> None:
        super().__init__("spans need OpenTelemetry: pip install 'plait[telemetry]'")


def make_provider(endpoint: str, subgraph: str) -> Any:
    """Spans leave in batches, from a thread. Raises TracesNeedOpenTelemetry."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise TracesNeedOpenTelemetry from error
    provider = TracerProvider(resource=Resource.create({"service.name": f"plait-{subgraph}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return provider


class SubgraphTraces:
    """`provider` is a `TracerProvider`; whether a trace is recorded is the router's decision."""

    def __init__(self, provider: Any, subgraph: str) -> None:
        from opentelemetry import context, propagate, trace

        self._context, self._propagate, self._trace = context, propagate, trace
        self._provider = provider
        self._tracer = provider.get_tracer("plait.subgraph")
        self._subgraph = subgraph

    @contextmanager
    def operation(self, headers: Mapping[str, str], name: str | None, codes: Sequence[str]) -> Iterator[None]:
        """`codes` are those of the answer's errors when the block ends."""
        carried = {key: value for key, value in headers.items() if key.lower() in CARRIED}
        attributes = {"graphql.subgraph.name": self._subgraph}
        if name is not None:
            attributes["graphql.operation.name"] = name
        with self._tracer.start_as_current_span(
            f"{self._subgraph} operation",
            context=self._propagate.extract({key.lower(): value for key, value in carried.items()}),
            kind=self._trace.SpanKind.SERVER,
            attributes=attributes,
        ) as span:
            yield
            if codes:
                span.set_attribute("graphql.error.codes", tuple(codes))
                span.set_status(self._trace.StatusCode.ERROR)

    def resolver(self, parent: str, field: str, objects: int) -> _ResolverSpan:
        span = self._tracer.start_span(
            f"{parent}.{field}",
            attributes={
                "graphql.field.parent": parent,
                "graphql.field.name": field,
                "plait.objects": objects,
            },
        )
        return _ResolverSpan(span, self._trace)

    @contextmanager
    def piece(self, kind: str, task: str) -> Iterator[None]:
        """A trace of its own: nobody asked for it."""
        with self._tracer.start_as_current_span(
            f"{kind} {task}",
            context=self._context.Context(),
            kind=self._trace.SpanKind.CONSUMER if kind == "message" else self._trace.SpanKind.INTERNAL,
            attributes={"graphql.subgraph.name": self._subgraph, "plait.task": task},
        ):
            yield

    @contextmanager
    def statement(self, kind: str, text: Callable[[], str]) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            kind.upper(),
            kind=self._trace.SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.operation.name": kind.upper()},
        ) as span:
            if span.is_recording():
                span.set_attribute("db.query.text", text()[:MAX_TEXT])
            yield

    def call(self, system: str, operation: str) -> _CallSpan:
        """A command of Redis, S3 or MongoDB, or a question to a peer."""
        asks = system == PEER
        about = (
            {"peer.service": operation}
            if asks
            else {"db.system.name": system, "db.operation.name": operation}
        )
        span = self._tracer.start_span(
            f"ask {operation}" if asks else operation, kind=self._trace.SpanKind.CLIENT, attributes=about
        )
        return _CallSpan(span, self._trace, self._propagate)

    def flush(self) -> None:
        """Sends what has not been sent."""
        self._provider.force_flush(FLUSH_MILLISECONDS)


class _CallSpan:
    def __init__(self, span: Any, trace: Any, propagate: Any) -> None:
        self._span, self._trace, self._propagate = span, trace, propagate

    @property
    def carried(self) -> Mapping[str, str]:
        headers: dict[str, str] = {}
        self._propagate.inject(headers, self._trace.set_span_in_context(self._span))
        return {name: value for name, value in headers.items() if name in CARRIED}

    def end(self, error: str | None = None) -> None:
        if error is not None:
            self._span.set_attribute("error.type", error)
            self._span.set_status(self._trace.StatusCode.ERROR)
        self._span.end()


class _ResolverSpan:
    def __init__(self, span: Any, trace: Any) -> None:
        self._span = span
        self._trace = trace

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self._trace.use_span(self._span, end_on_exit=False):
            yield

    def end(self) -> None:
        self._span.end()
