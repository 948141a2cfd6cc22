"""@requires, @provides, @external, @override, contexts: fields that take more than an object to stand on."""

from __future__ import annotations

from tests.schema.satisfiability.graphs import failure, failures, operation


def test_required_fields_are_fetched_from_where_they_are() -> None:
    assert not failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! size: Int }',
        b='type T @key(fields: "id") { id: ID! size: Int @external x: Int @requires(fields: "size") }',
    )


def test_a_type_condition_within_a_type_condition_asks_nothing_of_other_types() -> None:
    types = """
      interface Shape { size: Int } interface Round implements Shape { size: Int }
      type Disc implements Shape & Round @shareable { size: Int r: Int }
      type Ring implements Shape & Round @shareable { size: Int w: Int }
    """
    wanted = "shape { ... on Round { size ... on Disc { r } ... on Ring { w } } }"
    assert not failures(
        a=f'type Query {{ t: T }} type T @key(fields: "id") {{ id: ID! shape: Shape }} {types}',
        b=f"""
          type T @key(fields: "id") {{ id: ID! shape: Shape @external x: Int @requires(fields: "{wanted}") }}
          {types}
        """,
    )


def test_required_fields_that_cannot_be_fetched_are_named() -> None:
    size, x = failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") { id: ID! size: Int @external x: Int @requires(fields: "size") }',
        c="type T { size: Int }",
    )
    assert (operation(size), operation(x)) == ("{ t { size } }", "{ t { x } }")
    assert '"T.x" @requires "size", but "size" cannot be fetched from there' in x.message


def test_a_field_with_requires_needs_a_key_to_come_back_by() -> None:
    found = failure(
        a="""
          type Query { t: T }
          type T { id: ID! @shareable box: Box @shareable x: Int @requires(fields: "box { size }") }
          type Box @key(fields: "id") { id: ID! size: Int @external }
        """,
        b='type Box @key(fields: "id") { id: ID! size: Int }',
    )
    assert operation(found) == "{ t { x } }"
    assert 'but "T" has no @key to come back by' in found.message
    assert found.remedy == 'Add a @key to "T" in "a".'


def test_a_provided_field_is_resolved_on_the_path_that_provides_it_only() -> None:
    found = failure(
        a="""
          type Query { with: T @provides(fields: "x") without: T }
          type T @key(fields: "id") { id: ID! x: Int @external }
        """,
        b='type T @key(fields: "id", resolvable: false) { id: ID! x: Int @shareable }',
    )
    assert operation(found) == "{ without { x } }"
    assert '"T.x" is only @external there' in found.message


def test_provided_fields_count_below_lists_and_type_conditions() -> None:
    assert not failures(
        a="""
          type Query { found: [Result!]! @provides(fields: "... on T { box { x } }") }
          union Result = T | U
          type T @key(fields: "id") { id: ID! box: Box @external }
          type U { id: ID! }
          type Box { x: Int @external }
        """,
        b="""
          type T @key(fields: "id", resolvable: false) { id: ID! @shareable box: Box @shareable }
          type Box { x: Int @shareable }
        """,
    )


def test_a_field_on_the_move_is_reached_for_both_values_of_its_label() -> None:
    assert not failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
        b='type T @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "moving") }',
    )


def test_a_field_on_the_move_to_an_unreachable_subgraph_is_a_failure() -> None:
    found = failure(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
        b='type T { id: ID! @shareable x: Int @override(from: "a", label: "moving") }',
    )
    assert 'only while the label "moving" is false' in found.message


def test_a_label_has_one_value_within_an_operation() -> None:
    moved = """
      type T @key(fields: "id", resolvable: false) {
        id: ID!
        next: T @override(from: "a", label: "moving")
        other: Int @override(from: "a", label: "moving")
      }
    """
    assert not failures(
        a='type Query { t: T @shareable } type T @key(fields: "id") { id: ID! next: T other: Int }',
        b="type Query { t: T @shareable }" + moved,
    )


def test_conditions_may_not_rest_on_a_field_that_is_being_moved() -> None:
    found = failure(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! size: Int }',
        b='type T @key(fields: "id") { id: ID! size: Int @override(from: "a", label: "moving") }',
        c='type T @key(fields: "id") { id: ID! size: Int @external x: Int @requires(fields: "size") }',
    )
    assert operation(found) == "{ t { x } }"


CONTEXT = """
  type Query {{ {root} }}
  type Outer @context(name: "c") @key(fields: "id") {{ id: ID! prop: String! inner: Inner }}
  type Inner @key(fields: "id") {{ id: ID! field(a: String @fromContext(field: "$c {{ prop }}")): Int }}
"""


def test_a_context_set_on_the_way_is_found() -> None:
    assert not failures(a=CONTEXT.format(root="outer: Outer"))


def test_a_field_reached_without_its_context_is_a_failure() -> None:
    found = failure(a=CONTEXT.format(root="outer: Outer inner: Inner"))
    assert operation(found) == "{ inner { field } }"
    assert 'needs the context "c"' in found.message


def test_a_context_is_also_found_when_its_setter_gets_the_value_elsewhere() -> None:
    assert not failures(
        a="""
          type Query { outer: Outer }
          type Outer @context(name: "c") @key(fields: "id") { id: ID! prop: String! @external inner: Inner }
          type Inner @key(fields: "id") { id: ID! field(a: String @fromContext(field: "$c { prop }")): Int }
        """,
        b='type Outer @key(fields: "id") { id: ID! prop: String! }',
    )
