"""`plait subgraph` and `plait worker` over a database that is not there yet."""

from __future__ import annotations

import asyncio
import signal
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.registry import DOMAINS
from tests.support.gate import Gate, gate_to
from tests.support.http import run
from tests.support.postgres import SHARED, administer, shared_server
from tests.support.processes import Process
from tests.support.valkey import shared_valkey

AT_ONCE_SECONDS = 10
"""On a machine that does other things, too; the store is waited for much longer."""


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    server = await asyncio.to_thread(shared_server)
    await asyncio.to_thread(shared_valkey)
    async with gate_to(str(server.socket / ".s.PGSQL.5432")) as gate:
        yield gate


def service(gate: Gate, folder: Path, *arguments: str, database: str = SHARED) -> Process:
    stores = {
        "PLAIT_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{gate.port}/{database}",
        "PLAIT_REDIS_URL": shared_valkey().url,
        "PLAIT_HOME": str(folder / "home"),
    }
    return Process(arguments, stores, folder)


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


async def status_becomes(url: str, wanted: int) -> None:
    async with asyncio.timeout(60):
        while True:
            if await asyncio.to_thread(status, url) == wanted:
                return
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_service_started_before_its_database_gets_ready_when_that_comes(
    gate: Gate, tmp_path: Path, domain: str
) -> None:
    gate.shut()
    process = service(gate, tmp_path, "subgraph", domain, "--port=0")
    try:
        url = (await asyncio.to_thread(process.wait_for, r"(http://[\d.:]+/graphql)"))[1]
        ready, live = (url.replace("/graphql", f"/health/{name}") for name in ("ready", "live"))
        assert (await asyncio.to_thread(status, ready), await asyncio.to_thread(status, live)) == (503, 200)
        assert f"{domain}: waits for its store: cannot reach PostgreSQL at 127.0.0.1" in process.text
        await gate.open()
        await status_becomes(ready, 200)
        answer = await asyncio.to_thread(run, url, "{ __typename }")
        assert answer == {"data": {"__typename": "Query"}}
    finally:
        code = await asyncio.to_thread(process.stop)
    assert code == 0
    assert "Traceback" not in process.text


@pytest.mark.parametrize("fault", [Gate.shut, Gate.hang], ids=["away", "hangs"])
@pytest.mark.parametrize("arguments", [("subgraph", "users", "--port=0"), ("worker", "users")])
async def test_ctrl_c_while_it_waits_ends_it_at_once_with_one_line(
    gate: Gate, tmp_path: Path, arguments: tuple[str, ...], fault: object
) -> None:
    gate.shut() if fault is Gate.shut else gate.hang()
    process = service(gate, tmp_path, *arguments)
    await asyncio.to_thread(process.wait_for, "users: waits for its store")
    if arguments[0] == "subgraph":
        await asyncio.to_thread(process.wait_for, "users: http")
    before, began = process.text, time.monotonic()
    assert await asyncio.to_thread(process.stop, signal.SIGINT) == 0
    assert time.monotonic() - began < AT_ONCE_SECONDS
    assert process.text.removeprefix(before) == "users: stopped while it waited for its store\n"


async def test_a_database_that_comes_without_the_schema_ends_the_service_with_what_to_do(
    gate: Gate, tmp_path: Path
) -> None:
    server = shared_server()
    await administer(server, "CREATE DATABASE came_empty")
    gate.shut()
    process = service(gate, tmp_path, "subgraph", "posts", "--port=0", database="came_empty")
    try:
        await asyncio.to_thread(process.wait_for, "posts: http")
        await gate.open()
        assert await asyncio.to_thread(process.ended) == 1
    finally:
        await administer(server, "DROP DATABASE came_empty WITH (FORCE)")
    assert "Traceback" not in process.text
    assert "run `plait db upgrade posts`" in process.text.splitlines()[-1]
