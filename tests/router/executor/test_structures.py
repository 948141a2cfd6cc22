"""What structures know beyond objects of one type: each answer is the same as on dicts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from router.plan import (
    BatchFetch,
    EntityBatch,
    Fetch,
    Flatten,
    KeyRenamer,
    Parallel,
    RequiredField,
    RequiredFragment,
    Sequence,
    TypeCondition,
    ValueSetter,
    read_path,
)
from tests.support.stores import errors, on_both, same_on_both, text

TEXT = "query($representations:[_Any!]!){_entities(representations:$representations){...on %s{%s}}}"


def required(type_: str, *fields: RequiredField | str) -> tuple[RequiredFragment, ...]:
    own = [RequiredField(each) if isinstance(each, str) else each for each in ("__typename", *fields)]
    return (RequiredFragment(type_, tuple(own)),)


def entities(service: str, type_: str, fields: str, *path: str, **kind: Any) -> Flatten:
    requires = kind.pop("requires", None) or required(type_, "id")
    return Flatten(read_path(path), Fetch(service, TEXT % (type_, fields), requires=requires, **kind))


def user(number: str, **fields: Any) -> dict[str, Any]:
    return {"__typename": "User", "id": number, **fields}


def found(*answers: Any) -> dict[str, Any]:
    return {"data": {"_entities": list(answers)}}


async def test_objects_of_two_types_with_the_same_key_are_two_entities() -> None:
    schema = """
    type Query { all: [Thing] } interface Thing { id: ID! }
    type A implements Thing { id: ID! n: Int } type B implements Thing { id: ID! n: Int }
    """
    plan = Sequence((Fetch("s", "{all{__typename id}}"), entities("n", "Thing", "n", "all", "@")))
    things = [{"__typename": name, "id": "1"} for name in "AB"]
    answers = {"s": [{"data": {"all": things}}], "n": [found({"n": 1}, {"n": 2})]}
    operation = "{ all { ... on A { n } ... on B { n } } }"
    assert await on_both(schema, operation, plan, answers) == {"data": {"all": [{"n": 1}, {"n": 2}]}}


USERS = "type Query { me: User  you: User } type User { id: ID! name: String mood: String pet: Pet } "
USERS += "type Pet { id: ID! name: String age: Int toys: [Toy] } type Toy { id: ID! size: Int }"


async def test_keys_that_two_fetches_write_are_joined_and_null_replaces_nothing() -> None:
    plan = Sequence(
        (
            Fetch("s", "{me{__typename id name mood pet{id name toys{id}}}}"),
            entities("t", "User", "id name mood pet{age name toys{size}}", "me"),
        )
    )
    first = user("1", name="Ada", mood=None, pet={"id": "p", "name": "Rex", "toys": [{"id": "t"}, None]})
    second = {
        "id": "1",
        "name": None,
        "mood": "good",
        "pet": {"age": 3, "name": None, "toys": [{"size": 4}, None]},
    }
    answers = {"s": [{"data": {"me": first}}], "t": [found(second)]}
    operation = "{ me { name mood pet { name age toys { id size } } } }"
    pet = {"name": "Rex", "age": 3, "toys": [{"id": "t", "size": 4}, None]}
    assert await on_both(USERS, operation, plan, answers) == {
        "data": {"me": {"name": "Ada", "mood": "good", "pet": pet}}
    }


async def test_what_a_fetch_did_not_ask_for_joins_nothing() -> None:
    plan = Sequence(
        (
            Fetch("s", "{me{__typename id pet{id name}}}"),
            entities("t", "User", "pet{age}", "me"),
        )
    )
    answers = {
        "s": [{"data": {"me": user("1", pet={"id": "p", "name": "Rex"})}}],
        "t": [found({"pet": {"age": 3, "name": "another", "id": "q"}})],
    }
    response = await on_both(USERS, "{ me { pet { name age } } }", plan, answers)
    assert response == {"data": {"me": {"pet": {"name": "Rex", "age": 3}}}}


async def test_a_key_that_is_answered_again_after_it_was_read_stays_hidden() -> None:
    plan = Sequence(
        (
            Fetch("s", "{me{__typename id}}"),
            entities("t", "User", "__typename id name", "me"),
        )
    )
    answers = {"s": [{"data": {"me": user("1")}}], "t": [found(user("1", name="Ada"))]}
    assert await on_both(USERS, "{ me { name } }", plan, answers) == {"data": {"me": {"name": "Ada"}}}


async def test_objects_that_fetches_below_fill_at_one_path_are_not_shared_with_another() -> None:
    """Equal users get the same pet; what is found at one path must not show at the other."""
    text = "query($a0:[_Any!]!){a0:_entities(representations:$a0){...on User{pet{__typename id}}}}"
    pets = BatchFetch("t", text, (EntityBatch("a0", "a0", (("me",), ("you",)), required("User", "id")),))
    plan = Sequence(
        (
            Fetch("s", "{me{__typename id}you{__typename id}}"),
            pets,
            Parallel((entities("a", "Pet", "age", "me", "pet"), entities("b", "Pet", "age", "you", "pet"))),
        )
    )
    answers = {
        "s": [{"data": {"me": user("1"), "you": user("1")}}],
        "t": [{"data": {"a0": [{"pet": {"__typename": "Pet", "id": "p"}}]}}],
        "a": [found({"age": 3})],
        "b": [found({"age": 4})],
    }
    response = await on_both(USERS, "{ me { pet { age } } you { pet { age } } }", plan, answers)
    assert response == {"data": {"me": {"pet": {"age": 3}}, "you": {"pet": {"age": 4}}}}


async def test_nested_fields_are_required_from_objects_the_client_asked_for_and_others() -> None:
    schema = "type Query { p: P } type P { id: ID! size: D dims: [D] out: Int } type D { w: Int h: Int }"
    needs = required(
        "P", "id", RequiredField("size", (RequiredField("w"),)), RequiredField("dims", (RequiredField("h"),))
    )
    fetch = Fetch("t", TEXT % ("P", "out"), requires=needs)
    plan = Sequence((Fetch("s", "{p{__typename id size{w h}dims{h}}}"), Flatten(("p",), fetch)))
    product = {"__typename": "P", "id": "1", "size": {"w": 1, "h": 2}, "dims": [{"h": 3}, None]}
    answers = {"s": [{"data": {"p": product}}], "t": [found({"out": 5})]}
    response = await on_both(schema, "{ p { size { h } out } }", plan, answers)
    assert response == {"data": {"p": {"size": {"h": 2}, "out": 5}}}


async def test_objects_that_are_only_on_the_way_are_gone_through_and_hidden() -> None:
    schema = "type Query { p: P } type P { id: ID! maker: User sum: Int } type User { id: ID! n: Int }"
    needs = required("P", "id", RequiredField("maker", (RequiredField("n"),)))
    plan = Sequence(
        (
            Fetch("s", "{p{__typename id maker{__typename id}}}"),
            entities("n", "User", "n", "p", "maker"),
            Flatten(("p",), Fetch("t", TEXT % ("P", "sum"), requires=needs)),
        )
    )
    answers = {
        "s": [{"data": {"p": {"__typename": "P", "id": "1", "maker": user("7")}}}],
        "n": [found({"n": 4})],
        "t": [found({"sum": 5})],
    }
    assert await on_both(schema, "{ p { sum } }", plan, answers) == {"data": {"p": {"sum": 5}}}


async def test_what_the_plan_says_of_objects_is_not_read_of_them() -> None:
    schema = "type Query { p: P } type P { id: ID! maker: User sum: Int } type User { id: ID! n: Int }"
    needs = required("P", "id", RequiredField("maker", (RequiredField("n"),)))
    plan = Sequence(
        (
            Fetch("s", "{p{id maker{id}}}"),
            entities("n", "User", "n", "p", "maker", known_type="User"),
            Flatten(("p",), Fetch("t", TEXT % ("P", "sum"), requires=needs, known_type="P")),
        )
    )
    answers = {
        "s": [{"data": {"p": {"id": "1", "maker": {"id": "7"}}}}],
        "n": [found({"n": 4})],
        "t": [found({"sum": 5})],
    }
    assert await on_both(schema, "{ p { sum maker { n } } }", plan, answers) == {
        "data": {"p": {"sum": 5, "maker": {"n": 4}}}
    }


async def test_objects_of_a_known_type_and_objects_that_tell_theirs_are_asked_for_together() -> None:
    schema = USERS.replace("you: User", "you: Being") + "union Being = User | Pet"
    path = (("me",), ("you",))
    part = EntityBatch("a0", "a0", path, required("User", "id"), known_types=("User", None))
    asked = BatchFetch(
        "n", "query($a0:[_Any!]!){a0:_entities(representations:$a0){...on User{name}}}", (part,)
    )
    plan = Sequence((Fetch("s", "{me{id}you{__typename ...on User{id}}}"), asked))
    answers = {
        "s": [{"data": {"me": {"id": "1"}, "you": user("1")}}],
        "n": [{"data": {"a0": [{"name": "one"}]}}],
    }
    operation = "{ me { name } you { ... on User { name } } }"
    assert await on_both(schema, operation, plan, answers) == {
        "data": {"me": {"name": "one"}, "you": {"name": "one"}}
    }


@pytest.mark.parametrize("types", [3, 12])
async def test_names_that_were_hidden_are_back_for_dicts_however_many_types_there_are(types: int) -> None:
    names = [f"T{number}" for number in range(types)]
    schema = f"type Query {{ all: [One] }} union One = {' | '.join(names)} "
    schema += " ".join(f"type {name} {{ f{name}: Int g: Int }}" for name in names)
    selection = " ".join(f"... on {name} {{ f{name} g }}" for name in names)
    things = [{"__typename": name, f"f{name}": 1, "g": 2} for name in names]
    del things[-1]["g"]  # Found out when all others' names are hidden already.
    plan = Fetch("s", f"{{all{{__typename {selection}}}}}")
    answers = {"s": [{"data": {"all": things}}]}
    outcome = await same_on_both(schema, f"{{ all {{ {selection} }} }}", plan, answers)
    assert outcome.encoded is None
    assert json.loads(text(outcome))["all"][0] == {"fT0": 1, "g": 2}


async def test_a_null_key_of_an_object_of_a_known_type_is_explained() -> None:
    plan = Sequence((Fetch("s", "{me{id}}"), entities("n", "User", "name", "me", known_type="User")))
    outcome = await same_on_both(USERS, "{ me { name } }", plan, {"s": [{"data": {"me": {"id": None}}}]})
    assert text(outcome) == '{"me": {"name": null}}'
    assert "User.id is null" in errors(outcome)[0]


CONTEXT = (
    "type Query { ts: [T] } type T { id: ID! prop: String us: [U] } type U { id: ID! f: G } type G { v: Int }"
)


async def test_context_arguments_are_read_above_and_equal_objects_get_their_own_answers() -> None:
    selection = "_entities(representations:$representations){...on U{f(a:$c){v}}}"
    fetch = Fetch(
        "s",
        f"query($representations:[_Any!]!$c:String){{{selection}}}",
        requires=required("U", "id"),
        context_rewrites=(KeyRenamer(read_path(("..", "... on T", "prop")), "c"),),
    )
    plan = Sequence(
        (
            Fetch("r", "{ts{__typename prop us{__typename id}}}"),
            Flatten(read_path(("ts", "@", "us", "@")), fetch),
        )
    )
    ts = [{"__typename": "T", "prop": p, "us": [{"__typename": "U", "id": "u"}] * 2} for p in "xy"]
    answers = {"r": [{"data": {"ts": ts}}], "s": [found({"f": {"v": 1}}), found({"f": {"v": 2}})]}
    response = await on_both(CONTEXT, "{ ts { us { f { v } } } }", plan, answers)
    assert response == {"data": {"ts": [{"us": [{"f": {"v": n}}] * 2} for n in (1, 2)]}}


MEDIA = """
type Query { all: [Media] } interface Media { id: ID! score: Int }
type Book implements Media { id: ID! score: Int pages: Int } type Film implements Media { id: ID! score: Int }
"""


SENT_AS_MEDIA = tuple(
    ValueSetter((TypeCondition((name,)), "__typename"), "Media") for name in ("Book", "Film")
)


async def test_an_interface_object_is_asked_for_by_the_name_it_has_there() -> None:
    """So two types with one key are one entity there."""
    needs = required("Media", "id")
    scores = entities("t", "Media", "score", "all", "@", requires=needs, input_rewrites=SENT_AS_MEDIA)
    plan = Sequence((Fetch("s", "{all{__typename id}}"), scores))
    media = [{"__typename": name, "id": "1"} for name in ("Book", "Film")]
    answers = {"s": [{"data": {"all": media}}], "t": [found({"score": 1})]}
    response = await on_both(MEDIA, "{ all { __typename score } }", plan, answers)
    assert response == {"data": {"all": [{"__typename": name, "score": 1} for name in ("Book", "Film")]}}


async def test_an_interfaces_name_stands_until_another_subgraph_tells_the_type() -> None:
    types = entities("t", "Media", "__typename ...on Book{pages}", "all", "@")
    plan = Sequence((Fetch("s", "{all{__typename id score}}"), types))
    media = [{"__typename": "Media", "id": number, "score": 1} for number in "12"]
    answers = {
        "s": [{"data": {"all": media}}],
        "t": [found({"__typename": "Book", "pages": 9}, {"__typename": "Film"})],
    }
    operation = "{ all { __typename score ... on Book { pages } } }"
    response = await on_both(MEDIA, operation, plan, answers)
    assert response == {
        "data": {"all": [{"__typename": "Book", "score": 1, "pages": 9}, {"__typename": "Film", "score": 1}]}
    }
    answers["t"] = [found(None, {"__typename": "Film"})]
    assert (await same_on_both(MEDIA, operation, plan, answers)).encoded is None


async def test_an_object_type_is_not_replaced_by_the_name_an_interface_object_has() -> None:
    scores = entities("t", "Media", "__typename score", "all", "@", requires=required("Media", "id"))
    plan = Sequence((Fetch("s", "{all{__typename id}}"), scores))
    media = [{"__typename": name, "id": name} for name in ("Book", "Film")]
    answered = [{"__typename": "Media", "score": score} for score in (1, 2)]
    answers = {"s": [{"data": {"all": media}}], "t": [found(*answered)]}
    response = await on_both(MEDIA, "{ all { __typename score } }", plan, answers)
    assert [each["__typename"] for each in response["data"]["all"]] == ["Book", "Film"]


async def test_objects_whose_type_nobody_asks_for_need_none() -> None:
    plan = Fetch("s", "{all{id score}}")
    answers = {"s": [{"data": {"all": [{"id": "1", "score": 2}]}}]}
    assert await on_both(MEDIA, "{ all { score id } }", plan, answers) == {
        "data": {"all": [{"score": 2, "id": "1"}]}
    }


async def test_a_type_name_of_some_types_is_there_for_the_dicts_when_something_is_missing() -> None:
    plan = Parallel((Fetch("s", "{all{__typename id score}}"), Fetch("t", "{me{id}}")))
    schema = MEDIA.replace("all: [Media]", "all: [Media] me: User") + "type User { id: ID! name: String! }"
    answers = {
        "s": [{"data": {"all": [{"__typename": "Film", "id": "1", "score": 2}]}}],
        "t": [{"data": {"me": {}}}],
    }
    operation = "{ all { score ... on Book { __typename pages } } me { id } }"
    outcome = await same_on_both(schema, operation, plan, answers)
    assert outcome.encoded is None
    assert [error.path for error in outcome.completion] == [("me", "id")]


async def test_a_fetch_for_a_root_object_found_deeper_fills_each_of_them() -> None:
    schema = "type Query { now: Int a: A } type A { all: [B] } type B { root: Query }"
    plan = Sequence(
        (
            Fetch("s", "{a{all{root{__typename}}}}"),
            Flatten(read_path(("a", "all", "@", "root")), Fetch("t", "{now}")),
        )
    )
    roots = [{"root": {"__typename": "Query"}}, {"root": {"__typename": "Query"}}, None]
    answers = {"s": [{"data": {"a": {"all": roots}}}], "t": [{"data": {"now": 5}}]}
    response = await on_both(schema, "{ a { all { root { now } } } }", plan, answers)
    assert response == {"data": {"a": {"all": [{"root": {"now": 5}}, {"root": {"now": 5}}, None]}}}


async def test_a_field_that_has_another_name_for_one_type_gets_its_own_back() -> None:
    renamed = (KeyRenamer(("name__alias_0",), "name"),)
    names = entities("t", "User", "name name__alias_0:name", "me", output_rewrites=renamed)
    plan = Sequence((Fetch("s", "{me{__typename id}}"), names))
    for answered in ({"name__alias_0": "Ada"}, {"name": "Ada"}):
        answers = {"s": [{"data": {"me": user("1")}}], "t": [found(answered)]}
        assert await on_both(USERS, "{ me { name } }", plan, answers) == {"data": {"me": {"name": "Ada"}}}


async def test_one_selection_written_for_two_types_is_one() -> None:
    schema = MEDIA.replace("score: Int", "by: User") + "type User { id: ID! name: String }"
    plan = Sequence(
        (Fetch("s", "{all{__typename by{__typename id}}}"), entities("t", "User", "name", "all", "@", "by"))
    )
    media = [{"__typename": name, "by": user("1")} for name in ("Book", "Film")]
    answers = {"s": [{"data": {"all": media}}], "t": [found({"name": "Ada"})]}
    operation = "{ all { ... on Book { by { name } } ... on Film { by { name } } } }"
    assert await on_both(schema, operation, plan, answers) == {"data": {"all": [{"by": {"name": "Ada"}}] * 2}}


BY = MEDIA.replace("score: Int", "by: User") + "type User { id: ID! name: String age: Int }"


async def test_keys_that_are_read_of_some_types_only_are_hidden_of_all() -> None:
    names = entities("t", "User", "name", "all", "@|[Film]", "by")
    items = "{all{__typename by{__typename id}...on Book{by{name}}}}"
    plan = Sequence((Fetch("s", items), names))
    media = [{"__typename": "Book", "by": user("1", name="Bo")}, {"__typename": "Film", "by": user("2")}]
    answers = {"s": [{"data": {"all": media}}], "t": [found({"name": "Ada"})]}
    response = await on_both(BY, "{ all { by { name } } }", plan, answers)
    assert response == {"data": {"all": [{"by": {"name": "Bo"}}, {"by": {"name": "Ada"}}]}}


async def test_objects_show_what_was_asked_for_below_the_type_around_them() -> None:
    """`id` is asked for below books, and is a key below films."""
    names = entities("t", "User", "name", "all", "@|[Film]", "by")
    items = "{all{__typename ...on Book{by{__typename id age}}...on Film{by{__typename id}}}}"
    plan = Sequence((Fetch("s", items), names))
    media = [
        {"__typename": "Book", "by": user("1", age=7)},
        {"__typename": "Film", "by": user("2")},
        {"__typename": "Film", "by": None},
    ]
    answers = {"s": [{"data": {"all": media}}], "t": [found({"name": "Ada"})]}
    operation = "{ all { ... on Book { by { id age } } ... on Film { by { name } } } }"
    books = [{"by": {"id": "1", "age": 7}}, {"by": {"name": "Ada"}}, {"by": None}]
    assert await on_both(BY, operation, plan, answers) == {"data": {"all": books}}
    media[0] = {"__typename": "Book", "by": user("1")}
    assert (await same_on_both(BY, operation, plan, answers)).encoded is None


async def test_an_object_that_books_and_films_share_is_shown_as_each_was_asked_for() -> None:
    """An interface object's subgraph answers both at once."""
    needs = required("Media", "id")
    by = entities("t", "Media", "by{id age name}", "all", "@", requires=needs, input_rewrites=SENT_AS_MEDIA)
    plan = Sequence((Fetch("s", "{all{__typename id}}"), by))
    media = [{"__typename": name, "id": "1"} for name in ("Book", "Film")]
    author = {"id": "u", "age": 7, "name": "Ada"}
    answers = {"s": [{"data": {"all": media}}], "t": [found({"by": author})]}
    operation = "{ all { ... on Book { by { id age } } ... on Film { by { name } } } }"
    outcome = await same_on_both(BY, operation, plan, answers)
    assert not errors(outcome)
    shown = [{"by": {"id": "u", "age": 7}}, {"by": {"name": "Ada"}}]
    assert text(outcome) == json.dumps({"all": shown})
