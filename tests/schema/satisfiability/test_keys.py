"""Going from subgraph to subgraph by @key."""

from __future__ import annotations

from schema.report.errors import ErrorCode, Location
from schema.report.hints import HintCode
from tests.schema.satisfiability.graphs import composed, failure, failures, operation


def test_a_key_leads_to_the_fields_of_another_subgraph() -> None:
    assert not failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") { id: ID! x: Int }',
    )


def test_a_field_behind_no_key_is_a_failure_that_shows_the_operation_and_what_helps() -> None:
    found = failure(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b="type T { id: ID! @shareable x: Int }",
    )
    assert found.code is ErrorCode.SATISFIABILITY_ERROR
    assert found.message == (
        "No subgraph can answer this operation:\n{\n  t {\n    x\n  }\n}\n"
        '- "a": it has no field "T.x"; it cannot go on to "b", which resolves "T.x": "T" has no @key there.'
    )
    assert found.remedy == 'Add @key(fields: "id") to "T" in "b".'


def test_a_failure_points_at_the_field_and_at_the_type_the_operation_got_stuck_on() -> None:
    found = failure(
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! }',
        b="type T { id: ID! @shareable x: Int }",
    )
    assert found.locations == (Location("b", 2, 29), Location("a", 3, 1))


def test_keys_chain_through_a_third_subgraph() -> None:
    assert not failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }',
        c='type T @key(fields: "sku") { sku: ID! x: Int }',
    )


def test_a_key_may_use_fields_that_another_subgraph_has_to_give() -> None:
    assert not failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! name: String @shareable }',
        b='type T @key(fields: "id") { id: ID! code: Int @shareable }',
        c='type T @key(fields: "name code") { name: String @shareable code: Int @shareable x: Int }',
    )


def test_nested_keys_are_followed_into_other_subgraphs() -> None:
    assert not failures(
        a="""
          type Query { t: T }
          type T @key(fields: "id") { id: ID! org: O @shareable }
          type O @key(fields: "id") { id: ID! }
        """,
        b="""
          type T @key(fields: "org { name }") { org: O @shareable x: Int }
          type O { name: String @shareable }
        """,
        c='type O @key(fields: "id") { id: ID! name: String @shareable }',
    )


def test_a_key_that_only_declares_its_type_does_not_open_the_subgraph() -> None:
    found = failure(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id", resolvable: false) { id: ID! x: Int }',
    )
    assert "is declared resolvable: false" in found.message
    assert found.remedy == 'Let @key(fields: "id") on "T" in "b" be resolvable.'


def test_a_key_whose_fields_cannot_be_fetched_names_them() -> None:
    found = failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type Query { u: T } type T @key(fields: "sku") { sku: ID! x: Int }',
    )
    assert {operation(item) for item in found} == {"{ t { sku } }", "{ t { x } }", "{ u { id } }"}
    assert 'its @key(fields: "sku") needs "sku", which cannot be fetched here' in found[0].message


def test_two_keys_that_need_each_other_lead_nowhere() -> None:
    found = failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "x") { x: Int @shareable y: Int @shareable b: Int }',
        c='type T @key(fields: "y") { x: Int @shareable y: Int @shareable c: Int }',
    )
    assert {operation(item) for item in found} == {f"{{ t {{ {name} }} }}" for name in "xybc"}


def test_the_operation_shown_is_a_shortest_one() -> None:
    found = failure(
        a="""
          type Query { long: A short: T }
          type A @shareable { b: B } type B @shareable { t: T }
          type T @key(fields: "id") { id: ID! }
        """,
        b="type T { id: ID! @shareable x: Int }",
    )
    assert operation(found) == "{ short { x } }"


def test_every_unreachable_field_is_reported_with_values_for_required_arguments() -> None:
    found = failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b="""
          type T { id: ID! @shareable x: Int y(n: Int!, by: By!, at: Int): T }
          input By { a: [Int!]! b: Mode! c: Int }
          enum Mode { ON }
        """,
    )
    assert [operation(item) for item in found] == [
        "{ t { x } }",
        "{ t { y(n: 0, by: {a: [], b: ON}) { ... } } }",
    ]


def test_a_field_of_the_query_type_leads_back_to_all_subgraphs() -> None:
    assert not failures(
        a="type Query { a: Int }",
        b="type Query { box: Box } type Box { query: Query }",
    )


def test_hidden_fields_need_not_be_reached_but_may_be_keys() -> None:
    assert not failures(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! @inaccessible name: String @shareable }',
        b='type T @key(fields: "id") { id: ID! x: Int }',
        c="type T { lost: Int @inaccessible name: String @shareable }",
    )


def test_a_nested_key_may_use_other_entities_of_the_subgraph_it_opens_which_is_worth_a_hint() -> None:
    found = composed(
        a="""
          type Query { t: T }
          type T { org: O @shareable }
          type O @key(fields: "id") { id: ID! }
        """,
        b="""
          type T @key(fields: "org { code }") { org: O @shareable x: Int }
          type O @key(fields: "id") { id: ID! code: Int }
        """,
    )
    (hint,) = (hint for hint in found.hints if hint.code is HintCode.KEY_THROUGH_ITS_OWN_SUBGRAPH)
    assert '@key(fields: "org { code }") of "T" in "b"' in hint.message
    assert [place.subgraph for place in hint.locations] == ["b"]


def test_a_nested_key_whose_fields_others_resolve_is_worth_no_hint() -> None:
    found = composed(
        a="""
          type Query { t: T }
          type T { org: O @shareable }
          type O @key(fields: "id") { id: ID! code: Int @shareable }
        """,
        b="""
          type T @key(fields: "org { code }") { org: O @shareable x: Int }
          type O @key(fields: "id") { id: ID! code: Int @shareable }
        """,
    )
    assert HintCode.KEY_THROUGH_ITS_OWN_SUBGRAPH not in {hint.code for hint in found.hints}


def test_a_type_whose_fields_are_all_overridden_is_not_in_the_subgraph_any_more() -> None:
    found = failure(
        a="type Query { box: Box } type Box @shareable { a: Int v: V } type V { x: Int }",
        b='type Query { u: V } type V { x: Int @override(from: "a") }',
    )
    assert operation(found) == "{ box { v { ... } } }"


def test_a_key_that_could_not_be_served_is_not_suggested() -> None:
    found = failure(
        a="type Query { t: T } type T { id: ID! @shareable }",
        b="""
          type T @key(fields: "sku", resolvable: false) { id: ID! @shareable sku: ID! @inaccessible x: Int }
        """,
    )
    assert found.remedy == 'Add @key(fields: "id") to "T" in "b".'


def test_a_suggested_key_helps() -> None:
    subgraphs = {
        "a": 'type Query { t: T } type T @key(fields: "id") { id: ID! }',
        "b": "type T { id: ID! @shareable x: Int y: Int }",
    }
    assert {found.remedy for found in failures(**subgraphs)} == {'Add @key(fields: "id") to "T" in "b".'}
    assert not failures(**{**subgraphs, "b": subgraphs["b"].replace("T {", 'T @key(fields: "id") {')})
