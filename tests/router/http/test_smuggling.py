"""Messages whose end is not clear: refused, with the connection, before another request is seen in them."""

from __future__ import annotations

import pytest

from tests.router.http.test_limits import BODY, served

HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
SIZE = len(BODY)
LENGTH = b"content-length: %d\r\n" % SIZE
CHUNKED = b"transfer-encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (SIZE, BODY)
NEXT = b"GET /smuggled HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"


def chunks(text: bytes) -> bytes:
    return HEAD + CHUNKED + b"\r\n" + text


ODD = {
    "a length and chunks": HEAD + LENGTH + CHUNKED + b"\r\n" + CHUNKS,
    "chunks and a length": HEAD + CHUNKED + LENGTH + b"\r\n" + CHUNKS,
    "two lengths": HEAD + LENGTH + b"content-length: %d\r\n\r\n" % (SIZE + 5) + BODY,
    "one length twice": HEAD + LENGTH + LENGTH + b"\r\n" + BODY,
    "lengths in a list": HEAD + b"content-length: %d, %d\r\n\r\n" % (SIZE, SIZE) + BODY,
    "a length with a sign": HEAD + b"content-length: +%d\r\n\r\n" % SIZE + BODY,
    "a negative length": HEAD + b"content-length: -1\r\n\r\n" + BODY,
    "a length in hexadecimal": HEAD + b"content-length: 0x1f\r\n\r\n" + BODY,
    "a length beyond all numbers": HEAD + b"content-length: %d\r\n\r\n" % 10**30 + BODY,
    "a space before the colon": HEAD + b"content-length : %d\r\n\r\n" % SIZE + BODY,
    "another coding": HEAD + b"transfer-encoding: xchunked\r\n\r\n" + CHUNKS,
    "two codings": HEAD + CHUNKED + b"transfer-encoding: identity\r\n\r\n" + CHUNKS,
    "chunks inside a coding": HEAD + b"transfer-encoding: chunked, identity\r\n\r\n" + CHUNKS,
    "a coding inside chunks": HEAD + b"transfer-encoding: gzip, chunked\r\n\r\n" + CHUNKS,
    "a coding after a control character": HEAD + b"transfer-encoding: \x0bchunked\r\n\r\n" + CHUNKS,
    "a line that ends early": HEAD + b"transfer-encoding: chunked\n\r\n" + CHUNKS,
    "a folded line": HEAD + b"x: a\r\n transfer-encoding: chunked\r\n" + LENGTH + b"\r\n" + BODY,
    "lines without carriage returns": HEAD.replace(b"\r\n", b"\n") + b"content-length: %d\n\n" % SIZE + BODY,
    "a carriage return alone": HEAD + b"x: a\r" + LENGTH + b"\r\n" + BODY,
    "a null": HEAD + b"x: a\0b\r\n" + LENGTH + b"\r\n" + BODY,
    "a name with a space": HEAD + b"x y: z\r\n" + LENGTH + b"\r\n" + BODY,
    "a name with a control character": HEAD + b"x\x01: z\r\n" + LENGTH + b"\r\n" + BODY,
    "a chunk's size with a prefix": chunks(b"0x%x\r\n%s\r\n0\r\n\r\n" % (SIZE, BODY)),
    "a chunk's size below zero": chunks(b"-1\r\n%s\r\n0\r\n\r\n" % BODY),
    "a chunk's size beyond all numbers": chunks(b"f" * 18 + b"\r\n%s\r\n0\r\n\r\n" % BODY),
    "chunks without carriage returns": chunks(b"%x\n%s\n0\n\n" % (SIZE, BODY)),
    "a chunk that does not end": chunks(b"%x\r\n%sXX0\r\n\r\n" % (SIZE, BODY)),
    "an extension with a line in it": chunks(b"%x;a\nb\r\n%s\r\n0\r\n\r\n" % (SIZE, BODY)),
    "chunks in HTTP/1.0": HEAD.replace(b"1.1", b"1.0") + b"transfer-encoding: Chunked, x\r\n\r\n" + CHUNKS,
    "a version that does not exist": HEAD.replace(b"1.1", b"9.9") + LENGTH + b"\r\n" + BODY,
    "no version": b"POST /graphql\r\n\r\n",
}


def statuses(answers: bytes) -> list[bytes]:
    return [answer[:3] for answer in answers.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("message", list(ODD.values()), ids=list(ODD))
async def test_a_message_whose_end_is_not_clear_is_refused_with_its_connection(message: bytes) -> None:
    async with served(receive_timeout_seconds=5, idle_timeout_seconds=5) as site:
        assert statuses(await site.send(message + NEXT)) == [b"400"]


@pytest.mark.parametrize(
    "message",
    [HEAD + LENGTH + b"\r\n" + BODY, chunks(CHUNKS), HEAD + b"Transfer-Encoding: Chunked\r\n\r\n" + CHUNKS,
     chunks(b"%x;a=b\r\n%s\r\n0\r\nx-trailer: 1\r\n\r\n" % (SIZE, BODY))],
    ids=["a length", "chunks", "chunks in capitals", "an extension and a trailer"],
)  # fmt: skip
async def test_a_message_whose_end_is_clear_is_answered_and_so_is_the_next(message: bytes) -> None:
    async with served() as site:
        assert statuses(await site.send(message + NEXT)) == [b"200", b"404"]


async def test_a_body_that_a_get_brings_is_no_request() -> None:
    get = b"GET /health HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(NEXT)
    async with served() as site:
        assert statuses(await site.send(get + NEXT + NEXT)) == [b"200", b"404"]
