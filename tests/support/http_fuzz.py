"""`python -m tests.support.http_fuzz [--cases N] [--seed S]`: damaged HTTP messages against a router.

Each case is a good message (or two) that is cut, doubled, flipped and spliced, by a seed. Whatever comes in:

- all that comes back are whole HTTP messages, none of them 5xx; errors in JSON have a code
- nothing is in the log as an error, and no task of the event loop ends with an exception of its own
- afterwards a good request is answered

`--seed S --cases 1` shows a case again. The router listens on this machine alone and ends with the command.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import logging
import random
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import h11

from router.config import BatchingConfig, CORSConfig, RouterConfig, ServerConfig, UploadsConfig
from tests.support.federation import router, users
from tests.support.http_server import on_a_socket

AT_ONCE = 100
PATIENCE = 1.0
"""Seconds after which the router gives up on what does not go on, and so ends each case."""
MOST_CHANGES = 3


def message(line: str, body: bytes = b"", *headers: str) -> bytes:
    length = (f"content-length: {len(body)}",) if body else ()
    return "\r\n".join([line, "host: x", *headers, *length, "", ""]).encode() + body


JSON = "content-type: application/json"
POST = "POST /graphql HTTP/1.1"
QUERY = b'{"query": "query Q($id: ID!) { user(id: $id) { name posts { title } } }", "variables": {"id": "1"}}'
MUTATION = b'{"query": "mutation { rename(name: \\"Ada\\") { name } }", "operationName": null}'
HASHED = b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "%s"}}}' % (b"0a" * 32)
FORM = (
    b'--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n' + MUTATION + b"\r\n"
    b'--b\r\ncontent-disposition: form-data; name="map"\r\n\r\n{"0": ["variables.file"]}\r\n'
    b'--b\r\ncontent-disposition: form-data; name="0"; filename="a.txt"\r\n\r\ntext\r\n--b--\r\n'
)
GOOD = (
    message(POST, QUERY, JSON),
    message(POST, MUTATION, JSON, "accept: application/graphql-response+json"),
    message(POST, b"[" + QUERY + b"," + MUTATION + b"]", JSON),
    message(POST, gzip.compress(QUERY, mtime=0), JSON, "content-encoding: gzip", "accept-encoding: br, gzip"),
    message(POST, HASHED, JSON),
    message(POST, FORM, "content-type: multipart/form-data; boundary=b", "x-graphql-client-name: web"),
    message(POST, b"", JSON, "transfer-encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(QUERY), QUERY),
    message(
        "GET /graphql?query=%7Bme%7Bname%7D%7D&variables=%7B%7D HTTP/1.1", b"", "apollo-require-preflight: 1"
    ),
    message(
        "OPTIONS /graphql HTTP/1.1", b"", "origin: https://a.example", "access-control-request-method: POST"
    ),
    message("GET /health/ready HTTP/1.1"),
)
WORDS = (
    *(b"\r\n", b"\r\n\r\n", b"\0", b"\xff", b"%00", b'"', b"\\u0000", b"{", b"}", b"[" * 500),
    *(b"...", b"$", b"@skip(if: true)", b"-1", b"9" * 25, b"0x", b"1e999"),
    *(b"content-length: 0\r\n", b"transfer-encoding: chunked\r\n", b"expect: 100-continue\r\n"),
    *(b"connection: close\r\n", b"upgrade: websocket\r\nconnection: upgrade\r\n"),
    *(b"content-encoding: br\r\n", b"host: y\r\n"),
)
LENGTH = re.compile(rb"content-length: \d+")


def damaged(seed: int) -> bytes:
    """One case: all of it is damaged, or the body alone, which then says its length, so that it is read."""
    chance = random.Random(seed)
    given = b"".join(chance.choices(GOOD, k=chance.choice((1, 1, 2))))
    head, separator, body = given.partition(b"\r\n\r\n")
    if chance.random() < 0.5:
        return _damage(given, chance)
    body = _damage(body, chance)
    return LENGTH.sub(b"content-length: %d" % len(body), head, count=1) + separator + body


def _damage(given: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, MOST_CHANGES)):
        given = _changed(given, chance)
    return given


def _changed(given: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(given))
    end = min(len(given), start + int(chance.expovariate(1 / 8)))
    match chance.randrange(6):
        case 0:
            return given[:start] + bytes([chance.randrange(256)]) + given[start + 1 :]
        case 1:
            return given[:start] + chance.choice(WORDS) + given[start:]
        case 2:
            return given[:start] + given[end:]
        case 3:
            return given[:end] + given[start:]
        case 4:
            other = chance.choice(GOOD)
            return given[:start] + other[chance.randrange(len(other)) :]
        case _:
            return given[: max(1, start)]


def faults_in(answers: bytes) -> list[str]:
    """What is wrong with all that came back on a connection."""
    found: list[str] = []
    while answers:
        connection = h11.Connection(h11.CLIENT)
        connection.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
        connection.send(h11.EndOfMessage())
        connection.receive_data(answers)
        try:
            status, body, is_json = _one(connection)
        except h11.RemoteProtocolError as error:
            return [*found, f"no HTTP message: {error}: {answers[:200]!r}"]
        if status >= 500:
            found.append(f"{status}: {body[:200]!r}")
        if is_json:
            found += _without_code(body)
        answers = connection.trailing_data[0]
    return found


def _one(connection: h11.Connection) -> tuple[int, bytes, bool]:
    """Raises RemoteProtocolError for one that is not whole."""
    status, body, is_json = 0, b"", False
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        match event:
            case h11.Response():
                status = event.status_code
                headers = dict(event.headers)
                is_json = b"json" in headers.get(b"content-type", b"") and b"content-encoding" not in headers
            case h11.Data():
                body += event.data
            case h11.NEED_DATA:
                raise h11.RemoteProtocolError("it is not whole")
    return status, body, is_json


def _without_code(body: bytes) -> list[str]:
    try:
        answer: Any = json.loads(body)
    except ValueError:
        return [f"no JSON: {body[:200]!r}"]
    results = answer if isinstance(answer, list) else [answer]
    errors = [error for result in results for error in result.get("errors", ())]
    return [f"no code: {error}" for error in errors if "code" not in error.get("extensions", {})]


@dataclass
class Watched(logging.Handler):
    """Errors of the log and of the event loop."""

    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record))

    __hash__ = logging.Handler.__hash__


async def fuzz(seeds: Sequence[int]) -> list[str]:
    """What was wrong, with the seeds to see it again."""
    watched = Watched()
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: watched.told.append(str(context)))
    logging.getLogger().addHandler(watched)
    found: list[str] = []
    try:
        async with _served() as port:
            for first in range(0, len(seeds), AT_ONCE):
                some = seeds[first : first + AT_ONCE]
                answers = await asyncio.gather(*(_ask(port, damaged(seed)) for seed in some))
                for seed, answer in zip(some, answers, strict=True):
                    found += [f"seed {seed}: {fault}" for fault in faults_in(answer)]
                found += [f"seeds {some[0]} to {some[-1]}: {told}" for told in watched.told]
                watched.told.clear()
            good = await _ask(port, message(POST, QUERY, JSON, "connection: close"))
            if not good.startswith(b"HTTP/1.1 200"):
                found.append(f"afterwards: {good[:200]!r}")
    finally:
        logging.getLogger().removeHandler(watched)
    return found


@asynccontextmanager
async def _served() -> AsyncIterator[int]:
    server_config = ServerConfig(receive_timeout_seconds=PATIENCE, idle_timeout_seconds=PATIENCE)
    config = RouterConfig(
        server=server_config,
        cors=CORSConfig(allow_origins=("https://a.example",)),
        batching=BatchingConfig(enabled=True),
        uploads=UploadsConfig(enabled=True),
    )
    async with on_a_socket(router(config, users=users()).asgi(), "on", server_config) as url:
        yield int(url.rpartition(":")[2])


async def _ask(port: int, given: bytes) -> bytes:
    """All that comes back until the router closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(given)
        while some := await reader.read(65536):
            answer += some
    except ConnectionError:
        pass  # It closed before it had read everything.
    writer.close()
    return answer


def main() -> int:
    parser = argparse.ArgumentParser(description="damaged HTTP messages against a router")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found = asyncio.run(fuzz(range(given.seed, given.seed + given.cases)))
    print(*found, f"{given.cases} messages, {len(found)} faults", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
