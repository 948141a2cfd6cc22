"""What composes is valid GraphQL, and what is not is refused where it is written."""

from __future__ import annotations

import graphql
import pytest

from schema import Composition, Location
from tests.schema.composition.support import codes, composed, failures, hints, link, printed


def own(version: str, definition: str) -> str:
    """Links a specification of ours, composes its @my, and defines it."""
    return (
        link()
        + f'extend schema @link(url: "https://example.com/my/{version}", import: ["@my"]) '
        + f'@composeDirective(name: "@my") {definition} '
    )


def is_valid(composition: Composition) -> bool:
    """Does graphql-core find nothing wrong with the supergraph and the API schema?"""
    supergraph = graphql.build_schema(composition.supergraph_sdl)
    return not graphql.validate_schema(supergraph) and bool(graphql.build_schema(composition.api_schema_sdl))


@pytest.mark.parametrize(
    ("newest", "applied", "problem"),
    [
        ("on FIELD_DEFINITION", "@my", '"@my" cannot be applied to "T": it is only for FIELD_DEFINITION.'),
        ("on OBJECT", "@my(a: 1)", '"@my" on "T" has no argument "a".'),
        ("(a: Int!) on OBJECT", "@my", '"@my" on "T" needs the argument "a".'),
        ("(a: String) on OBJECT", "@my(a: 1)", '"@my" on "T": 1 does not fit the type String of "a".'),
    ],
)
def test_an_application_the_newest_definition_of_its_directive_forbids_is_refused_where_it_stands(
    newest: str, applied: str, problem: str
) -> None:
    (failure,) = failures(
        old=own("v1.0", "directive @my(a: Int) on OBJECT")
        + f"type Query {{ t: T }}\ntype T {applied} {{ a: Int }}",
        young=own("v1.1", f"directive @my {newest}") + "type Query { q: Int }",
    )
    assert failure.code == "INVALID_GRAPHQL"
    assert problem in failure.message
    assert failure.locations[0] == Location("old", 3, 8)


def test_a_cost_on_an_interface_object_is_refused() -> None:
    (failure,) = failures(
        a='type Query { i: I } interface I @key(fields: "id") { id: ID! } '
        'type T implements I @key(fields: "id") { id: ID! }',
        b='type I @interfaceObject @key(fields: "id") @cost(weight: 3) { id: ID! x: Int }',
    )
    assert '"@cost" cannot be applied to "I"' in failure.message
    assert [place.subgraph for place in failure.locations] == ["b"]


@pytest.mark.parametrize(
    "directive",
    [
        "@tag(name: null)",
        "@cost(weight: null)",
        "@requiresScopes(scopes: null)",
        "@policy(policies: null)",
        "@override(from: null)",
    ],
)
def test_null_is_no_value_for_a_non_null_argument(directive: str) -> None:
    (failure,) = failures(a=f"type Query {{ a: Int {directive} }}")
    assert failure.code == "INVALID_GRAPHQL"
    assert "null does not fit the type" in failure.message


def test_null_in_a_composed_directive_is_refused() -> None:
    sdl = own("v1.0", "directive @my(a: Int!) on FIELD_DEFINITION") + "type Query { a: Int @my(a: null) }"
    assert codes(a=sdl) == ["INVALID_GRAPHQL"]


def test_list_sizes_have_the_same_rules_when_their_own_specification_is_linked() -> None:
    assert codes(
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") '
        '@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"]) '
        "type Query { q: Int @listSize(assumedSize: -1) }"
    ) == ["LIST_SIZE_APPLIED_TO_NON_LIST", "LIST_SIZE_INVALID_ASSUMED_SIZE"]


@pytest.mark.parametrize(
    "sdl",
    [
        "directive @override on FIELD_DEFINITION type Query { q: Int @override }",
        "directive @inaccessible(reason: String) on FIELD_DEFINITION "
        "type Query { q: Int @inaccessible r: Int }",
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
        'import: [{name: "@key", as: "@deprecated"}]) type Query { q: Int }',
    ],
)
def test_a_name_of_federation_cannot_be_defined_otherwise(sdl: str) -> None:
    assert codes(minor=None, a=sdl) == ["DIRECTIVE_DEFINITION_INVALID"]


@pytest.mark.parametrize(
    "sdl",
    [
        "schema { query: Q mutation: Q } type Q { a: Int }",
        "schema { subscription: Query } type Query { a: Int }",
    ],
)
def test_each_root_has_a_type_of_its_own(sdl: str) -> None:
    (failure,) = failures(a=sdl)
    assert failure.code == "INVALID_GRAPHQL"
    assert "is both the query and the" in failure.message
    assert failure.locations


