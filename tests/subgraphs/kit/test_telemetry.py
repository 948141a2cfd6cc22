"""A subgraph that is watched: one trace from the client to the statement, and metrics of how it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2 as httpx
import pytest
import strawberry
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from strawberry import federation
from strawberry.types import Info

from db.errors import StoreUnavailable
from plait.cli.shown_metrics import metrics_application
from router import Router
from router.config import RouterConfig, TelemetryConfig, TracesConfig
from router.telemetry import telemetry
from subgraphs.kit.auth import TokenVerifier
from subgraphs.kit.federation import FederatedSchema
from subgraphs.kit.jwks import KeySet
from subgraphs.kit.loading import loader
from subgraphs.kit.outbox import add
from subgraphs.kit.outbox.backlog import Backlog, backlog
from subgraphs.kit.subgraph import Subgraph
from subgraphs.kit.telemetry.metrics import SubgraphMetrics
from subgraphs.kit.telemetry.watch import Watch
from tests.subgraphs.kit.test_outbox import message
from tests.support.kit import World

sdk = pytest.importorskip(
    "opentelemetry.sdk.trace", reason="needs OpenTelemetry (pip install 'plait[telemetry]')"
)

from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402 - after the skip
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402

from subgraphs.kit.telemetry.traces import SubgraphTraces  # noqa: E402

ASK = {"query": "query Mine { books { title pages } }"}
TRACE, PARENT = "a" * 32, "b" * 16


@federation.type(keys=["id"])
class Book:
    id: strawberry.ID
    title: str

    @strawberry.field
    async def pages(self, info: Info[Any, None]) -> int:
        return int(await info.context.pages.load(str(self.id)))


@strawberry.type
class Query:
    @strawberry.field
    async def books(self, info: Info[Any, None]) -> list[Book]:
        await info.context.ask("SELECT 1 AS books")
        return [Book(id=strawberry.ID(number), title=f"Book {number}") for number in "12"]

    @strawberry.field
    async def broken(self) -> str:
        raise RuntimeError("no")

    @strawberry.field
    async def endless(self) -> str:
        await asyncio.Event().wait()
        return "never"


class Context:
    def __init__(self, world: World | None) -> None:
        self._world = world

        async def load(keys: Any) -> Mapping[str, int]:
            await self.ask("SELECT 2 AS pages")
            return dict.fromkeys(keys, 300)

        self.pages = loader(load)

    async def ask(self, statement: str) -> None:
        if self._world is not None:
            async with self._world.database.read() as session:
                await session.execute(text(statement))


async def no_keys() -> dict[str, Any]:
    return {"keys": []}


async def ready() -> None: ...


def books(world: World | None) -> Subgraph:
    return Subgraph(
        name="books",
        schema=FederatedSchema(Query, references={"Book": lambda *_: None}),
        verifier=TokenVerifier(KeySet(no_keys), issuer="plait", audience="plait"),
        context=lambda _: Context(world),
        ready=ready,
    )


@pytest.fixture
def collected() -> InMemorySpanExporter:
    """What a collector would be sent."""
    return InMemorySpanExporter()


@pytest.fixture
def provider(collected: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> Any:
    """For the router and the subgraph."""
    made = sdk.TracerProvider()
    made.add_span_processor(SimpleSpanProcessor(collected))
    monkeypatch.setattr(telemetry, "make_provider", lambda _: made)
    return made


@asynccontextmanager
async def client(subgraph: Subgraph, provider: Any, collected: InMemorySpanExporter) -> AsyncIterator[Any]:
    watched = replace(subgraph, watch=Watch(None, SubgraphTraces(provider, "books")))
    config = RouterConfig(telemetry=TelemetryConfig(traces=TracesConfig(enabled=True)))
    router = Router.from_subgraphs({"books": watched}, config=config)
    transport = httpx.ASGITransport(router.asgi())
    async with router, httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        collected.clear()  # It was asked for its SDL.
        yield http


async def test_client_stages_fetch_resolvers_and_statements_are_one_trace(
    world: World, provider: Any, collected: InMemorySpanExporter
) -> None:
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
    async with client(books(world), provider, collected) as http:
        answer = await http.post("/graphql", json=ASK, headers=headers)
    assert answer.json()["data"]["books"][1] == {"title": "Book 2", "pages": 300}
    spans = collected.get_finished_spans()
    assert {f"{span.context.trace_id:032x}" for span in spans} == {TRACE}
    names = {span.context.span_id: span.name for span in spans}
    ways = {
        (span.name, span.attributes.get("db.query.text")): names.get(span.parent.span_id) for span in spans
    }
    assert ways == {
        ("GraphQL Operation", None): None,
        ("prepare", None): "GraphQL Operation",
        ("execute", None): "GraphQL Operation",
        ("fetch books", None): "GraphQL Operation",
        ("books operation", None): "fetch books",
        ("Query.books", None): "books operation",
        ("SELECT", "SELECT 1 AS books"): "Query.books",
        ("Book.pages", None): "books operation",
        ("SELECT", "SELECT 2 AS pages"): "Book.pages",
    }
    (pages,) = (span for span in spans if span.name == "Book.pages")
    assert pages.attributes["plait.objects"] == 2
    statements = [span for span in spans if "db.query.text" in span.attributes]
    for span in statements:
        (around,) = (one for one in spans if one.context.span_id == span.parent.span_id)
        assert around.start_time <= span.start_time <= span.end_time <= around.end_time


async def test_what_a_resolver_asks_of_redis_and_of_a_peer_is_in_its_trace(
    provider: Any, collected: InMemorySpanExporter
) -> None:
    traces = SubgraphTraces(provider, "books")
    with traces.operation({"traceparent": f"00-{TRACE}-{PARENT}-01"}, None, []):
        asked = traces.call("graphql", "users")
        carried = asked.carried
        asked.end()
        traces.call("redis", "GET").end("TimeoutError")
    users, redis, operation = collected.get_finished_spans()
    assert (users.name, redis.name) == ("ask users", "GET")
    assert carried["traceparent"] == f"00-{TRACE}-{users.context.span_id:016x}-01"
    assert {users.parent.span_id, redis.parent.span_id} == {operation.context.span_id}
    assert redis.attributes == {
        "db.system.name": "redis",
        "db.operation.name": "GET",
        "error.type": "TimeoutError",
    }


async def test_what_a_client_does_not_record_nobody_does(
    provider: Any, collected: InMemorySpanExporter
) -> None:
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-00"}
    async with client(books(None), provider, collected) as http:
        answer = await http.post("/graphql", json=ASK, headers=headers)
    assert "errors" not in answer.json()
    assert collected.get_finished_spans() == ()


async def test_an_operation_that_is_given_up_leaves_nothing_running(provider: Any) -> None:
    subgraph = replace(books(None), watch=Watch(None, SubgraphTraces(provider, "books")))
    asking = asyncio.create_task(subgraph.execute("{ endless books { pages } broken }"))
    for _ in range(20):
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def read(metrics: SubgraphMetrics) -> dict[tuple[str, ...], float]:
    transport = httpx.ASGITransport(metrics_application(metrics))
    async with httpx.AsyncClient(transport=transport, base_url="http://admin") as http:
        content = (await http.get("/metrics")).text
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(content)
        for sample in family.samples
    }


async def test_operations_statements_errors_and_what_waits_to_be_sent_are_counted(
    world: World,
) -> None:
    metrics = SubgraphMetrics("books", ready, lambda: backlog(world.database))
    subgraph = replace(books(world), watch=Watch(metrics, None))
    await subgraph.execute(ASK["query"])
    await subgraph.execute("{ broken }")
    async with world.database.write() as session:
        await add(session, message(1), message(2))
    found = await read(metrics)
    assert found["plait_subgraph_operations_total", "success", "books"] == 1
    assert found["plait_subgraph_operations_total", "errors", "books"] == 1
    assert found["plait_subgraph_errors_total", "INTERNAL_SERVER_ERROR", "books"] == 1
    assert found["plait_subgraph_operation_duration_seconds_count", "books"] == 2
    assert found["plait_subgraph_statement_duration_seconds_count", "select", "books"] == 2
    assert found["plait_subgraph_ready", "books"] == 1
    assert found["plait_outbox_waiting", "books"] == 2
    assert 0 <= found["plait_outbox_oldest_seconds", "books"] < 60
    assert found["plait_dead_letters", "books"] == 0


async def test_a_store_that_is_away_is_told_and_what_it_would_say_is_left_out() -> None:
    state: list[Backlog | Exception] = [Backlog(3, 1.0, 0)]

    async def asked() -> Backlog:
        if isinstance(state[0], Exception):
            raise state[0]
        return state[0]

    async def is_ready() -> None:
        await asked()

    metrics = SubgraphMetrics("books", is_ready, asked)
    assert (await read(metrics))["plait_outbox_waiting", "books"] == 3
    state[0] = StoreUnavailable("books", "gone")
    found = await read(metrics)
    assert found["plait_subgraph_ready", "books"] == 0
    assert ("plait_outbox_waiting", "books") not in found


async def test_where_nobody_watches_nothing_is_watched() -> None:
    bare = books(None)
    assert bare.watch is None
    assert (await bare.execute(ASK["query"]))["data"]["books"][0]["pages"] == 300
