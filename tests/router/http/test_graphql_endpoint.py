"""GraphQL over HTTP: methods, media types, status codes, batches, and clients that leave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest

from router.config import (
    BatchingConfig,
    CORSConfig,
    DeduplicationConfig,
    ExecutionConfig,
    IntrospectionConfig,
    RouterConfig,
    ServerConfig,
    for_development,
)
from tests.support.federation import Subgraph, posts, router, users

ME = {"query": "{ me { name } }"}
NO_FOREIGN_PAGE = {"apollo-require-preflight": "true"}
STRICT = {"accept": "application/graphql-response+json"}
JSON = "application/json; charset=utf-8"
GRAPHQL = "application/graphql-response+json; charset=utf-8"


@asynccontextmanager
async def client(
    config: RouterConfig | None = None, **subgraphs: Subgraph
) -> AsyncIterator[httpx.AsyncClient]:
    routed = router(config, **subgraphs)
    transport = httpx.ASGITransport(app=routed.asgi())
    async with (
        routed,
        httpx.AsyncClient(transport=transport, base_url="http://router", headers=NO_FOREIGN_PAGE) as http,
    ):
        yield http


async def test_a_query_over_two_subgraphs_is_answered() -> None:
    async with client() as http:
        response = await http.post("/graphql", json={"query": "{ me { name posts { title } } }"})
    assert (response.status_code, response.headers["content-type"]) == (200, JSON)
    assert response.text == '{"data":{"me":{"name":"Ada","posts":[{"title":"T"}]}}}'


async def test_get_answers_queries_with_variables() -> None:
    parameters = {
        "query": "query Q($id: ID!) { user(id: $id) { name } }",
        "variables": '{"id": "1"}',
        "operationName": "Q",
    }
    async with client() as http:
        response = await http.get("/graphql", params=parameters)
    assert response.json() == {"data": {"user": {"name": "Ada"}}}


async def test_a_mutation_over_get_is_not_allowed_and_not_run() -> None:
    watched = users()
    async with client(users=watched) as http:
        response = await http.get("/graphql", params={"query": 'mutation { rename(name: "x") { name } }'})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert watched.requests == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_not_allowed(method: str) -> None:
    async with client() as http:
        response = await http.request(method, "/graphql", json=ME)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json, application/graphql-response+json", GRAPHQL),
        ("application/json, application/graphql-response+json;q=0.5", JSON),
        ("text/html, */*;q=0.1", JSON),
    ],
)
async def test_the_answer_comes_in_the_media_type_asked_for(accept: str, content_type: str) -> None:
    async with client() as http:
        response = await http.post("/graphql", json=ME, headers={"accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*"])
async def test_a_media_type_we_do_not_speak_is_not_acceptable(accept: str) -> None:
    async with client() as http:
        response = await http.post("/graphql", json=ME, headers={"accept": accept})
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_is_not_declared_json_is_unsupported(content_type: str) -> None:
    async with client() as http:
        response = await http.post("/graphql", content=json.dumps(ME), headers={"content-type": content_type})
    assert response.status_code == 415


REFUSED = [
    ('{"query":', "INVALID_GRAPHQL_REQUEST"),
    ("", "INVALID_GRAPHQL_REQUEST"),
    ("5", "INVALID_GRAPHQL_REQUEST"),
    ("{}", "INVALID_GRAPHQL_REQUEST"),
    ('{"query":""}', "INVALID_GRAPHQL_REQUEST"),
    ('{"query":"  "}', "INVALID_GRAPHQL_REQUEST"),
    ('{"query":5}', "INVALID_GRAPHQL_REQUEST"),
    ('{"query":"{me{id}}","variables":[]}', "INVALID_GRAPHQL_REQUEST"),
    ('{"query":"{me{id}}","operationName":5}', "INVALID_GRAPHQL_REQUEST"),
    ('{"query":"{ me {"}', "PARSING_ERROR"),
    ('{"query":"' + "{a" * 3000 + '"}', "PARSING_ERROR"),
    ('{"query":"fragment F on User { id }"}', "GRAPHQL_VALIDATION_FAILED"),
    ('{"query":"{ nope }"}', "GRAPHQL_VALIDATION_FAILED"),
    ('{"query":"query A { me { id } } query B { me { id } }"}', "GRAPHQL_UNKNOWN_OPERATION_NAME"),
    ('{"query":"query A { me { id } }","operationName":"C"}', "GRAPHQL_UNKNOWN_OPERATION_NAME"),
    ('[{"query":"{ me { id } }"}]', "BATCHING_NOT_ENABLED"),
]


NOT_GRAPHQL = ("INVALID_GRAPHQL_REQUEST", "BATCHING_NOT_ENABLED")


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
@pytest.mark.parametrize(("body", "code"), REFUSED)
async def test_a_request_that_cannot_be_run_has_a_code_and_the_status_of_its_media_type(
    body: str, code: str, accept: str
) -> None:
    headers = {"content-type": "application/json", "accept": accept}
    async with client() as http:
        response = await http.post("/graphql", content=body, headers=headers)
    is_graphql = code not in NOT_GRAPHQL
    assert response.status_code == (200 if is_graphql and accept == "application/json" else 400)
    answer = response.json()
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {code}


VARIABLES: list[tuple[str, dict[str, Any], str]] = [
    ("query($id: ID!) { user(id: $id) { id } }", {}, '"$id" of required type "ID!" was not provided'),
    ("query($id: ID!) { user(id: $id) { id } }", {"id": None}, "not to be null"),
    ("query($id: ID!) { user(id: $id) { id } }", {"id": True}, "ID cannot represent"),
    ("query($m: Mood) { user(id: 1, mood: $m) { id } }", {"m": "UGLY"}, 'does not exist in "Mood"'),
    ("query($b: By!) { find(by: $b) { id } }", {"b": {"nope": 1}}, 'Field "nope" is not defined'),
    ("query($b: By!) { find(by: $b) { id } }", {"b": {"names": ["a", 5]}}, 'at "b.names[1]"'),
    ("query($b: By!) { find(by: $b) { id } }", {"b": {"limit": 2**31}}, "Int cannot represent"),
    ("query($b: By!) { find(by: $b) { id } }", {"b": "x"}, "to be an object"),
    ("query($b: By!) { find(by: $b) { id } }", {"b": {"limit": True}}, "Int cannot represent value: true"),
    (
        "query($b: By!) { find(by: $b) { id } }",
        {"b": {"limit": [1, 2]}},
        "Int cannot represent value: a list",
    ),
]


@pytest.mark.parametrize(("query", "variables", "message"), VARIABLES)
async def test_a_variable_of_the_wrong_type_is_refused(
    query: str, variables: dict[str, Any], message: str
) -> None:
    watched = users()
    body = {"query": query, "variables": variables}
    async with client(users=watched) as http:
        response = await http.post("/graphql", json=body, headers=STRICT)
        legacy = await http.post("/graphql", json=body)
    assert (response.status_code, legacy.status_code) == (400, 200)
    (error,) = response.json()["errors"]
    assert message in error["message"]
    assert error["extensions"]["code"] == "VALIDATION_INVALID_TYPE_VARIABLE"
    assert watched.requests == []


async def test_variables_reach_the_subgraph_as_the_client_sent_them() -> None:
    watched = users()
    query = "query($b: By!) { find(by: $b) { id } }"
    async with client(users=watched) as http:
        await http.post(
            "/graphql", json={"query": query, "variables": {"b": {"id": 7, "names": "one"}, "unused": 1}}
        )
    assert watched.requests[0][1] == {"b": {"id": 7, "names": "one"}}


async def test_a_request_that_is_too_large_is_413() -> None:
    config = RouterConfig(server=ServerConfig(max_request_bytes=100))
    async with client(config) as http:
        response = await http.post("/graphql", json={"query": "{ me { name } }" + " " * 200})
    assert response.status_code == 413


async def test_a_batch_is_answered_in_order_and_one_refusal_stays_its_own() -> None:
    config = RouterConfig(batching=BatchingConfig(enabled=True, max_operations=2))
    async with client(config) as http:
        response = await http.post("/graphql", json=[ME, {"query": "{ nope }"}])
        too_long = await http.post("/graphql", json=[ME] * 3)
    first, second = response.json()
    assert first == {"data": {"me": {"name": "Ada"}}}
    assert second["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert too_long.json()["errors"][0]["extensions"]["code"] == "BATCH_LIMIT_EXCEEDED"


async def test_headers_are_propagated_and_a_request_id_is_made() -> None:
    watched = users()
    async with client(users=watched) as http:
        response = await http.post(
            "/graphql", json=ME, headers={"authorization": "Bearer t", "cookie": "secret"}
        )
        kept = await http.post("/graphql", json=ME, headers={"x-request-id": "mine"})
    sent = watched.requests[0][2]
    assert sent == {"authorization": "Bearer t", "x-request-id": response.headers["x-request-id"]}
    assert kept.headers["x-request-id"] == "mine"


async def test_the_plan_is_shown_only_where_it_is_allowed() -> None:
    header = {"apollo-expose-query-plan": "true"}
    async with client() as http:
        hidden = await http.post("/graphql", json=ME, headers=header)
    async with client(for_development(RouterConfig())) as http:
        shown = await http.post("/graphql", json=ME, headers=header)
    assert "extensions" not in hidden.json()
    plan = shown.json()["extensions"]["apolloQueryPlan"]
    assert plan["object"]["kind"] == "QueryPlan"
    assert plan["object"]["node"]["serviceName"] == "users"
    assert plan["text"].startswith("QueryPlan {")
    assert shown.json()["data"] == {"me": {"name": "Ada"}}


async def test_a_dry_run_plans_and_asks_nobody() -> None:
    watched = users()
    async with client(for_development(RouterConfig()), users=watched) as http:
        response = await http.post("/graphql", json=ME, headers={"apollo-expose-query-plan": "dry-run"})
    assert response.json()["extensions"]["apolloQueryPlan"]["object"]["node"]["kind"] == "Fetch"
    assert watched.requests == []


async def test_introspection_comes_beside_data() -> None:
    introspection = "t: __type(name: $n) { kind } __schema { queryType { name } } __typename"
    query = f"query($n: String!) {{ me {{ name }} {introspection} }}"
    async with client() as http:
        response = await http.post("/graphql", json={"query": query, "variables": {"n": "User"}})
    assert response.json() == {
        "data": {
            "me": {"name": "Ada"},
            "t": {"kind": "OBJECT"},
            "__schema": {"queryType": {"name": "Query"}},
            "__typename": "Query",
        }
    }


async def test_introspection_can_be_turned_off() -> None:
    async with client(RouterConfig(introspection=IntrospectionConfig(enabled=False))) as http:
        response = await http.post(
            "/graphql", json={"query": "{ __schema { queryType { name } } }"}, headers=STRICT
        )
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"


async def test_an_operation_that_takes_too_many_fetches_is_refused() -> None:
    config = RouterConfig(execution=ExecutionConfig(max_fetches=1))
    async with client(config) as http:
        response = await http.post(
            "/graphql", json={"query": "{ me { name posts { title } } }"}, headers=STRICT
        )
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "FETCH_LIMIT_EXCEEDED"


async def test_identical_queries_of_clients_are_run_once_when_configured() -> None:
    deduplication = DeduplicationConfig(enabled=True, headers=("authorization",))
    watched = users()
    watched.gate = asyncio.Event()
    config = RouterConfig(execution=ExecutionConfig(deduplicate_operations=deduplication))
    async with client(config, users=watched) as http:
        same = [asyncio.create_task(http.post("/graphql", json=ME)) for _ in range(3)]
        other = asyncio.create_task(http.post("/graphql", json=ME, headers={"authorization": "Bearer b"}))
        await watched.asked.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        watched.gate.set()
        responses = await asyncio.gather(*same, other)
    assert [response.json() for response in responses] == [{"data": {"me": {"name": "Ada"}}}] * 4
    assert sorted(headers.get("authorization", "") for _, _, headers in watched.requests) == ["", "Bearer b"]


async def test_a_client_that_leaves_cancels_the_operation() -> None:
    """On bare ASGI: the client says it left while a subgraph is being waited for."""
    watched = users()
    watched.gate = asyncio.Event()
    routed = router(users=watched)
    body = json.dumps(ME).encode()
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": body, "more_body": False})
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    async with routed:
        running = asyncio.create_task(routed.asgi()(scope, messages.get, send))  # type: ignore[arg-type]
        await watched.asked.wait()
        messages.put_nowait({"type": "http.disconnect"})
        await asyncio.wait_for(running, 5)
    assert watched.cancelled.is_set()
    assert sent == []


async def test_browsers_may_call_from_the_origins_configured() -> None:
    config = RouterConfig(cors=CORSConfig(allow_origins=("https://app.example",)))
    async with client(config) as http:
        preflight = await http.options(
            "/graphql",
            headers={"origin": "https://app.example", "access-control-request-method": "POST"},
        )
        allowed = await http.post("/graphql", json=ME, headers={"origin": "https://app.example"})
        foreign = await http.post("/graphql", json=ME, headers={"origin": "https://evil.example"})
    assert preflight.headers["access-control-allow-origin"] == "https://app.example"
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-origin" not in foreign.headers


async def test_our_own_fault_is_masked_with_500() -> None:
    async with client(posts=posts()) as http:
        app = http._transport.app  # type: ignore[attr-defined]
        app._engine.pipeline = None
        response = await http.post("/graphql", json=ME)
    assert response.status_code == 500
    assert response.json() == {
        "errors": [
            {
                "message": "The router failed to run the operation.",
                "extensions": {"code": "INTERNAL_SERVER_ERROR"},
            }
        ]
    }
