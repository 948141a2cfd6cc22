"""`plait seed`: believable, the same each time, and left alone when it is there."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from plait.cli.seed import demo_logins, seed
from subgraphs.registry import build_domain
from tests.subgraphs.support import config_in, data
from tests.support.postgres import migrated_stores

ROOT = Path(__file__).parents[2]
WORLD = """
from subgraphs.kit.demo import SIZES
from subgraphs.catalog.demo import album_rows, artist_rows, track_rows
from subgraphs.events.demo import event_rows, venue_rows
from subgraphs.posts.demo import post_rows
from subgraphs.users.demo import user_rows
size = SIZES["small"]
print([list(rows) for rows in (user_rows(size, ""), post_rows(size), artist_rows(size), album_rows(size),
      track_rows(size), venue_rows(size), event_rows(size))])
"""


async def contents(stores: Mapping[str, DomainStore]) -> dict[str, str]:
    """A digest of every table's rows."""
    found = {}
    for domain, store in stores.items():
        database = connect(store)
        async with database.read() as session:
            tables = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema")
            names = list((await session.execute(tables, {"schema": domain})).scalars())
            for name in names:
                listed = text(f"SELECT string_agg(t::text, ',' ORDER BY t::text) FROM {name} AS t")
                rows = str((await session.execute(listed)).scalar())
                found[f"{domain}.{name}"] = hashlib.sha256(rows.encode()).hexdigest()
        await database.close()
    return found


async def test_the_small_world_has_its_size_and_is_added_once() -> None:
    async with migrated_stores() as stores:
        assert await seed(stores) == {"users": 30, "posts": 200, "catalog": 12, "events": 40}
        first = await contents(stores)
        assert await seed(stores) == {"users": 0, "posts": 0, "catalog": 0, "events": 0}
        assert await contents(stores) == first


def test_every_process_makes_the_same_world() -> None:
    def world(hash_seed: str) -> bytes:
        environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
        return subprocess.check_output([sys.executable, "-c", WORLD], cwd=ROOT, env=environment)

    assert world("1") == world("2") != b""


async def test_the_demo_logins_work_and_lead_somewhere(tmp_path: Path) -> None:
    login = """mutation($name: String!, $password: String!) {
        login(input: {usernameOrEmail: $name, password: $password}) {
            login { user { id username roles } } } }"""
    async with migrated_stores() as stores:
        await seed(stores)
        async with build_domain("users", config_in(tmp_path), stores["users"]) as users:
            people = [
                (await data(users, login, name=each.username, password=each.password))["login"]["login"][
                    "user"
                ]
                for each in demo_logins()
            ]
        assert ["ADMIN" in person["roles"] for person in people] == [True, False, False]
        async with build_domain("catalog", config_in(tmp_path), stores["catalog"]) as catalog:
            query = """query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
                managedArtists { nodes { albums { nodes { tracks { title } } } } } } } }"""
            manager = {"__typename": "User", "id": people[1]["id"]}
            (user,) = (await data(catalog, query, r=[manager]))["_entities"]
        assert user["managedArtists"]["nodes"][0]["albums"]["nodes"][0]["tracks"][0]["title"]


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
