"""Connections are a budget: all domains may use all of theirs at once, and waiting for one has an end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from db import postgres
from db.budget import EMBEDDED, LEAST, MOST, RESERVED, Share, for_requests, for_worker, shares
from db.config import DomainStore, StoreSettings, StoreUrls
from db.embedded import EmbeddedPostgres
from db.errors import StoreUnavailable, TooFewConnections
from db.postgres import Database, connect
from db.stores import open_stores
from subgraphs.registry import DOMAINS
from tests.support.postgres import administer

ONE = text("SELECT 1")


async def limit_of(store: DomainStore) -> int:
    database = connect(store)
    async with database.read() as session:
        limit = int((await session.execute(text("SHOW max_connections"))).scalar_one())
    await database.close()
    return limit


async def hold(database: Database, share: Share, until: asyncio.Event, held: asyncio.Semaphore) -> None:
    """All of a share, each with a statement that was answered."""

    async def pooled() -> None:
        async with database.read() as session:
            await session.execute(ONE)
            held.release()
            await until.wait()

    async def lent() -> None:
        connection = (await database.lender._open()).connection
        held.release()
        await until.wait()
        connection.terminate()

    opening = [pooled() for _ in range(share.pooled)] + [lent() for _ in range(share.lent)]
    await asyncio.gather(*opening)
    await database.close()


async def test_every_domain_and_its_worker_have_all_their_connections_at_once(
    stores: Mapping[str, DomainStore],
) -> None:
    given = shares(dict.fromkeys(DOMAINS, "embedded"), {"embedded": EMBEDDED})
    until, held = asyncio.Event(), asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as group:
        for domain in DOMAINS:
            for share in (for_requests(given[domain]), for_worker(given[domain])):
                group.create_task(hold(connect(stores[domain], share), share, until, held))
        for _ in range(sum(given.values())):
            await held.acquire()
        until.set()
    assert await limit_of(stores["users"]) >= sum(given.values()) + RESERVED


def test_a_domain_has_its_share_of_the_budget_and_never_more_than_it_can_use() -> None:
    two = shares({"users": "a", "posts": "a", "feed": "b"}, {"a": 40, "b": 40})
    assert two == {"users": 20, "posts": 20, "feed": MOST}


@pytest.mark.parametrize("connections", range(LEAST, MOST + 1))
def test_requests_and_worker_have_all_of_a_share_between_them(connections: int) -> None:
    requests, worker = for_requests(connections), for_worker(connections)
    assert requests.all + worker.all == connections
    assert min(requests.pooled, worker.pooled) >= 2
    assert requests.lent >= 2


def test_a_budget_that_is_too_small_says_what_to_set() -> None:
    with pytest.raises(TooFewConnections, match="set PLAIT_DATABASE_CONNECTIONS to 24 or more"):
        shares(dict.fromkeys(("users", "posts", "feed"), "db:5432"), {"db:5432": 23})


async def test_domains_on_one_configured_server_share_what_is_set_for_it(tmp_path: Path) -> None:
    urls = {name: StoreUrls(f"postgresql://db/{name}") for name in ("users", "posts")}
    settings = StoreSettings(
        tmp_path, None, urls | {"feed": StoreUrls("postgresql://other/feed")}, connections=24
    )
    async with open_stores(settings, ("users", "posts", "feed")) as stores:
        assert {name: store.connections for name, store in stores.items()} == {
            "users": 12,
            "posts": 12,
            "feed": 24,
        }


async def test_a_domain_opens_no_more_than_its_share_and_who_waits_too_long_is_told(
    stores: Mapping[str, DomainStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "POOL_SECONDS", 0.2)
    share = Share(2, 2)
    database = connect(stores["users"], share)

    async def ask() -> str:
        try:
            async with database.read() as session:
                await session.execute(text("SELECT pg_sleep(0.5)"))
        except StoreUnavailable as error:
            return str(error)
        return "answered"

    answers = await asyncio.gather(*(ask() for _ in range(6)))
    assert answers.count("answered") == 2
    assert {answer.partition(": ")[2] for answer in answers} == {
        "",
        "all connections of this domain were busy for 0.2 s",
    }
    await database.close()


async def test_a_server_without_a_connection_left_says_what_to_change(
    stores: Mapping[str, DomainStore], postgres_server: EmbeddedPostgres
) -> None:
    await administer(postgres_server, "ALTER ROLE plait_users CONNECTION LIMIT 0")
    database = connect(stores["users"])
    try:
        with pytest.raises(StoreUnavailable, match="raise its max_connections, or lower PLAIT_DATABASE"):
            await database.ping()
    finally:
        await administer(postgres_server, "ALTER ROLE plait_users CONNECTION LIMIT -1")
        await database.close()
