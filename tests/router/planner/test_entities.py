"""Keys: how objects are followed from one subgraph to the next."""

from __future__ import annotations

import pytest

from router.plan import EACH, BatchFetch, Sequence
from router.planner import QueryPlanner, UnplannableFieldError
from tests.support.planning import composed, fetches, plan_of, shown

USERS = """
type Query { me: User }
type User @key(fields: "id") { id: ID! name: String }
"""
POSTS = """
type User @key(fields: "id") { id: ID! posts: [Post] }
type Post @key(fields: "id") { id: ID! title: String author: User }
"""


def test_one_subgraph_answers_with_one_fetch() -> None:
    assert shown(plan_of({"users": USERS, "posts": POSTS}, "{ me { name id } }")) == (
        'Fetch(service: "users") {\n  {\n    me {\n      name\n      id\n    }\n  }\n},'
    )


def test_a_key_leads_to_another_subgraph() -> None:
    assert fetches(plan_of({"users": USERS, "posts": POSTS}, "{ me { posts { title } } }")) == [
        "users: {me{id}}",
        "posts: query($representations:[_Any!]!){_entities(representations:$representations)"
        "{...on User{posts{title}}}}",
    ]


def test_named_operations_number_their_requests() -> None:
    plan = plan_of({"users": USERS, "posts": POSTS}, "query Mine { me { posts { title } } }")
    assert "query Mine__users__0{" in fetches(plan)[0]
    assert "query Mine__posts__1(" in fetches(plan)[1]


def test_a_chain_of_keys_goes_through_a_third_subgraph() -> None:
    plan = plan_of(
        {
            "a": 'type Query { t: T } type T @key(fields: "x") { x: ID! }',
            "b": 'type T @key(fields: "x") @key(fields: "y") { x: ID! y: ID! }',
            "c": 'type T @key(fields: "y") { y: ID! z: Int }',
        },
        "{ t { z } }",
    )
    assert [f.split(":")[0] for f in fetches(plan)] == ["a", "b", "c"]


def test_a_nested_key_is_fetched_whole() -> None:
    plan = plan_of(
        {
            "a": 'type Query { t: T } type T @key(fields: "o { id n }") { o: O } type O { id: ID! n: Int }',
            "b": 'type T @key(fields: "o { id n }") { o: O @shareable z: Int }'
            " type O @shareable { id: ID! n: Int }",
        },
        "{ t { z } }",
    )
    assert fetches(plan)[0] == "a: {t{o{id n}}}"


def test_entity_fetches_to_one_subgraph_in_one_stage_travel_together() -> None:
    plan = plan_of(
        {
            "a": 'type Query { u: U v: V } type U @key(fields: "id") { id: ID! }'
            ' type V @key(fields: "id") { id: ID! }',
            "b": 'type U @key(fields: "id") { id: ID! x: Int } type V @key(fields: "id") { id: ID! y: Int }',
        },
        "{ u { x } v { y } }",
    )
    assert isinstance(plan.node, Sequence)
    batch = plan.node.nodes[1]
    assert isinstance(batch, BatchFetch)
    assert [part.paths for part in batch.entities] == [(("u",),), (("v",),)]
    assert batch.operation == (
        "query($a0:[_Any!]!$a1:[_Any!]!){a0:_entities(representations:$a0){...on U{x}}"
        "a1:_entities(representations:$a1){...on V{y}}}"
    )


def test_identical_selections_at_several_paths_share_one_part() -> None:
    plan = plan_of(
        {
            "a": 'type Query { u: U w: [U] } type U @key(fields: "id") { id: ID! }',
            "b": 'type U @key(fields: "id") { id: ID! x: Int }',
        },
        "{ u { x } w { x } }",
    )
    assert isinstance(plan.node, Sequence)
    batch = plan.node.nodes[1]
    assert isinstance(batch, BatchFetch)
    assert [part.paths for part in batch.entities] == [(("u",), ("w", EACH))]


