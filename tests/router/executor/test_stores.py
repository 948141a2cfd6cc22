"""An operation on structures is answered as on dicts, whatever subgraphs do."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from router.errors import TransportError
from router.executor.operation import ExecutableOperation
from router.plan import (
    EACH,
    BatchFetch,
    Condition,
    EntityBatch,
    Fetch,
    Flatten,
    Parallel,
    RequiredField,
    RequiredFragment,
    Sequence,
    read_path,
)
from tests.support.running import FakeSubgraph
from tests.support.stores import executable, run, text

SCHEMA = """
type Query { me: User  posts: [Post!]  now: Int }
type User { id: ID!  name: String  mood: Mood!  friends: [User] }
type Post { id: ID!  title: String!  author: User  rows: [[User!]] }
enum Mood { GOOD BAD }
interface Node { id: ID! }
"""
OPERATION = """{
  me { name mood }  now
  posts { kind: __typename title author { mood name } rows { name } }
}"""
ENTITIES = "query($representations:[_Any!]!){_entities(representations:$representations){...on User{%s}}}"
USER = (RequiredFragment("User", (RequiredField("__typename"), RequiredField("id"))),)


def users(service: str, fields: str, *path: str) -> Flatten:
    return Flatten(read_path(path), Fetch(service, ENTITIES % fields, requires=USER))


PLAN = Sequence(
    (
        Parallel(
            (
                Fetch("users", "{me{__typename id mood}}"),
                Fetch("posts", "{posts{title author{__typename id} rows{__typename id}}}"),
                Fetch("clock", "{now}"),
            )
        ),
        Parallel(
            (
                users("names", "name", "me"),
                users("names", "name", "posts", "@", "rows", "@", "@"),
                users("moods", "name mood", "posts", "@", "author"),
            )
        ),
    )
)


def user(number: int) -> dict[str, Any]:
    return {"__typename": "User", "id": str(number)}


POSTS = [
    {"title": "a", "author": user(1), "rows": [[user(2), user(3)], []]},
    {"title": "b", "author": None, "rows": None},
    {"title": "c", "author": user(1), "rows": [None, [user(2)]]},
]
ANSWERS: dict[str, Any] = {
    "users": {"data": {"me": {**user(7), "mood": "GOOD"}}},
    "posts": {"data": {"posts": POSTS}},
    "clock": {"data": {"now": 12}},
    "names": {},
    "moods": {"data": {"_entities": [{"name": "one", "mood": "BAD"}]}},
}
NAMES = ({"data": {"_entities": [{"name": "seven"}]}}, {"data": {"_entities": [{"name": n} for n in "xy"]}})
WRONG: tuple[Any, ...] = (None, 5, 1e3, 2**70, "text", True, [], {}, [None], {"__typename": "Post"}, "GOOD")


class Subgraphs(FakeSubgraph):
    """Answers by what is asked for, after having let others go first `turns` times; may be down."""

    def __init__(self, name: str, answers: dict[str, Any], turns: int, *, as_text: bool) -> None:
        super().__init__()
        self._given = answers[name]
        self._names = answers["names"]
        self._name = name
        self._turns = turns
        self._as_text = as_text

    async def send(self, request: Any) -> Any:
        for _ in range(self._turns):
            await asyncio.sleep(0)
        answer = self._given
        if self._name == "names":
            answer = self._names[min(len(request.variables["representations"]), 2) - 1]
        text = json.dumps(answer).encode() if self._as_text else copy.deepcopy(answer)
        self._answers.append(TransportError("down") if answer == "down" else text)
        return await super().send(request)


QUICK, CAREFUL = (executable(SCHEMA, OPERATION, PLAN, quick=quick) for quick in (True, False))
"""Objects of known types."""

FEED = """{
  feed {
    kind: __typename  id
    ... on Article { headline  by { name mood } }
    ... on Photo { by { name mood }  url  near { ... on Article { headline } ... on Photo { url } } }
  }
  top { ... on Photo { id url } ... on User { name } }
}"""
ABSTRACT = """
type Query { feed: [Item!]  top: Top }
interface Item { id: ID! }
union Top = Photo | User
type Article implements Item { id: ID!  headline: String  by: User! }
type Photo implements Item { id: ID!  url: String!  by: User!  near: [Item] }
type User { id: ID!  name: String  mood: Mood! }
enum Mood { GOOD BAD }
"""


def of(type_: str, *keys: str) -> tuple[RequiredFragment, ...]:
    return (RequiredFragment(type_, tuple(map(RequiredField, ("__typename", *keys)))),)


def entities(service: str, type_: str, fields: str, *path: str) -> Flatten:
    text = "query($representations:[_Any!]!){_entities(representations:$representations){...on %s{%s}}}"
    return Flatten(read_path(path), Fetch(service, text % (type_, fields), requires=of(type_, "id")))


FEED_PLAN = Sequence(
    (
        Parallel(
            (
                Fetch(
                    "items",
                    "{feed{__typename kind:__typename id ...on Article{by{__typename id mood}}"
                    "...on Photo{by{__typename id mood}near{__typename ...on Article{id}...on Photo{url}}}}}",
                ),
                Fetch("top", "{top{__typename ...on Photo{id}...on User{id}}}"),
            )
        ),
        Parallel(
            (
                entities("headlines", "Article", "headline", "feed", "@|[Article]"),
                entities("headlines", "Article", "headline", "feed", "@|[Photo]", "near", "@|[Article]"),
                entities("urls", "Photo", "url", "feed", "@|[Photo]"),
                entities("urls", "Photo", "url", "top"),
                entities("people", "User", "name", "feed", "@", "by"),
                entities("people", "User", "name", "top"),
            )
        ),
    )
)


def person(number: int) -> dict[str, Any]:
    return {**user(number), "mood": "BAD"}


NEAR = [{"__typename": "Article", "id": "a2"}, {"__typename": "Photo", "url": "u2"}, None]
FEED_ANSWERS: dict[str, Any] = {
    "items": {
        "data": {
            "feed": [
                {"__typename": "Article", "kind": "Article", "id": "a1", "by": person(1)},
                {
                    "__typename": "Photo",
                    "kind": "Photo",
                    "id": "p1",
                    "by": person(2),
                    "near": NEAR,
                },
                {"__typename": "Article", "kind": "Article", "id": "a2", "by": person(2)},
            ]
        }
    },
    "top": {"data": {"top": {"__typename": "Photo", "id": "p1"}}},
    "headlines": {"a1": {"headline": "one"}, "a2": {"headline": None}},
    "urls": {"p1": {"url": "u1"}},
    "people": {"1": {"name": "Ada"}, "2": {"name": "Bo"}},
}
FEED_WAYS = [executable(ABSTRACT, FEED, FEED_PLAN, quick=quick) for quick in (True, False)]


class ById(FakeSubgraph):
    """Answers entities by their id, or as given; may be down."""

    def __init__(self, given: Any, turns: int) -> None:
        super().__init__()
        self._given = given
        self._turns = turns

    async def send(self, request: Any) -> Any:
        for _ in range(self._turns):
            await asyncio.sleep(0)
        answer = self._given
        asked = request.variables.get("representations")
        if asked is not None and isinstance(answer, dict):
            answer = {"data": {"_entities": [answer.get(str(each.get("id"))) for each in asked]}}
        self._answers.append(TransportError("down") if answer == "down" else json.dumps(answer).encode())
        return await super().send(request)


def both_feeds(answers: dict[str, Any], turns: dict[str, int]) -> bool:
    """Whether the structures held to the end; asserts that it makes no difference."""

    async def one(way: ExecutableOperation) -> tuple[str, list[str], bool]:
        outcome = await run(way, {n: ById(answers[n], turns.get(n, 0)) for n in FEED_ANSWERS})
        errors = sorted(map(repr, (*outcome.errors, *outcome.completion)))
        return text(outcome), errors, outcome.encoded is not None

    quick, careful = (asyncio.run(one(way)) for way in FEED_WAYS)
    assert quick[:2] == careful[:2]
    return quick[2]


def test_objects_of_several_types_are_handled_in_structures_to_the_end() -> None:
    assert both_feeds(copy.deepcopy(FEED_ANSWERS), {})
    other = copy.deepcopy(FEED_ANSWERS)
    other["top"]["data"]["top"] = user(1)
    assert both_feeds(other, {"people": 3})


def test_a_type_name_that_no_fetch_asked_for_is_not_believed() -> None:
    answers = copy.deepcopy(FEED_ANSWERS)
    answers["headlines"]["a1"] = {"__typename": "Post", "headline": "one"}
    answers["urls"]["p1"] = {"url": "u1", "id": "another", "__typename": "Article"}
    assert both_feeds(answers, {})


def test_a_type_told_twice_and_differently_is_what_the_type_name_says() -> None:
    answers = copy.deepcopy(FEED_ANSWERS)
    answers["items"]["data"]["feed"][0]["kind"] = "Photo"
    assert not both_feeds(answers, {})


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_damaged_answers_with_several_types_are_answered_as_by_the_careful_way(data: st.DataObject) -> None:
    answers = copy.deepcopy(FEED_ANSWERS)
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(answers)))
        damage = data.draw(st.sampled_from(("replace", "remove", "down")))
        if damage == "replace" and container is not answers:
            container[key] = copy.deepcopy(data.draw(st.sampled_from((*WRONG, "Article", "Photo"))))
        elif damage == "remove" and isinstance(container, dict) and container is not answers:
            del container[key]
        elif damage == "down" and container is answers:
            answers[key] = "down"
    both_feeds(answers, data.draw(st.dictionaries(st.sampled_from(sorted(answers)), st.integers(0, 4))))


async def answer(
    answers: dict[str, Any], turns: dict[str, int], *, as_text: bool, typed: bool
) -> tuple[str, set[str], bool]:
    """The data as text, the errors, and whether the structures held to the end."""
    subgraphs = {name: Subgraphs(name, answers, turns.get(name, 0), as_text=as_text) for name in ANSWERS}
    outcome = await run(QUICK if typed else CAREFUL, subgraphs)
    errors = {repr(error) for error in (*outcome.errors, *outcome.completion)}
    return text(outcome), errors, outcome.encoded is not None


def both(answers: dict[str, Any], turns: dict[str, int], *, as_text: bool) -> bool:
    """Whether the structures held to the end; asserts that it makes no difference."""
    quick = asyncio.run(answer(answers, turns, as_text=as_text, typed=True))
    careful = asyncio.run(answer(answers, turns, as_text=as_text, typed=False))
    assert quick[:2] == careful[:2]
    return quick[2]


def sound() -> dict[str, Any]:
    return copy.deepcopy({**ANSWERS, "names": list(NAMES)})


def test_sound_answers_are_handled_in_structures_to_the_end() -> None:
    assert both(sound(), {}, as_text=True)
    assert both(sound(), {}, as_text=False)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a value with every key or index of it."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]
    return []


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_damaged_answers_are_answered_as_by_the_careful_way(data: st.DataObject) -> None:
    answers = sound()
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(answers)))
        damage = data.draw(st.sampled_from(("replace", "remove", "error")))
        if damage == "replace":
            container[key] = copy.deepcopy(data.draw(st.sampled_from(WRONG)))
        elif damage == "remove" and isinstance(container, dict) and container is not answers:
            del container[key]
        elif container is answers and key != "names" and isinstance(answers[key], dict):
            answers[key]["errors"] = [{"message": "no", "path": ["me"]}]
        elif container is answers and key != "names":
            answers[key] = "down"
    assume(isinstance(answers["names"], list) and len(answers["names"]) == 2)
    turns = data.draw(st.dictionaries(st.sampled_from(sorted(ANSWERS)), st.integers(0, 4)))
    both(answers, turns, as_text=data.draw(st.booleans()))


def test_a_type_name_that_is_no_string_does_not_break_the_answer() -> None:
    wrong: tuple[Any, ...] = ([], {}, 5)
    for typename in wrong:
        answers = sound()
        answers["users"]["data"]["me"]["__typename"] = typename
        assert not both(answers, {}, as_text=True)


async def test_a_fetch_in_flight_when_another_fails_merges_into_the_dicts() -> None:
    answers = sound() | {"clock": "down"}
    late = await answer(answers, {"clock": 3, "moods": 8, "names": 8}, as_text=True, typed=True)
    assert not late[2]
    assert json.loads(late[0])["posts"][0]["author"] == {"mood": "BAD", "name": "one"}


async def test_conditions_are_decided_beforehand_and_each_value_has_its_structures() -> None:
    operation = "query($x: Boolean!) { me { id @skip(if: $x) name @include(if: $x) } }"
    plan = Sequence(
        (
            Fetch("users", "query($x:Boolean!){me{__typename id}}", variable_usages=("x",)),
            Condition("x", users("names", "name", "me"), None),
        )
    )
    skipping = executable(SCHEMA, operation, plan)
    for value, expected in ((True, {"name": "n"}), (False, {"id": "1"})):
        subgraphs = {
            "users": FakeSubgraph({"data": {"me": user(1)}}),
            "names": FakeSubgraph({"data": {"_entities": [{"name": "n"}]}}),
        }
        outcome = await run(skipping, subgraphs, {"x": value})
        assert outcome.encoded is not None
        assert json.loads(outcome.encoded)["data"] == {"me": expected}
        assert len(subgraphs["names"].requests) == value


async def test_a_fetch_of_which_conditions_leave_nothing_merges_nothing() -> None:
    operation = "query($x: Boolean!) { me { id name @include(if: $x) } }"
    text = "query($representations:[_Any!]!$x:Boolean!){_entities(representations:$representations)"
    names = Fetch("n", text + "{...on User{name@include(if:$x)}}}", requires=USER, variable_usages=("x",))
    plan = Sequence((Fetch("u", "{me{__typename id}}"), Flatten(("me",), names)))
    subgraphs = {
        "u": FakeSubgraph({"data": {"me": user(1)}}),
        "n": FakeSubgraph({"data": {"_entities": [{}]}}),
    }
    outcome = await run(executable(SCHEMA, operation, plan), subgraphs, {"x": False})
    assert json.loads(outcome.encoded or b"")["data"] == {"me": {"id": "1"}}


async def test_a_part_that_conditions_switch_off_sends_no_representations() -> None:
    text = "query($a0:[_Any!]!$a1:[_Any!]!){a0:_entities(representations:$a0){...on User{name}}"
    text += "a1:_entities(representations:$a1){...on User{mood}}}"
    batch = BatchFetch(
        "n",
        text,
        (
            EntityBatch("a0", "a0", (("me",),), USER),
            EntityBatch("a1", "a1", (("me",),), USER, (), (), (("x", True),)),
        ),
    )
    operation = "query($x: Boolean!) { me { name mood @include(if: $x) } }"
    plan = Sequence((Fetch("u", "{me{__typename id}}"), batch))
    subgraphs = {
        "u": FakeSubgraph({"data": {"me": user(1)}}),
        "n": FakeSubgraph({"data": {"a0": [{"name": "n"}], "a1": []}}),
    }
    outcome = await run(executable(SCHEMA, operation, plan), subgraphs, {"x": False})
    assert outcome.encoded is not None
    assert json.loads(outcome.encoded)["data"] == {"me": {"name": "n"}}
    assert subgraphs["n"].variables == [{"a0": [user(1)], "a1": []}]


async def test_a_hidden_field_of_one_place_is_seen_in_another() -> None:
    operation = "{ me { name } posts { title author { id name } } }"
    plan = Parallel((Fetch("u", "{me{id name}}"), Fetch("p", "{posts{id title author{id name}}}")))
    author = {"id": "1", "name": "n"}
    subgraphs = {
        "u": FakeSubgraph({"data": {"me": author}}),
        "p": FakeSubgraph({"data": {"posts": [{"id": "1", "title": "t", "author": author}]}}),
    }
    outcome = await run(executable(SCHEMA, operation, plan), subgraphs)
    assert json.loads(outcome.encoded or b"") == {
        "data": {"me": {"name": "n"}, "posts": [{"title": "t", "author": author}]}
    }


async def test_paths_of_one_fetch_may_lead_to_objects_that_hold_different_fields() -> None:
    operation = "{ me { mood name } posts { author { name } } }"
    plan = Sequence(
        (
            Parallel((Fetch("u", "{me{__typename id mood}}"), Fetch("p", "{posts{author{__typename id}}}"))),
            BatchFetch(
                "n",
                "query($a0:[_Any!]!){a0:_entities(representations:$a0){...on User{name}}}",
                (EntityBatch("a0", "a0", (("me",), ("posts", EACH, "author")), USER),),
            ),
        )
    )
    subgraphs = {
        "u": FakeSubgraph({"data": {"me": {**user(1), "mood": "GOOD"}}}),
        "p": FakeSubgraph({"data": {"posts": [{"author": user(2)}, {"author": user(1)}]}}),
        "n": FakeSubgraph({"data": {"a0": [{"name": "one"}, {"name": "two"}]}}),
    }
    outcome = await run(executable(SCHEMA, operation, plan), subgraphs)
    assert subgraphs["n"].variables == [{"a0": [user(1), user(2)]}]
    assert json.loads(outcome.encoded or b"")["data"] == {
        "me": {"mood": "GOOD", "name": "one"},
        "posts": [{"author": {"name": "two"}}, {"author": {"name": "one"}}],
    }


def test_a_variable_of_defer_makes_variants_only_where_the_plan_has_a_condition_for_it() -> None:
    operation = "query($x: Boolean!) { me { id ... @defer(if: $x) { name } } }"
    whole = Fetch("users", "{me{id name}}")
    assert executable(SCHEMA, operation, whole).condition_variables == ()
    assert executable(SCHEMA, operation, Condition("x", whole, whole)).condition_variables == ("x",)
