"""`_entities` survives whatever a router, or somebody who pretends to be one, sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import strawberry
from strawberry import federation

from subgraphs.kit.auth import TokenVerifier
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.federation import FederatedSchema, Representation, key_text
from subgraphs.kit.jwks import KeySet
from subgraphs.kit.loading import loader
from subgraphs.kit.subgraph import Subgraph
from subgraphs.kit.user_errors import not_found

ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Book { id title } } }"


@federation.type(keys=["id"])
class Book:
    id: strawberry.ID
    title: str


@strawberry.type
class Query:
    @strawberry.field
    def book(self) -> Book:
        return Book(id=strawberry.ID("1"), title="One")

    @strawberry.field
    def broken(self) -> str:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def taken(self) -> str:
        raise Forbidden("It is taken.", field="name")

    @strawberry.field
    def wrong_number(self) -> int:
        return "not a number"  # type: ignore[return-value]


async def resolve_book(representation: Representation, context: Any) -> Book | None:
    key = key_text(representation, "id")
    if key == "conflict":
        raise Refused(not_found("book", "id"))
    title = await context.titles.load(key)
    return None if title is None else Book(id=strawberry.ID(str(key)), title=title)


class Context:
    """Counts how often titles are loaded."""

    def __init__(self, loads: list[list[str]]) -> None:
        async def load(keys: Any) -> Mapping[str, str]:
            loads.append(list(keys))
            return {key: f"Title {key}" for key in keys if str(key).isdigit()}

        self.titles = loader(load)


async def no_keys() -> dict[str, Any]:
    return {"keys": []}


@pytest.fixture
def loads() -> list[list[str]]:
    return []


@pytest.fixture
def subgraph(loads: list[list[str]]) -> Subgraph:
    async def ready() -> None: ...

    return Subgraph(
        name="books",
        schema=FederatedSchema(Query, references={"Book": resolve_book}),
        verifier=TokenVerifier(KeySet(no_keys), issuer="plait", audience="plait"),
        context=lambda _request: Context(loads),
        ready=ready,
        unavailable=(ConnectionError,),
    )


async def entities(subgraph: Subgraph, *representations: object) -> dict[str, Any]:
    return await subgraph.execute(ENTITIES, {"r": list(representations)})


async def test_an_unknown_type_is_an_error_at_its_place_and_the_rest_is_answered(subgraph: Subgraph) -> None:
    answer = await entities(subgraph, {"__typename": "Book", "id": "1"}, {"__typename": "Film", "id": "1"})
    assert answer["data"]["_entities"] == [{"__typename": "Book", "id": "1", "title": "Title 1"}, None]
    (error,) = answer["errors"]
    assert error["path"] == ["_entities", 1]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Film" in error["message"]


async def test_fields_that_are_no_key_are_passed_over(subgraph: Subgraph) -> None:
    answer = await entities(
        subgraph, {"__typename": "Book", "id": "2", "pages": 300, "author": {"name": "X"}}
    )
    assert answer == {"data": {"_entities": [{"__typename": "Book", "id": "2", "title": "Title 2"}]}}


@pytest.mark.parametrize(
    "representation",
    ["text", 7, None, [], {}, {"id": "1"}, {"__typename": 5}, {"__typename": "Book", "id": {"a": 1}},
     {"__typename": "Book", "id": True}, {"__typename": "Query"}, {"__typename": "__Schema"}],
)  # fmt: skip
async def test_a_malformed_representation_harms_no_other(subgraph: Subgraph, representation: object) -> None:
    answer = await entities(subgraph, representation, {"__typename": "Book", "id": "1"})
    if representation is None:  # the list is declared [_Any!]!
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        return
    assert answer["data"]["_entities"][1]["title"] == "Title 1"
    assert answer["data"]["_entities"][0] is None
    assert [error["path"] for error in answer["errors"]] == [["_entities", 0]]


async def test_an_entity_that_does_not_exist_is_null_without_an_error(subgraph: Subgraph) -> None:
    assert await entities(subgraph, {"__typename": "Book", "id": "none"}) == {"data": {"_entities": [None]}}


async def test_a_resolver_that_raises_is_an_error_at_its_place(subgraph: Subgraph) -> None:
    answer = await entities(
        subgraph, {"__typename": "Book", "id": "conflict"}, {"__typename": "Book", "id": "3"}
    )
    assert answer["data"]["_entities"][1]["title"] == "Title 3"
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_many_entities_are_one_load(subgraph: Subgraph, loads: list[list[str]]) -> None:
    wanted = [{"__typename": "Book", "id": str(number % 40)} for number in range(100)]
    answer = await entities(subgraph, *wanted)
    assert [book["id"] for book in answer["data"]["_entities"]] == [book["id"] for book in wanted]
    assert [len(keys) for keys in loads] == [40]


async def test_an_unknown_exception_is_masked_and_logged(
    subgraph: Subgraph, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await subgraph.execute("{ broken }")
    assert answer["errors"][0]["message"] == "Internal server error."
    assert answer["errors"][0]["extensions"] == {"code": "INTERNAL_SERVER_ERROR"}
    assert "hunter2" not in str(answer)
    assert "hunter2" in caplog.text


async def test_a_value_of_the_wrong_type_is_masked_too(subgraph: Subgraph) -> None:
    answer = await subgraph.execute("{ wrongNumber }")
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


async def test_a_domain_error_is_told_with_its_facts(subgraph: Subgraph) -> None:
    answer = await subgraph.execute("{ taken }")
    assert answer["errors"][0]["message"] == "It is taken."
    assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN", "field": "name"}


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("", None, "BAD_REQUEST"),
        ("   ", None, "BAD_REQUEST"),
        ("# only a comment", None, "GRAPHQL_PARSE_FAILED"),
        ("{ book", None, "GRAPHQL_PARSE_FAILED"),
        ("{ film }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Book { id }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename }", "B", "OPERATION_RESOLUTION_FAILURE"),
        ("query A { __typename } query B { __typename }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("{ __typename " + "{ a " * 5000, None, "GRAPHQL_PARSE_FAILED"),
        ("query($r: [_Any!]!) { _entities(representations: $r) { __typename } }", None, "BAD_USER_INPUT"),
    ],
)
async def test_each_way_of_asking_wrongly_has_its_code(
    subgraph: Subgraph, query: str, name: str | None, code: str
) -> None:
    answer = await subgraph.execute(query, operation_name=name)
    assert answer["data"] is None
    assert {error["extensions"]["code"] for error in answer["errors"]} == {code}


async def test_deep_nesting_is_an_error_and_no_crash(subgraph: Subgraph) -> None:
    answer = await subgraph.execute("{ a" * 3000 + "}" * 3000)
    assert answer["errors"]


async def test_the_sdl_links_federation_2_11(subgraph: Subgraph) -> None:
    answer = await subgraph.execute("{ _service { sdl } }")
    assert answer["data"]["_service"]["sdl"] == subgraph.sdl
    assert "https://specs.apollo.dev/federation/v2.11" in subgraph.sdl
