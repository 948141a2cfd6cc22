"""Interfaces, unions and @interfaceObject, whose types differ by subgraph."""

from __future__ import annotations

from tests.support.planning import fetches, plan_of

ANIMALS = """
type Query { pets: [Pet] anyone: Anything }
interface Pet { id: ID! name: String }
type Dog implements Pet @key(fields: "id") { id: ID! name: String }
type Cat implements Pet @key(fields: "id") { id: ID! name: String @external }
union Anything = Dog | Cat
"""
CATS = 'type Cat @key(fields: "id") { id: ID! name: String @shareable lives: Int }'


def test_a_field_of_the_interface_is_asked_of_the_interface_where_every_type_has_it() -> None:
    assert fetches(plan_of({"a": ANIMALS, "cats": CATS}, "{ pets { id } }")) == ["a: {pets{__typename id}}"]


def test_a_field_that_one_type_lacks_is_asked_type_by_type() -> None:
    assert fetches(plan_of({"a": ANIMALS, "cats": CATS}, "{ pets { name } }")) == [
        "a: {pets{__typename ...on Cat{__typename id}...on Dog{name}}}",
        "cats: query($representations:[_Any!]!){_entities(representations:$representations)"
        "{...on Cat{name}}}",
    ]


def test_types_that_a_subgraph_does_not_have_are_not_named_there() -> None:
    plan = plan_of(
        {
            "a": "type Query { u: U @shareable } union U = A | B"
            " type A { x: Int @shareable } type B { y: Int }",
            "b": "type Query { u: U @shareable } union U = A type A { x: Int @shareable }",
        },
        "{ u { ... on A { x } ... on B { y } } }",
    )
    (only,) = fetches(plan)
    assert "...on A{x}" in only
    assert "on B" not in only  # both subgraphs resolve `u` alike, and b does not know B


ACCOUNTS = """
type Query { account: Account }
interface Account @key(fields: "id") { id: ID! email: String }
type Person implements Account @key(fields: "id") { id: ID! email: String }
type Company implements Account @key(fields: "id") { id: ID! email: String vat: String }
"""
RATINGS = """
type Query { best: Account }
type Account @key(fields: "id") @interfaceObject { id: ID! stars: Int }
"""


def test_an_interface_object_is_asked_under_the_interfaces_name() -> None:
    plan = plan_of({"accounts": ACCOUNTS, "ratings": RATINGS}, "{ account { stars } }")
    assert fetches(plan)[1].endswith("{...on Account{stars}}}")
    assert "'path': ['... on Account', '__typename'], 'setValueTo': 'Account'" in str(plan.to_json())


def test_the_type_behind_an_interface_object_is_asked_where_it_is_known() -> None:
    plan = plan_of({"accounts": ACCOUNTS, "ratings": RATINGS}, "{ best { __typename stars } }")
    assert fetches(plan)[1].endswith("{...on Account{__typename}}}")
    plan = plan_of({"accounts": ACCOUNTS, "ratings": RATINGS}, "{ best { ... on Company { vat } } }")
    assert fetches(plan)[1].endswith("{...on Account{__typename ...on Company{vat}}}}")


def test_a_field_of_an_interface_object_needs_no_type() -> None:
    assert fetches(plan_of({"accounts": ACCOUNTS, "ratings": RATINGS}, "{ best { stars } }")) == [
        "ratings: {best{stars}}"
    ]


def test_fields_whose_types_do_not_go_together_in_a_subgraph_get_aliases() -> None:
    key = 'type A @key(fields: "id") { id: ID! x: Int } type B @key(fields: "id") { id: ID! x: Int }'
    plan = plan_of(
        {
            "a": "type Query { us: [U] } union U = A | B"
            ' type A @key(fields: "id") { id: ID! }'
            ' type B @key(fields: "id") @key(fields: "n") { id: ID n: Int }',
            "b": key.replace('B @key(fields: "id") { id: ID!', 'B @key(fields: "n") { n: Int'),
        },
        "{ us { ... on A { id } ... on B { id } } }",
    )
    (only,) = fetches(plan)
    assert only == "a: {us{__typename ...on A{id}...on B{id__alias_0:id}}}"
    assert "'path': ['us', '... on B', 'id__alias_0'], 'renameKeyTo': 'id'" in str(plan.to_json())


def test_the_same_key_below_different_types_is_told_apart_by_the_path() -> None:
    plan = plan_of(
        {
            "a": "type Query { u: U } union U = A | B type A { x: X } type B { x: X }"
            ' type X @key(fields: "id") { id: ID! }',
            "b": 'type X @key(fields: "id") { id: ID! n(i: Int): Int }',
        },
        "{ u { ... on A { x { n(i: 1) } } ... on B { x { n(i: 2) } } } }",
    )
    assert '"u|[A].x"' in plan.to_text()
    assert '"u|[B].x"' in plan.to_text()
