"""The Redis factory against a real Valkey: what it is when it is away, hangs, is full or comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from db import redis
from db.embedded import EmbeddedValkey, start_valkey
from db.errors import StoreFull, StoreUnavailable
from db.redis import connect
from tests.db.test_embedded import eventually
from tests.support.recorded_calls import recorded_calls


@pytest.fixture
def server() -> Iterator[EmbeddedValkey]:
    with TemporaryDirectory(prefix="plait-redis-") as home, start_valkey(Path(home)) as server:
        yield server


async def test_a_server_that_hangs_is_given_up_and_reached_again(
    server: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis, "ANSWER_SECONDS", 0.2)
    store = connect(server.url)
    await store.ping()
    pid = int(server.layout.server_lock.read_text())
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(StoreUnavailable, match="cannot reach Redis at"):
        await store.ping()
    os.kill(pid, signal.SIGCONT)
    await store.ping()
    await store.close()


async def test_a_killed_server_comes_back_under_the_same_client(server: EmbeddedValkey) -> None:
    store = connect(server.url)
    await store.ping()
    first = server.layout.server_lock.read_text()
    os.kill(int(first), signal.SIGKILL)
    eventually(lambda: server.layout.server_lock.read_text().strip() not in {"", first.strip()})
    for _ in range(100):
        try:
            await store.ping()
            break
        except StoreUnavailable:
            await asyncio.sleep(0.05)
    await store.ping()
    await store.close()


async def test_a_full_server_says_so(server: EmbeddedValkey) -> None:
    store = connect(server.url)

    async def fill() -> None:
        async with store.use() as client:
            await client.set("key", "x" * 1000)

    async with store.use() as client:
        await client.config_set("maxmemory", "1")
    with pytest.raises(StoreFull):
        await fill()
    await store.close()


async def test_more_commands_than_connections_wait_their_turn(server: EmbeddedValkey) -> None:
    store = connect(server.url)
    await asyncio.gather(*(store.ping() for _ in range(4 * redis.CONNECTIONS)))
    await store.close()


def test_a_message_never_has_the_password() -> None:
    assert connect("redis://user:secret@cache:6380/2").target == "cache:6380/2"


async def test_each_command_and_each_pipeline_is_told_of_with_how_it_ended(server: EmbeddedValkey) -> None:
    store = connect(server.url)
    with recorded_calls() as told:
        async with store.use() as client, client.pipeline(transaction=True) as pipeline:
            await client.set("a", 1)
            assert await pipeline.get("a").get("b").execute() == [b"1", None]
            with pytest.raises(ResponseError):
                await client.lpush("a", "x")
    assert told == [("redis", "SET", None), ("redis", "PIPELINE", None), ("redis", "LPUSH", "ResponseError")]
    await store.close()


def test_a_command_that_nobody_watches_costs_two_calls_more() -> None:
    """Counted, until the command would be sent: the coroutine is made and not run."""
    plain, ours = Redis(), connect("redis://127.0.0.1:1").client
    assert (
        calls_of(lambda: ours.execute_command("GET", "a").close())
        - calls_of(lambda: plain.execute_command("GET", "a").close())
        == 2
    )


def calls_of(what: Callable[[], None]) -> int:
    """Of Python functions."""
    events: list[str] = []
    sys.setprofile(lambda _frame, event, _argument: events.append(event))
    try:
        what()
    finally:
        sys.setprofile(None)
    return events.count("call")
