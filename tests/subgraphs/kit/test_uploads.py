"""Files in a mutation's variables, over HTTP and in process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2 as httpx
import pytest
import strawberry

from subgraphs.kit import uploads
from subgraphs.kit.auth import TokenVerifier
from subgraphs.kit.federation import FederatedSchema
from subgraphs.kit.subgraph import Subgraph
from subgraphs.kit.uploads import UploadedFile

GUARD = {"apollo-require-preflight": "1"}
READ = "mutation($a: Upload!, $b: [Upload!]) { read(a: $a, b: $b) }"


@strawberry.type
class Query:
    hello: str = "x"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def read(self, a: UploadedFile, b: list[UploadedFile] | None = None) -> list[str]:
        told = []
        for file in (a, *(b or ())):
            parts = []
            while part := await file.read(3):
                parts.append(part.decode())
            told.append(f"{file.filename} {file.content_type} {'|'.join(parts)}")
        return told


class Nobody(TokenVerifier):
    def __init__(self) -> None:
        pass

    async def identify(self, authorization: str | None, *, for_writing: bool = False) -> None:
        return None


async def ready() -> None:
    return


SUBGRAPH = Subgraph("files", FederatedSchema(Query, Mutation, references={}), Nobody(), lambda _: None, ready)


async def post(parts: Any, headers: Mapping[str, str] = GUARD) -> tuple[int, Any]:
    transport = httpx.ASGITransport(SUBGRAPH.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://files") as client:
        answer = await client.post("/graphql", files=parts, headers=dict(headers))
        return answer.status_code, answer.json()


def form(
    operations: Any, places: Any, *files: tuple[str, str, bytes]
) -> list[tuple[str, tuple[str | None, Any, str]]]:
    texts = [(name, (None, json.dumps(value), "application/json")) for name, value in (operations, places)]
    return [*texts, *((name, (called, content, "text/x")) for name, called, content in files)]


def asked(variables: Any) -> tuple[str, Any]:
    return "operations", {"query": READ, "variables": variables}


async def test_files_are_read_where_the_map_puts_them() -> None:
    places = ("map", {"0": ["variables.a"], "1": ["variables.b.0"], "2": ["variables.b.1"]})
    files = (("0", "one.txt", b"abcde"), ("1", "ü.txt", b""), ("2", "three", b"xyz"))
    status, answer = await post(form(asked({"a": None, "b": [None, None]}), places, *files))
    assert status == 200
    assert answer == {"data": {"read": ["one.txt text/x abc|de", "ü.txt text/x ", "three text/x xyz"]}}


@pytest.mark.parametrize(
    ("operations", "places", "files", "message"),
    [
        (asked({"a": "x"}), ("map", {"0": ["variables.a"]}), [b"x"], "where there is no null"),
        (asked({"a": None}), ("map", {"0": ["variables.z.y"]}), [b"x"], "where there is no null"),
        (asked({"a": None}), ("map", {"0": ["variables.a.0"]}), [b"x"], "where there is no null"),
        (asked({"b": []}), ("map", {"0": ["variables.b.7"]}), [b"x"], "where there is no null"),
        (asked({"a": None}), ("map", {}), [b"x"], "a list of paths"),
        (asked({"a": None}), ("map", {"0": "variables.a"}), [b"x"], "a list of paths"),
        (asked({"a": None}), ("map", [1]), [b"x"], "are objects"),
        (("operations", [1]), ("map", {}), [], "are objects"),
        (("operations", 1), ("operations", 1), [], "came twice"),
        (("other", 1), ("map", {}), [], "both JSON"),
        (asked({"a": None}), ("map", {}), [b"x"] * 11, "More than 10 files"),
    ],
)
async def test_a_form_that_is_wrong_is_told_what_is(
    operations: Any, places: Any, files: list[bytes], message: str
) -> None:
    status, answer = await post(
        form(operations, places, *((str(at), "x", content) for at, content in enumerate(files)))
    )
    assert (status, answer["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert message in answer["errors"][0]["message"]


async def test_a_form_that_a_foreign_page_could_send_is_refused() -> None:
    status, answer = await post(form(asked({"a": None}), ("map", {})), {})
    assert (status, "apollo-require-preflight" in answer["errors"][0]["message"]) == (400, True)


async def test_a_file_that_is_too_large_is_refused_while_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILE_BYTES", 10)
    places = ("map", {"0": ["variables.a"]})
    assert (await post(form(asked({"a": None}), places, ("0", "x", b"0123456789"))))[0] == 200
    assert (await post(form(asked({"a": None}), places, ("0", "x", b"0123456789a"))))[0] == 413


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_what_is_no_form_is_refused(content_type: str) -> None:
    transport = httpx.ASGITransport(SUBGRAPH.asgi)
    headers = {**GUARD, "content-type": content_type}
    async with httpx.AsyncClient(transport=transport, base_url="http://files") as client:
        answer = await client.post("/graphql", content=b"nonsense", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("value", ["x", 1, {"filename": "x"}, None])
async def test_what_is_no_file_is_no_upload(value: Any) -> None:
    answer = await SUBGRAPH.execute(READ, {"a": value})
    assert answer["errors"]
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


class Arriving:
    """As the router's: read on from the client."""

    filename, content_type = "in.txt", "text/x"

    def __init__(self) -> None:
        self._parts = self._coming()

    async def _coming(self) -> AsyncIterator[bytes]:
        for part in (b"ab", b"cd"):
            yield part

    async def read(self, size: int = -1) -> bytes:
        return await anext(self._parts, b"")


async def test_in_one_process_the_file_is_read_from_the_client_itself() -> None:
    answer = await SUBGRAPH.execute(READ, {"a": Arriving()})
    assert answer["data"] == {"read": ["in.txt text/x ab|cd"]}
