"""Metrics for Prometheus: what is counted, and that clients cannot make them grow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
from prometheus_client.parser import text_string_to_metric_families

from router.app import Router
from router.config import DemandConfig, MetricsConfig, RouterConfig, TelemetryConfig
from router.http.admin import admin_application
from router.pipeline.facts import OperationFacts
from router.telemetry.metrics import MAX_NAMES, OTHER, Metrics
from router.telemetry.observer import Observed
from router.telemetry.telemetry import Telemetry
from tests.support.federation import Subgraph, router

ON = RouterConfig(telemetry=TelemetryConfig(metrics=MetricsConfig(enabled=True)))


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """By name and label values, in the order of the labels' names."""
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@asynccontextmanager
async def watched(
    config: RouterConfig, **subgraphs: Subgraph
) -> AsyncIterator[tuple[Router, httpx.AsyncClient]]:
    routed = router(config, **subgraphs)
    transport = httpx.ASGITransport(app=routed.asgi())
    async with routed, httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        yield routed, http


async def read(admin: Any) -> dict[tuple[str, ...], float]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=admin), base_url="http://admin") as http:
        response = await http.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain; version=")
        assert (await http.get("/health/ready")).status_code == 200
    return samples(response.content)


async def test_operations_requests_errors_and_fetches_are_counted() -> None:
    class Failing(Subgraph):
        async def execute(self, *arguments: Any) -> dict[str, Any]:
            return {"data": {"posts": None}, "errors": [{"message": "no", "extensions": {"code": "OUCH"}}]}

    async with watched(ON, posts=Failing({})) as (routed, http):
        for _ in range(3):
            await http.post(
                "/graphql", json={"query": "query A { me { id } }"}, headers={"graphql-client-name": "web"}
            )
        await http.post("/graphql", json={"query": "query B { me { id } posts { id } }"})
        await http.post("/graphql", json={"query": "{ nope }"})
        await http.put("/graphql")
        found = await read(routed.admin())
    # Labels sorted by name: client, kind, operation, outcome.
    assert found["plait_operations_total", "web", "query", "A", "success"] == 3
    assert found["plait_operations_total", "unnamed", "query", "B", "errors"] == 1
    assert found["plait_operations_total", "unnamed", "unknown", "unnamed", "errors"] == 1
    assert found["http_server_request_duration_seconds_count", "POST", "200"] == 5
    assert found["http_server_request_duration_seconds_count", "PUT", "405"] == 1
    assert found["plait_errors_total", "OUCH"] == 1
    assert found["plait_errors_total", "GRAPHQL_VALIDATION_FAILED"] == 1
    assert found["plait_fetch_duration_seconds_count", "ok", "users"] == 4
    assert found["plait_fetch_duration_seconds_count", "ok", "posts"] == 1
    assert found["plait_operation_duration_seconds_count", "query"] == 4
    assert found["plait_prepared_operations",] == 2
    assert found["http_server_active_requests",] == 0


COSTS = RouterConfig(
    demand=DemandConfig(mode="enforce", max_cost=3, actual=True),
    telemetry=TelemetryConfig(metrics=MetricsConfig(enabled=True)),
)


async def test_costs_are_counted_as_estimated_and_as_answered_for_each_client() -> None:
    headers = {"graphql-client-name": "web"}
    async with watched(COSTS) as (routed, http):
        await http.post("/graphql", json={"query": "{ me { id } }"}, headers=headers)
        refused = await http.post("/graphql", json={"query": "{ posts { id } }"}, headers=headers)
        found = await read(routed.admin())
    assert refused.json()["errors"][0]["extensions"]["code"] == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert found["plait_operation_cost_count", "estimated"] == 2
    assert found["plait_operation_cost_sum", "estimated"] == 11
    assert found["plait_operation_cost_sum", "actual"] == 1
    assert found["plait_client_cost_total", "web", "estimated"] == 11
    assert found["plait_client_cost_total", "web", "actual"] == 1


async def test_methods_that_clients_make_up_are_one() -> None:
    async with watched(ON) as (routed, http):
        for method in ("FOO", "BAR"):
            await http.request(method, "/graphql")
        found = await read(routed.admin())
    assert found["http_server_request_duration_seconds_count", "_OTHER", "405"] == 2


async def test_how_long_work_waits_is_told_while_there_is_some() -> None:
    metrics = Metrics(lambda: 0)
    metrics.queued(0.25)
    assert samples(metrics.text())["plait_queue_seconds",] == 0.25


async def test_names_that_clients_make_up_do_not_make_metrics_grow() -> None:
    metrics = Metrics(lambda: 0)
    names = [metrics._name("operation", f"op{number}") for number in range(MAX_NAMES + 10)]
    assert names[-10:] == [OTHER] * 10
    assert metrics._name("operation", "op1") == "op1"
    assert metrics._name("client", "web") == "web"


def test_operations_of_names_beyond_those_that_are_kept_are_counted_as_other_and_take_no_memory() -> None:
    metrics = Metrics(lambda: 0)
    for client in range(2 * MAX_NAMES):
        facts = OperationFacts(text="{ a }", codes=("C",), estimated_cost=2.0)
        headers = {"graphql-client-name": f"client-{client}"}
        metrics.ended(Observed("POST", headers, operations=[facts], status=200))
    found = samples(metrics.text())
    assert found["plait_operations_total", OTHER, "unknown", "unnamed", "errors"] == MAX_NAMES
    assert found["plait_client_cost_total", OTHER, "estimated"] == 2 * MAX_NAMES
    assert found["plait_errors_total", "C"] == 2 * MAX_NAMES
    assert len(metrics._series) == MAX_NAMES


async def test_without_metrics_there_is_no_admin_application_and_transports_are_bare() -> None:
    routed = router()
    assert routed.admin() is None
    assert type(routed._routing.pipeline.executor.services["users"].transport) is type(
        routed._routing.transports["users"]
    )


async def test_readiness_says_why_not() -> None:
    routed = router()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=admin_of(routed)), base_url="http://admin"
    ) as http:
        starting = await http.get("/health/ready")
        await routed.start()
        ready = await http.get("/health/ready")
        routed.engine.problems["supergraph"] = "It is none."
        troubled = await http.get("/health/ready")
        await routed.aclose()
        stopped = await http.get("/health/ready")
    assert (starting.status_code, starting.json()["reason"]) == (503, "The router is starting.")
    assert ready.json() == {"status": "UP"}
    assert troubled.json() == {"status": "UP", "problems": {"supergraph": "It is none."}}
    assert (stopped.status_code, stopped.json()["reason"]) == (503, "The router was stopped.")


def admin_of(routed: Router) -> Any:
    return admin_application(routed.engine, Telemetry(ON.telemetry))
