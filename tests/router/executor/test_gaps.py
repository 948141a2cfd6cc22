"""Nothing is lost without a word: every null that a failure leaves has an error at it or on the way to it."""

from __future__ import annotations

from typing import Any

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
)
from tests.support.running import FakeSubgraph, Run

SCHEMA = """
type Query { me: User  you: User  they: User  products: [Product!]!  fail: String!  maybe: String }
type User { id: ID!  name: String  age: Int  price: Int }
type Product { id: ID! }
"""
THREE = "{ me { name } you { name } they { name } }"
KEY = (RequiredFragment("User", (RequiredField("__typename"), RequiredField("id"))),)
PEOPLE = {key: {"__typename": "User", "id": key} for key in ("me", "you", "they")}
ROOTS = Fetch("users", "{me{__typename id}you{__typename id}they{__typename id}}")
TEXT = "query(" + "".join(f"$a{i}:[_Any!]!" for i in range(3)) + "){"
TEXT += "".join(f"a{i}:_entities(representations:$a{i}){{...on User{{name}}}}" for i in range(3)) + "}"
BATCH = BatchFetch(
    "names",
    TEXT,
    tuple(
        EntityBatch(f"a{i}", f"a{i}", ((key,),), KEY)  #
        for i, key in enumerate(("me", "you", "they"))
    ),
)


def names(*answers: Any) -> dict[str, FakeSubgraph]:
    return {"users": FakeSubgraph({"data": PEOPLE}), "names": FakeSubgraph(*answers)}


def paths(response: dict[str, Any]) -> list[Any]:
    return [error.get("path") for error in response["errors"]]


async def test_parts_that_anothers_failure_took_along_are_asked_again_by_themselves() -> None:
    broken = {"data": None, "errors": [{"message": "thrown", "path": ["a1"]}]}
    subgraphs = names(broken, {"data": {"a0": [{"name": "Ada"}]}}, {"data": {"a2": [{"name": "Tim"}]}})
    response = await Run(SCHEMA, THREE, Sequence((ROOTS, BATCH)), subgraphs)()
    assert response["data"] == {"me": {"name": "Ada"}, "you": {"name": None}, "they": {"name": "Tim"}}
    assert paths(response) == [["you"]]
    _, first, second = subgraphs["names"].requests
    assert first.document.text.count("_entities") == 1
    assert first.variables == {"a0": [PEOPLE["me"]]}
    assert second.variables == {"a2": [PEOPLE["they"]]}


async def test_errors_of_single_objects_do_not_explain_that_a_whole_part_is_lost() -> None:
    errors = [{"message": "x", "path": ["a0", 0, "name"]}, {"message": "thrown", "path": ["a1"]}]
    found = {"data": {"a0": [{"name": "Ada"}]}}
    subgraphs = names({"data": None, "errors": errors}, found, {"data": {"a2": [{"name": "Tim"}]}})
    response = await Run(SCHEMA, THREE, Sequence((ROOTS, BATCH)), subgraphs)()
    assert response["data"] == {"me": {"name": "Ada"}, "you": {"name": None}, "they": {"name": "Tim"}}
    assert paths(response) == [["you"]]


async def test_parts_of_a_refused_batch_are_asked_again_and_each_tells_its_own_error() -> None:
    refused = {"errors": [{"message": "no"}]}
    subgraphs = names(refused, refused, {"data": {"a1": [{"name": "Bo"}]}}, refused)
    response = await Run(SCHEMA, THREE, Sequence((ROOTS, BATCH)), subgraphs)()
    assert response["data"] == {"me": {"name": None}, "you": {"name": "Bo"}, "they": {"name": None}}
    assert paths(response) == [["me"], ["they"]]


async def test_parts_that_may_not_be_asked_again_have_an_error_each() -> None:
    broken = {"data": None, "errors": [{"message": "thrown", "path": ["a1"]}]}
    run = Run(SCHEMA, THREE, Sequence((ROOTS, BATCH)), names(broken), max_fetches=2)
    response = await run()
    assert response["data"] == {key: {"name": None} for key in ("me", "you", "they")}
    assert sorted(paths(response)) == [["me"], ["they"], ["you"]]


async def test_an_error_of_a_whole_part_stands_at_every_place_of_the_part() -> None:
    part = EntityBatch("a0", "a0", (("me",), ("you",)), KEY)
    text = "query($a0:[_Any!]!){a0:_entities(representations:$a0){...on User{name}}}"
    subgraphs = names({"data": {"a0": None}, "errors": [{"message": "lost", "path": ["a0"]}]})
    plan = Sequence((ROOTS, BatchFetch("names", text, (part,))))
    response = await Run(SCHEMA, "{ me { name } you { name } }", plan, subgraphs)()
    assert response["data"] == {"me": {"name": None}, "you": {"name": None}}
    assert paths(response) == [["me"], ["you"]]


