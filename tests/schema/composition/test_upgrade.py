"""Federation 1 subgraphs among themselves and beside federation 2."""

from __future__ import annotations

from schema import compose
from tests.schema.composition.support import codes, composed, definitions, printed


def test_value_types_and_shared_entity_fields_become_shareable() -> None:
    composition = composed(
        minor=None,
        a='type Query { u: User } type User @key(fields: "id") { id: ID! name: String } type Money { '
        "n: Int }",
        b='extend type User @key(fields: "id") { id: ID! @external name: String } type Money { n: Int }',
    )
    user = printed(composition, "type User")
    assert "name: String }" in user
    assert "@join__field" not in user
    assert "type Money @join__type(graph: A) @join__type(graph: B)" in printed(composition, "type Money")


def test_key_fields_of_extended_types_are_not_external() -> None:
    composition = composed(
        minor=None,
        a='type Query { u: User } type User @key(fields: "id") { id: ID! name: String }',
        b='type User @key(fields: "id") @extends { id: ID! @external posts: Int }',
    )
    assert "external" not in printed(composition, "type User")


def test_requires_keeps_only_what_is_external() -> None:
    composition = composed(
        minor=None,
        a='type Query { u: User } type User @key(fields: "id") { id: ID! name: String }',
        b='extend type User @key(fields: "id") { id: ID! @external name: String @external own: Int '
        'hi: String @requires(fields: "name own") }',
    )
    assert 'requires: "name")' in printed(composition, "type User")


def test_field_sets_may_be_lists_or_names() -> None:
    composition = composed(
        minor=None,
        a='type Query { u: User } type User @key(fields: ["id", "org"]) @key(fields: id) { id: ID! '
        "org: ID! }",
    )
    user = printed(composition, "type User")
    assert 'key: "id org"' in user
    assert 'key: "id")' in user


def test_keys_on_interfaces_and_unused_externals_are_dropped() -> None:
    composition = composed(
        minor=None,
        a='type Query { i: I } interface I @key(fields: "id") { id: ID! } type T implements I { id: ID! }',
        b="type Query { b: Int } type T { id: ID! x: Int @external }",
    )
    assert "key" not in printed(composition, "interface I")
    assert "x: Int" not in printed(composition, "type T")


def test_service_fields_that_servers_print_are_ignored() -> None:
    composition = composed(
        minor=None, a="type Query { a: Int _service: _Service! } type _Service { sdl: String }"
    )
    assert "_service" not in composition.supergraph_sdl


def test_definitions_that_tools_generated_wrongly_are_accepted() -> None:
    composition = composed(
        minor=None,
        a='directive @key(fields: String) on OBJECT type Query { t: T } type T @key(fields: "id") { '
        "id: ID! }",
    )
    assert 'key: "id"' in printed(composition, "type T")


def test_federation_1_beside_federation_2() -> None:
    subgraphs = [
        *definitions(
            minor=None, a='type Query { u: User } type User @key(fields: "id") { id: ID! name: String }'
        ),
        *definitions(b='type User @key(fields: "id") { id: ID! name: String @shareable }'),
    ]
    assert "name: String\n" in compose(subgraphs).supergraph_sdl


def test_one_upgrade_does_not_change_what_another_sees() -> None:
    # Upgrading "a" first once made its key fields look external to the upgrade of "c".
    assert composed(
        minor=None,
        a="type Query { a: Entity } "
        'extend type Entity @key(fields: "id") @key(fields: "name") '
        "{ id: ID! @external name: String @external }",
        c='type Query { c: Entity } type Entity @key(fields: "id") { id: ID! name: String }',
    ).supergraph_sdl


def test_an_extension_of_nothing_is_refused() -> None:
    assert codes(minor=None, a='extend type T @key(fields: "id") { id: ID! } type Query { t: T }') == [
        "EXTENSION_WITH_NO_BASE"
    ]


def test_directives_of_federation_2_need_a_link() -> None:
    assert codes(minor=None, a="type Query { a: Int @shareable }") == ["INVALID_GRAPHQL"]
