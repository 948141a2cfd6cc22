"""The Redis factory against a real Valkey: what it is when it is away, hangs, is full or comes back."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from db import redis
from db.embedded import EmbeddedValkey, start_valkey
from db.errors import StoreFull, StoreUnavailable
from db.redis import connect
from tests.db.test_embedded import eventually


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
