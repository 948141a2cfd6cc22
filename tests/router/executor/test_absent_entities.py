"""A reference whose entity is answered null without an error leads nowhere: it reads as null, and nobody is
told anything. What is more than that is told.
"""

from __future__ import annotations

from typing import Any

import pytest

from router.plan import EACH, Fetch, Flatten, RequiredField, RequiredFragment, Sequence
from tests.support.running import FakeSubgraph, Run

SCHEMA = """
type Query { post: Post  posts: [Post!]  strict: Strict }
type Post { id: ID!  author: User  authors: [User]  readers: [User!] }
type Strict { author: User! }
type User { id: ID!  name: String!  bio: String }
"""
KEY = (RequiredFragment("User", (RequiredField("__typename"), RequiredField("id"))),)
ADA, GONE = {"__typename": "User", "id": "ada"}, {"__typename": "User", "id": "gone"}
IN_BOTH_STORES = pytest.mark.parametrize("quick", [True, False], ids=["structures", "dicts"])


def reading(operation: str, path: tuple[Any, ...], given: Any, answer: Any, *, quick: bool) -> Run:
    """`posts` gives the references at `path`, `users` answers for them."""
    text = (
        "query($representations:[_Any!]!){_entities(representations:$representations){...on User{name bio}}}"
    )
    people = Flatten(path, Fetch("users", text, requires=KEY))
    plan = Sequence((Fetch("posts", operation.replace("name", "__typename id").replace("bio", "")), people))
    subgraphs = {"posts": FakeSubgraph({"data": given}), "users": FakeSubgraph(answer)}
    return Run(SCHEMA, operation, plan, subgraphs, quick=quick)


def reading_author(field: str, author: Any, answer: Any, *, quick: bool) -> Run:
    given = {"post": {"author": author}}
    return reading(f"{{post{{author{{{field}}}}}}}", ("post", "author"), given, answer, quick=quick)


def entities(*found: Any, errors: Any = None) -> dict[str, Any]:
    return {"data": {"_entities": list(found)}} | ({"errors": errors} if errors else {})


@IN_BOTH_STORES
async def test_a_reference_that_leads_nowhere_is_null_without_an_error(quick: bool) -> None:
    run = reading(
        "{post{author{name}}}", ("post", "author"), {"post": {"author": GONE}}, entities(None), quick=quick
    )
    assert await run() == {"data": {"post": {"author": None}}}


@IN_BOTH_STORES
async def test_nullable_fields_of_what_is_not_there_are_null_without_an_error(quick: bool) -> None:
    run = reading(
        "{post{author{bio}}}", ("post", "author"), {"post": {"author": GONE}}, entities(None), quick=quick
    )
    assert await run() == {"data": {"post": {"author": {"bio": None}}}}


@IN_BOTH_STORES
async def test_in_a_list_only_the_element_that_leads_nowhere_is_null(quick: bool) -> None:
    given = {"post": {"authors": [ADA, GONE]}}
    answer = entities({"name": "Ada", "bio": None}, None)
    run = reading("{post{authors{name}}}", ("post", "authors", EACH), given, answer, quick=quick)
    assert await run() == {"data": {"post": {"authors": [{"name": "Ada"}, None]}}}


@IN_BOTH_STORES
async def test_a_null_that_takes_more_than_the_reference_along_is_told(quick: bool) -> None:
    given = {"post": {"readers": [ADA, GONE]}}
    answer = entities({"name": "Ada", "bio": None}, None)
    run = reading("{post{readers{name}}}", ("post", "readers", EACH), given, answer, quick=quick)
    response = await run()
    assert response["data"] == {"post": {"readers": None}}
    assert [error["path"] for error in response["errors"]] == [["post", "readers", 1, "name"]]


@IN_BOTH_STORES
async def test_an_entity_that_is_there_and_lacks_a_field_is_told(quick: bool) -> None:
    run = reading_author("name", ADA, entities({"name": None}), quick=quick)
    response = await run()
    assert response["data"] == {"post": {"author": None}}
    assert [error["path"] for error in response["errors"]] == [["post", "author", "name"]]


@IN_BOTH_STORES
async def test_the_error_of_one_entity_says_nothing_about_another_that_is_not_there(quick: bool) -> None:
    given = {"post": {"authors": [ADA, GONE]}}
    failed = [{"message": "lost", "path": ["_entities", 0, "name"]}]
    run = reading(
        "{post{authors{name}}}",
        ("post", "authors", EACH),
        given,
        entities(None, None, errors=failed),
        quick=quick,
    )
    response = await run()
    assert response["data"] == {"post": {"authors": [None, None]}}
    assert [error["path"] for error in response["errors"]] == [["post", "authors", 0, "name"]]


@IN_BOTH_STORES
async def test_beside_an_error_that_names_no_entity_a_null_is_not_taken_for_an_answer(quick: bool) -> None:
    given = {"post": {"author": GONE}}
    failed = [{"message": "lost"}]
    run = reading(
        "{post{author{name}}}", ("post", "author"), given, entities(None, errors=failed), quick=quick
    )
    response = await run()
    assert response["data"] == {"post": {"author": None}}
    assert [error["path"] for error in response["errors"]] == [["post", "author"]]


@IN_BOTH_STORES
async def test_what_is_not_there_does_not_hide_what_fails_beside_it(quick: bool) -> None:
    given = {"posts": [{"author": GONE}, {"author": {"__typename": "User", "id": "bo"}}]}
    answer = entities(None, {"name": 5, "bio": None})
    run = reading("{posts{author{name}}}", ("posts", EACH, "author"), given, answer, quick=quick)
    response = await run()
    assert response["data"] == {"posts": [{"author": None}, {"author": None}]}
    assert [error["path"] for error in response["errors"]] == [["posts", 1, "author", "name"]]
