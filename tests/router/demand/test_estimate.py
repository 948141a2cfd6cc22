"""Estimates: the examples of the public cost specification and of its everyday use, in our own schema."""

from __future__ import annotations

from typing import Any

import pytest

from router.demand.costs import Costs
from router.demand.estimate import estimate
from router.demand.sizes import SlicingArgumentRequired
from router.planner import QueryPlanner
from schema import SubgraphDefinition, Supergraph, compose

SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize", "@key"])

type Query {
  user: User
  users(max: Int): [User] @listSize(slicingArguments: ["max"])
  page(first: Int, last: Int): [User]
    @listSize(assumedSize: 7, slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
  some: [User!]! @listSize(assumedSize: 3)
  many: [User]
  grid: [[Int]]
  paid: User @cost(weight: 5)
  connection(first: Int = 4): Connection
    @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])
  nested(page: Page, renamed: Int): [User] @listSize(slicingArguments: ["renamed"])
  search(text: String @cost(weight: 2), by: Filter): [Found]
  most(filters: [Filter!]): User
  scan: Scan
}
type Mutation { rename(name: String): User }
type User {
  id: ID!
  name: String
  friends: [User]
  address: Address
  level: Level
  photo: String @cost(weight: 3)
}
type Address @cost(weight: 5) { street: String }
type Connection { edges: [Edge]  nodes: [User]  count: Int }
type Edge { node: User }
type Post { title: String  author: User }
union Found = User | Post | Address
interface Scan { id: ID! }
type Quick implements Scan { id: ID! }
type Slow implements Scan @cost(weight: 8) { id: ID!  deep: [User] }
input Filter { tag: String @cost(weight: 4)  and: [Filter!] }
input Page { first: Int }
enum Level @cost(weight: 2) { LOW HIGH }
"""


def costs() -> Costs:
    """Composition takes no paths for slicing arguments; supergraphs of newer composers have them."""
    sdl = compose([SubgraphDefinition(name="a", url="http://a", sdl=SDL)]).supergraph_sdl
    sdl = sdl.replace('["renamed"]', '["page.first"]')
    return Costs(Supergraph.parse(sdl), default_size=10)


COSTS = costs()


def cost(query: str, *, strict: bool = False, **variables: Any) -> float:
    operation = QueryPlanner(COSTS.supergraph).normalize(query)
    return estimate(operation, COSTS, strict=strict).of(variables)


EXAMPLES = [
    ("{ user { id name } }", 1),
    ("{ user { id } again: user { id } }", 2),
    ("{ user { id } user { name } }", 1),
    ("{ users(max: 5) { id } }", 5),
    ("{ users(max: 5) { address { street } } }", 30),
    ("{ users(max: 5) { level photo } }", 30),
    ("{ users(max: 2) { friends { id } } }", 22),
    ("{ users(max: 0) { friends { id } } }", 0),
    ("{ users(max: -3) { id } }", 0),
    ("{ page { id } }", 7),
    ("{ page(first: 2) { id } }", 2),
    ("{ page(first: 2, last: 9) { id } }", 9),
    ("{ page(first: null) { id } }", 7),
    ("{ some { id } }", 3),
    ("{ many { id } }", 10),
    ("{ grid }", 0),
    ("{ paid { id } }", 5),
    ("{ connection { count } }", 1),
    ("{ connection { nodes { id } } }", 5),
    ("{ connection(first: 2) { edges { node { id } } nodes { id } } }", 1 + 2 * 2 + 2),
    ("{ nested(page: {first: 6}) { id } }", 6 + 1),
    ('{ search(text: "x") { ... on User { id } } }', 10 * 5 + 2),
    ('{ search(by: {tag: "x"}) { __typename } }', 10 * 5 + 1 + 4),
    ('{ most(filters: [{tag: "x"}, {and: [{tag: "y"}, {}]}]) { id } }', 1 + 1 + 4 + 1 + 1 + 4 + 1),
    ("{ scan { id } }", 8),
    ("{ scan { ... on Slow { deep { id } } ... on Quick { id } } }", 18),
    ("mutation { rename { id } }", 11),
    ("{ __typename }", 0),
    ("{ user { ...F ...F } } fragment F on User { friends { id } }", 11),
]


@pytest.mark.parametrize(("query", "expected"), EXAMPLES)
def test_an_operation_is_estimated_by_weights_and_sizes(query: str, expected: float) -> None:
    assert cost(query) == expected


VARIABLES = [
    ("query ($n: Int) { users(max: $n) { id } }", {"n": 5}, 5),
    ("query ($n: Int) { users(max: $n) { id } }", {}, 10),
    ("query ($n: Int) { users(max: $n) { friends { id } } }", {"n": 100}, 1100),
    ("query ($n: Int) { nested(page: {first: $n}) { id } }", {"n": 3}, 4),
    ("query ($p: Page) { nested(page: $p) { id } }", {"p": {"first": 3}}, 4),
    ("query ($p: Page) { nested(page: $p) { id } }", {"p": None}, 10),
    ("query ($f: [Filter!]) { most(filters: $f) { id } }", {"f": [{"tag": "x"}, {"and": [{}]}]}, 1 + 5 + 2),
    ("query ($t: Boolean!) { user @include(if: $t) { id } paid @skip(if: $t) { id } }", {"t": True}, 1),
    ("query ($t: Boolean!) { user @include(if: $t) { id } paid @skip(if: $t) { id } }", {"t": False}, 5),
]


@pytest.mark.parametrize(("query", "variables", "expected"), VARIABLES)
def test_variables_decide_what_they_slice_include_and_weigh(
    query: str, variables: dict[str, Any], expected: float
) -> None:
    assert cost(query, **variables) == expected


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ users { id } }", {}),
        ("{ users(max: null) { id } }", {}),
        ("query ($n: Int) { users(max: $n) { id } }", {}),
        ("query ($n: Int) { users(max: $n) { id } }", {"n": None}),
    ],
)
def test_a_list_that_takes_one_slicing_argument_must_get_it(query: str, variables: dict[str, Any]) -> None:
    with pytest.raises(SlicingArgumentRequired, match="exactly one of the arguments max"):
        cost(query, strict=True, **variables)


def test_a_schema_default_is_a_slicing_argument() -> None:
    assert cost("{ connection { nodes { id } } }", strict=True) == 5


def test_what_no_variable_changes_is_a_number_beforehand() -> None:
    operation = QueryPlanner(COSTS.supergraph).normalize(
        "{ users(max: 5) { friends { address { street } } } }"
    )
    assert estimate(operation, COSTS, strict=True).amount == 5 * (1 + 10 * (1 + 5))