def test_an_enum_value_listed_twice_has_what_both_listings_say() -> None:
    composition = composed(a="type Query { r: Role } enum Role { ADMIN ADMIN @inaccessible USER }")
    assert "ADMIN @inaccessible @join__enumValue(graph: A)" in printed(composition, "enum Role")
    assert "ADMIN" not in composition.api_schema_sdl


def test_what_only_the_supergraph_shows_to_be_invalid_names_its_places() -> None:
    found = failures(
        a="type Query { i: I } interface I { x: Int } type T implements I { x: Int }",
        b="type Query { j: I } interface I { x(n: Int): Int } type U implements I { x(n: Int): Int }",
        c="type T { x(n: Int): Int @shareable }",
    )
    assert all(failure.locations for failure in found)


def test_a_composed_directive_on_an_external_field_is_left_out_with_a_hint() -> None:
    sdl = own("v1.0", "directive @my on FIELD_DEFINITION")
    graph = {
        "a": sdl + 'type Query { t: T } type T @key(fields: "id") { id: ID! a: Int @external @my '
        'b: Int @requires(fields: "a") }',
        "b": link() + 'type T @key(fields: "id") { id: ID! a: Int }',
    }
    assert "@my" not in printed(composed(**graph), "type T")
    assert "DIRECTIVE_COMPOSITION_WARN" in hints(**graph)


@pytest.mark.parametrize(
    "query",
    [
        "q(x: Int = 3000000000): Int",
        "q(x: Int = -2147483649): Int",
        "q(x: I = {}): Int",
        "q(x: [I] = [{}]): Int",
    ],
)
def test_a_default_that_is_no_value_of_its_type_is_refused(query: str) -> None:
    (failure,) = failures(a=f"type Query {{ {query} }} input I {{ a: Int! b: Int }}")
    assert "does not fit its type" in failure.message


def test_a_deprecation_whose_reason_is_null_is_none() -> None:
    api = composed(
        a="type Query { q(x: Int! @deprecated(reason: null)): Int @deprecated(reason: null) }"
    ).api_schema_sdl
    assert "deprecated" not in api


def test_a_specification_cannot_be_linked_under_what_is_no_name() -> None:
    sdl = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "F-1")'
    assert codes(a=sdl + " type Query { q: Int }") == ["INVALID_LINK_DIRECTIVE_USAGE"]


@pytest.mark.parametrize("names", [("🚀",), ("🚀", "🌍"), ("__", "a"), ("__x", "subgraph_x")])
def test_a_subgraph_may_have_any_name(names: tuple[str, ...]) -> None:
    composition = composed(**{name: f"type Query {{ q{i}: Int }}" for i, name in enumerate(names)})
    assert is_valid(composition)


@pytest.mark.parametrize(
    ("sdl", "kept"),
    [
        ("type join__X { a: Int }", "join__X"),
        ("type link__X { a: Int }", "link__X"),
        ("type _Any { a: Int }", "_Any"),
    ],
)
def test_names_of_the_machinery_are_refused_rather_than_dropped(sdl: str, kept: str) -> None:
    (failure,) = failures(minor=None, a=f"type Query {{ q: Int }} {sdl}")
    assert failure.code == "INVALID_GRAPHQL"
    assert f'"{kept}"' in failure.message


def test_built_in_scalars_take_no_directives() -> None:
    (failure,) = failures(a="scalar String @unknown type Query { q: Int }")
    assert '"@unknown" cannot be applied to "String"' in failure.message


def test_only_what_join_defines_can_be_imported_from_it() -> None:
    sdl = link() + 'extend schema @link(url: "https://specs.apollo.dev/join/v0.3", import: ["@nope"])'
    assert codes(a=sdl + " type Query { q: Int }") == ["INVALID_LINK_DIRECTIVE_USAGE"]


def test_a_key_that_selects_a_field_twice_is_the_key_that_selects_it_once() -> None:
    assert composed(
        a='type Query { i: I } interface I @key(fields: "b { c }") { b: B } '
        'type T implements I @key(fields: "b { c } b { c c }") { b: B } type B { c: Int }'
    )


@pytest.mark.parametrize("minor", [None, 12])
def test_a_key_on_an_extension_of_the_query_type_is_one_of_an_extension(minor: int | None) -> None:
    graph = composed(minor=minor, a='extend type Query @key(fields: "id") { id: ID! }')
    assert '@join__type(graph: A, key: "id", extension: true)' in printed(graph, "type Query")
