"""Operations named instead of sent: by hash, by id, over POST and GET; what each mode runs and refuses."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from router.config import APQConfig, PersistedConfig, RouterConfig
from router.persisted.apq import ENTRY_BYTES, MemoryTexts
from router.persisted.lists import OperationLists
from router.persisted.manifest import ManifestError, PersistedOperation
from tests.router.http.test_graphql_endpoint import client
from tests.support.federation import router, users

TEXT = "query Me { me { name } }"
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
ADA = {"data": {"me": {"name": "Ada"}}}
STRICT = {"accept": "application/graphql-response+json"}
BY_ID = "query User($id: ID!) { user(id: $id) { name } }"


def by_hash(hash_: str = HASH, **more: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_}}, **more}


def publishing(tmp_path: Path, mode: str = "off", **operations: str) -> RouterConfig:
    (tmp_path / "web.json").write_text(json.dumps(operations or {"me-1": TEXT, "user-1": BY_ID}))
    persisted = PersistedConfig(mode=mode, sources=(str(tmp_path),))  # type: ignore[arg-type]
    return RouterConfig(persisted_operations=persisted)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


async def test_a_hash_is_answered_once_its_text_was_run() -> None:
    async with client() as http:
        first = await http.post("/graphql", json=by_hash())
        registered = await http.post("/graphql", json=by_hash(query=TEXT))
        second = await http.post("/graphql", json=by_hash())
        got = await http.get("/graphql", params={"extensions": json.dumps(by_hash()["extensions"])})
    assert code(first) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert first.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert "no-cache" in first.headers["cache-control"]
    assert registered.json() == second.json() == got.json() == ADA


@pytest.mark.parametrize("text", ["{ nope }", "{ me {", "query A { me { id } } query B { me { id } }"])
async def test_a_text_that_is_refused_is_not_kept(text: str) -> None:
    hash_ = hashlib.sha256(text.encode()).hexdigest()
    async with client() as http:
        await http.post("/graphql", json=by_hash(hash_, query=text))
        assert code(await http.post("/graphql", json=by_hash(hash_))) == (200, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_hash_of_another_text_is_refused_and_nothing_run() -> None:
    watched = users()
    async with client(users=watched) as http:
        wrong = await http.post("/graphql", json=by_hash("0" * 64, query=TEXT))
        after = await http.post("/graphql", json=by_hash("0" * 64))
    assert code(wrong) == (400, "PERSISTED_QUERY_HASH_MISMATCH")
    assert code(after) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert watched.requests == []


async def test_where_no_texts_are_kept_clients_are_told_to_send_theirs() -> None:
    config = RouterConfig(persisted_operations=PersistedConfig(apq=APQConfig(enabled=False)))
    async with client(config) as http:
        response = await http.post("/graphql", json=by_hash())
        full = await http.post("/graphql", json=by_hash(query=TEXT))
    assert code(response) == (200, "PERSISTED_QUERY_NOT_SUPPORTED")
    assert response.json()["errors"][0]["message"] == "PersistedQueryNotSupported"
    assert full.json() == ADA


MALFORMED: list[Any] = [
    {"extensions": {"persistedQuery": None}},
    {"extensions": {"persistedQuery": {"version": 1}}},
    {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": HASH}}},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 5}}},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x" * 2000}}},
    {"documentId": 5},
    {"documentId": "x" * 2000},
    {"id": ["a"]},
]


@pytest.mark.parametrize("body", MALFORMED, ids=[str(body)[:60] for body in MALFORMED])
async def test_a_name_that_is_none_is_a_bad_request(body: Any) -> None:
    async with client() as http:
        assert code(await http.post("/graphql", json=body)) == (400, "INVALID_GRAPHQL_REQUEST")


@pytest.mark.parametrize("name", ["documentId", "id", "doc_id"])
async def test_a_published_operation_is_run_by_its_id_under_every_name_that_clients_use(
    tmp_path: Path, name: str
) -> None:
    body = {name: "user-1", "variables": {"id": "1"}}
    async with client(publishing(tmp_path)) as http:
        posted = await http.post("/graphql", json=body)
        got = await http.get("/graphql", params={name: "user-1", "variables": '{"id": "1"}'})
        apollo = await http.post("/graphql", json=by_hash("user-1", variables={"id": "1"}))
    assert posted.json() == got.json() == apollo.json() == {"data": {"user": {"name": "Ada"}}}


async def test_the_id_may_be_in_the_path(tmp_path: Path) -> None:
    async with client(publishing(tmp_path)) as http:
        got = await http.get("/graphql/user-1", params={"variables": '{"id": "1"}'})
        posted = await http.post("/graphql/user-1", json={"variables": {"id": "1"}})
        empty = await http.post("/graphql/me-1", headers={"content-type": "application/json"})
        unknown = await http.get("/graphql/nope")
        twice = await http.post("/graphql/me-1", json={"documentId": "me-1"})
        with_text = await http.post("/graphql/me-1", json={"query": TEXT})
        foreign = await http.get("/graphql/me-1", headers={"apollo-require-preflight": ""})
        no_variable = await http.get("/graphql/user-1", headers=STRICT)
    assert got.json() == posted.json() == {"data": {"user": {"name": "Ada"}}}
    assert empty.json() == ADA
    assert code(unknown) == (404, "PERSISTED_QUERY_NOT_IN_LIST")
    assert code(twice) == (400, "INVALID_GRAPHQL_REQUEST")
    assert code(with_text) == (400, "CANNOT_SEND_PQ_ID_AND_BODY")
    assert code(foreign) == (400, "CSRF_ERROR")
    assert code(no_variable) == (400, "VALIDATION_INVALID_TYPE_VARIABLE")


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        ("off", "{ me { id } }", None),
        ("log", "{ me { id } }", None),
        ("safelist", "{ me { id } }", (403, "QUERY_NOT_IN_SAFELIST")),
        ("safelist", "{ me {", (403, "QUERY_NOT_IN_SAFELIST")),
        ("safelist", TEXT, None),
        ("safelist", "query Me{\n me,{ name } # comment\n }", None),
        ("safelist", "query Me { me { n: name } }", (403, "QUERY_NOT_IN_SAFELIST")),
        ("safelist", "query Mine { me { name } }", (403, "QUERY_NOT_IN_SAFELIST")),
        ("require-id", TEXT, (400, "PERSISTED_QUERY_ID_REQUIRED")),
    ],
)
async def test_a_text_is_run_as_far_as_the_mode_says(
    tmp_path: Path, mode: str, text: str, expected: tuple[int, str] | None
) -> None:
    watched = users()
    async with client(publishing(tmp_path, mode), users=watched) as http:
        response = await http.post("/graphql", json={"query": text})
        by_id = await http.post("/graphql", json={"documentId": "me-1"})
    assert (None if "data" in response.json() else code(response)) == expected
    assert by_id.json() == ADA
    assert len(watched.requests) == (1 if expected else 2)


@pytest.mark.parametrize("mode", ["safelist", "require-id"])
async def test_only_what_was_published_can_be_asked_for_by_hash_where_lists_are_enforced(
    tmp_path: Path, mode: str
) -> None:
    async with client(publishing(tmp_path, mode)) as http:
        response = await http.post("/graphql", json=by_hash())
        registering = await http.post("/graphql", json=by_hash(query="{ me { id } }"))
        again = await http.post("/graphql", json=by_hash())
    assert code(response) == code(again) == (404, "PERSISTED_QUERY_NOT_IN_LIST")
    assert "data" not in registering.json()


async def test_what_was_not_published_is_logged_once_with_its_client(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"apollographql-client-name": "we\tb"}
    async with client(publishing(tmp_path, "log")) as http:
        with caplog.at_level(logging.WARNING, "router"):
            for text in (TEXT, "query Other { me { id } }", "query Other { me { id } }"):
                await http.post("/graphql", json={"query": text, "operationName": None}, headers=headers)
    (line,) = [record.getMessage() for record in caplog.records]
    hash_ = hashlib.sha256(b"query Other { me { id } }").hexdigest()
    assert line == f"An operation that was not published: unnamed, sha256 {hash_}, client 'we\\tb'"


async def test_an_operation_of_one_client_is_nobody_elses(tmp_path: Path) -> None:
    entry = {"id": "a", "name": "Me", "type": "query", "body": TEXT, "clientName": "ios"}
    manifest = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [entry]}
    config = publishing(tmp_path)
    (tmp_path / "web.json").write_text(json.dumps(manifest))
    async with client(config) as http:
        mine = await http.post("/graphql", json={"id": "a"}, headers={"graphql-client-name": "ios"})
        others = await http.post("/graphql", json={"id": "a"}, headers={"graphql-client-name": "web"})
        nobodys = await http.post("/graphql", json={"id": "a"})
    assert mine.json() == ADA
    assert code(others) == code(nobodys) == (404, "PERSISTED_QUERY_NOT_IN_LIST")


async def test_of_several_operations_in_one_text_the_client_names_one(tmp_path: Path) -> None:
    both = "query A { me { name } } query B { me { id } }"
    async with client(publishing(tmp_path, both=both)) as http:
        one = await http.post("/graphql", json={"id": "both", "operationName": "A"})
        none = await http.post("/graphql", json={"id": "both"}, headers=STRICT)
    assert one.json() == ADA
    assert code(none) == (400, "GRAPHQL_UNKNOWN_OPERATION_NAME")


async def test_published_operations_are_prepared_before_they_are_in_force(tmp_path: Path) -> None:
    routed = router(publishing(tmp_path))
    async with routed:
        preparation = routed.engine.pipeline.preparation
        assert len(preparation) == 2
        more = [
            PersistedOperation("new", "query New { me { id } }", "New"),
            PersistedOperation("bad", "{ no }"),
        ]
        await routed.replace_operations(OperationLists(more))
        assert len(preparation) == 3
        assert "data" in await routed.execute({"documentId": "new"})
        assert (await routed.execute({"documentId": "bad"}))["errors"][0]["message"].startswith(
            "Cannot query"
        )
        gone = await routed.execute({"documentId": "me-1"})
    assert gone["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_IN_LIST"


async def test_a_new_supergraph_has_its_published_operations_prepared(tmp_path: Path) -> None:
    from tests.support.federation import SUPERGRAPH

    routed = router(publishing(tmp_path))
    async with routed:
        await routed.replace_supergraph(SUPERGRAPH + "\n")
        assert len(routed.engine.pipeline.preparation) == 2


def test_a_source_that_is_missing_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        router(RouterConfig(persisted_operations=PersistedConfig(sources=(str(tmp_path / "none"),))))


async def test_texts_in_memory_hold_to_their_bytes() -> None:
    texts = MemoryTexts(10 * (ENTRY_BYTES + 1100))
    for number in range(100):
        await texts.put(str(number), "x" * 1000)
    kept = [number for number in range(100) if await texts.find(str(number)) is not None]
    assert kept == list(range(90, 100))
    await texts.put("huge", "x" * 1_000_000)
    assert await texts.find("huge") is None
