"""What clients see of a supergraph: no machinery, nothing hidden, everything else as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, is_object_type

from schema.api_schema import api_schema, api_schema_sdl, read_supergraph_schema
from schema.report.errors import CompositionError, ErrorCode, Location
from schema.supergraph import Supergraph

LINKED = """
  schema
    @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
    @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  { query: Query }
  directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
  directive @join__type(graph: join__Graph!) repeatable
    on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR
    | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
  scalar link__Import
  enum link__Purpose { SECURITY EXECUTION }
  enum join__Graph { A B }
"""


def codes(supergraph: str) -> list[ErrorCode]:
    with pytest.raises(CompositionError) as raised:
        api_schema(supergraph)
    return sorted(error.code for error in raised.value.errors)


def lines(text: str) -> str:
    """Text without its common indentation, as api_schema_sdl prints it."""
    rows = text.strip("\n").split("\n")
    indent = len(rows[0]) - len(rows[0].lstrip())
    return "\n".join(row[indent:] for row in rows).rstrip()


def test_machinery_of_linked_features_is_gone() -> None:
    printed = api_schema_sdl(LINKED + "type Query @join__type(graph: A) { a: Int }")
    assert printed == "type Query {\n  a: Int\n}"


def test_everything_hidden_is_gone_and_what_is_left_is_a_schema() -> None:
    supergraph = (
        LINKED
        + """
      type Query { user: User, secret: Secret @inaccessible, found: [Result!]! }
      type User implements Node & Audited {
        id: ID!
        state(at: Int, raw: Boolean = true @inaccessible): State
      }
      interface Node { id: ID! }
      interface Audited @inaccessible { id: ID! }
      type Secret @inaccessible { id: ID! }
      union Result = User | Secret
      enum State { ON OFF @inaccessible }
      input Filter { a: Int, b: Int @inaccessible }
    """
    )
    assert api_schema_sdl(supergraph) == lines("""
      input Filter {
        a: Int
      }

      interface Node {
        id: ID!
      }

      type Query {
        found: [Result!]!
        user: User
      }

      union Result = User

      enum State {
        ON
      }

      type User implements Node {
        id: ID!
        state(at: Int): State
      }
    """)


def test_a_hidden_mutation_root_leaves_a_schema_without_mutations() -> None:
    supergraph = (
        LINKED
        + """
      extend schema { mutation: Changes }
      type Query { a: Int }
      type Changes @inaccessible { b: Int }
    """
    )
    assert api_schema(supergraph).mutation_type is None


def test_inaccessible_has_no_meaning_where_its_specification_is_not_linked() -> None:
    supergraph = """
      directive @inaccessible on FIELD_DEFINITION
      type Query { a: Int, b: Int @inaccessible }
    """
    assert "b: Int" in api_schema_sdl(supergraph)


def test_inaccessible_may_be_imported_under_another_name() -> None:
    supergraph = """
      schema
        @link(url: "https://specs.apollo.dev/link/v1.0")
        @link(
          url: "https://specs.apollo.dev/inaccessible/v0.2"
          import: [{ name: "@inaccessible", as: "@hidden" }]
        )
      { query: Query }
      directive @link(url: String, as: String, import: [link__Import]) repeatable on SCHEMA
      scalar link__Import
      directive @hidden on FIELD_DEFINITION
      directive @inaccessible on FIELD_DEFINITION
      type Query { a: Int @inaccessible, b: Int @hidden }
    """
    assert api_schema_sdl(supergraph) == "type Query {\n  a: Int\n}"


def test_core_schemas_of_federation_one_are_read() -> None:
    supergraph = """
      schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1")
      { query: Query }
      directive @core(feature: String!) repeatable on SCHEMA
      directive @join__field(graph: join__Graph) on FIELD_DEFINITION
      enum join__Graph { A }
      type Query { a: Int @join__field(graph: A) }
    """
    assert api_schema_sdl(supergraph) == "type Query {\n  a: Int\n}"


def test_a_feature_linked_under_another_name_owns_that_name() -> None:
    supergraph = """
      schema
        @link(url: "https://specs.apollo.dev/link/v1.0")
        @link(url: "https://example.com/sorting/v1.0", as: "order", import: ["@ascending", "Direction"])
      { query: Query }
      directive @link(url: String, as: String, import: [link__Import]) repeatable on SCHEMA
      scalar link__Import
      directive @order__by on FIELD_DEFINITION
      directive @order on FIELD_DEFINITION
      directive @ascending(how: Direction) on FIELD_DEFINITION
      enum Direction { UP }
      directive @sorting on FIELD
      type Query { a: Int @order__by @ascending }
    """
    assert api_schema_sdl(supergraph) == lines("""
      directive @sorting on FIELD

      type Query {
        a: Int
      }
    """)


def test_a_visible_field_of_a_feature_type_is_refused() -> None:
    assert codes(LINKED + "type Query { graph: join__Graph }") == [ErrorCode.REFERENCED_INACCESSIBLE]


def test_the_query_root_must_be_visible() -> None:
    assert codes(LINKED + "type Query @inaccessible { a: Int }") == [ErrorCode.QUERY_ROOT_TYPE_INACCESSIBLE]


def test_a_visible_field_may_not_have_a_hidden_type() -> None:
    supergraph = LINKED + "type Query { a: [Secret!]! } type Secret @inaccessible { a: Int }"
    assert codes(supergraph) == [ErrorCode.REFERENCED_INACCESSIBLE]


def test_a_visible_type_needs_a_visible_child() -> None:
    supergraph = (
        LINKED
        + """
      type Query { a: Int }
      enum Emptied { A @inaccessible }
      input Drained { a: Int @inaccessible }
      type Bare { a: Int @inaccessible }
      type Member @inaccessible { a: Int }
      union Alone = Member
    """
    )
    assert codes(supergraph) == [ErrorCode.ONLY_INACCESSIBLE_CHILDREN] * 4


def test_a_hidden_field_may_not_implement_a_visible_one() -> None:
    supergraph = (
        LINKED
        + """
      type Query implements Named { name: String @inaccessible, a: Int }
      interface Named { name: String }
    """
    )
    assert codes(supergraph) == [ErrorCode.IMPLEMENTED_BY_INACCESSIBLE]


def test_a_required_input_may_not_be_hidden() -> None:
    supergraph = (
        LINKED
        + """
      directive @log(level: Int! @inaccessible) on FIELD
      type Query { a(b: Int! @inaccessible): Int }
      input Filter { a: Int! @inaccessible, b: Int }
    """
    )
    assert codes(supergraph) == [ErrorCode.REQUIRED_INACCESSIBLE] * 3


def test_a_default_value_may_not_use_what_is_hidden_at_any_depth() -> None:
    supergraph = (
        LINKED
        + """
      type Query { a(by: [Filter] = { inner: [{ state: OFF }] }): Int }
      input Filter { inner: [Filter!], state: State }
      enum State { ON OFF @inaccessible }
    """
    )
    assert codes(supergraph) == [ErrorCode.DEFAULT_VALUE_USES_INACCESSIBLE]


def test_machinery_and_built_ins_may_not_be_hidden() -> None:
    supergraph = (
        LINKED.replace("scalar link__Import", "scalar link__Import @inaccessible")
        + """
      type Query { a: Int }
      scalar String @inaccessible
      directive @onSchema(a: Int @inaccessible) on OBJECT
    """
    )
    assert codes(supergraph) == [ErrorCode.DISALLOWED_INACCESSIBLE] * 3


def test_an_error_points_at_the_places_its_caller_knows() -> None:
    place = Location("users", 3, 7)
    with pytest.raises(CompositionError) as raised:
        api_schema(
            LINKED + "type Query { a: Secret } type Secret @inaccessible { a: Int }",
            locate=lambda coordinate: (place,) if coordinate == "Query.a" else (),
        )
    assert raised.value.errors[0].locations == (place,)


def test_an_unknown_version_of_the_specification_is_refused() -> None:
    supergraph = LINKED.replace("inaccessible/v0.2", "inaccessible/v9.0") + "type Query { a: Int }"
    assert codes(supergraph) == [ErrorCode.UNSUPPORTED_LINKED_FEATURE]


def test_a_schema_without_queries_is_refused() -> None:
    assert codes("type User { a: Int }") == [ErrorCode.QUERY_ROOT_MISSING]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "type Query {",
        "type Query { a: Missing }",
        "type Query { a(b: Query = 1): Int }",
        "{ a }",
        "[" * 10_000,
    ],
)
def test_text_that_is_no_schema_is_an_error_with_a_code(text: str) -> None:
    assert set(codes(text)) == {ErrorCode.INVALID_GRAPHQL}


def test_a_supergraph_gives_the_same_schema_as_its_text() -> None:
    text = LINKED.replace("{ A B }", '{ A @join__graph(name: "a") }')
    text += "type Query @join__type(graph: A) { a: Int }"
    supergraph = Supergraph.parse(text)
    schema = api_schema(supergraph)
    assert isinstance(schema, GraphQLSchema)
    assert is_object_type(schema.query_type)
    assert api_schema_sdl(supergraph) == api_schema_sdl(text)


def test_defaults_are_printed_as_a_server_would_use_them() -> None:
    supergraph = """
      type Query {
        a(
          many: [[Int]] = 1, id: ID = "12", text: ID = "1a", ratio: Float = 1.50, huge: Float = 1e30,
          by: Filter = { b: {} }, date: Date = TODAY, raw: Date = { a: [1] }, none: Int = null
        ): Int
      }
      input Filter { a: Int = 3, b: Filter }
      scalar Date
    """
    assert api_schema_sdl(supergraph).split("Query {\n")[1] == (
        '  a(by: Filter = {a: 3, b: {a: 3}}, date: Date = "TODAY", huge: Float = 1e+30, id: ID = 12, '
        "many: [[Int]] = [[1]], none: Int = null, ratio: Float = 1.5, raw: Date = {a: [1]}, "
        'text: ID = "1a"): Int\n}'
    )


def test_a_default_that_contains_itself_ends() -> None:
    supergraph = "type Query { a(b: A = {}): Int } input A { b: B = {} } input B { a: A = {} }"
    assert "a(b: A = {b: {a: {}}}): Int" in api_schema_sdl(read_supergraph_schema(supergraph))
    assert codes(supergraph) == [ErrorCode.INVALID_GRAPHQL]


def test_descriptions_deprecations_urls_and_one_of_are_printed() -> None:
    supergraph = '''
      "All of it"
      schema { query: Root }
      "What can be asked"
      type Root {
        "first"
        a(
          "how many"
          first: Int = 10 @deprecated
          after: ID
        ): Int @deprecated(reason: "use b")
        """
        second
          line
        """
        b: Url
      }
      scalar Url @specifiedBy(url: "https://url.spec.whatwg.org")
      input By @oneOf { id: ID, name: String }
      extend type Root { c10: Int, c9: Int }
    '''
    assert api_schema_sdl(supergraph) == lines('''
      """All of it"""
      schema {
        query: Root
      }

      input By @oneOf {
        id: ID
        name: String
      }

      """What can be asked"""
      type Root {
        """first"""
        a(
          after: ID

          """how many"""
          first: Int = 10 @deprecated
        ): Int @deprecated(reason: "use b")

        """
        second
          line
        """
        b: Url
        c9: Int
        c10: Int
      }

      scalar Url @specifiedBy(url: "https://url.spec.whatwg.org")
    ''')


CONFORMANCE = Path(__file__).resolve().parents[3] / "shared" / "conformance"


def cases(name: str) -> list[dict[str, Any]]:
    path = CONFORMANCE / name
    if not path.is_file():
        pytest.skip(f"the conformance cases are not there: {path.parent} has no {name}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def outcome(supergraph: str) -> str | list[str]:
    try:
        return api_schema_sdl(supergraph)
    except CompositionError as error:
        return sorted(failure.code.value for failure in error.errors)


def test_every_inaccessible_case_of_the_corpus_has_the_reference_outcome() -> None:
    different = [
        case["id"]
        for case in cases("inaccessible.jsonl")
        if outcome(case["schema_sdl"])
        != (api_schema_sdl(case["after_sdl"]) if case["ok"] else case["error_codes"])
    ]
    assert different == []


def test_the_api_schema_of_every_reference_supergraph_is_the_reference_one() -> None:
    composed = [case["apollo"] | {"id": case["id"]} for case in cases("composition.jsonl")]
    planned = {case["supergraph_sdl"]: case for case in cases("plans.jsonl")}
    known = [
        case
        for case in [*composed, *planned.values()]
        if case.get("supergraph_sdl") and case["api_schema_sdl"]
    ]
    different = [case["id"] for case in known if outcome(case["supergraph_sdl"]) != case["api_schema_sdl"]]
    assert len(known) > 1000
    assert different == []
