"""Operations and supergraphs made to explode: a plan or a clear refusal, with work that has a bound.

Work is counted in calls of functions: the same on a busy machine, and one that explodes is stopped there
and then instead of holding the tests up for hours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from router.operation import OperationError
from router.planner import QueryPlanner

CALLS = 1_500_000
"""The hardest takes 370,000. Exponential work takes more than can be waited for."""


class TooMuchWork(Exception):
    """More calls than the bound."""


HEAD = """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
"""


def graphs(count: int) -> str:
    values = (f'G{i} @join__graph(name: "g{i}", url: "")' for i in range(count))
    return f"enum join__Graph {{ {' '.join(values)} }}\n"


def on(count: int, key: str | None = None) -> str:
    keyed = f', key: "{key}"' if key else ""
    return " ".join(f"@join__type(graph: G{i}{keyed})" for i in range(count))


@contextmanager
def bounded() -> Iterator[None]:
    """Raises `TooMuchWork` from within the work itself."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"
        if calls > CALLS:
            sys.setprofile(None)
            raise TooMuchWork(f"more than {CALLS} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)


def entity_everywhere(count: int) -> str:
    fields = " ".join(f"f{i}: Int @join__field(graph: G{i})" for i in range(count))
    return (
        HEAD
        + graphs(count)
        + f"type Query {on(count)} {{ me(x: Int): T }}\n"
        + f"type T {on(count, 'id')} {{ id: ID! next: T {fields} }}"
    )


def test_work_without_a_bound_is_stopped() -> None:
    with pytest.raises(TooMuchWork), bounded():
        all(graphs(1) for _ in iter(int, 1))


def test_a_deep_operation_over_many_equal_subgraphs() -> None:
    def nested(depth: int) -> str:
        fields = " ".join(f"f{i}" for i in range(0, 30, 3))
        return f"{fields} next {{ {nested(depth - 1)} }}" if depth else fields

    planner = QueryPlanner(entity_everywhere(30))
    with bounded():
        text = planner.plan(f"{{ me {{ {nested(8)} }} }}").to_text()
    assert text.count("Fetch(") == 10  # one request for each subgraph, however deep


def test_a_hundred_aliases_over_thirty_subgraphs() -> None:
    fields = " ".join(f"a{k}: me(x: {k}) {{ f{k % 30} next {{ f{k * 11 % 30} }} }}" for k in range(100))
    planner = QueryPlanner(entity_everywhere(30))
    with bounded():
        assert planner.plan(f"{{ {fields} }}").node is not None


def test_shared_values_without_keys_in_a_binary_tree() -> None:
    count = 10
    own = " ".join(f"f{i}: Int @join__field(graph: G{i})" for i in range(count))
    supergraph = (
        HEAD
        + graphs(count)
        + f"type Query {on(count)} {{ me: V }}\ntype V {on(count)} {{ left: V right: V {own} }}"
    )

    def nested(depth: int) -> str:
        fields = " ".join(f"f{i}" for i in range(count))
        below = nested(depth - 1) if depth else ""
        return f"{fields} left {{ {below} }} right {{ {below} }}" if depth else fields

    planner = QueryPlanner(supergraph)
    with bounded():
        text = planner.plan(f"{{ me {{ {nested(5)} }} }}").to_text()
    assert text.count("Fetch(") == count


def test_a_chain_of_forty_keys() -> None:
    count = 40
    keys = " ".join(
        f'@join__type(graph: G{i}, key: "k{i - 1}") @join__type(graph: G{i}, key: "k{i}")'
        for i in range(1, count)
    )
    fields = " ".join(
        f"k{i}: ID " + " ".join(f"@join__field(graph: G{j})" for j in (i, i + 1) if j < count)
        for i in range(count)
    )
    supergraph = (
        HEAD
        + graphs(count)
        + "type Query @join__type(graph: G0) { me: T }\n"
        + f'type T @join__type(graph: G0, key: "k0") {keys}'
        + f" {{ {fields} f: Int @join__field(graph: G{count - 1}) }}"
    )
    planner = QueryPlanner(supergraph)
    with bounded():
        assert planner.plan("{ me { f } }").to_text().count("Fetch(") == count


def test_a_tower_of_requires_is_solved_once_a_level() -> None:
    count = 20
    fields = " ".join(
        f'f{i}: Int @join__field(graph: G{i}, requires: "f{i - 1} g{i - 1}")'
        f' g{i}: Int @join__field(graph: G{i}, requires: "f{i - 1}")'
        for i in range(1, count)
    )
    supergraph = (
        HEAD
        + graphs(count)
        + "type Query @join__type(graph: G0) { me: T }\n"
        + f"type T {on(count, 'id')} {{ id: ID! f0: Int @join__field(graph: G0)"
        + " g0: Int @join__field(graph: G0)"
        + f" {fields} }}"
    )
    planner = QueryPlanner(supergraph)
    with bounded():
        assert planner.plan("{ me { f19 g19 } }").to_text().count("Fetch(") == count


def test_fragments_that_spread_each_other_cost_no_more_than_they_select() -> None:
    fragments = " ".join(f"fragment F{k} on T {{ ...F{k + 1} ...F{k + 1} next {{ id }} }}" for k in range(60))
    planner = QueryPlanner(entity_everywhere(5))
    with bounded():
        plan = planner.plan(f"{{ me {{ ...F0 }} }} {fragments} fragment F60 on T {{ f1 f2 }}")
    assert plan.to_text().count("Fetch(") == 2


def test_fragments_that_really_select_a_billion_fields_are_refused() -> None:
    fragments = " ".join(
        f"fragment F{k} on T {{ a: next {{ ...F{k + 1} }} b: next {{ ...F{k + 1} }} }}" for k in range(30)
    )
    planner = QueryPlanner(entity_everywhere(5))
    with bounded(), pytest.raises(OperationError) as caught:
        planner.plan(f"{{ me {{ ...F0 }} }} {fragments} fragment F30 on T {{ f1 }}")
    assert caught.value.code == "MAX_OPERATION_SIZE_LIMIT"


def test_an_operation_deeper_than_can_be_planned_is_refused() -> None:
    planner = QueryPlanner(entity_everywhere(2))
    with pytest.raises(OperationError) as caught:
        planner.plan("{ me {" + "next {" * 400 + "f1" + "}" * 400 + "} }")
    assert caught.value.code in ("MAX_DEPTH_LIMIT", "PARSING_ERROR")


def test_a_small_budget_still_gives_a_right_plan() -> None:
    planner = QueryPlanner(entity_everywhere(12), budget=0)
    fields = " ".join(f"f{i} next {{ f{11 - i} }}" for i in range(12))
    assert planner.plan(f"{{ me {{ {fields} }} }}").to_text().count("Fetch(") == 12
