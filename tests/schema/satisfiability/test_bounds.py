"""What a check costs, counted in the work its budget is charged with, on shapes that tempt it to go through
every set of subgraphs or every combination of labels."""

from __future__ import annotations

import re

import pytest

from schema import ErrorCode
from schema.satisfiability import Satisfiability, check_satisfiability
from tests.schema.satisfiability.graphs import composed, failures


def work(graph: dict[str, str]) -> int:
    """The work of checking a graph that is good."""
    found = check_satisfiability(composed(**graph).supergraph)
    assert not found.errors
    return found.work


def ring(subgraphs: int, types: int) -> dict[str, str]:
    """Value types that all subgraphs share and that refer to each other."""
    fields = "".join(
        f"type V{i} @shareable {{ a: Int x: V{(i + 1) % types} y: V{(i * 5 + 2) % types} }}"
        for i in range(types)
    )
    return {f"s{n}": "type Query @shareable { v: V0 }" + fields for n in range(subgraphs)}


def lacking(subgraphs: int, *, complete: bool) -> dict[str, str]:
    """A value type of as many fields as subgraphs; each subgraph lacks one, the last one none if complete."""
    return {
        f"s{n:02}": "type Query { v: V @shareable } type V @shareable { x: Int "
        + " ".join(f"f{i}: V" for i in range(subgraphs) if i != n)
        + "}"
        for n in range(subgraphs + complete)
    }


def moving_ring(types: int) -> dict[str, str]:
    """Entities in a ring, each with its own label on the field that leads on."""
    old, new = "type Query { t: T0 }", ""
    for i in range(types):
        start = f'type T{i} @key(fields: "id") {{ id: ID! next: T{(i + 1) % types}'
        old += start + "}"
        new += start + f' @override(from: "a", label: "move{i:02}") }}'
    return {"a": old, "b": new}


def decisive_ring(types: int) -> dict[str, str]:
    """The same, with a value type below each entity that is answered only if its label keeps its value."""
    graph = moving_ring(types)
    for name, moved in (("a", ""), ("b", '@override(from: "a", label: "move{i:02}")')):
        for i in range(types):
            at = moved.format(i=i)
            graph[name] += f"""
              extend type T{i} {{ v: V{i} @shareable }}
              type V{i} {{ x: Int @shareable self: V{i} {at} other: Int {at} }}
            """
    return graph


def wide(implementations: int) -> dict[str, str]:
    """An interface with many implementations in four subgraphs, each of which leads back to it."""
    return {
        f"s{n}": f"type Query {{ i{n}: I }} interface I {{ id: ID! }}"
        + "".join(
            f'type T{i} implements I @key(fields: "id") {{ id: ID! next{n}: I }}'
            for i in range(implementations)
        )
        for n in range(4)
    }


def test_types_that_share_everything_cost_their_fields() -> None:
    assert work(ring(12, 60)) < 12 * 60 * 3 * 3


def test_a_field_missing_in_every_subgraph_but_one_costs_no_set_of_subgraphs_each() -> None:
    assert work(lacking(18, complete=True)) < 200_000
    assert work(lacking(36, complete=True)) < 1_000_000


def test_every_field_missing_in_some_subgraph_is_named_without_trying_every_set() -> None:
    found = failures(**lacking(24, complete=False))
    assert {failure.code for failure in found} == {ErrorCode.SATISFIABILITY_ERROR}
    named = {re.findall(r'"s(\d+)": it has no field "V.f(\d+)"', failure.message)[0] for failure in found}
    assert {int(field) for _, field in named} == set(range(24))
    assert all(int(subgraph) == int(field) for subgraph, field in named)


def test_where_naming_all_would_cost_too_much_some_are_named_and_the_verdict_is_the_same() -> None:
    found = failures(**lacking(60, complete=False))
    assert {failure.code for failure in found} == {ErrorCode.SATISFIABILITY_ERROR}


def test_labels_that_change_no_answer_are_not_combined() -> None:
    assert work(moving_ring(40)) < 3 * work(moving_ring(20))


def test_labels_that_matter_are_combined_until_the_budget_is_spent() -> None:
    assert not failures(**decisive_ring(3))
    (failure,) = failures(**decisive_ring(20))
    assert failure.code is ErrorCode.MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED
    assert '"move00", "move01"' in failure.message
    assert failure.locations
    assert "finish some of the moves" in (failure.remedy or "")


def test_an_interface_costs_its_implementations_not_their_square() -> None:
    assert work(wide(400)) < 2.2 * work(wide(200))


def test_runtime_types_that_differ_cost_no_set_of_subgraphs_each() -> None:
    differing = {
        name: sdl
        + f" extend type V {{ u: U @shareable }} union U = A | B{name} type A @shareable {{ a: Int }} "
        f"type B{name} {{ b: Int }}"
        for name, sdl in lacking(18, complete=True).items()
    }
    found: Satisfiability = check_satisfiability(composed(**differing).supergraph)
    assert not found.errors
    assert len(found.hints) == 1
    assert found.work < 300_000


def test_a_chain_of_keys_costs_its_places_times_the_keys_that_wait() -> None:
    assert work(chain(120)) < 120 * 120


def chain(length: int) -> dict[str, str]:
    """An entity that each subgraph enters by the key of the one before."""
    links = {
        f"s{i}": f"""
          type T @key(fields: "k{i - 1}") @key(fields: "k{i}") {{
            k{i - 1}: ID! @shareable k{i}: ID! @shareable x{i}: Int
          }}
        """
        for i in range(1, length)
    }
    start = 'type Query { t: T } type T @key(fields: "k0") { k0: ID! @shareable }'
    return {"s0": start, **links}


@pytest.mark.parametrize("budget", [0, 10, 100])
def test_a_budget_ends_the_walk_with_its_own_code(budget: int) -> None:
    (error,) = check_satisfiability(composed(**ring(4, 10)).supergraph, budget=budget).errors
    assert error.code is ErrorCode.MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED
