"""Variants of a supergraph: what tags include and exclude, what follows from that, what is refused."""

from __future__ import annotations

import pytest
from graphql import parse

from schema.api_schema import api_schema_sdl, read_supergraph_schema
from schema.contract import Contract, apply_contract, tags_of
from schema.model.print_schema import print_schema
from schema.report.errors import CompositionError, ErrorCode

LINKED = """
  schema
    @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
    @link(url: "https://specs.apollo.dev/tag/v0.3")
  { query: Query }
  directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
  directive @join__type(graph: join__Graph!) repeatable on OBJECT
  directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
    | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
  scalar link__Import
  enum link__Purpose { SECURITY EXECUTION }
  enum join__Graph { A }
"""


def variant(
    schema: str, *, include: set[str] | None = None, exclude: set[str] | None = None, hide: bool = False
) -> list[str]:
    """The lines of the variant's API schema, read back from the variant's own supergraph text."""
    contract = Contract(frozenset(include or ()), frozenset(exclude or ()), hide)
    supergraph = print_schema(apply_contract(read_supergraph_schema(LINKED + schema), contract))
    return [line.strip() for line in api_schema_sdl(supergraph).splitlines() if line.strip(" }")]


def codes(schema: str, **tags: set[str]) -> list[ErrorCode]:
    with pytest.raises(CompositionError) as raised:
        variant(schema, **tags)  # type: ignore[arg-type]
    return [error.code for error in raised.value.errors]


def test_excluded_tags_hide_what_they_are_on() -> None:
    schema = """
      type Query { a(b: Int @tag(name: "internal"), c: Color): Int, d: Int @tag(name: "internal") }
      type Audit @tag(name: "internal") { a: Int }
      enum Color { RED BLUE @tag(name: "internal") }
    """
    assert variant(schema, exclude={"internal"}) == [
        "enum Color {",
        "RED",
        "type Query {",
        "a(c: Color): Int",
    ]


def test_included_tags_keep_only_tagged_fields() -> None:
    schema = """
      type Query { users: [User!]! @tag(name: "partner"), secrets: Int }
      type User { id: ID! @tag(name: "partner"), email: String }
    """
    assert variant(schema, include={"partner"}) == [
        "type Query {",
        "users: [User!]!",
        "type User {",
        "id: ID!",
    ]


def test_a_tag_on_a_type_counts_for_its_fields() -> None:
    schema = """
      type Query { user: User @tag(name: "partner") }
      type User @tag(name: "partner") { id: ID!, email: String @tag(name: "private") }
    """
    assert "email: String" in variant(schema, include={"partner"})
    assert "email: String" not in variant(schema, include={"partner"}, exclude={"private"})


def test_inputs_enums_and_scalars_need_no_tag_to_be_included() -> None:
    schema = """
      type Query { found(by: By, at: Date, color: Color): Int @tag(name: "partner") }
      input By { id: ID }
      scalar Date
      enum Color { RED }
    """
    assert "found(at: Date, by: By, color: Color): Int" in variant(schema, include={"partner"})


def test_untagged_unions_are_left_out() -> None:
    schema = """
      type Query { a: Int @tag(name: "partner") }
      union Kept @tag(name: "partner") = Query
      union Gone = Query
    """
    assert [line for line in variant(schema, include={"partner"}) if line.startswith("union")] == [
        "union Kept = Query"
    ]


def test_a_type_left_empty_is_hidden_with_the_fields_that_return_it() -> None:
    schema = """
      type Query { a: Int, audit: Audit, logs(filter: Filter): Logs }
      type Audit { at: Int @tag(name: "internal") }
      type Logs { all: [Audit] }
      input Filter { raw: Int @tag(name: "internal") }
    """
    assert variant(schema, exclude={"internal"}) == ["type Query {", "a: Int"]


