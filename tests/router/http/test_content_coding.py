"""Answers packed as clients ask, requests unpacked, and neither a way to fill our memory."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from typing import Any

import brotli
import pytest

from router.config import CompressionConfig, RouterConfig, ServerConfig
from router.http.content_coding import PACK, chosen_coding, unpacked
from tests.router.http.test_graphql_endpoint import ME, client
from tests.support.federation import Subgraph

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NAME = "Ada" * 2000
QUERY = {"query": "{ me { name } }"}
LONG = {"data": {"me": {"name": NAME}}}


def with_long_name() -> Subgraph:
    return Subgraph({"me": lambda: {"__typename": "User", "id": "1", "name": NAME}})


def read(coding: str, body: bytes) -> Any:
    text = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}[coding](body)
    return json.loads(text)


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "zstd"),
        ("*;q=0.5, br", "br"),
        ("identity, gzip;q=0.5", None),
        ("deflate", None),
        ("gzip;q=0", None),
        ("gzip;q=nonsense", None),
        ("", None),
    ],
)
def test_the_coding_with_the_highest_weight_is_chosen_and_the_quickest_of_equals(
    accept: str, coding: str | None
) -> None:
    assert chosen_coding(accept) == (coding, True)


@pytest.mark.parametrize("accept", ["gzip, identity;q=0", "gzip, *;q=0"])
def test_who_forbids_an_answer_as_it_is_gets_none(accept: str) -> None:
    assert chosen_coding(accept) == ("gzip", False)


@pytest.mark.parametrize("coding", list(PACK))
async def test_a_large_answer_is_packed_as_the_client_takes_it(coding: str) -> None:
    async with (
        client(users=with_long_name()) as http,
        http.stream("POST", "/graphql", json=QUERY, headers={"accept-encoding": coding}) as response,
    ):
        body = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.headers["content-encoding"] == coding
    assert "accept-encoding" in response.headers["vary"]
    assert int(response.headers["content-length"]) == len(body) < 1000
    assert read(coding, body) == LONG


async def test_a_small_answer_and_one_to_who_asks_for_nothing_are_sent_as_they_are() -> None:
    async with client(users=with_long_name()) as http:
        small = await http.post(
            "/graphql", json={"query": "{ me { id } }"}, headers={"accept-encoding": "gzip"}
        )
        plain = await http.post("/graphql", json=QUERY, headers={"accept-encoding": "identity"})
        packed = await http.post(
            "/graphql", json={"query": "{ me { id } }"}, headers={"accept-encoding": "gzip, identity;q=0"}
        )
    assert "content-encoding" not in small.headers
    assert "content-encoding" not in plain.headers
    assert plain.json() == LONG
    assert packed.headers["content-encoding"] == "gzip"


async def test_compression_can_be_turned_off() -> None:
    config = RouterConfig(compression=CompressionConfig(enabled=False))
    async with client(config, users=with_long_name()) as http:
        response = await http.post("/graphql", json=QUERY, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in response.headers
    assert "accept-encoding" not in response.headers["vary"]


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "GZip", "identity"])
async def test_a_packed_request_is_unpacked(coding: str) -> None:
    text = json.dumps(ME).encode()
    body = PACK.get(coding.lower(), lambda text: text)(text)
    headers = {"content-type": "application/json", "content-encoding": coding}
    async with client() as http:
        response = await http.post("/graphql", content=body, headers=headers)
    assert response.json() == {"data": {"me": {"name": "Ada"}}}


@pytest.mark.parametrize("coding", list(PACK))
async def test_a_bomb_is_413_and_never_held(coding: str) -> None:
    bomb = PACK[coding](b" " * 30_000_000)
    assert len(bomb) < 100_000
    headers = {"content-type": "application/json", "content-encoding": coding}
    config = RouterConfig(server=ServerConfig(max_request_bytes=100_000))
    async with client(config) as http:
        response = await http.post("/graphql", content=bomb, headers=headers)
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "REQUEST_TOO_LARGE"


@pytest.mark.parametrize("coding", ["deflate", "compress", "gzip, gzip", "nonsense", "gzip;q=1"])
async def test_a_coding_we_do_not_know_is_415_and_the_answer_names_ours(coding: str) -> None:
    headers = {"content-type": "application/json", "content-encoding": coding}
    async with client() as http:
        response = await http.post("/graphql", content=zlib.compress(b"{}"), headers=headers)
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "zstd, br, gzip")


@pytest.mark.parametrize("coding", list(PACK))
@pytest.mark.parametrize("damage", ["cut", "nonsense", "empty", "more behind"])
async def test_what_is_not_packed_as_it_says_is_a_bad_request(coding: str, damage: str) -> None:
    packed = PACK[coding](json.dumps(ME).encode())
    body = {"cut": packed[:-3], "nonsense": b"nonsense!", "empty": b"", "more behind": packed + b"more"}
    headers = {"content-type": "application/json", "content-encoding": coding}
    async with client() as http:
        response = await http.post("/graphql", content=body[damage], headers=headers)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID_GRAPHQL_REQUEST"


@pytest.mark.parametrize("coding", list(PACK))
@pytest.mark.parametrize("size", [99, 100])
def test_what_is_exactly_as_large_as_allowed_is_taken(coding: str, size: int) -> None:
    assert unpacked(PACK[coding](b"x" * size), coding, 100) == b"x" * size
