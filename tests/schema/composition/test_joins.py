"""What the supergraph says about who has what."""

from __future__ import annotations

from tests.schema.composition.support import composed, printed

QUERY = "type Query { a: Int }"


def test_a_type_names_each_subgraph_and_each_of_its_keys() -> None:
    composition = composed(
        users='type Query { me: User } type User @key(fields: "id") @key(fields: "email") { id: ID! '
        "email: ID! }",
        posts='type User @key(fields: "id", resolvable: false) { id: ID! }',
    )
    assert printed(composition, "type User") == (
        'type User @join__type(graph: POSTS, key: "id", resolvable: false) '
        '@join__type(graph: USERS, key: "id") @join__type(graph: USERS, key: "email") '
        "{ id: ID! email: ID! @join__field(graph: USERS) }"
    )


def test_a_field_that_all_subgraphs_of_its_type_have_alike_needs_no_join() -> None:
    composition = composed(
        a=f"{QUERY} type T @shareable {{ x: Int y: Int }}", b="type T @shareable { x: Int y: Int! }"
    )
    assert printed(composition, "type T") == (
        "type T @join__type(graph: A) @join__type(graph: B) { x: Int "
        'y: Int @join__field(graph: A, type: "Int") @join__field(graph: B, type: "Int!") }'
    )


def test_requires_provides_and_external_are_joined() -> None:
    composition = composed(
        a='type Query { u: U @provides(fields: "n") } type U @key(fields: "id") '
        '{ id: ID! n: Int @external m: Int @external s: Int @requires(fields: "m") }',
        b='type U @key(fields: "id") { id: ID! n: Int @shareable m: Int }',
    )
    fields = printed(composition, "type U")
    assert "n: Int @join__field(graph: A, external: true) @join__field(graph: B)" in fields
    assert 's: Int @join__field(graph: A, requires: "m")' in fields
    assert 'u: U @join__field(graph: A, provides: "n")' in printed(composition, "type Query")


def test_override_removes_the_other_side_unless_something_there_needs_it() -> None:
    composition = composed(
        a=f'{QUERY} type T @key(fields: "id") {{ id: ID! x: Int y: Int }}',
        b='type T @key(fields: "id") { id: ID! x: Int @override(from: "a") }',
    )
    assert 'x: Int @join__field(graph: B, override: "a")' in printed(composition, "type T")


def test_a_label_keeps_both_sides_of_an_override() -> None:
    composition = composed(
        a=f'{QUERY} type T @key(fields: "id") {{ id: ID! x: Int }}',
        b='type T @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "percent(25)") }',
    )
    assert (
        'x: Int @join__field(graph: A, overrideLabel: "percent(25)") '
        '@join__field(graph: B, override: "a", overrideLabel: "percent(25)")'
    ) in printed(composition, "type T")


def test_unions_enums_and_interfaces_say_where_each_member_is() -> None:
    composition = composed(
        a="type Query { p: P } union P = X type X implements I @shareable { n: Int } interface I { "
        "n: Int } enum E { A }",
        b="union P = X | Y type X @shareable { n: Int } type Y { n: Int } enum E { A B }",
    )
    assert printed(composition, "union P") == (
        "union P @join__type(graph: A) @join__type(graph: B) "
        '@join__unionMember(graph: A, member: "X") @join__unionMember(graph: B, member: "X") '
        '@join__unionMember(graph: B, member: "Y") = X | Y'
    )
    assert "B @join__enumValue(graph: B)" in printed(composition, "enum E")
    assert '@join__implements(graph: A, interface: "I")' in printed(composition, "type X")


def test_graph_names_that_clash_are_numbered() -> None:
    composition = composed(**{"a-b": QUERY, "a.b": "type Query { b: Int }", "1": "type Query { c: Int }"})
    graphs = printed(composition, "enum join__Graph")
    assert 'A_B_1 @join__graph(name: "a-b"' in graphs
    assert 'A_B_2 @join__graph(name: "a.b"' in graphs
    assert '_1_ @join__graph(name: "1"' in graphs


def test_the_join_version_follows_the_newest_federation_version() -> None:
    for minor, join in ((0, 3), (6, 3), (7, 4), (8, 5), (15, 5)):
        assert f"join/v0.{join}" in composed(minor=minor, a=QUERY).supergraph_sdl, minor


def test_root_types_get_their_usual_names() -> None:
    composition = composed(a="schema { query: Root } type Root { me: User } type User { root: Root }")
    assert "type Query" in composition.supergraph_sdl
    assert "root: Query" in printed(composition, "type User")


def test_an_interface_object_gives_its_fields_to_every_implementation() -> None:
    composition = composed(
        a='type Query { i: I } interface I @key(fields: "id") { id: ID! } type T implements I '
        '@key(fields: "id") { id: ID! }',
        b='type I @key(fields: "id") @interfaceObject { id: ID! price: Int @tag(name: "t") }',
    )
    assert 'price: Int @join__field @tag(name: "t")' in printed(composition, "type T").replace(
        '@tag(name: "t") @join__field', '@join__field @tag(name: "t")'
    )
    assert 'key: "id", isInterfaceObject: true' in printed(composition, "interface I")


def test_context_arguments_are_the_subgraphs_own() -> None:
    composition = composed(
        a='type Query { s: S } type S @key(fields: "id") @context(name: "c") { id: ID! cur: String i: I } '
        'type I @key(fields: "id") { id: ID! p(cur: String @fromContext(field: "$c { cur }"), n: Int): Int }',
        b="type Query { b: Int }",
    )
    field = printed(composition, "type I")
    assert "p(n: Int): Int" in field
    assert 'context: "a__c", name: "cur", type: "String", selection: " { cur }"' in field
    assert '@context(name: "a__c")' in printed(composition, "type S")


def test_cache_tags_travel_inside_join_directive() -> None:
    composition = composed(a='type Query { t: T @cacheTag(format: "t") } type T { x: Int }')
    assert (
        '@join__directive(graphs: [A], name: "federation__cacheTag", args: {format: "t"})'
        in composition.supergraph_sdl
    )
    assert (
        '@link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)' in composition.supergraph_sdl
    )
