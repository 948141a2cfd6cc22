"""@skip and @include stay in the plan; mutations run in order; subscriptions and @defer have their nodes."""

from __future__ import annotations

from router.plan import Condition, Defer, QueryPlan, Subscription
from router.planner import QueryPlanner
from tests.support.planning import composed, fetches, plan_of

USERS = """
type Query { me: User you: User }
type Mutation { rename(to: String): User count: Int }
type Subscription { renamed: User }
type User @key(fields: "id") { id: ID! name: String }
"""
POSTS = """
type Mutation { post: Int }
type User @key(fields: "id") { id: ID! posts: Int drafts: Int }
"""
SUBGRAPHS = {"users": USERS, "posts": POSTS}


def test_a_request_that_only_a_condition_wants_is_gated() -> None:
    plan = plan_of(SUBGRAPHS, "query ($on: Boolean!) { me { name posts @include(if: $on) } }")
    assert "Include(if: $on) {" in plan.to_text()
    assert "@include" not in fetches(plan)[1]


def test_a_request_wanted_in_any_case_keeps_the_condition_at_the_field() -> None:
    plan = plan_of(SUBGRAPHS, "query ($on: Boolean!) { me { drafts posts @include(if: $on) } }")
    assert "Include(if: $on) {" not in plan.to_text()
    assert fetches(plan)[1].startswith("posts: query($representations:[_Any!]!$on:Boolean!)")
    assert "{drafts posts@include(if:$on)}" in fetches(plan)[1]


def test_branches_that_exclude_each_other_share_one_condition_node() -> None:
    subgraphs = {"a": "type Query { x: Int }", "b": "type Query { y: Int }"}
    plan = plan_of(subgraphs, "query ($on: Boolean!) { x @include(if: $on) y @skip(if: $on) }")
    assert isinstance(plan.node, Condition)
    assert plan.node.if_clause is not None
    assert plan.node.else_clause is not None


def test_literal_conditions_are_decided_before_planning() -> None:
    plan = plan_of(SUBGRAPHS, "{ me { name posts @skip(if: true) ... @include(if: false) { drafts } } }")
    assert fetches(plan) == ["users: {me{name}}"]


def test_an_object_stays_when_all_that_is_asked_of_it_is_conditional() -> None:
    plan = plan_of(SUBGRAPHS, "query ($on: Boolean!) { me { posts @include(if: $on) } }")
    assert fetches(plan)[0] == "users: {me{id}}"
    assert plan.to_text().index("users") < plan.to_text().index("Include")


def test_two_conditions_of_one_kind_stand_on_nested_places() -> None:
    plan = plan_of(
        SUBGRAPHS,
        "query ($a: Boolean!, $b: Boolean!)"
        " { you { name } me { id ... @include(if: $a) { name @include(if: $b) } } }",
    )
    assert "...@include(if:$b){name@include(if:$a)}" in fetches(plan)[0]


def test_only_introspection_asks_no_subgraph() -> None:
    assert plan_of(SUBGRAPHS, "{ __typename __schema { queryType { name } } }") == QueryPlan(None)


def test_mutations_run_in_order_and_those_of_one_subgraph_in_a_row_travel_together() -> None:
    plan = plan_of(SUBGRAPHS, "mutation { count rename { id } post again: count }")
    assert fetches(plan) == [
        "users: mutation{count rename{id}}",
        "posts: mutation{post}",
        "users: mutation{again:count}",
    ]


def test_what_a_mutation_returns_is_complete_before_the_next_one_runs() -> None:
    plan = plan_of(SUBGRAPHS, "mutation { rename { posts } count }")
    assert [f.split("{")[0] for f in fetches(plan)] == [
        "users: mutation",
        "posts: query($representations:[_Any!]!)",
        "users: mutation",
    ]


def test_a_mutation_selected_twice_runs_where_it_is_first_selected_under_its_conditions() -> None:
    plan = plan_of(SUBGRAPHS, "mutation ($q: Boolean!) { rename @skip(if: $q) { id } post rename { name } }")
    text = plan.to_text()
    assert text.index("Skip(if: $q)") < text.index("post") < text.index("Include(if: $q)")


def test_a_subscription_opens_with_one_fetch_and_completes_each_event() -> None:
    plan = plan_of(SUBGRAPHS, "subscription { renamed { name posts } }")
    assert isinstance(plan.node, Subscription)
    assert plan.node.primary.operation == "subscription{renamed{name id}}"
    assert plan.node.rest is not None


def test_a_deferred_fragment_has_requests_of_its_own() -> None:
    plan = plan_of(SUBGRAPHS, '{ me { id ... @defer(label: "rest") { name posts } } }')
    assert isinstance(plan.node, Defer)
    (deferred,) = plan.node.deferred
    assert plan.node.primary.subselection == "{ me { id } }"
    assert deferred.label == "rest"
    assert deferred.query_path == ("me",)
    assert deferred.subselection == "{ name posts }"
    assert [d.id for d in deferred.depends] == ["0"]
    assert fetches(plan)[0] == "users: {me{id}}"


def test_a_deferred_fragment_inside_another_is_a_defer_of_its_own() -> None:
    plan = plan_of(SUBGRAPHS, "{ me { id ... @defer { name ... @defer { posts } } } }")
    assert isinstance(plan.node, Defer)
    (outer,) = plan.node.deferred
    assert isinstance(outer.node, Defer)
    assert outer.node.primary.subselection == "{ name }"


def test_a_variable_decides_whether_to_defer() -> None:
    plan = plan_of(SUBGRAPHS, "query ($d: Boolean!) { me { id ... @defer(if: $d) { posts } } }")
    assert isinstance(plan.node, Condition)
    assert isinstance(plan.node.if_clause, Defer)
    assert not isinstance(plan.node.else_clause, Defer)


def test_a_planner_may_ignore_defer() -> None:
    plan = QueryPlanner(composed(SUBGRAPHS), defer=False).plan("{ me { id ... @defer { posts } } }")
    assert not isinstance(plan.node, Defer)
    assert len(fetches(plan)) == 2
