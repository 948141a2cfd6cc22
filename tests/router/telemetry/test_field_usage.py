"""Which fields are used by whom: counted per operation and client, bounded, told on the admin address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx2 as httpx
import pytest
from prometheus_client import CollectorRegistry

from router.config import FieldUsageConfig, MetricsConfig, RouterConfig, TelemetryConfig
from router.pipeline.used_fields import UsedFields
from router.telemetry.field_usage import MAX_PENDING, FieldUsage
from router.telemetry.observer import Observed
from router.telemetry.usage_report import ClientUse, FieldUse, UsageReport, merged
from tests.router.test_reloading import serving
from tests.support.federation import SUPERGRAPH
from tests.support.protected import caller, protected

METRICS = MetricsConfig(enabled=True, field_usage=FieldUsageConfig(enabled=True))
ON = RouterConfig(telemetry=TelemetryConfig(metrics=METRICS))
ME = {"query": "{ me { name } }"}
WEB = {"graphql-client-name": "web"}


@asynccontextmanager
async def admin_of(routed: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(routed.admin())
    async with httpx.AsyncClient(transport=transport, base_url="http://admin") as client:
        yield client


async def usage(routed: Any) -> dict[str, dict[str, int]]:
    """Requests by client, by coordinate."""
    async with admin_of(routed) as admin:
        fields = (await admin.get("/usage")).json()["fields"]
    return {
        field["coordinate"]: {client["name"]: client["requests"] for client in field["clients"]}
        for field in fields
    }


async def test_each_client_is_told_with_what_it_uses_and_what_nobody_uses_is_there_too() -> None:
    async with serving(ON) as (reloading, http):
        for headers in (WEB, WEB, {}):
            await http.post("/graphql", json=ME, headers=headers)
        await http.post("/graphql", json={"query": "{ me { nope } }"})
        found = await usage(reloading)
    assert found["User.name"] == {"web": 2, "unnamed": 1}
    assert found["Query.me"] == {"web": 2, "unnamed": 1}
    assert found["Query.user(mood:)"] == {}
    assert found["Post.title"] == {}


async def test_prometheus_has_the_same_by_coordinate_and_client() -> None:
    async with serving(ON) as (reloading, http):
        await http.post("/graphql", json=ME, headers=WEB)
        async with admin_of(reloading) as admin:
            text = (await admin.get("/metrics")).text
    assert 'plait_field_requests_total{client="web",coordinate="User.name"} 1.0' in text
    assert 'plait_field_last_used_timestamp_seconds{client="web",coordinate="User.name"} 1' in text


async def test_what_was_counted_outlives_a_new_supergraph_which_says_what_there_is() -> None:
    async with serving(ON) as (reloading, http):
        await http.post("/graphql", json=ME)
        await reloading.replace_supergraph(SUPERGRAPH.replace("  me: User", "  whoami: User"))
        found = await usage(reloading)
    assert found["User.name"] == {"unnamed": 1}
    assert found["Query.whoami"] == {}
    assert "Query.me" not in found


async def test_who_is_denied_a_field_asks_for_it_all_the_same() -> None:
    sdl = "type Query { open: String  secret: String @authenticated }"
    routed, watched = protected({"a": sdl}, {"a": {"open": "o", "secret": "s"}}, whole=ON)
    async with routed:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(routed.asgi()), base_url="http://router"
        ) as http:
            await http.post("/graphql", json={"query": "{ open secret }"})
            await http.post("/graphql", json={"query": "{ open secret }"}, headers=caller())
        found = await usage(routed)
    assert found["Query.secret"] == {"unnamed": 2}
    assert "secret" not in watched["a"].requests[0][0]


async def test_where_it_is_not_counted_the_address_says_how_to_turn_it_on() -> None:
    off = RouterConfig(telemetry=TelemetryConfig(metrics=MetricsConfig(enabled=True)))
    async with serving(off) as (reloading, _):
        async with admin_of(reloading) as admin:
            answer = await admin.get("/usage")
        assert reloading.router.engine.pipeline.preparation._tells_used_fields is False
    assert answer.status_code == 404
    assert "telemetry.metrics.field_usage.enabled" in answer.json()["message"]


def counted(registry: CollectorRegistry) -> dict[tuple[str, str], float]:
    return {
        (sample.labels["coordinate"], sample.labels["client"]): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == "plait_field_requests_total"
    }


async def test_clients_that_make_up_names_are_counted_together_beyond_the_bound() -> None:
    registry = CollectorRegistry()
    counting = FieldUsage(registry, max_series=4)
    used = UsedFields(("Query.a", "Query.b"))
    for number in range(50):
        counting.note(used, f"client {number}")
    counting.note(UsedFields(tuple(f"Query.c{number}" for number in range(50))), "client 0")
    counting.fold()
    found = counted(registry)
    assert sum(found.values()) == 150
    assert len(found) <= 2 * 4 + 1
    assert found["Query.a", "client 0"] == 1
    assert found["Query.a", "other"] == 48
    assert found["other", "other"] > 0


async def test_a_partner_counts_under_its_own_name_whatever_its_client_calls_itself() -> None:
    registry = CollectorRegistry()
    counting = FieldUsage(registry, max_series=100)
    facts: Any = SimpleNamespace(operation=SimpleNamespace(used=UsedFields(("Query.a",))))
    observed = Observed("POST", {"graphql-client-name": "web"}, operations=[facts], partner="acme")
    counting.ended(observed)
    counting.fold()
    assert counted(registry) == {("Query.a", "acme"): 1}


async def test_what_waits_to_be_counted_is_bounded_too() -> None:
    counting = FieldUsage(CollectorRegistry(), max_series=4)
    for _ in range(MAX_PENDING + 1):
        counting.note(UsedFields(("Query.a",)), "web")
    assert len(counting._pending) < MAX_PENDING
    counting.fold()


def test_routers_that_count_apart_are_read_together() -> None:
    def report(since: int, requests: int, client: str) -> UsageReport:
        use = ClientUse(client, requests, at(since + 5))
        return UsageReport(at(since), (FieldUse("Query.a", None, (use,)), FieldUse("Query.b", "old", ())))

    both = merged([report(1, 2, "web"), report(3, 4, "web"), report(2, 9, "ios")])
    assert both.since == at(3)
    assert both.fields == (
        FieldUse("Query.a", None, (ClientUse("ios", 9, at(7)), ClientUse("web", 6, at(8)))),
        FieldUse("Query.b", "old", ()),
    )


def at(second: int) -> Any:
    import datetime

    return datetime.datetime(2026, 1, 1, 0, 0, second, tzinfo=datetime.UTC)


@pytest.mark.parametrize("requests", [1, 3])
async def test_a_request_costs_one_count_however_many_fields_it_has(requests: int) -> None:
    counting = FieldUsage(CollectorRegistry(), max_series=1000)
    used = UsedFields(tuple(f"Query.a{number}" for number in range(200)))
    for _ in range(requests):
        counting.note(used, "web")
    assert counting._pending == {(used, "web"): requests}
    assert counting._series == {}
    counting.fold()
    assert len(counting._series) == 200
