"""How a plan runs: what waits for what, what travels, what is merged where."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.plan import (
    EACH,
    PARENT,
    BatchFetch,
    Condition,
    EntityBatch,
    Fetch,
    Flatten,
    KeyRenamer,
    Parallel,
    PlanNode,
    RequiredField,
    RequiredFragment,
    Sequence,
    TypeCondition,
    ValueSetter,
    read_path,
)
from tests.support.running import FakeSubgraph, Run

SCHEMA = """
type Query { me: User  posts: [Post]  node: Node }
type Mutation { first: Int  second: Int }
type User { id: ID!  name: String  posts: [Post]  big: Big  score: Float }
type Post { id: ID!  title: String  author: User  likes: Int }
interface Node { id: ID!  extra: Int }
type A implements Node { id: ID!  extra: Int }
scalar Big
"""

ENTITIES = "query($representations:[_Any!]!){_entities(representations:$representations){...on %s{%s}}}"


def requires(type_: str, *fields: str) -> tuple[RequiredFragment, ...]:
    return (RequiredFragment(type_, tuple(map(RequiredField, ("__typename", *fields)))),)


def entities(service: str, type_: str, selection: str, *path: str, key: str = "id", **more: Any) -> PlanNode:
    return Flatten(
        read_path(path), Fetch(service, ENTITIES % (type_, selection), requires=requires(type_, key), **more)
    )


def user(number: int, **more: Any) -> dict[str, Any]:
    return {"__typename": "User", "id": str(number), **more}


POSTS = Fetch("posts", "{posts{id author{__typename id}}}")
AUTHORS = entities("users", "User", "name", "posts", "@", "author")


async def test_equal_representations_travel_once_and_every_object_gets_the_entity() -> None:
    posts = {"data": {"posts": [{"id": n, "author": user(n % 2)} for n in range(4)]}}
    users = FakeSubgraph({"data": {"_entities": [{"name": "even"}, {"name": "odd"}]}})
    run = Run(
        SCHEMA,
        "{ posts { id author { name } } }",
        Sequence((POSTS, AUTHORS)),
        {"posts": FakeSubgraph(posts), "users": users},
    )
    assert await run() == {
        "data": {"posts": [{"id": n, "author": {"name": ("even", "odd")[n % 2]}} for n in range(4)]}
    }
    assert users.variables == [{"representations": [user(0), user(1)]}]


async def test_representations_that_python_takes_for_equal_stay_apart() -> None:
    posts = {
        "data": {
            "posts": [
                {"id": n, "author": {"__typename": "User", "id": i}}
                for n, i in enumerate((1, True, 1.0, "1"))
            ]
        }
    }
    users = FakeSubgraph({"data": {"_entities": [{"name": name} for name in "abcd"]}})
    run = Run(
        SCHEMA,
        "{ posts { author { name } } }",
        Sequence((POSTS, AUTHORS)),
        {"posts": FakeSubgraph(posts), "users": users},
    )
    data = (await run())["data"]
    assert [post["author"]["name"] for post in data["posts"]] == list("abcd")


async def test_no_request_is_made_when_there_is_nothing_to_ask_for() -> None:
    users = FakeSubgraph()
    run = Run(
        SCHEMA,
        "{ posts { author { name } } }",
        Sequence((POSTS, AUTHORS)),
        {"posts": FakeSubgraph({"data": {"posts": []}}), "users": users},
    )
    assert await run() == {"data": {"posts": []}}
    assert users.requests == []


async def test_a_fetch_starts_as_soon_as_its_own_inputs_are_there() -> None:
    """The plan has stages; a slow subgraph holds up only the fetch that needs it."""
    plan = Sequence(
        (
            Parallel((Fetch("slow", "{me{__typename id}}"), Fetch("fast", "{posts{__typename id}}"))),
            Parallel(
                (entities("users", "User", "name", "me"), entities("likes", "Post", "likes", "posts", "@"))
            ),
        )
    )
    slow = FakeSubgraph({"data": {"me": user(1)}})
    slow.gate = asyncio.Event()
    likes = FakeSubgraph({"data": {"_entities": [{"likes": 3}]}})
    subgraphs = {
        "slow": slow,
        "fast": FakeSubgraph({"data": {"posts": [{"__typename": "Post", "id": "p"}]}}),
        "users": FakeSubgraph({"data": {"_entities": [{"name": "Ada"}]}}),
        "likes": likes,
    }
    running = asyncio.create_task(Run(SCHEMA, "{ me { name } posts { likes } }", plan, subgraphs)())
    await asyncio.wait_for(likes.asked.wait(), 1)
    slow.gate.set()
    assert await running == {"data": {"me": {"name": "Ada"}, "posts": [{"likes": 3}]}}


async def test_mutations_run_one_after_another() -> None:
    first, second = FakeSubgraph({"data": {"first": 1}}), FakeSubgraph({"data": {"second": 2}})
    first.gate = asyncio.Event()
    plan = Sequence((Fetch("a", "mutation{first}", "mutation"), Fetch("b", "mutation{second}", "mutation")))
    running = asyncio.create_task(Run(SCHEMA, "mutation { first second }", plan, {"a": first, "b": second})())
    await first.asked.wait()
    assert not second.requests
    first.gate.set()
    assert await running == {"data": {"first": 1, "second": 2}}


@pytest.mark.parametrize(("condition", "asked"), [(True, 1), (False, 0)])
async def test_a_condition_runs_the_branch_of_its_variable(condition: bool, asked: int) -> None:
    users = FakeSubgraph({"data": {"me": {"name": "Ada"}}})
    plan = Condition("if", Fetch("users", "{me{name}}"))
    operation = "query($if: Boolean!) { me @include(if: $if) { name } }"
    await Run(SCHEMA, operation, plan, {"users": users}, {"if": condition})()
    assert len(users.requests) == asked


async def test_a_batch_asks_for_several_sets_of_entities_in_one_request() -> None:
    batch = BatchFetch(
        "users",
        "query($a:[_Any!]!$b:[_Any!]!){a:_entities(representations:$a){...on User{name}}"
        "b:_entities(representations:$b){...on Post{likes}}}",
        (
            EntityBatch("a", "a", (("me",), ("posts", EACH, "author")), requires("User", "id")),
            EntityBatch("b", "b", (("posts", EACH),), requires("Post", "id")),
        ),
    )
    first = Fetch("posts", "{me{__typename id}posts{__typename id author{__typename id}}}")
    users = FakeSubgraph({"data": {"a": [{"name": "Ada"}, {"name": "Bob"}], "b": [{"likes": 5}]}})
    answer = {"me": user(1), "posts": [{"__typename": "Post", "id": "p", "author": user(2)}]}
    run = Run(
        SCHEMA,
        "{ me { name } posts { likes author { name } } }",
        Sequence((first, batch)),
        {"posts": FakeSubgraph({"data": answer}), "users": users},
    )
    assert await run() == {
        "data": {"me": {"name": "Ada"}, "posts": [{"likes": 5, "author": {"name": "Bob"}}]}
    }
    assert users.variables == [{"a": [user(1), user(2)], "b": [{"__typename": "Post", "id": "p"}]}]


async def test_an_object_at_two_paths_is_asked_for_once_and_filled_apart() -> None:
    """Below the shared entity each path goes on with a fetch of its own: neither may write into the other."""
    schema = "type Query { a: U  b: U } type U { id: ID!  inner: I } type I { id: ID!  f(x: Int): Int }"
    both = BatchFetch(
        "s",
        "query($r:[_Any!]!){r:_entities(representations:$r){...on U{inner{__typename id}}}}",
        (EntityBatch("r", "r", (("a",), ("b",)), requires("U", "id")),),
    )
    first = entities("t", "I", "f(x:1)", "a", "inner")
    second = entities("t", "I", "f(x:2)", "b", "inner")
    u = {"__typename": "U", "id": "1"}
    run = Run(
        schema,
        "{ a { inner { f(x: 1) } } b { inner { f(x: 2) } } }",
        Sequence((Fetch("r", "{a{__typename id}b{__typename id}}"), both, Parallel((first, second)))),
        {
            "r": FakeSubgraph({"data": {"a": dict(u), "b": dict(u)}}),
            "s": FakeSubgraph({"data": {"r": [{"inner": {"__typename": "I", "id": "i"}}]}}),
            "t": FakeSubgraph({"data": {"_entities": [{"f": 1}]}}, {"data": {"_entities": [{"f": 2}]}}),
        },
    )
    assert await run() == {"data": {"a": {"inner": {"f": 1}}, "b": {"inner": {"f": 2}}}}


async def test_type_conditions_of_a_path_choose_the_objects() -> None:
    schema = "type Query { u: [U] } union U = A | B  type A { id: ID! x: Int } type B { id: ID! x: Int }"
    only_a = Flatten(
        read_path(["u", "@|[A]"]), Fetch("s", ENTITIES % ("A", "x"), requires=requires("A", "id"))
    )
    s = FakeSubgraph({"data": {"_entities": [{"x": 1}]}})
    answer = [{"__typename": "A", "id": "a"}, {"__typename": "B", "id": "b", "x": 2}]
    run = Run(
        schema,
        "{ u { ... on A { x } ... on B { x } } }",
        Sequence((Fetch("r", "{u{__typename ...on A{id}...on B{id x}}}"), only_a)),
        {"r": FakeSubgraph({"data": {"u": answer}}), "s": s},
    )
    assert await run() == {"data": {"u": [{"x": 1}, {"x": 2}]}}
    assert s.variables == [{"representations": [{"__typename": "A", "id": "a"}]}]


async def test_an_interface_object_is_asked_for_under_the_interfaces_name() -> None:
    fetch = Fetch(
        "s",
        ENTITIES % ("Node", "extra"),
        requires=requires("A", "id"),
        input_rewrites=(ValueSetter((TypeCondition(("A",)), "__typename"), "Node"),),
    )
    s = FakeSubgraph({"data": {"_entities": [{"extra": 7}]}})
    run = Run(
        SCHEMA,
        "{ node { __typename extra } }",
        Sequence((Fetch("r", "{node{__typename id}}"), Flatten(("node",), fetch))),
        {"r": FakeSubgraph({"data": {"node": {"__typename": "A", "id": "a"}}}), "s": s},
    )
    assert await run() == {"data": {"node": {"__typename": "A", "extra": 7}}}
    assert s.variables == [{"representations": [{"__typename": "Node", "id": "a"}]}]


async def test_context_arguments_take_their_value_from_the_object_around() -> None:
    schema = "type Query { ts: [T] } type T { id: ID! prop: String us: [U] } type U { id: ID! field: String }"
    selection = "_entities(representations:$representations){...on U{field(a:$c)}}"
    operation = f"query($representations:[_Any!]!$c:String){{{selection}}}"
    fetch = Fetch(
        "s",
        operation,
        requires=requires("U", "id"),
        context_rewrites=(KeyRenamer((PARENT, TypeCondition(("T",)), "prop"), "c"),),
    )
    u = {"__typename": "U", "id": "u"}
    ts = [
        {"__typename": "T", "prop": "x", "us": [dict(u)]},
        {"__typename": "T", "prop": "y", "us": [dict(u)]},
    ]
    s = FakeSubgraph(
        {"data": {"_entities": [{"field": "from x"}]}}, {"data": {"_entities": [{"field": "from y"}]}}
    )
    run = Run(
        schema,
        "{ ts { us { field } } }",
        Sequence(
            (Fetch("r", "{ts{__typename prop us{__typename id}}}"), Flatten(("ts", EACH, "us", EACH), fetch))
        ),
        {"r": FakeSubgraph({"data": {"ts": ts}}), "s": s},
    )
    assert await run() == {"data": {"ts": [{"us": [{"field": "from x"}]}, {"us": [{"field": "from y"}]}]}}
    assert [each["c"] for each in s.variables] == ["x", "y"]


async def test_fetches_that_context_values_split_are_counted() -> None:
    schema = "type Query { ts: [T] } type T { id: ID! prop: String u: U } type U { id: ID! field: String }"
    selection = "_entities(representations:$representations){...on U{field(a:$c)}}"
    fetch = Fetch(
        "s",
        f"query($representations:[_Any!]!$c:String){{{selection}}}",
        requires=requires("U", "id"),
        context_rewrites=(KeyRenamer((PARENT, "prop"), "c"),),
    )
    ts = [{"prop": str(n), "u": {"__typename": "U", "id": "u"}} for n in range(5)]
    run = Run(
        schema,
        "{ ts { u { field } } }",
        Sequence((Fetch("r", "{ts{prop u{__typename id}}}"), Flatten(("ts", EACH, "u"), fetch))),
        {
            "r": FakeSubgraph({"data": {"ts": ts}}),
            "s": FakeSubgraph(*({"data": {"_entities": [{"field": "f"}]}} for _ in range(5))),
        },
        max_fetches=4,
    )
    response = await run()
    assert [each["u"]["field"] for each in response["data"]["ts"]] == ["f", "f", "f", None, None]
    assert {error["extensions"]["code"] for error in response["errors"]} == {"FETCH_LIMIT_EXCEEDED"}


async def test_nested_required_fields_are_copied_with_their_lists_and_nulls() -> None:
    schema = "type Query { p: P } type P { id: ID! dims: [D] out: Int } type D { w: Int h: Int }"
    needed = (
        RequiredFragment(
            "P",
            (
                RequiredField("__typename"),
                RequiredField("id"),
                RequiredField("dims", (RequiredField("w"),)),
            ),
        ),
    )
    s = FakeSubgraph({"data": {"_entities": [{"out": 1}]}})
    answer = {"__typename": "P", "id": "p", "dims": [{"w": 1, "h": 2}, None]}
    run = Run(
        schema,
        "{ p { out } }",
        Sequence(
            (
                Fetch("r", "{p{__typename id dims{w h}}}"),
                Flatten(("p",), Fetch("s", ENTITIES % ("P", "out"), requires=needed)),
            )
        ),
        {"r": FakeSubgraph({"data": {"p": answer}}), "s": s},
    )
    assert await run() == {"data": {"p": {"out": 1}}}
    assert s.variables == [{"representations": [{"__typename": "P", "id": "p", "dims": [{"w": 1}, None]}]}]


async def test_values_pass_untouched() -> None:
    body = '{"data":{"me":{"id":"1","name":"ж\\u0000😀","big":123456789012345678901234567890,"score":1}}}'
    run = Run(
        SCHEMA,
        "{ me { id name big score } }",
        Fetch("u", "{me{id name big score}}"),
        {"u": FakeSubgraph(body.encode())},
    )
    me = (await run())["data"]["me"]
    assert me == {"id": "1", "name": "ж\0😀", "big": 123456789012345678901234567890, "score": 1}
    assert type(me["score"]) is int


async def test_two_parts_of_a_batch_may_write_into_one_object() -> None:
    schema = "type Query { u: U } type U { id: ID!  inner: I } type I { a: Int  b: Int }"
    keyed = requires("U", "id")
    batch = BatchFetch(
        "s",
        "query($x:[_Any!]!$y:[_Any!]!){x:_entities(representations:$x){...on U{inner{a}}}"
        "y:_entities(representations:$y){...on U{inner{b}}}}",
        (EntityBatch("x", "x", (("u",),), keyed), EntityBatch("y", "y", (("u",),), keyed)),
    )
    run = Run(
        schema,
        "{ u { inner { a b } } }",
        Sequence((Fetch("r", "{u{__typename id}}"), batch)),
        {
            "r": FakeSubgraph({"data": {"u": {"__typename": "U", "id": "1"}}}),
            "s": FakeSubgraph({"data": {"x": [{"inner": {"a": 1}}], "y": [{"inner": {"b": 2}}]}}),
        },
    )
    assert await run() == {"data": {"u": {"inner": {"a": 1, "b": 2}}}}


async def test_objects_that_share_an_entity_are_filled_below_as_one() -> None:
    """Two posts of one author: what lies in the author is asked for once and is right in both places."""
    schema = (
        "type Query { ps: [P] } type P { id: ID! u: U } type U { id: ID! is: [I] } type I { id: ID! x: Int }"
    )
    plan = Sequence(
        (
            Fetch("r", "{ps{u{__typename id}}}"),
            entities("s", "U", "is{__typename id}", "ps", "@", "u"),
            entities("t", "I", "x", "ps", "@", "u", "is", "@"),
        )
    )
    u = {"__typename": "U", "id": "1"}
    t = FakeSubgraph({"data": {"_entities": [{"x": 1}, {"x": 2}]}})
    shared = [{"__typename": "I", "id": "a"}, {"__typename": "I", "id": "b"}]
    run = Run(
        schema,
        "{ ps { u { is { x } } } }",
        plan,
        {
            "r": FakeSubgraph({"data": {"ps": [{"u": dict(u)}, {"u": dict(u)}]}}),
            "s": FakeSubgraph({"data": {"_entities": [{"is": shared}]}}),
            "t": t,
        },
    )
    assert await run() == {"data": {"ps": [{"u": {"is": [{"x": 1}, {"x": 2}]}}] * 2}}
    assert t.variables == [{"representations": shared}]
