"""Every mutation of every domain, sent the way clients send it: inputs as variables, through the router."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from router import Router
from schema import SubgraphDefinition, compose

SDL = Path(__file__).resolve().parents[3] / "schema" / "sdl"
COMPOSED = compose(
    [
        SubgraphDefinition(name=path.stem, url="", sdl=path.read_text())
        for path in sorted(SDL.glob("*.graphql"))
    ]
)
CLIENT_SCHEMA: GraphQLSchema = build_schema(COMPOSED.api_schema_sdl)
SCALARS = {"Int": 1, "Float": 1.5, "Boolean": True}
MAX_DEPTH = 3


def sample(type_: GraphQLInputType, *, full: bool, depth: int = 0) -> Any:
    """A value that fits: with every field (`full`), or with those only that must be there."""
    match type_:
        case GraphQLNonNull():
            return sample(type_.of_type, full=full, depth=depth)
        case GraphQLList():
            return [sample(type_.of_type, full=full, depth=depth)] if full else []
        case GraphQLEnumType():
            return next(iter(type_.values))
        case GraphQLInputObjectType():
            return {
                name: sample(field.type, full=full, depth=depth + 1)
                for name, field in type_.fields.items()
                if is_required_input_field(field) or (full and depth < MAX_DEPTH)
            }
        case _:
            return SCALARS.get(type_.name, "text")


def answer(type_: GraphQLOutputType) -> Any:
    match type_:
        case GraphQLNonNull():
            return answer(type_.of_type)
        case GraphQLList():
            return []
        case _ if is_leaf_type(type_):
            return (
                next(iter(type_.values))
                if isinstance(type_, GraphQLEnumType)
                else SCALARS.get(type_.name, "x")
            )
        case _:
            return {"__typename": type_.name}


class Echo:
    """A subgraph that answers its one mutation and keeps the variables it was sent."""

    def __init__(self, name: str, field: GraphQLField) -> None:
        self.name = name
        self.field = field
        self.variables: list[Mapping[str, Any]] = []

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> Mapping[str, Any]:
        self.variables.append(variables or {})
        return {"data": {self.name: answer(self.field.type)}}


def cases() -> Iterator[Any]:
    mutation = CLIENT_SCHEMA.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        yield pytest.param(name, field, False, id=f"{name}-minimal")
        yield pytest.param(name, field, True, id=f"{name}-maximal")


@pytest.mark.parametrize(("name", "field", "full"), list(cases()))
async def test_a_mutation_takes_its_inputs_as_variables(name: str, field: GraphQLField, full: bool) -> None:
    taken = {key: arg for key, arg in field.args.items() if full or is_required_argument(arg)}
    variables = {key: sample(arg.type, full=full) for key, arg in taken.items()}
    declared = ", ".join(f"${key}: {arg.type}" for key, arg in taken.items())
    passed = ", ".join(f"{key}: ${key}" for key in taken)
    selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    query = f"mutation M{declared and f'({declared})'} {{ {name}{passed and f'({passed})'}{selection} }}"
    echo = Echo(name, field)
    async with Router(COMPOSED.supergraph_sdl, {path.stem: echo for path in SDL.glob("*.graphql")}) as routed:
        response = await routed.execute({"query": query, "operationName": "M", "variables": variables})
    assert "errors" not in response, response
    assert echo.variables == [variables]


def test_there_are_mutations_with_fields_that_have_defaults() -> None:
    """The case that once was refused is among those above."""
    inputs = [type_ for type_ in CLIENT_SCHEMA.type_map.values() if isinstance(type_, GraphQLInputObjectType)]
    fields = [field for type_ in inputs for field in type_.fields.values()]
    assert any(isinstance(f.type, GraphQLNonNull) and not is_required_input_field(f) for f in fields)
