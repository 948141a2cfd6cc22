"""The quick way through an execution answers what the careful way answers, whatever subgraphs do."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import Any

import msgspec
from graphql import build_schema, get_operation_ast, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from router.errors import TransportError
from router.executor.compile_plan import compile_plan
from router.executor.execution import Execution, Service, Variables
from router.executor.possible_types import possible_types
from router.executor.projection import Projection
from router.executor.typed import TypedOperation, compile_typed
from router.plan import (
    BatchFetch,
    EntityBatch,
    Fetch,
    Flatten,
    Parallel,
    QueryPlan,
    RequiredField,
    RequiredFragment,
    Sequence,
)
from schema.api_schema import read_supergraph_schema
from tests.support.running import FakeSubgraph

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
    return Flatten(path, Fetch(service, ENTITIES % fields, requires=USER))


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


def compiled(schema: str, operation: str, plan: Any) -> tuple[Any, Projection, TypedOperation | None]:
    parsed = get_operation_ast(parse(operation))
    assert parsed is not None
    projection = Projection(build_schema(schema, assume_valid=True), parsed, {})
    possible = possible_types(read_supergraph_schema(schema))
    steps = compile_plan(QueryPlan(plan), possible)
    return steps, projection, compile_typed(steps, projection.fixed_shape, possible)


STEPS, PROJECTION, TYPED = compiled(SCHEMA, OPERATION, PLAN)


async def answer(
    answers: dict[str, Any], turns: dict[str, int], *, as_text: bool, typed: bool
) -> tuple[str, set[str], bool]:
    """The data as text, the errors, and whether the quick way got to the end."""
    assert TYPED is not None
    subgraphs = {name: Subgraphs(name, answers, turns.get(name, 0), as_text=as_text) for name in ANSWERS}
    execution = Execution(
        TYPED.graph if typed else STEPS,
        {name: Service(name, subgraph, 5) for name, subgraph in subgraphs.items()},
        Variables({}, {}),
        lambda _: (),
        deadline=asyncio.get_running_loop().time() + 60,
        max_bytes=10**9,
        max_fetches=100,
        typed=TYPED.root() if typed else None,
    )
    await execution.run()
    if execution.typed is not None:
        encoded = TYPED.encode(execution.typed)
        if encoded is not None:
            return json.dumps(json.loads(encoded)["data"]), set(), True
        execution.demote()
    data, completion = PROJECTION.project(execution.data, {})
    text = json.dumps(
        data if isinstance(data, dict) or data is None else json.loads(msgspec.json.encode(data))
    )
    return text, {repr(error) for error in (*execution.errors, *completion)}, False


def both(answers: dict[str, Any], turns: dict[str, int], *, as_text: bool) -> bool:
    """Whether the quick way got to the end; asserts that it makes no difference."""
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
    if not isinstance(answers["names"], list) or len(answers["names"]) != 2:
        return
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


def test_abstract_types_and_conditions_take_the_careful_way() -> None:
    schema = SCHEMA.replace("me: User", "me: Node")
    assert compiled(schema, "{ me { id } }", Fetch("users", "{me{__typename id}}"))[2] is None
    conditional = "query($x: Boolean!) { me { id @skip(if: $x) } }"
    assert compiled(SCHEMA, conditional, Fetch("users", "{me{id}}"))[2] is None


async def test_a_hidden_field_of_one_place_is_seen_in_another() -> None:
    operation = "{ me { name } posts { title author { id name } } }"
    plan = Parallel((Fetch("u", "{me{id name}}"), Fetch("p", "{posts{id title author{id name}}}")))
    _, _, typed = compiled(SCHEMA, operation, plan)
    assert typed is not None
    author = {"id": "1", "name": "n"}
    services = {
        "u": FakeSubgraph({"data": {"me": author}}),
        "p": FakeSubgraph({"data": {"posts": [{"id": "1", "title": "t", "author": author}]}}),
    }
    execution = Execution(
        typed.graph,
        {name: Service(name, subgraph, 5) for name, subgraph in services.items()},
        Variables({}, {}),
        lambda _: (),
        deadline=asyncio.get_running_loop().time() + 60,
        max_bytes=10**9,
        max_fetches=9,
        typed=typed.root(),
    )
    await execution.run()
    assert json.loads(typed.encode(execution.typed) or b"") == {
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
                (EntityBatch("a0", "a0", (("me",), ("posts", "@", "author")), USER),),
            ),
        )
    )
    _, _, typed = compiled(SCHEMA, operation, plan)
    assert typed is not None
    services = {
        "u": FakeSubgraph({"data": {"me": {**user(1), "mood": "GOOD"}}}),
        "p": FakeSubgraph({"data": {"posts": [{"author": user(2)}, {"author": user(1)}]}}),
        "n": FakeSubgraph({"data": {"a0": [{"name": "one"}, {"name": "two"}]}}),
    }
    execution = Execution(
        typed.graph,
        {name: Service(name, subgraph, 5) for name, subgraph in services.items()},
        Variables({}, {}),
        lambda _: (),
        deadline=asyncio.get_running_loop().time() + 60,
        max_bytes=10**9,
        max_fetches=9,
        typed=typed.root(),
    )
    await execution.run()
    assert services["n"].variables == [{"a0": [user(1), user(2)]}]
    assert json.loads(typed.encode(execution.typed) or b"")["data"] == {
        "me": {"mood": "GOOD", "name": "one"},
        "posts": [{"author": {"name": "two"}}, {"author": {"name": "one"}}],
    }
