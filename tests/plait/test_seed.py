"""`plait seed`: believable, the same each time, and left alone when it is there."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db import bulk
from db.config import DomainStore
from db.postgres import connect
from plait.cli.seed import demo_logins, seed
from subgraphs.catalog.demo.rows import music
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.demo import SIZES, DemoSize, World
from subgraphs.kit.demo.people import Part
from subgraphs.kit.demo.pictures.book import PictureBook
from subgraphs.kit.demo.pictures.draw import draw_picture
from subgraphs.posts.demo.rows import PostRows
from subgraphs.registry import build_domain, demo_of
from subgraphs.users.demo.rows import user_rows
from tests.subgraphs.support import Person, config_in, data
from tests.support.postgres import migrated_stores
from tests.support.work import counted

ROOT = Path(__file__).parents[2]
WORLD = """
from datetime import UTC, datetime
from subgraphs.kit.demo import SIZES, World
from subgraphs.kit.demo.pictures.book import PictureBook
from subgraphs.catalog.demo.rows import music
from subgraphs.events.demo.rows import attendee_rows, event_rows, venue_row
from subgraphs.posts.demo.rows import PostRows, bookmark_rows
from subgraphs.users.demo.rows import follow_rows, user_rows
size = SIZES["small"]
world = World(size, datetime(2030, 1, 1, tzinfo=UTC), PictureBook())
posts, numbers = PostRows(world), range(size.events)
placed = list(event_rows(world, numbers))
print([*user_rows(world, ""), *follow_rows(world), *(posts.post(number) for number in range(size.posts)),
      *bookmark_rows(world, posts.public), music(world, range(size.artists)), placed,
      [venue_row(world, venue) for venue, _event in placed],
      *attendee_rows(world, numbers, [event for _venue, event in placed]), sorted(world.pictures.used)])
"""
SMALL = {
    "users": 30,
    "posts": 200,
    "catalog": 12,
    "events": 40,
    "teachers": 1,
    "students": 4,
    "groups": 2,
    "calendar": 44,
    "interactions": 120,
    "feed": 0,
    "tickets": 28,
    "payments": 0,
    "processing": 3,
    "streaming": 300,
    "media": 0,
    "notifications": 0,
    "analytics": 1953,
}
DAY = datetime(2031, 5, 14, tzinfo=UTC)
MIDDLING = DemoSize(users=60, posts=300, artists=20, events=60)


SERIAL = {"users.outbox", "events.outbox", "catalog.artist_managers", "catalog.outbox"}
LOGIN = """mutation($name: String!, $password: String!) {
    login(input: {usernameOrEmail: $name, password: $password}) { login { user { id username roles } } } }"""
ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { SELECTION } } }"
SOON = "{ events(first: 3) { nodes { id title host { id } } } }"
ALBUMS = """query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
    managedArtists { nodes { albums { nodes { tracks { title } } } } } } } }"""
POSTS = """query($r: [_Any!]!) { _entities(representations: $r) { ... on Event {
    posts(first: 2) { nodes { id } } } } }"""


class Killed(Exception):
    pass


async def contents(stores: Mapping[str, DomainStore]) -> dict[str, str]:
    """A digest of every table's rows. Which of one statement's rows is told first is PostgreSQL's to say."""
    found = {}
    for domain, store in stores.items():
        database = connect(store)
        async with database.read() as session:
            tables = text("""SELECT relname FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace)
                AND relkind IN ('r', 'p') AND NOT relispartition
                AND has_table_privilege(oid, 'SELECT')""")
            names = list((await session.execute(tables, {"schema": domain})).scalars())
            for name in names:
                row = "(to_jsonb(t) - 'number')::text" if name.endswith("_news") else "t::text"
                listed = text(f"SELECT string_agg({row}, ',' ORDER BY {row}) FROM {name} AS t")
                rows = str((await session.execute(listed)).scalar())
                found[f"{domain}.{name}"] = hashlib.sha256(rows.encode()).hexdigest()
        await database.close()
    return found


async def test_the_small_world_has_its_size_and_is_added_once() -> None:
    async with migrated_stores() as stores:
        assert await seed(stores) == SMALL
        first = await contents(stores)
        assert await seed(stores) == dict.fromkeys(SMALL, 0)
        assert await contents(stores) == first


def test_every_process_makes_the_same_world() -> None:
    def world(hash_seed: str) -> bytes:
        environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
        return subprocess.check_output([sys.executable, "-c", WORLD], cwd=ROOT, env=environment)

    assert world("1") == world("2") != b""


async def test_a_seeding_on_a_later_day_changes_nothing_that_is_there() -> None:
    async with migrated_stores() as stores:
        await seed(stores, now=DAY)
        first = await contents(stores)
        assert set((await seed(stores, now=DAY + timedelta(days=40))).values()) == {0}
        assert await contents(stores) == first


