"""Plans that were wrong once."""

from __future__ import annotations

from router.plan import BatchFetch, Defer, Flatten, QueryPlan, Sequence
from router.planner import QueryPlanner
from router.planner.planner import MAX_LABEL_SETS
from tests.support.planning import composed, fetches, plan_of

REAL = """
type Query { i: I a: A }
interface I @key(fields: "id") { id: ID! }
type A implements I @key(fields: "id") { id: ID! x: Int }
type B implements I @key(fields: "id") { id: ID! }
"""
OBJECT = """
type Query { o: I }
type I @key(fields: "id") @interfaceObject { id: ID! x: Int @external y: Int z: Int }
"""


def rewrites_of(plan: QueryPlan, index: int) -> list[dict[str, object]]:
    assert isinstance(plan.node, Sequence)
    node = plan.node.nodes[index]
    assert isinstance(node, Flatten)
    json = plan.to_json()["node"]["nodes"][index]["node"]
    rewrites: list[dict[str, object]] = json["inputRewrites"]
    return rewrites


def test_a_renamed_key_is_renamed_back_before_the_type_is_set_for_an_interface_object() -> None:
    plan = plan_of({"real": REAL, "object": OBJECT.replace("x: Int @external ", "")}, "{ a { id: x y } }")
    assert [rewrite["kind"] for rewrite in rewrites_of(plan, 1)] == ["KeyRenamer", "ValueSetter"]


def test_the_type_behind_an_interface_object_is_fetched_even_under_the_clients_alias() -> None:
    plan = plan_of(
        {"real": REAL, "object": OBJECT.replace("x: Int @external ", "")}, "{ o { kind: __typename } }"
    )
    assert fetches(plan)[1].endswith("{...on I{__typename kind:__typename}}}")


def test_objects_sent_as_one_type_with_different_needs_are_asked_apart() -> None:
    plan = plan_of(
        {
            "real": """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! x: Int }
            type A implements I @key(fields: "id") { id: ID! x: Int }
            type B implements I @key(fields: "id") { id: ID! x: Int }
            """,
            "object": """
            type I @key(fields: "id") @interfaceObject
            { id: ID! x: Int @external y: Int z: Int @requires(fields: "x") }
            """,
        },
        "{ i { y ... on A { z } } }",
    )
    assert any("a1:_entities" in fetch for fetch in fetches(plan))


def test_an_internal_alias_is_chosen_for_each_type() -> None:
    plan = plan_of(
        {
            "a": "type Query { u: U } union U = A | B"
            ' type A @key(fields: "id") { id: ID! }'
            ' type B @key(fields: "id") { id: ID! n: Int }',
            "b": 'type A @key(fields: "id") { id: ID! x: Int } type B @key(fields: "id") { id: ID! y: Int }',
        },
        "{ u { ... on A { x } ... on B { id: n y } } }",
    )
    assert "...on A{__typename id}" in fetches(plan)[0]
    assert "id__internal_0:id" in fetches(plan)[0]


def test_a_field_below_an_interface_is_asked_type_by_type_when_its_own_fields_are_elsewhere() -> None:
    plan = plan_of(
        {
            "a": "type Query { i: I } interface I { s: S }"
            ' type T implements I @key(fields: "id") { id: ID! s: S @shareable }'
            " type S @shareable { x: Int }",
            "b": 'type T @key(fields: "id") { id: ID! s: S @shareable } type S @shareable { x: Int y: Int }',
        },
        "{ i { s { y } } }",
    )
    assert [fetch.split(":")[0] for fetch in fetches(plan)] == ["a", "b"]


def test_a_late_home_does_not_hide_a_shorter_chain() -> None:
    plan = plan_of(
        {
            "products": 'type Query { l: L } type L @key(fields: "p { id }") { p: [P!]! @shareable }'
            ' type P @key(fields: "id") { id: ID! }',
            "link": 'type P @key(fields: "id") @key(fields: "id pid") { id: ID! pid: ID! @shareable }',
            "list": 'type L @key(fields: "p { id pid }") { p: [P!]! @shareable s: Int @shareable }'
            ' type P @key(fields: "id pid") { id: ID! pid: ID! @shareable }',
            "price": 'type L @key(fields: "p { id pid } s") { p: [P!]! @shareable s: Int @shareable }'
            ' type P @key(fields: "id pid") { id: ID! pid: ID! @shareable price: Int }',
        },
        "{ l { p { price } } }",
    )
    assert [fetch.split(":")[0] for fetch in fetches(plan)] == ["products", "link", "price"]


def test_an_interface_that_lacks_a_type_in_a_subgraph_is_not_used_to_reach_it() -> None:
    plan = plan_of(
        {
            "a": "type Query { u: U } union U = A | B interface I { v: Int }"
            " type A { v: Int @shareable } type B implements I { v: Int }",
            "b": "type Query { i: I } interface I { v: Int } type A implements I { v: Int @shareable }",
        },
        "{ u { ... on I { v } } }",
    )
    assert fetches(plan) == ["a: {u{__typename ...on A{v}...on B{v}}}"]


def test_what_cannot_be_deferred_is_waited_for() -> None:
    plan = plan_of(
        {
            "a": 'type Query { v: V } type V { x: Int t: T } type T @key(fields: "id") { id: ID! }',
            "b": 'type T @key(fields: "id") { id: ID! y: Int }',
        },
        "{ v { ... @defer { x t { y } } } }",
    )
    assert isinstance(plan.node, Defer)
    (deferred,) = plan.node.deferred
    assert [d.id for d in deferred.depends] == ["0"]
    assert fetches(plan)[0] == "a: {v{__typename x t{id}}}"
    assert deferred.node is not None


def test_interface_objects_of_many_types_are_asked_in_one_part() -> None:
    plan = plan_of(
        {
            "real": """
            type Query { u: U }
            union U = A | B
            interface I @key(fields: "id") { id: ID! }
            type A implements I @key(fields: "id") { id: ID! }
            type B implements I @key(fields: "id") { id: ID! }
            """,
            "object": 'type I @key(fields: "id") @interfaceObject { id: ID! y: Int }',
        },
        "{ u { ... on I { y } } }",
    )
    assert isinstance(plan.node, Sequence)
    assert not isinstance(plan.node.nodes[1], BatchFetch)


def test_graphs_of_old_label_sets_are_forgotten() -> None:
    fields = " ".join(f'f{i}: Int @override(from: "old", label: "l{i}")' for i in range(8))
    old = " ".join(f"f{i}: Int" for i in range(8))
    planner = QueryPlanner(
        composed(
            {
                "old": f'type Query {{ t: T }} type T @key(fields: "id") {{ id: ID! {old} }}',
                "new": f'type T @key(fields: "id") {{ id: ID! {fields} }}',
            }
        )
    )
    for number in range(2 * MAX_LABEL_SETS):
        labels = frozenset(f"l{i}" for i in range(8) if number >> i & 1)
        planner.plan("{ t { f0 } }", override_labels=labels)
    assert len(planner._facts) == MAX_LABEL_SETS
