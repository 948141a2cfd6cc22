"""Faults the differential test and the checker found, each kept as the smallest schema that showed it.

Every case runs in several worlds of data: the answer equals the merged schema's, and the plan is proven.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.differential.campaign import judge_plan, new_router
from tests.support.differential.case import Scenario, compose_here, difference
from tests.support.differential.operations import Operation
from tests.support.differential.read import read_model

WORLDS = 4

INTERFACE_OBJECT = {
    "a": """
      interface I @key(fields: "id") { id: ID! name(n: Int = 1): String }
      type A implements I @key(fields: "id") { id: ID! name(n: Int = 1): String friend: I }
      type B implements I @key(fields: "id") { id: ID! name(n: Int = 1): String }
      type Query { first: I! }
    """,
    "o": """
      type I @key(fields: "id") @interfaceObject {
        id: ID! name(n: Int = 1): String @external
        size: Int label: String @requires(fields: "name") next: I
      }
      type Query { other: I! }
    """,
}


async def assert_routed(
    subgraphs: Mapping[str, str], operation: str, variables: dict[str, Any] | None = None
) -> None:
    for seed in range(WORLDS):
        scenario = Scenario.over(read_model(subgraphs, seed), compose_here)
        assert scenario is not None, "the subgraphs of the case do not compose"
        asked = Operation(operation, variables or {})
        _, findings = judge_plan(scenario, asked)
        assert findings == []
        async with new_router(scenario) as router:
            assert await difference(router, scenario, asked) is None


async def test_two_conditions_meet_on_one_field() -> None:
    subgraphs = {"a": "type Query { v: V! } type V { x: Int y: Int }"}
    operation = "query($p: Boolean!, $q: Boolean!) { v { y } v @include(if: $p) { x @include(if: $q) } }"
    for p in (True, False):
        for q in (True, False):
            await assert_routed(subgraphs, operation, {"p": p, "q": q})


async def test_an_object_stays_when_all_its_fields_are_left_out() -> None:
    subgraphs = {
        "a": 'type Query { e: E! } type E @key(fields: "id") { id: ID! }',
        "b": 'type E @key(fields: "id") { id: ID! f: Int }',
    }
    await assert_routed(subgraphs, "query($p: Boolean!) { e { f @include(if: $p) } }", {"p": False})
    await assert_routed(subgraphs, "query($p: Boolean!) { e { f @include(if: $p) } }", {"p": True})


async def test_an_aliased_typename_of_an_interface_object_is_the_objects_own() -> None:
    await assert_routed(INTERFACE_OBJECT, "{ other { kind: __typename } }")


async def test_a_type_condition_on_an_interface_object_is_decided_by_the_interfaces_subgraph() -> None:
    await assert_routed(INTERFACE_OBJECT, "{ other { size ... on A { size label } } }")


async def test_a_condition_on_one_type_does_not_ask_the_other_types_at_an_interface_object() -> None:
    await assert_routed(INTERFACE_OBJECT, "{ first { ... on A { label } next { name } } }")


async def test_a_requirement_beside_the_same_field_with_other_arguments() -> None:
    await assert_routed(INTERFACE_OBJECT, "{ first { label name(n: 2) } }")


async def test_a_clients_alias_does_not_take_the_keys_place() -> None:
    subgraphs = {
        "a": 'type Query { e: [E!]! } type E @key(fields: "id") { id: ID! }',
        "b": 'type E @key(fields: "id") { id: ID! f: String g: [Boolean] }',
    }
    await assert_routed(subgraphs, "{ e { id: g f } }")


async def test_a_skipped_mutation_field_runs_where_it_is_selected_again() -> None:
    subgraphs = {
        "a": 'type Query { q: Int } type Mutation { m: E } type E @key(fields: "id") { id: ID! }',
        "b": 'type Mutation { n: String } type E @key(fields: "id") { id: ID! f: Int }',
    }
    operation = "mutation($p: Boolean!) { m @skip(if: $p) { f } n m { id } }"
    await assert_routed(subgraphs, operation, {"p": True})
    await assert_routed(subgraphs, operation, {"p": False})


async def test_a_fragment_on_the_only_type_of_an_abstract_field() -> None:
    subgraphs = {
        "a": """
          type Query { u: U! i: J! }
          union U = C
          interface J { x: Int }
          type C implements J { x: Int y: Int }
        """
    }
    await assert_routed(subgraphs, "{ u { ... on C { y } } i { x ... on C { y } } }")


async def test_a_requirement_under_a_condition_leaves_the_other_fields_alone() -> None:
    subgraphs = {
        "a": 'type Query { e: E! } type E @key(fields: "id") { id: ID! f: Int }',
        "b": """
          type E @key(fields: "id") { id: ID! f: Int @external r: String @requires(fields: "f") g: Int! }
        """,
    }
    for p in (True, False):
        await assert_routed(subgraphs, "query($p: Boolean!) { e { k: r @include(if: $p) g } }", {"p": p})