async def test_a_seeding_that_was_killed_is_completed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "small", MIDDLING)
    monkeypatch.setattr(bulk, "ROWS_IN_A_BATCH", 40)
    async with migrated_stores() as stores:
        await seed(stores, now=DAY)
        whole = await contents(stores)
    for batches in (1, 5, 12, 20, 23):
        async with migrated_stores() as stores:
            with pytest.raises(Killed):
                await interrupted(stores, batches)
            assert await contents(stores) != whole
            await seed(stores, now=DAY)
            assert without_serials(await contents(stores)) == without_serials(whole)


async def interrupted(stores: Mapping[str, DomainStore], batches: int) -> None:
    """Fill domain after domain, and end with the given batch."""
    left = batches

    def told(_rows: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    for domain, store in stores.items():
        database = connect(store)
        try:
            await demo_of(domain).seed(database, World(MIDDLING, DAY), told)
        finally:
            await database.close()


def without_serials(found: dict[str, str]) -> dict[str, str]:
    """Tables whose rows have numbers of their own get others after an interruption."""
    return {name: rows for name, rows in found.items() if name not in SERIAL}


async def test_each_demo_login_works_and_can_do_what_it_is_shown_with(tmp_path: Path) -> None:
    config, people = config_in(tmp_path), {}
    async with migrated_stores() as stores:
        await seed(stores)
        async with build_domain("users", config, stores["users"]) as users:
            for part, login in zip(Part, demo_logins(), strict=True):
                given = {"name": login.username, "password": login.password}
                people[part] = (await data(users, LOGIN, **given))["login"]["login"]["user"]
        assert {part: set(people[part]["roles"]) - {"USER"} for part in Part} == {
            Part.ADMINISTRATOR: {"ADMIN"},
            Part.ARTIST_MANAGER: set(),
            Part.HOST: set(),
            Part.TEACHER: {"TEACHER"},
            Part.STUDENT: {"STUDENT"},
            Part.PLAIN_USER: set(),
        }
        async with build_domain("catalog", config, stores["catalog"]) as catalog:
            managed = await of_users(
                catalog, people, "managedArtists { nodes { viewerPermissions } }", config
            )
        async with build_domain("events", config, stores["events"]) as events:
            hosted = await of_users(events, people, "hostedEvents { nodes { status } }", config)
    assert {"viewerPermissions": ["ALL"]} in managed[Part.ARTIST_MANAGER]
    assert {"status": "DRAFT"} in hosted[Part.HOST]
    assert {"status": "PUBLISHED"} in hosted[Part.HOST]
    assert managed[Part.PLAIN_USER] == hosted[Part.PLAIN_USER] == []


async def of_users(
    subgraph: Any, users: Any, selection: str, config: SubgraphConfig
) -> dict[Part, list[Any]]:
    """Each user's own view of a list that the subgraph contributes to users."""
    query = ENTITIES.replace("SELECTION", selection)
    found = {}
    for part, user in users.items():
        headers = Person(config, UUID(user["id"]), frozenset(user["roles"])).headers
        representation = {"__typename": "User", "id": user["id"]}
        (answer,) = (await data(subgraph, query, headers, r=[representation]))["_entities"]
        (found[part],) = (connection["nodes"] for connection in answer.values())
    return found


async def test_the_soonest_events_come_first_and_lead_to_music_and_posts(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    async with migrated_stores() as stores:
        await seed(stores)
        async with build_domain("events", config, stores["events"]) as events:
            soon = (await data(events, SOON))["events"]["nodes"]
        assert {bool(re.search("[а-яё]", event["title"])) for event in soon} == {True, False}
        hosts = [{"__typename": "User", "id": event["host"]["id"]} for event in soon]
        async with build_domain("catalog", config, stores["catalog"]) as catalog:
            entities = (await data(catalog, ALBUMS, r=hosts))["_entities"]
        about = [{"__typename": "Event", "id": event["id"]} for event in soon]
        async with build_domain("posts", config, stores["posts"]) as posts:
            written = (await data(posts, POSTS, r=about))["_entities"]
    assert all(user["managedArtists"]["nodes"][0]["albums"]["nodes"] for user in entities)
    assert all(len(event["posts"]["nodes"]) == 2 for event in written)


async def test_seeding_the_small_world_and_drawing_its_pictures_takes_two_million_calls() -> None:
    """About two seconds of CPU."""
    async with migrated_stores() as stores:
        with counted() as work:
            await seed(stores)
            world = World(SIZES["small"], pictures=PictureBook())
            assert world.pictures is not None
            list(user_rows(world, ""))
            posts = PostRows(world)
            for number in range(world.size.posts):
                posts.post(number)
            music(world, range(world.size.artists))
            for name in world.pictures.used:
                draw_picture(name)
    assert 100_000 < work.calls <= 2_000_000
    assert len(world.pictures.used) > 80


async def test_what_people_changed_in_the_demo_world_stays() -> None:
    async with migrated_stores() as stores:
        await seed(stores)
        database = connect(stores["posts"])
        async with database.write() as session:
            await session.execute(text("UPDATE posts SET content = 'mine'"))
        await seed(stores)
        async with database.read() as session:
            kept = await session.execute(text("SELECT count(*) FROM posts WHERE content = 'mine'"))
            assert kept.scalar() == 200
        await database.close()