def required(answer: Any) -> Run:
    """`price` requires `age`, which the client does not ask for."""
    needs = (RequiredFragment("User", (*KEY[0].selections, RequiredField("age"))),)
    prices = Flatten(("me",), Fetch("prices", _entities("price"), requires=needs))
    ages = Flatten(("me",), Fetch("ages", _entities("age"), requires=KEY))
    subgraphs = {
        "users": FakeSubgraph({"data": {"me": PEOPLE["me"]}}),
        "ages": FakeSubgraph(answer),
        "prices": FakeSubgraph({"data": {"_entities": [{"price": None}]}}),
    }
    root = Fetch("users", "{me{__typename id}}")
    return Run(SCHEMA, "{ me { price } }", Sequence((root, ages, prices)), subgraphs)


def _entities(field: str) -> str:
    text = "query($representations:[_Any!]!){_entities(representations:$representations)"
    return f"{text}{{...on User{{{field}}}}}}}"


async def test_a_field_whose_requirement_failed_has_the_error_of_the_requirement() -> None:
    failed = {
        "data": {"_entities": [{"age": None}]},
        "errors": [{"message": "lost", "path": ["_entities", 0, "age"]}],
    }
    response = await required(failed)()
    assert response["data"] == {"me": {"price": None}}
    assert ["me", "price"] in paths(response)
    assert {error["message"] for error in response["errors"]} == {"lost"}


async def test_a_requirement_that_was_lost_whole_explains_what_requires_it() -> None:
    response = await required({"data": None, "errors": [{"message": "lost", "path": ["_entities"]}]})()
    assert response["data"] == {"me": {"price": None}}
    assert paths(response) == [["me"]]


async def test_a_null_key_is_never_sent_and_the_fields_beyond_have_its_error() -> None:
    users = FakeSubgraph(
        {
            "data": {"me": {"__typename": "User", "id": None}},
            "errors": [{"message": "no id", "path": ["me", "id"]}],
        }
    )
    other = FakeSubgraph()
    plan = Sequence(
        (
            Fetch("users", "{me{__typename id}}"),
            Flatten(("me",), Fetch("names", _entities("name"), requires=KEY)),
        )
    )
    response = await Run(SCHEMA, "{ me { name } }", plan, {"users": users, "names": other})()
    assert response["data"] == {"me": {"name": None}}
    assert ["me", "name"] in paths(response)
    assert not other.requests


async def test_a_null_key_that_nobody_explains_is_an_error_of_its_own() -> None:
    users = FakeSubgraph({"data": {"me": {"__typename": "User", "id": None}}})
    plan = Sequence(
        (
            Fetch("users", "{me{__typename id}}"),
            Flatten(("me",), Fetch("names", _entities("name"), requires=KEY)),
        )
    )
    response = await Run(SCHEMA, "{ me { name } }", plan, {"users": users, "names": FakeSubgraph()})()
    (error,) = response["errors"]
    assert error["path"] == ["me", "name"]
    assert error["message"] == "User.id is null, so the object cannot be asked for."


async def test_a_root_field_that_fails_is_told_once_whatever_the_order_of_fields() -> None:
    answer = {"data": None, "errors": [{"message": "thrown", "path": ["fail"]}]}
    for operation in ("{ products { id } fail }", "{ fail products { id } }"):
        fetch = Fetch("users", "{products{id}fail}")
        response = await Run(SCHEMA, operation, fetch, {"users": FakeSubgraph(answer)})()
        assert response["data"] is None
        assert paths(response) == [["fail"]]


async def test_a_root_field_that_another_took_along_has_its_error() -> None:
    answer = {"data": None, "errors": [{"message": "thrown", "path": ["maybe"]}]}
    fetch = Fetch("users", "{me{id}maybe}")
    response = await Run(SCHEMA, "{ me { id } maybe }", fetch, {"users": FakeSubgraph(answer)})()
    assert response["data"] == {"me": None, "maybe": None}
    assert sorted(paths(response)) == [["maybe"], ["me"]]


