"""What each subgraph's part costs, by what the plan asks it."""

from __future__ import annotations

from typing import Any

import pytest

from router import Router
from router.config import DemandConfig, RouterConfig
from router.demand.by_subgraph import subgraph_estimates
from router.demand.costs import Costs
from router.errors import ConfigError
from router.planner import QueryPlanner
from schema import SubgraphDefinition, Supergraph, compose
from tests.support.federation import Subgraph

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize"])
"""
USERS = """
type Query { users(max: Int): [User] @listSize(slicingArguments: ["max"])  found: [Found]  me: User }
type User @key(fields: "id") { id: ID!  name: String  photo: String @cost(weight: 2) }
type Pet { name: String  owner: User }
union Found = User | Pet
"""
POSTS = """
type User @key(fields: "id") { id: ID!  posts: [Post] @listSize(assumedSize: 4) }
type Post { title: String  likes: Likes @cost(weight: 3) }
type Likes { count: Int }
"""


def supergraph() -> str:
    definitions = [
        SubgraphDefinition(name=name, url=f"http://{name}", sdl=LINK + sdl)
        for name, sdl in (("users", USERS), ("posts", POSTS))
    ]
    return compose(definitions).supergraph_sdl


def parts(query: str, **variables: Any) -> dict[str, float]:
    read = Supergraph.parse(supergraph())
    planner = QueryPlanner(read)
    operation = planner.normalize(query)
    estimates = subgraph_estimates(operation, planner.plan(query), Costs(read, 10))
    return {name: one.of(variables) for name, one in estimates.items()}


EXAMPLES = [
    ("{ me { name } }", {}, {"users": 1}),
    ("{ me { name posts { title } } }", {}, {"users": 1, "posts": 1 + 4}),
    ("{ users(max: 5) { photo posts { likes { count } } } }", {}, {"users": 15, "posts": 5 + 5 * 4 * 4}),
    (
        "query ($n: Int) { users(max: $n) { posts { title } } }",
        {"n": 3},
        {"users": 3, "posts": 3 + 12},
    ),
    ("{ found { ... on Pet { owner { posts { title } } } } }", {}, {"users": 20, "posts": 10 + 40}),
    (
        "query ($p: Boolean!) { me { name posts @include(if: $p) { title } } }",
        {"p": False},
        {"users": 1, "posts": 1},
    ),
]


@pytest.mark.parametrize(("query", "variables", "expected"), EXAMPLES)
def test_a_subgraph_is_charged_for_what_it_is_asked(
    query: str, variables: dict[str, Any], expected: dict[str, float]
) -> None:
    assert parts(query, **variables) == expected


def graph(**demand: Any) -> tuple[Router, Subgraph]:
    watched = Subgraph({"users": [], "me": None})
    config = RouterConfig(demand=DemandConfig(mode="enforce", **demand))
    return Router(supergraph(), {"users": watched, "posts": Subgraph({})}, config=config), watched


@pytest.mark.parametrize(
    "demand", [{"max_subgraph_cost": 50}, {"max_subgraph_cost": 999, "max_cost_by_subgraph": {"posts": 50}}]
)
async def test_what_is_too_expensive_for_one_subgraph_is_refused_and_nobody_is_asked(demand: Any) -> None:
    router, watched = graph(**demand)
    query = "query ($n: Int) { users(max: $n) { posts { title } } }"
    async with router:
        refused = await router.execute({"query": query, "variables": {"n": 11}})
        assert not watched.requests
        allowed = await router.execute({"query": query, "variables": {"n": 10}})
    extensions = refused["errors"][0]["extensions"]
    assert extensions == {
        "code": "COST_ESTIMATED_TOO_EXPENSIVE",
        "cost": {"estimated": 55.0, "max": 50},
        "service": "posts",
    }
    assert allowed == {"data": {"users": []}}


def test_a_limit_of_a_subgraph_that_is_not_there_is_said_at_the_start() -> None:
    with pytest.raises(ConfigError, match="not in the supergraph: nobody"):
        graph(max_cost_by_subgraph={"nobody": 5})
