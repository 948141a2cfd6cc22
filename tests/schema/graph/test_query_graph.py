"""The query graph: which edges a subgraph has, and which it has not."""

from __future__ import annotations

from collections.abc import Mapping

from schema.graph import Node, NodeKind, Override, QueryGraph, print_graph
from schema.supergraph import Supergraph
from tests.support.planning import composed


def graph_of(subgraphs: Mapping[str, str], labels: frozenset[str] | None = None) -> QueryGraph:
    return QueryGraph(Supergraph.parse(composed(subgraphs)), labels)


def node(graph: QueryGraph, type_name: str, subgraph: str) -> Node:
    found = graph.node(type_name, graph.supergraph.subgraph_by_name[subgraph].index)
    assert found is not None
    return found


USERS = 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String @shareable }'
POSTS = """
type Query { post: Post }
type Post { author: User @provides(fields: "name") editor: User }
type User @key(fields: "id") { id: ID! name: String @external posts: Int @requires(fields: "name") }
"""


def test_a_node_is_the_same_object_each_time() -> None:
    graph = graph_of({"users": USERS, "posts": POSTS})
    assert node(graph, "User", "users") is node(graph, "User", "users")
    assert str(node(graph, "User", "users")) == "User@users"


def test_roots_are_the_root_type_in_each_subgraph() -> None:
    graph = graph_of({"users": USERS, "posts": POSTS})
    assert [str(root) for root in graph.roots("query")] == ["Query@posts", "Query@users"]
    assert graph.roots("mutation") == ()


def test_an_external_field_has_no_edge_unless_provided() -> None:
    graph = graph_of({"users": USERS, "posts": POSTS})
    fields = node(graph, "Post", "posts").fields
    assert "name" not in fields["editor"].head.fields
    provided = fields["author"].head
    assert provided.fields["name"].provided
    assert str(provided) == "User@posts{name}"


def test_requires_is_a_condition_of_the_edge() -> None:
    graph = graph_of({"users": USERS, "posts": POSTS})
    edge = node(graph, "User", "posts").fields["posts"]
    assert edge.conditional
    assert [selection.name for selection in edge.requires] == ["name"]  # type: ignore[union-attr]


def test_keys_lead_into_every_subgraph_with_a_resolvable_key() -> None:
    graph = graph_of(
        {
            "a": 'type Query { t: T } type T @key(fields: "id", resolvable: false) { id: ID! }',
            "b": 'type T @key(fields: "id") @key(fields: "n { x }") { id: ID! n: N } type N { x: Int }',
        }
    )
    edges = graph.key_edges(node(graph, "T", "a"))
    assert [(str(edge.head), edge.text) for edge in edges] == [("T@b", "id"), ("T@b", "n { x }")]


def test_an_interfaces_field_has_an_edge_only_where_all_its_types_resolve_it() -> None:
    graph = graph_of(
        {
            "a": "type Query { i: I } interface I { id: ID! x: Int }"
            ' type A implements I @key(fields: "id") { id: ID! x: Int }'
            ' type B implements I @key(fields: "id") { id: ID! x: Int @external }',
            "b": 'type B @key(fields: "id") { id: ID! x: Int @shareable }',
        }
    )
    interface = node(graph, "I", "a")
    assert set(interface.fields) == {"id"}
    assert interface.runtime_types == {"A", "B"}
    concrete = interface.cast("A")
    assert concrete is not None
    assert "x" in concrete.fields


def test_an_override_moves_the_edge() -> None:
    subgraphs = {
        "old": 'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
        "new": 'type T @key(fields: "id") { id: ID! x: Int @override(from: "old") }',
    }
    graph = graph_of(subgraphs)
    assert "x" not in node(graph, "T", "old").fields
    assert "x" in node(graph, "T", "new").fields


def test_a_progressive_override_has_both_edges_until_labels_are_given() -> None:
    subgraphs = {
        "old": 'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
        "new": 'type T @key(fields: "id") { id: ID! x: Int @override(from: "old", label: "l") }',
    }
    both = graph_of(subgraphs)
    assert node(both, "T", "old").fields["x"].override == Override("l", on=False)
    assert node(both, "T", "new").fields["x"].override == Override("l", on=True)
    off = graph_of(subgraphs, frozenset())
    assert "x" in node(off, "T", "old").fields
    assert "x" not in node(off, "T", "new").fields


def test_an_interface_object_is_entered_from_its_types_and_knows_none_of_them() -> None:
    graph = graph_of(
        {
            "a": 'type Query { i: I } interface I @key(fields: "id") { id: ID! }'
            ' type A implements I @key(fields: "id") { id: ID! }',
            "b": 'type I @key(fields: "id") @interfaceObject { id: ID! y: Int }',
        }
    )
    assert node(graph, "I", "b").kind is NodeKind.INTERFACE_OBJECT
    assert node(graph, "I", "b").cast("A") is None
    assert "I@b" in [str(edge.head) for edge in graph.key_edges(node(graph, "A", "a"))]
    assert graph.resolvers("A", "y") == (graph.supergraph.subgraph_by_name["b"].index,)


def test_narrowing_to_an_interface_needs_all_of_its_types_to_be_there() -> None:
    graph = graph_of(
        {
            "a": "type Query { u: U } union U = A | B interface I { x: Int }"
            " type A implements I { x: Int @shareable } type B { x: Int @shareable }",
            "b": "type Query { i: I } interface I { x: Int } type B implements I { x: Int @shareable }",
        }
    )
    union = node(graph, "U", "a")
    assert union.narrow("I", frozenset({"A"})) is not None
    assert union.narrow("I", frozenset({"A", "B"})) is None


def test_the_graph_prints_what_operations_can_reach() -> None:
    text = print_graph(graph_of({"users": USERS, "posts": POSTS}))
    assert "Query@users\n  -- me --> User@users" in text
    assert "-- posts requires -->" in text
    assert "-- key { id } --> User@posts" in text