def test_unreachable_types_are_hidden_on_request() -> None:
    schema = """
      directive @log(level: Level) on FIELD
      type Query { a: Node }
      interface Node { id: ID! }
      type User implements Node { id: ID!, name(in: Case): String }
      enum Case { UPPER }
      enum Level { LOW }
      type Orphan { id: ID!, other: Other }
      type Other { id: ID! }
      input Unused { a: Int }
      scalar Never
    """
    shown = variant(schema, hide=True)
    assert not {"type Orphan {", "type Other {", "input Unused {", "scalar Never"} & set(shown)
    assert {"enum Level {", "enum Case {", "type User implements Node {", "interface Node {"} <= set(shown)
    assert "type Orphan {" in variant(schema)


def test_what_was_inaccessible_stays_so() -> None:
    schema = LINKED.replace(
        '@link(url: "https://specs.apollo.dev/tag/v0.3")',
        '@link(url: "https://specs.apollo.dev/tag/v0.3") @link(url: "https://specs.apollo.dev/inaccessible/v0.2")',
    )
    schema += """
      directive @inaccessible on FIELD_DEFINITION | OBJECT
      type Query { a: Int, b: Int @inaccessible, c: Int @tag(name: "x") }
    """
    contract = Contract(exclude_tags=frozenset({"x"}))
    text = print_schema(apply_contract(read_supergraph_schema(schema), contract))
    assert api_schema_sdl(text) == "type Query {\n  a: Int\n}"
    assert text.count("https://specs.apollo.dev/inaccessible/v0.2") == 1


def test_the_given_supergraph_is_not_changed() -> None:
    schema = read_supergraph_schema(LINKED + 'type Query { a: Int, b: Int @tag(name: "x") }')
    before = print_schema(schema)
    apply_contract(schema, Contract(exclude_tags=frozenset({"x"})))
    assert print_schema(schema) == before


def test_the_variant_is_a_supergraph_other_tools_can_parse() -> None:
    schema = read_supergraph_schema(LINKED + 'type Query { a: Int, b: Int @tag(name: "x") }')
    text = print_schema(apply_contract(schema, Contract(exclude_tags=frozenset({"x"}))))
    assert "for: SECURITY" in text
    assert parse(text).definitions
    assert api_schema_sdl(text) == "type Query {\n  a: Int\n}"


def test_a_contract_that_leaves_nothing_says_so() -> None:
    schema = "type Query { a: Int }"
    assert codes(schema, include={"partner"}) == [ErrorCode.QUERY_ROOT_TYPE_INACCESSIBLE]


def test_a_visible_field_of_an_excluded_type_is_refused() -> None:
    schema = 'type Query { a: Int, audit: Audit } type Audit @tag(name: "internal") { at: Int }'
    assert codes(schema, exclude={"internal"}) == [ErrorCode.REFERENCED_INACCESSIBLE]


def test_a_required_argument_cannot_be_excluded() -> None:
    schema = 'type Query { a(b: Int! @tag(name: "internal")): Int }'
    assert codes(schema, exclude={"internal"}) == [ErrorCode.REQUIRED_INACCESSIBLE]


def test_without_tags_in_the_graph_an_exclusion_changes_nothing() -> None:
    supergraph = read_supergraph_schema("type Query { a: Int }")
    assert print_schema(apply_contract(supergraph, Contract(exclude_tags=frozenset({"x"})))) == print_schema(
        supergraph
    )


def test_a_tag_that_no_element_can_have_is_refused() -> None:
    schema = "type Query @join__type(graph: A) { a: Int }"
    assert codes(schema, include={"two words"}, exclude={"9"}) == [ErrorCode.INVALID_TAG_NAME] * 2


def test_tags_are_found_wherever_they_may_stand() -> None:
    schema = """
      type Query @join__type(graph: A) @tag(name: "object") {
        a(b: Int @tag(name: "argument")): Int @tag(name: "field") @tag(name: "twice")
      }
      interface I @tag(name: "interface") { a: Int }
      union U @tag(name: "union") = Query
      scalar S @tag(name: "scalar")
      enum E @tag(name: "enum") { V @tag(name: "value") }
      input N @tag(name: "input") { a: Int @tag(name: "input field") }
    """
    assert tags_of(read_supergraph_schema(LINKED + schema)) == {
        "object", "argument", "field", "twice", "interface", "union", "scalar", "enum", "value", "input",
        "input field",
    }  # fmt: skip