async def test_two_fetches_of_which_one_is_lost_leave_the_other_alone() -> None:
    plan = Parallel((Fetch("users", "{me{id}}"), Fetch("names", "{you{id}}")))
    lost = FakeSubgraph({"data": None, "errors": [{"message": "lost"}]})
    subgraphs = {"users": FakeSubgraph({"data": {"me": {"id": "1"}}}), "names": lost}
    response = await Run(SCHEMA, "{ me { id } you { id } }", plan, subgraphs)()
    assert response["data"] == {"me": {"id": "1"}, "you": None}
    assert paths(response) == [["you"]]


async def test_fields_of_a_type_that_no_fetch_could_tell_have_an_error_at_their_object() -> None:
    schema = """
    type Query { thing: Thing }
    interface Thing { id: ID! }
    type A implements Thing { id: ID!  size: Int }
    type B implements Thing { id: ID! }
    """
    key = (RequiredFragment("Thing", (RequiredField("__typename"), RequiredField("id"))),)
    text = "query($representations:[_Any!]!){_entities(representations:$representations)"
    text += "{...on Thing{__typename ...on A{id}}}}"
    plan = Sequence(
        (Fetch("sizes", "{thing{__typename id}}"), Flatten(("thing",), Fetch("types", text, requires=key)))
    )
    failed = {"data": {"_entities": [None]}, "errors": [{"message": "no", "path": ["_entities", 0, "id"]}]}
    subgraphs = {
        "sizes": FakeSubgraph({"data": {"thing": {"__typename": "Thing", "id": "1"}}}),
        "types": FakeSubgraph(failed),
    }
    response = await Run(schema, "{ thing { id ... on A { size } } }", plan, subgraphs)()
    assert response["data"] == {"thing": {"id": "1"}}
    assert paths(response) == [["thing", "id"], ["thing"]]


async def test_a_null_that_is_answered_to_a_context_value_that_failed_is_an_answer() -> None:
    schema = "type Query { me: User } type User { id: ID! age: Int pet: Pet } type Pet { id: ID! of: Int }"
    text = "query($representations:[_Any!]!$c:Int){_entities(representations:$representations){...on User%s}}"
    own = (KeyRenamer(("age",), "c"),)
    pets = Fetch("pets", text % "{pet{of(age:$c)}}", requires=KEY, context_rewrites=own)
    ages = Fetch("ages", _entities("age"), requires=KEY)
    plan = Sequence((Fetch("users", "{me{__typename id}}"), Flatten(("me",), ages), Flatten(("me",), pets)))
    error = {"message": "no", "path": ["_entities", 0, "age"]}
    for answered, told in (({"pet": None}, [["me", "age"]]), (None, [["me", "age"], ["me", "pet"]])):
        subgraphs = {
            "users": FakeSubgraph({"data": {"me": PEOPLE["me"]}}),
            "ages": FakeSubgraph({"data": {"_entities": [{"age": None}]}, "errors": [error]}),
            "pets": FakeSubgraph({"data": {"_entities": [answered]}}),
        }
        response = await Run(schema, "{ me { pet { of } } }", plan, subgraphs)()
        assert response["data"] == {"me": {"pet": None}}
        assert paths(response) == told


async def test_what_was_lost_inside_of_another_object_explains_what_requires_it() -> None:
    """An error of `bad` takes the whole user along, and with it the pet's age, which the price requires."""
    schema = "type Query { me: User } type User { id: ID! bad: Int! pet: Pet } "
    schema += "type Pet { id: ID! age: Int price: Int }"
    text = "query($representations:[_Any!]!){_entities(representations:$representations){...on %s}}"
    needs = (RequiredFragment("Pet", tuple(map(RequiredField, ("__typename", "id", "age")))),)
    plan = Sequence(
        (
            Fetch("users", "{me{__typename id pet{__typename id}}}"),
            Flatten(("me",), Fetch("facts", text % "User{bad pet{age}}", requires=KEY)),
            Flatten(("me", "pet"), Fetch("prices", text % "Pet{price}", requires=needs)),
        )
    )
    me = {**PEOPLE["me"], "pet": {"__typename": "Pet", "id": "p"}}
    error = {"message": "no", "path": ["_entities", 0, "bad"]}
    subgraphs = {
        "users": FakeSubgraph({"data": {"me": me}}),
        "facts": FakeSubgraph({"data": {"_entities": [None]}, "errors": [error]}),
        "prices": FakeSubgraph(),
    }
    response = await Run(schema, "{ me { pet { price } } }", plan, subgraphs)()
    assert response["data"] == {"me": {"pet": {"price": None}}}
    assert paths(response) == [["me", "bad"], ["me", "pet", "price"]]
