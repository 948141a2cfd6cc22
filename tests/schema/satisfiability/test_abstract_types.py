"""Interfaces, unions and interface objects whose members differ by subgraph."""

from __future__ import annotations

from schema.report.errors import ErrorCode
from schema.report.hints import HintCode
from tests.schema.satisfiability.graphs import composed, failure, failures, operation


def test_fields_of_an_implementation_are_reached_by_its_key() -> None:
    assert not failures(
        a="""
          type Query { nodes: [Node] } interface Node { id: ID! }
          type T implements Node @key(fields: "id") { id: ID! } type U implements Node { id: ID! }
        """,
        b='type T @key(fields: "id") { id: ID! x: Int }',
    )


def test_an_unreachable_field_of_an_implementation_shows_the_type_condition() -> None:
    found = failure(
        a="""
          type Query { nodes: [Node] } interface Node { id: ID! }
          type T implements Node @key(fields: "id") { id: ID! }
        """,
        b="type T { id: ID! @shareable x: Int }",
    )
    assert operation(found) == "{ nodes { ... on T { x } } }"


def test_a_member_only_one_of_two_subgraphs_can_return_is_never_returned() -> None:
    assert not failures(
        a="type Query { u: U @shareable } union U = A | B type A @shareable { a: Int } type B { b: Int }",
        b="type Query { u: U @shareable } union U = A | C type A @shareable { a: Int } type C { c: Int }",
    )


def test_sharing_subgraphs_that_return_different_types_are_hinted_at() -> None:
    (hint,) = composed(
        a="type Query { u: U @shareable } union U = A type A @shareable { a: Int }",
        b="type Query { u: U @shareable } union U = A | C type A @shareable { a: Int } type C { c: Int }",
    ).hints[-1:]
    assert hint.code is HintCode.INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN
    assert '"b" should never return "C"' in hint.message


def test_sharing_subgraphs_with_no_type_in_common_are_refused() -> None:
    found = failure(
        a="type Query { u: U @shareable } union U = A type A { a: Int }",
        b="type Query { u: U @shareable } union U = C type C { c: Int }",
    )
    assert found.code is ErrorCode.SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES
    assert found.message.endswith('- "a": "A"\n- "b": "C"')


def test_an_interface_object_adds_fields_to_every_implementation() -> None:
    assert not failures(
        a="""
          type Query { nodes: [Node] }
          interface Node @key(fields: "id") { id: ID! }
          type T implements Node @key(fields: "id") { id: ID! }
        """,
        b='type Node @interfaceObject @key(fields: "id") { id: ID! x: Int }',
    )


def test_an_interface_object_learns_the_runtime_type_from_the_interface() -> None:
    assert not failures(
        a="""
          interface Node @key(fields: "id") { id: ID! }
          type T implements Node @key(fields: "id") { id: ID! y: Int }
        """,
        b="""
          type Query { nodes: [Node] }
          type Node @interfaceObject @key(fields: "id") { id: ID! x: Int }
        """,
    )


def test_an_interface_object_that_leads_to_no_interface_cannot_tell_the_type() -> None:
    found = failures(
        a="""
          interface Node @key(fields: "id", resolvable: false) { id: ID! }
          type T implements Node @key(fields: "id", resolvable: false) { id: ID! }
        """,
        b="""
          type Query { nodes: [Node] }
          type Node @interfaceObject @key(fields: "id") { id: ID! x: Int }
        """,
    )
    assert [operation(item) for item in found] == ["{ nodes { ... on T { ... } } }"]
    assert "as an @interfaceObject, and no @key leads from it to the interface itself" in found[0].message
