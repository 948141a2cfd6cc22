"""Spans of a request: one trace from the client through the stages to each subgraph."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.config import RouterConfig, TelemetryConfig, TracesConfig
from router.telemetry import telemetry
from tests.router.http.test_graphql_endpoint import client
from tests.support.federation import Subgraph, users

sdk = pytest.importorskip(
    "opentelemetry.sdk.trace", reason="needs OpenTelemetry (pip install 'plait[telemetry]')"
)

from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402 - after the skip
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased  # noqa: E402

ON = RouterConfig(telemetry=TelemetryConfig(traces=TracesConfig(enabled=True)))
BOTH = {"query": "query Mine { me { name posts { title } } }"}
TRACE, PARENT = "a" * 32, "b" * 16


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What a collector would be sent."""
    exporter = InMemorySpanExporter()

    def provider(config: TracesConfig) -> Any:
        made = sdk.TracerProvider(sampler=ParentBased(TraceIdRatioBased(config.sample_ratio)))
        made.add_span_processor(SimpleSpanProcessor(exporter))
        return made

    monkeypatch.setattr(telemetry, "make_provider", provider)
    return exporter


async def test_a_request_its_stages_and_its_fetches_are_one_trace(spans: Any) -> None:
    watched = users()
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "graphql-client-name": "web"}
    async with client(ON, users=watched) as http:
        await http.post("/graphql", json=BOTH, headers=headers)
    found = {span.name: span for span in spans.get_finished_spans()}
    assert sorted(found) == ["GraphQL Operation", "execute", "fetch posts", "fetch users", "prepare"]
    root = found["GraphQL Operation"]
    assert (f"{root.context.trace_id:032x}", f"{root.parent.span_id:016x}") == (TRACE, PARENT)
    for name in ("prepare", "execute", "fetch posts", "fetch users"):
        assert found[name].parent.span_id == root.context.span_id
        assert root.start_time <= found[name].start_time <= found[name].end_time
    expected = {
        "http.request.method": "POST", "http.response.status_code": 200, "graphql.operation.name": "Mine",
        "graphql.operation.type": "query", "client.name": "web", "plait.fetches": 2,
    }  # fmt: skip
    assert expected.items() <= dict(root.attributes).items()
    fetch = found["fetch users"]
    sent = watched.requests[0][2]["traceparent"]
    assert sent == f"00-{TRACE}-{fetch.context.span_id:016x}-01"


async def test_requests_that_share_a_fetch_are_traces_of_their_own(spans: Any) -> None:
    watched = users()
    async with client(ON, users=watched) as http:
        await http.post("/graphql", json=BOTH)
        watched.gate = asyncio.Event()
        asking = [asyncio.create_task(http.post("/graphql", json=BOTH)) for _ in range(3)]
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(watched.requests) == 2
        watched.gate.set()
        await asyncio.gather(*asking)
    fetches = [span for span in spans.get_finished_spans() if span.name == "fetch users"]
    assert len({span.context.trace_id for span in fetches}) == 4


async def test_a_client_that_does_not_record_is_not_recorded_and_its_trace_goes_on(spans: Any) -> None:
    watched = users()
    async with client(ON, users=watched) as http:
        await http.post("/graphql", json=BOTH, headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
    assert spans.get_finished_spans() == ()
    assert watched.requests[0][2]["traceparent"].startswith(f"00-{TRACE}-")


async def test_an_operation_with_errors_is_marked_with_their_codes(spans: Any) -> None:
    class Failing(Subgraph):
        async def execute(self, *arguments: Any) -> dict[str, Any]:
            return {"data": {"me": None}, "errors": [{"message": "no", "extensions": {"code": "OUCH"}}]}

    async with client(ON, users=Failing({})) as http:
        await http.post("/graphql", json={"query": "{ me { id } }"})
        await http.post("/graphql", json={"query": "{ nope }"})
    roots = [span for span in spans.get_finished_spans() if span.name == "GraphQL Operation"]
    assert [span.attributes["graphql.error.codes"] for span in roots] == [
        ("OUCH",),
        ("GRAPHQL_VALIDATION_FAILED",),
    ]
    assert {span.status.status_code.name for span in roots} == {"ERROR"}


async def test_a_collector_that_is_away_holds_up_nobody() -> None:
    away = TracesConfig(enabled=True, endpoint="http://127.0.0.1:1/v1/traces")
    async with client(RouterConfig(telemetry=TelemetryConfig(traces=away))) as http:
        assert (await http.post("/graphql", json=BOTH)).status_code == 200
