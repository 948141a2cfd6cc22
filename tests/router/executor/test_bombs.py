"""Small documents that select very much: they cost what the planner's sharing costs, or are refused."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import get_operation_ast, parse

from router import Router
from router.executor.compile_plan import compile_plan
from router.executor.possible_types import possible_types
from router.executor.projection import shape as shapes
from router.operation.errors import OperationTooLargeError
from router.plan import Fetch
from router.planner import QueryPlanner
from schema import api_schema
from schema.api_schema import read_supergraph_schema
from tests.support.federation import Subgraph
from tests.support.planning import composed
from tests.support.running import FakeSubgraph
from tests.support.stores import executable, text
from tests.support.stores import run as run_operation

SUPERGRAPH = composed(
    {
        "a": """
            type Query { t: T n: Int node: Node }
            interface Node { id: ID node: Node }
            type T implements Node @key(fields: "id") { id: ID t: T list: [T] node: Node }
        """,
        "b": 'type T @key(fields: "id") { id: ID other: T others: [T] }',
    }
)


def fragments(levels: int, on: str, body: str, last: str) -> str:
    """`body` of each fragment, with NEXT for the name of the next one."""
    own = [f"fragment F{i} on {on} {{ {body.replace('NEXT', f'F{i + 1}')} }}" for i in range(levels)]
    return " ".join((*own, f"fragment F{levels} on {on} {{ {last} }}"))


def nested(*fields: str, levels: int) -> str:
    selection = "id"
    for level in range(levels):
        selection = f"{fields[level % len(fields)]} {{ {selection} }}"
    return f"{{ t {{ {selection} }} }}"


async def run(text: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    subgraph = Subgraph({"t": None, "n": 1})
    async with Router(SUPERGRAPH, {"a": subgraph, "b": subgraph}) as router:
        return await router.execute({"query": text, "variables": variables or {}})


def code(response: dict[str, Any]) -> str:
    found: str = response["errors"][0]["extensions"]["code"]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "{ ...F0 } " + fragments(40, "Query", "...NEXT ...NEXT", "n t { id }"),
        "{ n t { ...F0 } } " + fragments(40, "T", "t { ...NEXT } t { ...NEXT }", "id"),
        "{ n t { ...F0 } } " + fragments(40, "T", "other { ...NEXT } other { ...NEXT ...NEXT }", "id"),
    ],
)
async def test_fragments_that_spread_each_other_cost_no_more_than_what_they_select(text: str) -> None:
    assert await run(text) == {"data": {"n": 1, "t": None}}


@pytest.mark.parametrize("levels", [14, 16, 40])
async def test_aliases_that_double_at_every_level_are_refused_by_code(levels: int) -> None:
    text = "{ t { ...F0 } } " + fragments(levels, "T", "a: t { ...NEXT } b: t { ...NEXT }", "id")
    assert code(await run(text)) == "MAX_OPERATION_SIZE_LIMIT"


@pytest.mark.parametrize("fields", [("t",), ("other", "t"), ("others", "list"), ("node",)])
async def test_what_nests_too_deeply_is_refused_and_never_a_fault_of_the_router(
    fields: tuple[str, ...],
) -> None:
    response = await run(nested(*fields, levels=190))
    assert response == {"data": {"t": None}} or code(response) in ("MAX_DEPTH_LIMIT", "PARSING_ERROR")


def test_a_shape_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_FIELDS", 30)
    document = parse("{ node { " + " ".join(f"a{i}: id" for i in range(20)) + " } }")
    operation = get_operation_ast(document)
    assert operation is not None
    with pytest.raises(OperationTooLargeError):
        shapes.build_shape(api_schema(SUPERGRAPH), operation, {}, {})


def test_what_steps_have_in_common_is_found_without_comparing_every_two_paths() -> None:
    """Counted: paths are hashed for each of their places, not compared with all others."""
    hashed = _hashes_of_compiling(levels=7), _hashes_of_compiling(levels=9)
    assert hashed[1] < 8 * hashed[0]  # four times the paths, each a little longer


def _hashes_of_compiling(levels: int) -> int:
    """How many path steps are looked at while the plan of 2^levels places is compiled."""
    from router.executor import paths

    text = "{ t { ...F0 } } " + fragments(levels, "T", "a: other { ...NEXT } b: t { ...NEXT }", "id")
    plan = QueryPlanner(SUPERGRAPH).plan(text)
    possible = possible_types(read_supergraph_schema(SUPERGRAPH))
    count = 0
    original = paths.PathStep.__hash__

    def counted(step: paths.PathStep) -> int:
        nonlocal count
        count += 1
        return original(step)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths.PathStep, "__hash__", counted)
        compile_plan(plan, possible, {})
    return count


async def test_very_many_types_with_fields_of_their_own_are_answered_from_dicts() -> None:
    """Code that tells them apart grows with the square."""
    count = 300
    types = " ".join(f"type T{n} implements I {{ id: ID a{n}: Int }}" for n in range(count))
    schema = f"type Query {{ all: [I] }} interface I {{ id: ID }} {types}"
    own = " ".join(f"...on T{n}{{a{n}}}" for n in range(count))
    operation = executable(schema, f"{{ all {{ {own} }} }}", Fetch("s", f"{{all{{__typename {own}}}}}"))
    assert operation.compile({}).structures is None
    subgraphs = {"s": FakeSubgraph({"data": {"all": [{"__typename": "T7", "a7": 1}]}})}
    assert text(await run_operation(operation, subgraphs)) == '{"all": [{"a7": 1}]}'
