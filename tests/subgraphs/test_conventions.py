"""What docs/graphql-conventions.md says, of every domain's schema."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_specified_scalar_type,
)

from subgraphs.registry import DOMAINS, schema_of

OF_FEDERATION = {"_service", "_entities"}
OWNED = {
    "users": {"User", "Organization"},
    "posts": {"Post"},
    "catalog": {"Artist", "Album", "Track", "Genre", "Playlist"},
    "events": {"Event", "Venue"},
    "tickets": {"TicketType", "Registration", "Ticket"},
    "payments": {"Payment", "Refund"},
    "teachers": {"Teacher"},
    "students": {"Student"},
    "groups": {"Group"},
    "calendar": {"Lesson"},
    "interactions": {"Comment"},
    "feed": set(),
    "processing": {"ProcessingJob"},
    "streaming": set(),
    "media": {"Media"},
    "notifications": {"Notification"},
    "analytics": set(),
}
"""Entities whose non-null fields this subgraph answers for."""
KEYS = {"id", "username", "telegramId"}


def graph(domain: str) -> GraphQLSchema:
    return schema_of(domain)._schema


def types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for name, kind in schema.type_map.items():
        if not name.startswith(("_", "link__")) and not (
            isinstance(kind, GraphQLScalarType) and is_specified_scalar_type(kind)
        ):
            yield kind


def fields(kind: GraphQLNamedType) -> Iterator[tuple[str, GraphQLField]]:
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            if name not in OF_FEDERATION:
                yield name, field


def undescribed(schema: GraphQLSchema) -> Iterator[str]:
    for kind in types(schema):
        if not kind.description:
            yield kind.name
        for name, field in fields(kind):
            if not field.description:
                yield f"{kind.name}.{name}"
            yield from (f"{kind.name}.{name}({a}:)" for a, arg in field.args.items() if not arg.description)
        if isinstance(kind, GraphQLInputObjectType):
            yield from (f"{kind.name}.{n}" for n, each in kind.fields.items() if not each.description)
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{kind.name}.{n}" for n, value in kind.values.items() if not value.description)


@pytest.mark.parametrize("domain", DOMAINS)
def test_everything_is_described(domain: str) -> None:
    assert list(undescribed(graph(domain))) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_optional_input_is_absent_and_not_null(domain: str) -> None:
    assert "= null" not in schema_of(domain).as_str()


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_mutation_has_one_input_and_a_nullable_payload_with_errors(domain: str) -> None:
    schema = graph(domain)
    assert schema.mutation_type is not None
    for name, field in schema.mutation_type.fields.items():
        title = name[0].upper() + name[1:]
        assert re.fullmatch(r"[a-z]+([A-Z][a-zA-Z]*)?", name)
        assert {at: str(arg.type) for at, arg in field.args.items()} == {"input": f"{title}Input!"}
        payload = field.type
        assert isinstance(payload, GraphQLObjectType), f"{name} is nullable"
        assert payload.name == f"{title}Payload"
        kinds = {at: each.type for at, each in payload.fields.items()}
        assert str(kinds.pop("errors")) == "[UserError!]!"
        assert len(kinds) == 1
        assert not any(isinstance(kind, GraphQLNonNull) for kind in kinds.values())


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_root_field_is_nullable(domain: str) -> None:
    schema = graph(domain)
    assert schema.query_type is not None
    strict = [n for n, field in fields(schema.query_type) if isinstance(field.type, GraphQLNonNull)]
    assert strict == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_field_on_anothers_entity_and_a_field_of_anothers_type_is_nullable(domain: str) -> None:
    entities = {name for owned in OWNED.values() for name in owned}
    foreign = entities - OWNED[domain]
    for kind in types(graph(domain)):
        for name, field in fields(kind):
            if kind.name in foreign and name not in KEYS:
                assert not isinstance(field.type, GraphQLNonNull), f"{kind.name}.{name}"
            element = re.search(r"(\w+)!", str(field.type))
            assert element is None or element[1] not in foreign, f"{kind.name}.{name}: {field.type}"


@pytest.mark.parametrize("domain", DOMAINS)
def test_user_errors_are_types_of_one_interface(domain: str) -> None:
    schema = graph(domain)
    interface = schema.type_map["UserError"]
    assert isinstance(interface, GraphQLInterfaceType)
    assert {at: str(field.type) for at, field in interface.fields.items()} == {
        "message": "String!",
        "code": "String!",
        "path": "[String!]!",
    }
    kinds = {kind.name for kind in schema.get_implementations(interface).objects}
    assert {"InvalidInput", "NotFound", "Conflict"} <= kinds
    assert not any(
        isinstance(kind, GraphQLUnionType) for kind in types(schema) if not kind.name.startswith("_")
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_scalars_say_where_they_are_specified(domain: str) -> None:
    own = [kind for kind in types(graph(domain)) if isinstance(kind, GraphQLScalarType)]
    assert [kind.name for kind in own if not kind.specified_by_url] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_lists_that_grow_are_connections_that_count_on_demand(domain: str) -> None:
    for kind in types(graph(domain)):
        if kind.name.endswith("Connection"):
            assert {"edges", "nodes", "pageInfo", "totalCount"} == {name for name, _ in fields(kind)}
        for name, field in fields(kind):
            if str(field.type).rstrip("!").endswith("Connection"):
                assert {"first", "after", "last", "before"} <= set(field.args), f"{kind.name}.{name}"
