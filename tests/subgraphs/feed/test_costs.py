"""What a timeline reads where nobody has cleaned up behind the writers, and that it is the right one."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.feed.repository import PostgresFeedRepository
from subgraphs.feed.values import NEWEST, PersonId, PostId
from subgraphs.kit.pages import PageRequest
from tests.support.postgres import sent_statements

ME = PersonId(UUID(int=7))
START = datetime(2026, 1, 1, tzinfo=UTC)
FOLLOWED = f"INSERT INTO follows SELECT '{ME}', md5('u' || g)::uuid FROM generate_series(1, 50) g"
POSTS = """INSERT INTO known_posts (id, author_id, created_at)
    SELECT md5('p' || g)::uuid, md5('u' || g % 200)::uuid, now() - g * interval '1 minute'
    FROM generate_series(1, 20000) g"""
PULLED = ("UPDATE known_posts SET is_pulled = true", "INSERT INTO crowds SELECT followed_id FROM follows")


async def run(database: Database, *statements: str) -> None:
    async with database.write() as session:
        for statement in statements:
            await session.execute(text(statement))


@pytest.mark.parametrize(("backward", "is_pulled"), [(False, False), (True, False), (False, True)])
async def test_a_page_of_many_peoples_posts_visits_a_page_of_them_though_no_vacuum_came_by(
    stores: Mapping[str, DomainStore], backward: bool, is_pulled: bool
) -> None:
    database = connect(stores["feed"])
    feed, request = PostgresFeedRepository(database), PageRequest(NEWEST, 20, backward=backward)
    await run(database, FOLLOWED, POSTS, *(PULLED if is_pulled else ()))
    with sent_statements(database) as sent:
        page = await (feed.list_among(ME, [], request) if is_pulled else feed.list_all(ME, request))
    assert len(page.items) == 20
    plan = await _plan(database, *sent[-1])
    assert plan["Actual Rows"] == 21
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 400
    await database.close()


async def _plan(database: Database, statement: str, values: Any) -> dict[str, Any]:
    async with database.primary.begin() as connection:
        explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
        found = (await connection.exec_driver_sql(explained, tuple(values))).scalar_one()
    top: dict[str, Any] = found[0]["Plan"]
    return top


async def test_a_page_of_many_peoples_posts_is_the_newest_of_them(
    stores: Mapping[str, DomainStore],
) -> None:
    """Whoever wrote how much and when: beside a list that is sorted here."""
    database = connect(stores["feed"])
    feed, draw = PostgresFeedRepository(database), random.Random(5)
    for authors, most in ((0, 5), (1, 30), (3, 30), (8, 9), (40, 3)):
        written = [
            (START + timedelta(minutes=draw.randrange(40)), UUID(int=draw.getrandbits(128)), author)
            for author in range(authors)
            for _ in range(draw.randrange(most + 1))
        ]
        await _fill(database, authors, written)
        for limit in (1, 4, 20):
            await _compare(feed, sorted((at, key) for at, key, _ in written), limit)
    await database.close()


async def test_a_page_and_what_is_new_are_the_same_whichever_way_posts_come_to_a_timeline(
    stores: Mapping[str, DomainStore],
) -> None:
    """Pushed, pulled, or neither in Redis: beside a list that is sorted here."""
    database = connect(stores["feed"])
    feed, draw = PostgresFeedRepository(database), random.Random(8)
    written = [
        (START + timedelta(minutes=draw.randrange(40)), UUID(int=draw.getrandbits(128)), author)
        for author in range(5)
        for _ in range(9)
    ]
    await _fill(database, 5, written)
    await run(
        database,
        "INSERT INTO crowds SELECT followed_id FROM follows LIMIT 2",
        "UPDATE known_posts SET is_pulled = true WHERE author_id IN (SELECT author_id FROM crowds)",
    )
    newest_first = sorted(((at, PostId(key)) for at, key, _ in written), reverse=True)
    ids = [*(key for _, key in newest_first), PostId(UUID(int=1))]
    for seen in (None, 0, 1, 7, 8, 44):
        if seen is not None:
            await run(database, "DELETE FROM readers")
            await feed.note_seen(ME, newest_first[seen])
        for before in (None, newest_first[3]):
            request = PageRequest(NEWEST, 7, before=before)
            new = 3 if before else 8 if seen is None else min(seen, 8)
            counted, others = await feed.count_new_among(ME, ids, request)
            assert min(counted, 8) == await feed.count_new(ME, request) == new
            assert others <= 45 - counted
            page = await feed.list_among(ME, ids, request)
            assert [entry.position for entry in page.items] == newest_first[: 3 if before else 7]
            assert page.has_next is (before is None)
    await database.close()


async def _fill(database: Database, authors: int, written: list[tuple[datetime, UUID, int]]) -> None:
    people = [ME, *(UUID(int=100 + number) for number in range(1, authors))]
    posts = [{"id": key, "author": people[author], "at": at} for at, key, author in written]
    async with database.write() as session:
        await session.execute(text("DELETE FROM follows"))
        await session.execute(text("DELETE FROM known_posts"))
        for person in people[1:]:
            await session.execute(text("INSERT INTO follows VALUES (:me, :who)"), {"me": ME, "who": person})
        if posts:
            added = "INSERT INTO known_posts (id, author_id, created_at) VALUES (:id, :author, :at)"
            await session.execute(text(added), posts)


async def _compare(
    feed: PostgresFeedRepository, oldest_first: list[tuple[datetime, UUID]], limit: int
) -> None:
    """From one page to the next, to either end."""
    for backward in (False, True):
        order, at, read = oldest_first if backward else oldest_first[::-1], None, 0
        while True:
            bounds = {"before": at} if backward else {"after": at}
            page = await feed.list_all(ME, PageRequest(NEWEST, limit, backward=backward, **bounds))
            found = [(entry.created_at, entry.post_id) for entry in page.items]
            assert (found[::-1] if backward else found) == order[read : read + limit]
            read += limit
            if not (page.has_previous if backward else page.has_next):
                break
            at = page.items[0 if backward else -1].position
        assert read >= len(order)