def test_the_root_type_below_the_root_is_entered_without_a_key() -> None:
    plan = plan_of(
        {"a": "type Query { t: T } type T { q: Query }", "b": "type Query { x: Int }"}, "{ t { q { x } } }"
    )
    assert fetches(plan) == ["a: {t{q{__typename}}}", "b: {x}"]


def test_a_shared_value_is_asked_of_every_subgraph_that_has_a_part_of_it_at_once() -> None:
    plan = plan_of(
        {
            "a": "type Query { v: V @shareable } type V { x: Int }",
            "b": "type Query { v: V @shareable } type V { y: Int }",
        },
        "{ v { x y } }",
    )
    assert sorted(fetches(plan)) == ["a: {v{x}}", "b: {v{y}}"]
    assert "Parallel" in plan.to_text()


def test_a_key_under_an_alias_of_the_client_is_fetched_apart_and_renamed_back() -> None:
    plan = plan_of({"users": USERS, "posts": POSTS}, "{ me { id: name posts { id } } }")
    assert fetches(plan)[0] == "users: {me{id:name id__internal_0:id}}"
    assert "'path': ['... on User', 'id__internal_0'], 'renameKeyTo': 'id'" in str(plan.to_json())


def test_a_field_that_no_key_leads_to_is_refused_with_its_path() -> None:
    supergraph = composed({"a": USERS, "b": POSTS}).replace(
        '@join__type(graph: B, key: "id")', "@join__type(graph: B)"
    )
    with pytest.raises(UnplannableFieldError) as caught:
        QueryPlanner(supergraph).plan("{ me { posts { title } } }")
    assert caught.value.code == "PLANNING_FAILED"
    assert caught.value.field == "posts"
    assert caught.value.path == ("me",)


def test_fewer_stages_win_over_a_smaller_selection() -> None:
    plan = plan_of(
        {
            "a": 'type Query { t: T } type T @key(fields: "x") { x: ID! }',
            "b": 'type T @key(fields: "x") @key(fields: "y") { x: ID! y: ID! z: Int @shareable }',
            "c": 'type T @key(fields: "y") { y: ID! z: Int @shareable }',
        },
        "{ t { z } }",
    )
    assert [f.split(":")[0] for f in fetches(plan)] == ["a", "b"]


def test_directives_that_mean_nothing_to_the_router_are_handed_on() -> None:
    tell = " directive @tell(x: Int) on QUERY | FIELD | INLINE_FRAGMENT"
    plan = plan_of(
        {"users": USERS + tell, "posts": POSTS + tell},
        "query Q($x: Int) @tell(x: $x) { me @tell { name ... @tell(x: 2) { posts { id } } } }",
    )
    assert fetches(plan) == [
        "users: query Q__users__0($x:Int)@tell(x:$x){me@tell{name id}}",
        "posts: query Q__posts__1($representations:[_Any!]!$x:Int)@tell(x:$x)"
        "{_entities(representations:$representations){...on User{...@tell(x:2){posts{id}}}}}",
    ]


def test_a_subgraph_gets_directives_and_their_variables_only_where_it_lets_them_stand() -> None:
    tell = " directive @audit(by: ID) on MUTATION directive @spread(x: Int) on FRAGMENT_SPREAD"
    tell += " directive @trace(id: ID) on QUERY | MUTATION"
    users = USERS + " type Mutation { join: User }" + tell
    plan = plan_of(
        {"users": users, "posts": POSTS + tell},
        "mutation M($by: ID, $id: ID, $x: Int) @audit(by: $by) @trace(id: $id)"
        " { join { ...P @spread(x: $x) } }"
        " fragment P on User { posts { id } }",
    )
    assert fetches(plan) == [
        "users: mutation M__users__0($by:ID$id:ID)@audit(by:$by)@trace(id:$id){join{id}}",
        "posts: query M__posts__1($representations:[_Any!]!$id:ID)@trace(id:$id)"
        "{_entities(representations:$representations){...on User{posts{id}}}}",
    ]
