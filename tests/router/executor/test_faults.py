"""Subgraphs that fail: an error with path and service, and the rest of the answer intact."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.errors import TransportError
from router.executor.errors import ErrorPolicy
from router.plan import EACH, Fetch, Flatten, Parallel, RequiredField, RequiredFragment, Sequence
from router.transport.base import SubgraphResponse
from tests.support.running import FakeSubgraph, Run

SCHEMA = """
type Query { me: User  posts: [Post!]  strict: Strict }
type User { id: ID!  name: String  age: Int  mood: Mood  tags: [String!] }
type Post { id: ID!  title: String!  likes: Int }
type Strict { must: Int! }
enum Mood { GOOD BAD }
"""
BOTH = Parallel((Fetch("users", "{me{name}}"), Fetch("posts", "{posts{id title}}")))
POSTS = {"data": {"posts": [{"id": "1", "title": "T"}]}}
OPERATION = "{ me { name } posts { title } }"

FAULTS = [
    pytest.param(TransportError("The subgraph could not be reached."), "SUBREQUEST_HTTP_ERROR", id="down"),
    pytest.param(
        SubgraphResponse(body=b"<html>", content_type="text/html"), "SUBREQUEST_MALFORMED_RESPONSE", id="html"
    ),
    pytest.param(SubgraphResponse(body=b"oops", status=500), "SUBREQUEST_HTTP_ERROR", id="500"),
    pytest.param(SubgraphResponse(body=b"{}", status=503), "SUBREQUEST_HTTP_ERROR", id="503 with JSON"),
    pytest.param(b'{"data":{"me":{"na', "SUBREQUEST_MALFORMED_RESPONSE", id="half a JSON"),
    pytest.param(b"\xff\xfe", "SUBREQUEST_MALFORMED_RESPONSE", id="not UTF-8"),
    pytest.param(b"[]", "SUBREQUEST_MALFORMED_RESPONSE", id="a list"),
    pytest.param(b'{"data":null}', "SUBREQUEST_MALFORMED_RESPONSE", id="neither data nor errors"),
    pytest.param(b'{"data":5}', "SUBREQUEST_MALFORMED_RESPONSE", id="data is a number"),
    pytest.param(b'{"data":null,"errors":{}}', "SUBREQUEST_MALFORMED_RESPONSE", id="errors are no list"),
]


@pytest.mark.parametrize(("answer", "code"), FAULTS)
async def test_a_broken_subgraph_leaves_the_rest_intact(answer: Any, code: str) -> None:
    run = Run(SCHEMA, OPERATION, BOTH, {"users": FakeSubgraph(answer), "posts": FakeSubgraph(POSTS)})
    response = await run()
    assert response["data"] == {"me": None, "posts": [{"title": "T"}]}
    (error,) = response["errors"]
    assert error["path"] == ["me"]
    assert (error["extensions"]["code"], error["extensions"]["service"]) == (code, "users")


async def test_a_slow_subgraph_is_given_up_after_its_timeout() -> None:
    users = FakeSubgraph({"data": {"me": {"name": "late"}}})
    users.gate = asyncio.Event()
    run = Run(SCHEMA, OPERATION, BOTH, {"users": users, "posts": FakeSubgraph(POSTS)}, timeout=0.01)
    response = await run()
    assert response["data"] == {"me": None, "posts": [{"title": "T"}]}
    assert response["errors"][0]["extensions"] == {"code": "GATEWAY_TIMEOUT", "service": "users"}


async def test_a_subgraph_without_an_address_is_an_error_of_that_subgraph() -> None:
    response = await Run(SCHEMA, OPERATION, BOTH, {"posts": FakeSubgraph(POSTS)})()
    assert response["data"]["posts"] == [{"title": "T"}]
    assert response["errors"][0]["message"] == "The subgraph has no address."


async def test_answers_may_not_grow_beyond_the_limit_of_an_operation() -> None:
    body = b'{"data":{"me":{"name":"' + b"x" * 200 + b'"}}}'
    response = await Run(
        SCHEMA, "{ me { name } }", Fetch("users", "{me{name}}"), {"users": FakeSubgraph(body)}, max_bytes=100
    )()
    assert response["data"] == {"me": None}
    assert response["errors"][0]["extensions"]["code"] == "SUBREQUEST_RESPONSE_TOO_LARGE"


WRONG = [
    ("name", 5, "String"),
    ("name", ["a"], "String"),
    ("age", "5", "Int"),
    ("age", 2**31, "Int"),
    ("age", True, "Int"),
    ("age", 1.5, "Int"),
    ("mood", "HIDDEN", "Mood"),
    ("mood", 1, "Mood"),
    ("tags", "a", "[String!]"),
]


@pytest.mark.parametrize(("field", "value", "type_"), WRONG)
async def test_a_value_of_the_wrong_type_becomes_null_with_an_error(
    field: str, value: Any, type_: str
) -> None:
    answer = {"data": {"me": {"id": "1", field: value}}}
    fetch = Fetch("users", f"{{me{{id {field}}}}}")
    response = await Run(SCHEMA, f"{{ me {{ id {field} }} }}", fetch, {"users": FakeSubgraph(answer)})()
    assert response == {
        "data": {"me": {"id": "1", field: None}},
        "errors": [
            {
                "message": f"Invalid value found for the type {type_}.",
                "path": ["me", field],
                "extensions": {"code": "RESPONSE_VALIDATION_FAILED"},
            }
        ],
    }


async def test_an_object_where_a_list_belongs_is_not_passed_on() -> None:
    response = await Run(
        SCHEMA,
        "{ posts { id } }",
        Fetch("posts", "{posts{id}}"),
        {"posts": FakeSubgraph({"data": {"posts": {"id": "1"}}})},
    )()
    assert response["data"] == {"posts": None}
    assert response["errors"][0]["path"] == ["posts"]


async def test_a_null_that_may_not_be_takes_its_parent_with_it_and_says_where() -> None:
    posts = {"data": {"posts": [{"id": "1", "title": "T"}, {"id": "2", "title": None}]}}
    response = await Run(
        SCHEMA, "{ posts { title } }", Fetch("posts", "{posts{id title}}"), {"posts": FakeSubgraph(posts)}
    )()
    assert response == {
        "data": {"posts": None},
        "errors": [
            {
                "message": "Cannot return null for non-nullable field Post.title.",
                "path": ["posts", 1, "title"],
                "extensions": {"code": "RESPONSE_VALIDATION_FAILED"},
            }
        ],
    }


async def test_a_null_the_subgraph_explained_is_not_reported_twice() -> None:
    answer = {
        "data": {"strict": None, "me": None},
        "errors": [{"message": "boom", "path": ["strict", "must"]}],
    }
    response = await Run(
        SCHEMA, "{ strict { must } }", Fetch("s", "{strict{must}}"), {"s": FakeSubgraph(answer)}
    )()
    assert response["data"] == {"strict": None}
    assert [error["message"] for error in response["errors"]] == ["boom"]


KEYED = (RequiredFragment("Post", (RequiredField("__typename"), RequiredField("id"))),)
LIKES = "query($representations:[_Any!]!){_entities(representations:$representations){...on Post{likes}}}"
WITH_LIKES = Sequence(
    (
        Fetch("posts", "{posts{__typename id}}"),
        Flatten(("posts", EACH), Fetch("likes", LIKES, requires=KEYED)),
    )
)
TWICE = {"data": {"posts": [{"__typename": "Post", "id": i} for i in ("1", "2", "1")]}}


async def likes_run(answer: Any, policy: ErrorPolicy | None = None) -> dict[str, Any]:
    subgraphs = {"posts": FakeSubgraph(TWICE), "likes": FakeSubgraph(answer)}
    run = Run(SCHEMA, "{ mine: posts { likes } }".replace("mine: ", ""), WITH_LIKES, subgraphs)
    if policy is not None:
        run.policy = policy
    return await run()


async def test_an_error_of_an_entity_is_placed_at_every_object_that_shared_it() -> None:
    answer = {
        "data": {"_entities": [None, {"likes": 2}]},
        "errors": [
            {"message": "gone", "path": ["_entities", 0, "likes"], "extensions": {"code": "NOT_FOUND"}}
        ],
    }
    response = await likes_run(answer)
    assert response["data"] == {"posts": [{"likes": None}, {"likes": 2}, {"likes": None}]}
    assert response["errors"] == [
        {
            "message": "gone",
            "path": ["posts", index, "likes"],
            "extensions": {"code": "NOT_FOUND", "service": "likes"},
        }
        for index in (0, 2)
    ]


async def test_a_failed_entity_fetch_names_what_its_objects_have_in_common() -> None:
    response = await likes_run(TransportError("The subgraph could not be reached."))
    assert response["data"] == {"posts": [{"likes": None}] * 3}
    assert [error["path"] for error in response["errors"]] == [["posts"]]


@pytest.mark.parametrize("entities", [[{"likes": 1}], [1, 2], "no", None])
async def test_entities_that_do_not_match_the_representations_are_refused(entities: Any) -> None:
    response = await likes_run({"data": {"_entities": entities}})
    assert response["data"] == {"posts": [{"likes": None}] * 3}
    assert response["errors"][0]["extensions"]["code"] == "SUBREQUEST_MALFORMED_RESPONSE"


@pytest.mark.parametrize("error", ["just text", {"message": 5, "path": "nowhere", "extensions": []}, {}])
async def test_an_error_of_a_strange_form_is_still_reported(error: Any) -> None:
    response = await likes_run({"data": {"_entities": [None, None]}, "errors": [error]})
    (reported,) = response["errors"]
    assert reported["path"] == ["posts"]
    assert isinstance(reported["message"], str)
    assert reported["extensions"] == {"code": "DOWNSTREAM_SERVICE_ERROR", "service": "likes"}


MASKED = ErrorPolicy(frozenset(), frozenset(("NOT_FOUND",)))


@pytest.mark.parametrize(
    ("code", "message"), [("NOT_FOUND", "detail"), ("INTERNAL", 'Subgraph "likes" reported an error.')]
)
async def test_details_are_masked_unless_the_client_is_to_blame(code: str, message: str) -> None:
    error = {"message": "detail", "path": ["_entities", 1], "extensions": {"code": code, "stack": "secret"}}
    response = await likes_run({"data": {"_entities": [{"likes": 1}, None]}, "errors": [error]}, MASKED)
    assert response["errors"] == [
        {"message": message, "path": ["posts", 1], "extensions": {"code": code, "service": "likes"}}
    ]


async def test_a_cancelled_operation_cancels_its_fetches() -> None:
    subgraphs = {"users": FakeSubgraph({}), "posts": FakeSubgraph({})}
    for subgraph in subgraphs.values():
        subgraph.gate = asyncio.Event()
    running = asyncio.create_task(Run(SCHEMA, OPERATION, BOTH, subgraphs)())
    await asyncio.gather(*(subgraph.asked.wait() for subgraph in subgraphs.values()))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
