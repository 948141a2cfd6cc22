"""Answers' heads that came before are not parsed again, and nobody can tell by the answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.errors import ResponseTooLarge
from router.transport.connection import Connection
from router.transport.heads import MOST, HTTPResponse, KnownHeads
from tests.router.http.test_cycle import Recording
from tests.router.http.test_heads import Counting

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-kept: 1\r\ncontent-length: 4\r\n\r\n"


class Asked:
    """A connection whose peer is the test."""

    def __init__(self, heads: KnownHeads | None = None) -> None:
        self.transport: Any = Recording()
        self.connection = Connection(frozenset((b"x-kept",)), heads)
        self.connection.connection_made(self.transport)
        self.connection._parser = self.parser = Counting(self.connection._parser)

    async def ask(self, *pieces: bytes, max_bytes: int = 100) -> HTTPResponse:
        asking = asyncio.ensure_future(self.connection.request(b"a request", max_bytes))
        await asyncio.sleep(0)
        for piece in pieces:
            self.connection.data_received(piece)
        return await asking

    async def met(self) -> Asked:
        """Where HEAD is known."""
        for _ in range(2):
            await self.ask(HEAD + b"body")
        assert self.parser.fed == 2
        return self


async def test_the_third_time_is_not_parsed_and_is_the_same_answer() -> None:
    asked = await Asked().met()
    answer = await asked.ask(HEAD + b"3rd.")
    assert asked.parser.fed == 2
    assert answer == HTTPResponse(200, "application/json", b"3rd.", "", (("x-kept", "1"),))
    assert asked.connection.is_open


async def test_what_one_connection_learned_another_of_the_subgraph_knows() -> None:
    heads = KnownHeads()
    await Asked(heads).met()
    other = Asked(heads)
    assert (await other.ask(HEAD + b"3rd.")).body == b"3rd."
    assert other.parser.fed == 0


async def test_an_answer_in_pieces_is_parsed() -> None:
    asked = await Asked().met()
    assert (await asked.ask(HEAD + b"in", b"to")).body == b"into"
    assert (await asked.ask(HEAD[:9], HEAD[9:] + b"4th.")).body == b"4th."
    assert asked.parser.fed == 6


async def test_a_known_answer_is_bounded_like_any_other() -> None:
    asked = await Asked().met()
    with pytest.raises(ResponseTooLarge):
        await asked.ask(HEAD + b"body", max_bytes=3)


async def test_a_body_that_reads_like_a_known_answer_is_a_body() -> None:
    asked = await Asked().met()
    inner = HEAD + b"evil"
    answer = await asked.ask(HEAD.replace(b": 4", b": %d" % len(inner)), inner)
    assert answer.body == inner


async def test_an_answer_that_nobody_asked_for_closes_the_connection() -> None:
    asked = await Asked().met()
    asked.connection.data_received(HEAD + b"evil")
    assert not asked.connection.is_open
    assert asked.transport.is_closed


@pytest.mark.parametrize("more", [HEAD + b"evil", HEAD[:20]], ids=["an answer", "half an answer"])
async def test_what_comes_with_an_answer_is_not_the_next_ones(more: bytes) -> None:
    asked = await Asked().met()
    answer = await asked.ask(HEAD + b"3rd." + more)
    assert answer.body == b"3rd."
    assert not asked.connection.is_open


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace(b"content-length: 4", b"connection: close\r\ncontent-length: 4"),
        HEAD.replace(b"content-length: 4", b"transfer-encoding: chunked"),
    ],
    ids=["the last of its connection", "in chunks"],
)
async def test_a_head_that_says_more_than_a_length_is_parsed_each_time(head: bytes) -> None:
    heads = KnownHeads()
    body = b"4\r\nbody\r\n0\r\n\r\n" if b"chunked" in head else b"body"
    for _ in range(3):
        asked = Asked(heads)
        assert (await asked.ask(head + body)).body == b"body"
    assert heads.find(head) is None


def test_heads_are_bounded() -> None:
    heads = KnownHeads()
    for number in range(3 * MOST):
        heads.learn(b"%d" % number, HTTPResponse(200, "application/json", b"body"))
    known = [number for number in range(3 * MOST) if heads.find(b"%d" % number) is not None]
    assert 0 < len(known) <= MOST
