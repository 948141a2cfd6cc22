"""Variables of usual kinds are taken at once, as graphql-core takes them; all others are graphql-core's."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, get_variable_values, parse

from subgraphs.kit.execution import variables
from subgraphs.kit.execution.variables import MOST_ERRORS, Variables

SCHEMA = build_schema("scalar _Any input At { place: String } type Query { a: Int id: ID is: Boolean }")
DECLARED = "$any: [_Any!]!, $text: String, $id: ID!, $texts: [String!], $is: Boolean"
USUAL = {"any": [{"__typename": "A", "id": "1"}], "text": "t", "id": "i", "texts": ["x"], "is": True}
OTHER: list[dict[str, Any]] = [
    {"any": {"__typename": "A"}},
    {"any": [None]},
    {"any": ["text"]},
    {"any": None},
    {"text": 1},
    {"id": 7},
    {"id": None},
    {"texts": "x"},
    {"texts": ["x", None]},
    {"texts": ["x", 1]},
    {"is": "true"},
]


def declared(text: str) -> Any:
    (operation,) = parse(f"query({text}) {{ a }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation.variable_definitions


def told(values: Any) -> Any:
    """What can be compared of either answer."""
    if isinstance(values, list):
        return [error.message for error in values if isinstance(error, GraphQLError)]
    return values.coerced, {name: source.value for name, source in values.sources.items()}


@pytest.mark.parametrize("other", [{}, {"text": None, "texts": None, "is": None}, {"any": []}, *OTHER])
def test_variables_are_taken_as_graphql_core_takes_them(other: dict[str, Any]) -> None:
    nodes, given = declared(DECLARED), {**USUAL, **other}
    theirs = get_variable_values(SCHEMA, nodes, given, max_errors=MOST_ERRORS)
    assert told(Variables(SCHEMA, nodes).coerce(given)) == told(theirs)


@pytest.mark.parametrize("absent", list(USUAL))
def test_one_that_is_absent_is_graphql_cores_to_judge(absent: str) -> None:
    nodes, given = declared(DECLARED), {name: value for name, value in USUAL.items() if name != absent}
    theirs = get_variable_values(SCHEMA, nodes, given, max_errors=MOST_ERRORS)
    assert told(Variables(SCHEMA, nodes).coerce(given)) == told(theirs)


@pytest.mark.parametrize(
    "text", ["$at: At", "$id: ID! = 1", "$n: Int", "$all: [[String!]!]!", "$no: Nothing"]
)
def test_other_types_and_defaults_are_graphql_cores(text: str) -> None:
    nodes, given = declared(text), {"at": {"place": "x"}, "n": 1, "all": [["x"]]}
    theirs = get_variable_values(SCHEMA, nodes, given, max_errors=MOST_ERRORS)
    assert told(Variables(SCHEMA, nodes).coerce(given)) == told(theirs)


def test_usual_ones_never_reach_graphql_core(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = Variables(SCHEMA, declared(DECLARED))
    monkeypatch.setattr(variables, "get_variable_values", None)
    assert told(nodes.coerce(USUAL)) == (USUAL, USUAL)
