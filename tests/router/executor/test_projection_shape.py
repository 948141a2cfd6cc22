"""The shape of an answer where fragments are wider or narrower than the position they stand at."""

from __future__ import annotations

from graphql import build_schema, parse
from graphql.language import OperationDefinitionNode

from router.executor.projection import Projection
from router.json import dumps, loads

SCHEMA = build_schema(
    "type Query { i: I u: U } interface I { id: ID next: I } union U = A "
    "type A implements I { id: ID only: Int! next: A }"
)


def project(operation: str, data: dict[str, object]) -> object:
    definition = parse(operation).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    projected, errors = Projection(SCHEMA, definition, {}).variant({}).project(data)
    assert errors == []
    return loads(dumps(projected))


def test_a_fragment_on_the_only_implementation_applies_to_objects_without_a_typename() -> None:
    operation = "{ i { ... on A { only } id } u { ... on A { only } } }"
    data: dict[str, object] = {"i": {"only": 1, "id": "x", "more": 2}, "u": {"only": 3}}
    answer = project(operation, data)
    assert answer == {"i": {"only": 1, "id": "x"}, "u": {"only": 3}}


def test_a_fragment_on_a_wider_type_adds_its_fields() -> None:
    assert project("{ u { ... on I { id } } }", {"u": {"id": "x"}}) == {"u": {"id": "x"}}


def test_one_key_written_on_two_types_has_the_fields_of_both() -> None:
    operation = "{ i { next { id } ... on A { next { only } } } }"
    assert project(operation, {"i": {"next": {"id": "x", "only": 1}}}) == {
        "i": {"next": {"id": "x", "only": 1}}
    }
