"""@requires, @provides, @override and @fromContext."""

from __future__ import annotations

from router.plan import PARENT, BatchFetch, Fetch, Flatten, QueryPlan, Sequence, TypeCondition
from tests.support.planning import fetches, plan_of

PRODUCTS = """
type Query { p: Product }
type Product @key(fields: "id") {
  id: ID!
  price(currency: String): Int
  weight: Int
  size: Size
}
type Size { h: Int w: Int }
"""
SHIPPING = """
type Product @key(fields: "id") {
  id: ID!
  weight: Int @external
  size: Size @external
  cost: Int @requires(fields: "weight size { h }")
}
type Size { h: Int @external }
"""


def services(plan: QueryPlan) -> list[str]:
    return [fetch.split(":")[0] for fetch in fetches(plan)]


def test_requires_fetches_the_field_before_the_entity() -> None:
    plan = plan_of({"products": PRODUCTS, "shipping": SHIPPING}, "{ p { cost } }")
    assert fetches(plan)[0] == "products: {p{id weight size{h}}}"
    assert services(plan) == ["products", "shipping"]


def test_a_required_field_with_arguments_does_not_disturb_the_clients() -> None:
    plan = plan_of(
        {
            "products": PRODUCTS,
            "tax": 'type Product @key(fields: "id") { id: ID! price(currency: String): Int @external'
            ' tax: Int @requires(fields: "price(currency: \\"USD\\")") }',
        },
        '{ p { price(currency: "EUR") tax } }',
    )
    assert fetches(plan)[0] == (
        'products: {p{price(currency:"EUR")id price__internal_0:price(currency:"USD")}}'
    )


def test_two_requires_with_different_arguments_get_representations_of_their_own() -> None:
    plan = plan_of(
        {
            "products": PRODUCTS,
            "tax": 'type Product @key(fields: "id") { id: ID! price(currency: String): Int @external'
            ' usd: Int @requires(fields: "price(currency: \\"USD\\")")'
            ' eur: Int @requires(fields: "price(currency: \\"EUR\\")") }',
        },
        "{ p { usd eur } }",
    )
    assert services(plan) == ["products", "tax"]
    assert isinstance(plan.node, Sequence)
    batch = plan.node.nodes[1]
    assert isinstance(batch, BatchFetch)
    assert len(batch.entities) == 2


def test_a_circle_of_requires_between_two_subgraphs_goes_back_and_forth() -> None:
    plan = plan_of(
        {
            "a": 'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int y: Int @external'
            ' z: Int @requires(fields: "y") }',
            "b": 'type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
        },
        "{ t { z } }",
    )
    assert services(plan) == ["a", "b", "a"]


def test_provided_fields_are_not_fetched_elsewhere() -> None:
    subgraphs = {
        "users": 'type User @key(fields: "id") { id: ID! name: String @shareable }',
        "reviews": "type Query { r: R other: R }"
        ' type R { author: User @provides(fields: "name") writer: User }'
        ' type User @key(fields: "id") { id: ID! name: String @external }',
    }
    assert services(plan_of(subgraphs, "{ r { author { name } } }")) == ["reviews"]
    assert services(plan_of(subgraphs, "{ r { writer { name } } }")) == ["reviews", "users"]


def test_a_progressive_override_moves_the_field_while_its_label_is_on() -> None:
    subgraphs = {
        "old": 'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
        "new": 'type T @key(fields: "id") { id: ID! x: Int @override(from: "old", label: "percent(50)") }',
    }
    assert services(plan_of(subgraphs, "{ t { x } }")) == ["old"]
    on = plan_of(subgraphs, "{ t { x } }", labels=frozenset({"percent(50)"}))
    assert services(on) == ["old", "new"]


def test_a_contextual_argument_is_taken_from_the_object_above() -> None:
    plan = plan_of(
        {
            "a": "type Query { t: T! }"
            ' type T @context(name: "ctx") { prop: String! u: U! }'
            ' type U @key(fields: "id") { id: ID!'
            ' field(arg: String @fromContext(field: "$ctx { prop }")): Int! }',
            "b": 'type Query { other: Int } type U @key(fields: "id") { id: ID! }',
        },
        "{ t { u { field } } }",
    )
    assert isinstance(plan.node, Sequence)
    flatten = plan.node.nodes[1]
    assert isinstance(flatten, Flatten)
    assert isinstance(flatten.node, Fetch)
    assert flatten.path == ("t", "u")
    (rewrite,) = flatten.node.context_rewrites
    assert rewrite.path == (PARENT, TypeCondition(("T",)), "prop")
    assert "field(arg:$contextualArgument_1_0)" in flatten.node.operation


def test_what_a_conditional_field_requires_is_gated_with_it() -> None:
    plan = plan_of(
        {
            "a": 'type Query { t: T } type T @key(fields: "id") { id: ID! }',
            "b": 'type T @key(fields: "id") { id: ID! x: Int }',
            "c": 'type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
        },
        "query ($on: Boolean!) { t { y @include(if: $on) } }",
    )
    assert plan.to_text().count("Include(if: $on)") == 2
    assert fetches(plan)[0] == "a: {t{id}}"
