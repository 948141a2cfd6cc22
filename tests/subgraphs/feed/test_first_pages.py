"""What is read of the first pages of a timeline, beside what the store says of all of it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database
from db.postgres import connect as connect_postgres
from db.redis import RedisStore
from db.redis import connect as connect_redis
from subgraphs.feed.repository import FeedPages, PostgresFeedRepository
from subgraphs.feed.repository.pages import Kept
from subgraphs.feed.service import Feed, KeptIds
from subgraphs.feed.values import MOST_COUNTED, NEWEST, PersonId, PostId
from subgraphs.kit.auth import Viewer
from subgraphs.kit.loading import loader
from subgraphs.kit.pages import PageRequest

ME = PersonId(UUID(int=7))
FRIEND, STAR, STRANGER = (UUID(int=100 + number) for number in range(3))
START = datetime(2026, 1, 1, tzinfo=UTC)
OLD, NEW = 400, 84
SETTING = (
    f"INSERT INTO follows VALUES ('{ME}', '{FRIEND}'), ('{ME}', '{STAR}')",
    f"INSERT INTO crowds VALUES ('{STAR}')",
    f"""INSERT INTO known_posts SELECT md5('p' || g)::uuid, '{FRIEND}', '{START}'::timestamptz
        + g * interval '1 minute' FROM generate_series(1, {OLD}) g""",
)
OLD_AT_ONCE = 90
"""Twice as many are more than the first pages hold."""
ADDED = "INSERT INTO known_posts VALUES (:id, :author, :at, :pulled)"


async def run(database: Database, statement: str, **values: object) -> None:
    async with database.write() as session:
        await session.execute(text(statement), values)


class Timeline:
    def __init__(self, database: Database, redis: RedisStore) -> None:
        self.database = database
        self.repository = PostgresFeedRepository(database)
        self.pages = FeedPages(redis)
        self.read_whole = 0

    async def post(self, author: UUID, at: datetime, key: int) -> None:
        """Written, and pushed when it is not to be pulled."""
        await run(self.database, ADDED, id=UUID(int=key), author=author, at=at, pulled=author == STAR)
        if author != STAR:
            await self.pages.push(PostId(UUID(int=key)), [ME], at)

    def feed(self) -> Feed:
        """Of one request."""
        kept = KeptIds(self.repository, self.pages)

        async def whole(users: Sequence[PersonId]) -> Mapping[PersonId, Kept]:
            self.read_whole += 1
            return await kept.find_all(users)

        return Feed(self.repository, loader(kept.find_first), loader(whole))

    async def compare(self, viewer: Viewer) -> None:
        for limit in (1, 20, 100):
            request = PageRequest(NEWEST, limit)
            assert await self.feed().list_entries(viewer, request) == await self.repository.list_all(
                ME, request
            )

    async def compare_count(self, viewer: Viewer, number: int) -> None:
        """Of what came after the `number`th."""
        page = await self.repository.list_all(ME, PageRequest(NEWEST, number + 1))
        await run(self.database, "DELETE FROM readers")
        await self.repository.note_seen(ME, page.items[number].position)
        cursor = NEWEST.cursor(page.items[number].position)
        for since in (None, cursor):
            assert await self.feed().count_new(viewer, since) == min(number, MOST_COUNTED)


@pytest.mark.parametrize("late", [0, 4, 900])
async def test_the_first_pages_say_what_is_newest_however_late_posts_come(
    stores: Mapping[str, DomainStore], late: int
) -> None:
    """`late`: by up to so many minutes, where there is a post a minute. At last come many that are older than
    what is in front.
    """
    store, draw, viewer = stores["feed"], random.Random(late), Viewer(ME, frozenset())
    assert store.redis is not None
    database, redis = connect_postgres(store), connect_redis(store.redis)
    for statement in SETTING:
        await run(database, statement)
    timeline = Timeline(database, redis)
    await timeline.compare(viewer)
    for number in range(1, NEW + 1):
        at = START + timedelta(minutes=OLD + number - draw.randint(0, late), seconds=1)
        author = draw.choice((FRIEND, FRIEND, FRIEND, STAR, STRANGER))
        await timeline.post(author, at, draw.getrandbits(128))
        if number % 12 == 0:
            await timeline.compare(viewer)
            for seen in (0, draw.randrange(40), 99, 100, 130):
                await timeline.compare_count(viewer, seen)
    assert bool(timeline.read_whole) is (late == 900)
    for number in range(2 * OLD_AT_ONCE if late else 0):
        at = START + timedelta(minutes=number, seconds=2)
        await timeline.post(FRIEND, at, draw.getrandbits(128))
        if number % OLD_AT_ONCE == OLD_AT_ONCE - 1:
            await timeline.compare(viewer)
            await timeline.compare_count(viewer, 40)
    await timeline.pages.drop([ME])
    await timeline.compare(viewer)
    await redis.close()
    await database.close()


async def test_nobody_knows_the_order_when_a_post_does_not_say_when_it_was_written(
    stores: Mapping[str, DomainStore],
) -> None:
    store, user = stores["feed"], PersonId(UUID(int=8))
    assert store.redis is not None
    redis = connect_redis(store.redis)
    pages = FeedPages(redis)
    await pages.put(user, [PostId(UUID(int=number)) for number in range(500)], START)
    kept = await pages.find(user, 3)
    assert kept is not None
    assert (len(kept.ids), kept.late, kept.is_whole) == (150, 0, False)
    for at, late in ((START + timedelta(1), 0), (START, 1), (START + timedelta(1), 2)):
        await pages.push(PostId(UUID(int=1000 + late)), [user], at + timedelta(microseconds=-1))
        await pages.push(PostId(UUID(int=1000 + late)), [user], at)
        kept = await pages.find(user, 3)
        assert kept is not None
    await pages.push(PostId(UUID(int=2000)), [user])
    kept = await pages.find(user, 3)
    assert kept is not None
    assert (kept.late, kept.is_whole) == (None, True)
    await redis.close()
