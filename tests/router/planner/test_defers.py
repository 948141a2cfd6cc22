"""@defer takes no request that is not needed; a root type below the root is asked as what it is."""

from __future__ import annotations

from router.plan import Defer, Fetch, Flatten, Sequence
from tests.support.planning import fetches, plan_of

T = 'type T @key(fields: "id") { id: ID! v0: Int v1: Int }'
QUERY = {"a": "type Query { t: T } " + T}
MUTATION = {"a": "type Query { q: Int } type Mutation { one: T two: T } " + T}


def test_a_deferred_key_that_is_fetched_in_any_case_takes_no_request() -> None:
    plan = plan_of(QUERY, "{ t { v0 ... @defer { id } } }")
    assert fetches(plan) == ["a: {t{v0 id}}"]
    assert isinstance(plan.node, Defer)
    (deferred,) = plan.node.deferred
    assert deferred.node is None
    assert [each.id for each in deferred.depends] == ["0"]


def test_a_deferred_key_beside_another_field_leaves_only_that_to_ask_for() -> None:
    first, second = fetches(plan_of(QUERY, "{ t { ... @defer { id v1 } } }"))
    assert first == "a: {t{__typename id}}"
    assert second.endswith("{...on T{v1}}}")


def test_what_is_deferred_in_two_mutation_fields_does_not_keep_them_from_one_request() -> None:
    operation = "mutation { one { v0 ... @defer { v1 } } two { v0 ... @defer { v1 } } }"
    first, *deferred = fetches(plan_of(MUTATION, operation))
    assert first == "a: mutation{one{v0 id}two{v0 id}}"
    assert len(deferred) == 2


def test_the_mutation_type_below_a_query_is_asked_with_a_mutation() -> None:
    subgraphs = {
        "a": "type Query { getA: A } type A { m: Mutation } type Mutation { mutateOne: Int }",
        "b": "type Mutation { mutateTwo: Int }",
    }
    plan = plan_of(subgraphs, "{ getA { m { mutateTwo } } }")
    assert isinstance(plan.node, Sequence)
    flatten = plan.node.nodes[1]
    assert isinstance(flatten, Flatten)
    assert isinstance(flatten.node, Fetch)
    assert flatten.node.operation_kind == "mutation"
    assert flatten.node.operation == "mutation{mutateTwo}"
