"""Costs of requests: what is refused, what is only measured, what is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from router import Router
from router.config import DemandConfig, RouterConfig
from schema import SubgraphDefinition, compose
from tests.support.federation import Subgraph
from tests.support.protected import caller, protected

SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
type Query { users(max: Int): [User] @listSize(slicingArguments: ["max"], assumedSize: 50) }
type Mutation { rename: User }
type User { name: String  photo: String @cost(weight: 3)  friend: User }
"""
EXPOSED = {"plait-expose-cost": "true"}


def ada() -> dict[str, Any]:
    return {"name": "Ada", "photo": "p", "friend": {"name": "Eve"}}


def graph(**demand: Any) -> tuple[Router, Subgraph]:
    sdl = compose([SubgraphDefinition(name="a", url="http://a", sdl=SDL)]).supergraph_sdl
    subgraph = Subgraph({"users": lambda: [ada(), None, ada()], "rename": ada})
    return Router(sdl, {"a": subgraph}, config=RouterConfig(demand=DemandConfig(**demand))), subgraph


def code(response: Mapping[str, Any]) -> str:
    return str(response["errors"][0]["extensions"]["code"])


async def test_what_is_too_expensive_is_refused_and_nobody_is_asked() -> None:
    router, subgraph = graph(mode="enforce", max_cost=10)
    query = "query ($n: Int) { users(max: $n) { name } }"
    async with router:
        refused = await router.execute({"query": query, "variables": {"n": 11}})
        assert not subgraph.requests
        allowed = await router.execute({"query": query, "variables": {"n": 10}})
    assert code(refused) == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert refused["errors"][0]["extensions"]["cost"] == {"estimated": 11.0, "max": 10}
    assert "errors" not in allowed


@pytest.mark.parametrize("query", ["{ users { name } }", "query ($n: Int) { users(max: $n) { name } }"])
async def test_a_list_without_its_bound_is_refused_where_costs_are_enforced(query: str) -> None:
    router, subgraph = graph(mode="enforce")
    async with router:
        assert code(await router.execute({"query": query})) == "COST_SLICING_ARGUMENT_REQUIRED"
    assert not subgraph.requests


async def test_measuring_refuses_nothing_and_logs_what_is_beyond(caplog: pytest.LogCaptureFixture) -> None:
    router, _ = graph(mode="measure", max_cost=1)
    async with router:
        assert "errors" not in await router.execute({"query": "query Big { users { name } }"})
    assert "Big is estimated to cost 50, beyond 1" in caplog.text


async def test_what_no_variable_changes_is_refused_and_logged_each_time_it_is_beyond(
    caplog: pytest.LogCaptureFixture,
) -> None:
    enforcing, subgraph = graph(mode="enforce", max_cost=10)
    measuring, _ = graph(mode="measure", max_cost=10)
    small, large = ({"query": f"query Q {{ users(max: {count}) {{ name }} }}"} for count in (10, 11))
    async with enforcing, measuring:
        for asked in (1, 2):
            assert code(await enforcing.execute(large)) == "COST_ESTIMATED_TOO_EXPENSIVE"
            assert "errors" not in await enforcing.execute(small)
            assert "errors" not in await measuring.execute(large)
            assert (len(subgraph.requests), caplog.text.count("estimated to cost 11, beyond 10")) == (
                asked,
            ) * 2


async def test_the_cost_is_told_to_who_asks_where_it_is_allowed() -> None:
    request = {"query": "{ users(max: 4) { name photo friend { name } } }"}
    told, _ = graph(mode="measure", max_cost=100, expose=True, actual=True)
    silent, _ = graph(mode="measure", actual=True)
    async with told, silent:
        asked = await told.execute(request, EXPOSED)
        unasked = await told.execute(request)
        refused = await silent.execute(request, EXPOSED)
    assert asked["extensions"] == {"cost": {"estimated": 20.0, "actual": 10.0, "max": 100}}
    assert asked["data"] == unasked["data"] == refused["data"]
    assert "extensions" not in unasked
    assert "extensions" not in refused


async def test_an_answer_that_cost_more_than_estimated_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    router, _ = graph(mode="enforce", max_cost=8, actual=True)
    async with router:
        response = await router.execute({"query": "{ users(max: 1) { photo friend { photo } } }"})
    assert "data" in response
    assert "COST_ACTUAL_TOO_EXPENSIVE" in caplog.text


async def test_a_mutation_costs_ten_more() -> None:
    router, _ = graph(mode="measure", expose=True)
    async with router:
        response = await router.execute({"query": "mutation { rename { name } }"}, EXPOSED)
    assert response["extensions"]["cost"] == {"estimated": 11.0}


async def test_without_the_stage_nothing_is_estimated() -> None:
    router, _ = graph(max_cost=1, expose=True)
    async with router:
        response = await router.execute({"query": "{ users { name } }"}, EXPOSED)
    assert list(response) == ["data"]


async def test_only_what_is_granted_is_paid_for() -> None:
    config = RouterConfig(demand=DemandConfig(mode="measure", expose=True))
    sdl = "type Query { a: T  b: T @authenticated } type T { x: Int }"
    router, _ = protected({"a": sdl}, {"a": {"a": {"x": 1}, "b": {"x": 2}}}, whole=config)
    async with router:
        for headers, cost in [(caller(), 2.0), ({}, 1.0)]:
            response = await router.execute({"query": "{ a { x } b { x } }"}, {**headers, **EXPOSED})
            assert response["extensions"]["cost"]["estimated"] == cost
