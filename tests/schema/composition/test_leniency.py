"""What schemas in the wild look like and composition takes without complaint, as the reference does."""

from __future__ import annotations

import pytest

from schema.language.parser import parse_document
from tests.schema.composition.support import codes, composed, printed

Q = "type Query { a: Int }"


def test_a_query_root_without_fields_is_fine_beside_one_with() -> None:
    assert composed(a="type Query", b=Q).supergraph_sdl
    assert codes(a="type Query") == ["NO_QUERIES"]


def test_every_subgraph_has_a_query_root() -> None:
    query = printed(composed(a=Q, b="scalar S"), "type Query")
    assert query == (
        "type Query @join__type(graph: A) @join__type(graph: B) { a: Int @join__field(graph: A) }"
    )


def test_service_types_and_fields_may_be_spelled_out() -> None:
    supergraph = composed(
        a="type Query { a: T _service: _Service! _entities(representations: [_Any!]!): [_Entity]! } "
        'type T @key(fields: "id") { id: ID! } union _Entity = T scalar _Any type _Service { sdl: String! }'
    ).supergraph_sdl
    assert "_Service" not in supergraph
    assert "_entities" not in supergraph


def test_linked_definitions_may_be_spelled_out() -> None:
    supergraph = composed(
        a="""
          extend schema
            @link(url: "https://specs.apollo.dev/link/v1.0")
            @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "FieldSet"])
          directive @link(url: String!, as: String, for: link__Purpose, import: [link__Import])
            repeatable on SCHEMA
          scalar link__Import
          scalar link__Purpose
          directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
          scalar FieldSet
          type Query { t: T }
          type T @key(fields: "id") { id: ID! }
        """
    ).supergraph_sdl
    assert "FieldSet" not in supergraph.replace("join__FieldSet", "")


def test_a_directive_of_federation_1_defined_without_its_types_is_refused() -> None:
    assert codes(minor=None, a=f"directive @key(fields: _FieldSet!) repeatable on OBJECT {Q}") == [
        "INVALID_GRAPHQL"
    ]


def test_built_in_scalars_and_directives_may_be_defined() -> None:
    supergraph = composed(
        a=f"scalar Int scalar ID directive @deprecated(reason: String) on FIELD_DEFINITION {Q} "
        "directive @stream on FIELD"
    ).supergraph_sdl
    assert "scalar Int" not in supergraph
    assert "directive @stream" not in supergraph


def test_fragments_that_apply_in_another_subgraph_only_are_allowed_in_field_sets() -> None:
    assert composed(
        a="type Query { t: T } interface I { x: Int } "
        'type B implements I @key(fields: "x") { x: Int @shareable y: Int } '
        'type T @key(fields: "id") { id: ID! i: I }',
        b="interface I { x: Int } "
        'type B @key(fields: "x") { x: Int @shareable y: Int @external } '
        'type T @key(fields: "id") { id: ID! i: I @external '
        'f: Int @requires(fields: "i { x ... on B { y } }") }',
    ).supergraph_sdl


def test_an_enum_value_may_be_listed_twice() -> None:
    assert "enum E {\n  A\n  B\n}" in composed(a="type Query { e: E } enum E { A B A }").api_schema_sdl


def test_null_may_be_given_to_a_directive_of_the_subgraph_itself() -> None:
    assert composed(
        a="directive @d(x: Int!) on FIELD_DEFINITION type Query { a: Int @d(x: null) }"
    ).supergraph_sdl


def test_namespaced_tags_keep_their_name_in_the_supergraph() -> None:
    supergraph = composed(
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.3") '
        'type Query { a: Int @federation__tag(name: "t") }'
    ).supergraph_sdl
    assert 'import: [{name: "@tag", as: "@federation__tag"}]' in supergraph
    assert 'a: Int @federation__tag(name: "t")' in supergraph


def test_nobody_but_the_supergraph_may_use_the_names_of_join() -> None:
    sdl = """
      extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective"])
        @link(url: "https://example.com/loud/v1.0", import: [{name: "@loud", as: "@join__field"}])
        @composeDirective(name: "@join__field")
      directive @join__field on FIELD_DEFINITION
      type Query { a: Int @join__field }
    """
    assert codes(a=sdl) == ["INVALID_LINK_DIRECTIVE_USAGE"]


@pytest.mark.parametrize(
    "text",
    ["  indented\\n  twice", "ends with \\\\", 'quotes \\"\\"\\" inside', "tab\\tbell\\u0007", "\\n", ""],
)
def test_descriptions_survive_being_printed(text: str) -> None:
    sdl = f'{Q} "{text}" scalar S'
    supergraph = composed(a=sdl).supergraph_sdl
    assert _description(supergraph) == _description(sdl)


def _description(sdl: str) -> str | None:
    return next(node.description for node in parse_document(sdl).types if node.name == "S")
