"""How types, arguments, defaults, descriptions and directives of several subgraphs become one."""

from __future__ import annotations

from tests.schema.composition.support import codes, composed, hints, printed

QUERY = "type Query { a: Int }"


def test_results_take_the_more_general_type_and_arguments_the_more_specific_one() -> None:
    composition = composed(
        a="type Query { f(x: Int): I @shareable } interface I { n: Int } type T implements I "
        "@shareable { n: Int }",
        b="type Query { f(x: Int!): T! @shareable } type T @shareable { n: Int }",
    )
    assert "f(x: Int!): I" in composition.api_schema_sdl


def test_enums_that_callers_give_keep_what_all_subgraphs_know() -> None:
    api = composed(
        a="type Query { f(e: E): Int } enum E { A B }", b="type Query { g(e: E): Int } enum E { B C }"
    ).api_schema_sdl
    assert "enum E {\n  B\n}" in api


def test_enums_that_callers_get_keep_what_any_subgraph_returns() -> None:
    api = composed(
        a="type Query { f: E } enum E { A B }", b="type Query { g: E } enum E { B C }"
    ).api_schema_sdl
    assert "enum E {\n  A\n  B\n  C\n}" in api


def test_input_fields_are_those_of_all_subgraphs() -> None:
    api = composed(
        a="type Query { f(i: I): Int } input I { x: Int y: Int }",
        b="type Query { g(i: I): Int } input I { y: Int }",
    ).api_schema_sdl
    assert "input I {\n  y: Int\n}" in api


def test_a_default_only_some_subgraphs_have_is_left_to_them() -> None:
    subgraphs = {
        "a": "type Query { f(x: Int = 1): Int @shareable }",
        "b": "type Query { f(x: Int): Int @shareable }",
    }
    assert "f(x: Int): Int" in composed(**subgraphs).api_schema_sdl
    assert hints(**subgraphs) == ["INCONSISTENT_DEFAULT_VALUE_PRESENCE"]


def test_the_most_common_description_wins_with_a_hint() -> None:
    subgraphs = {
        "a": f'{QUERY} "one" scalar S',
        "b": '"two" scalar S',
        "c": '"two" scalar S',
    }
    assert '"""two"""' in composed(**subgraphs).supergraph_sdl
    assert hints(**subgraphs) == ["INCONSISTENT_DESCRIPTION"]


def test_tags_of_all_subgraphs_come_together_once() -> None:
    composition = composed(
        a=f'{QUERY} type T @shareable @tag(name: "x") @tag(name: "y") {{ n: Int }}',
        b='type T @shareable @tag(name: "y") @tag(name: "z") { n: Int }',
    )
    assert '@tag(name: "x") @tag(name: "y") @tag(name: "z")' in printed(composition, "type T")


def test_costs_take_the_largest_and_list_sizes_the_union() -> None:
    composition = composed(
        a="type Query { f(a: Int, b: Int): [Int] @shareable @cost(weight: 1) "
        '@listSize(slicingArguments: ["a"]) }',
        b="type Query { f(a: Int, b: Int): [Int] @shareable @cost(weight: 5) "
        '@listSize(slicingArguments: ["b"]) }',
    )
    fields = printed(composition, "type Query")
    assert "@cost(weight: 5)" in fields
    assert '@listSize(slicingArguments: ["a", "b"], requireOneSlicingArgument: true)' in fields


def test_scopes_of_several_subgraphs_are_all_asked_for() -> None:
    composition = composed(
        a='type Query { f: Int @shareable @requiresScopes(scopes: [["a"], ["b"]]) }',
        b='type Query { f: Int @shareable @requiresScopes(scopes: [["c"]]) }',
    )
    assert '@requiresScopes(scopes: [["a", "c"], ["b", "c"]])' in composition.supergraph_sdl


def test_an_interface_requires_what_its_implementations_require() -> None:
    composition = composed(
        a="type Query { i: I } interface I { n: Int } type T implements I @authenticated { n: Int "
        "@authenticated }"
    )
    interface = printed(composition, "interface I")
    assert interface.count("@authenticated") == 2


def test_executable_directives_must_be_in_all_subgraphs() -> None:
    both = {
        "a": f"{QUERY} directive @d(x: Int) on FIELD",
        "b": "directive @d(x: Int) on FIELD | QUERY scalar S",
    }
    assert "directive @d(x: Int) on FIELD" in composed(**both).api_schema_sdl
    assert "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS" in hints(**both)
    one = {"a": f"{QUERY} directive @d on FIELD", "b": "scalar S"}
    assert "directive @d" not in composed(**one).supergraph_sdl
    assert hints(**one) == ["INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE"]


def test_compose_directive_keeps_a_directive_and_links_its_specification() -> None:
    sdl = """
      extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective"])
        @link(url: "https://example.com/loud/v1.2", import: [{name: "@loud", as: "@shout"}])
        @composeDirective(name: "@shout")
      directive @shout(volume: Int = 3) on FIELD_DEFINITION
      type Query { a: Int @shout(volume: 11) }
    """
    supergraph = composed(a=sdl).supergraph_sdl
    assert (
        '@link(url: "https://example.com/loud/v1.2", import: [{name: "@loud", as: "@shout"}])' in supergraph
    )
    assert "directive @shout(volume: Int = 3) on FIELD_DEFINITION" in supergraph
    assert "a: Int @shout(volume: 11)" in supergraph


def test_deprecation_specified_by_and_one_of_reach_clients() -> None:
    api = composed(
        a='type Query { a(i: I): S @deprecated(reason: "old") } scalar S @specifiedBy(url: "http://s") '
        "input I @oneOf { x: Int y: Int }"
    ).api_schema_sdl
    assert '@deprecated(reason: "old")' in api
    assert '@specifiedBy(url: "http://s")' in api
    assert "input I @oneOf" in api


def test_namespaced_and_renamed_directives_mean_the_same() -> None:
    composition = composed(
        a="""
          extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", as: "fed",
            import: [{name: "@key", as: "@id"}])
          type Query { t: T }
          type T @id(fields: "k") { k: ID! n: Int @fed__shareable }
        """,
        b="""
          extend schema @link(url: "https://specs.apollo.dev/federation/v2.3")
          type T @federation__key(fields: "k") { k: ID! n: Int @federation__shareable }
        """,
    )
    assert '@join__type(graph: A, key: "k") @join__type(graph: B, key: "k")' in printed(composition, "type T")


def test_a_value_is_written_as_its_type_wants_it() -> None:
    supergraph = composed(
        a='type Query { f(i: ID = "1", e: E = A, s: S = {k: B}, n: Float = 1e3): Int } enum E { A } scalar S'
    ).supergraph_sdl
    assert 'f(i: ID = 1, e: E = A, s: S = {k: "B"}, n: Float = 1000): Int' in supergraph


def test_an_enum_value_missing_somewhere_may_be_hidden_until_it_is_everywhere() -> None:
    assert "ENUM_VALUE_MISMATCH" in codes(
        a="type Query { f(e: E): E } enum E { A B }", b="type Query { g(e: E): Int } enum E { A }"
    )
    api = composed(
        a="type Query { f(e: E): E } enum E { A B @inaccessible }",
        b="type Query { g(e: E): Int } enum E { A }",
    ).api_schema_sdl
    assert "enum E {\n  A\n}" in api
