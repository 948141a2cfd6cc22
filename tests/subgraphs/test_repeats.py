"""A mutation that makes something, sent again under the same key: made once, answered the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit import repeats
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import DOMAINS, build_domain
from tests.subgraphs.support import Person, act, config_in, refused

SOON = datetime.now(UTC) + timedelta(hours=1)
VENUE = {"name": "Hall", "address": "Street 1", "city": "Bonn", "latitude": 1.0, "longitude": 1.0}
TRACK = {"title": "Song", "durationSeconds": 100, "trackNumber": 1}
ALBUM = {"title": "Album", "releaseDate": date(2026, 1, 1).isoformat(), "coverUrl": "https://x.example/c"}
EVENT = {"title": "Concert", "startsAt": SOON.isoformat(), "endsAt": (SOON + timedelta(hours=1)).isoformat()}
CREATES: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "createPost": ("posts", "post", {"content": "Hello", "images": [{"url": "https://x.example/i"}]}),
    "createEvent": ("events", "event", EVENT),
    "createVenue": ("events", "venue", VENUE),
    "createArtist": ("catalog", "artist", {"name": "Band"}),
    "createAlbum": ("catalog", "album", ALBUM),
    "createTrack": ("catalog", "track", TRACK),
    "createPlaylist": ("catalog", "playlist", {"title": "Mix"}),
    "createOrganization": ("users", "organization", {"name": "Acme", "slug": "acme"}),
}
"""Mutation → its domain, what it makes, what it is given."""
OTHER = {"content": "Bye", "title": "Other", "name": "Other"}
DELETABLE = {
    "createPost": "deletePost",
    "createAlbum": "deleteAlbum",
    "createTrack": "deleteTrack",
    "createPlaylist": "deletePlaylist",
}


@dataclass(frozen=True)
class World:
    config: SubgraphConfig
    stores: Mapping[str, DomainStore]
    subgraphs: Mapping[str, Subgraph]
    ada: Person
    grace: Person

    async def given(self, mutation: str) -> dict[str, Any]:
        """What it takes, and what that needs to be there."""
        _, _, given = CREATES[mutation]
        if mutation in {"createAlbum", "createTrack"}:
            given = {**given, "artistId": await self.make("createArtist", "artist", name="Band")}
        if mutation == "createTrack":
            album = await self.make("createAlbum", "album", artistId=given["artistId"], **ALBUM)
            given = {**TRACK, "albumId": album}
        return dict(given)

    async def make(self, mutation: str, entity: str, **given: Any) -> str:
        catalog = self.subgraphs["catalog"]
        payload = await act(catalog, mutation, self.ada.headers, f"{entity} {{ id }}", **given)
        return str(payload[entity]["id"])

    async def send(self, mutation: str, given: Mapping[str, Any], who: Person | None = None) -> str:
        """The id of what was made."""
        domain, entity, _ = CREATES[mutation]
        headers = (who or self.ada).headers
        payload = await act(self.subgraphs[domain], mutation, headers, f"{entity} {{ id }}", **given)
        assert payload["errors"] == []
        return str(payload[entity]["id"])

    async def refusal(self, mutation: str, given: Mapping[str, Any]) -> list[tuple[str, str]]:
        domain, _, _ = CREATES[mutation]
        return await refused(self.subgraphs[domain], mutation, self.ada.headers, **given)

    async def count(self, mutation: str) -> int:
        domain, entity, _ = CREATES[mutation]
        found = await self.write(domain, f"SELECT count(*) FROM {entity}s")
        return int(found)

    async def write(self, domain: str, statement: str, **values: Any) -> Any:
        database = connect(self.stores[domain])
        async with database.write() as session:
            result = await session.execute(text(statement), values)
            found = result.scalar() if result.returns_rows else None
        await database.close()
        return found


@pytest.fixture
async def world(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[World]:
    config = config_in(tmp_path)
    ada, grace = Person(config), Person(config)
    async with AsyncExitStack() as stack:
        opened = {
            domain: await stack.enter_async_context(build_domain(domain, config, stores[domain]))
            for domain in DOMAINS
        }
        world = World(config, stores, opened, ada, grace)
        for name, person in (("ada", ada), ("grace", grace)):
            await world.write(
                "users",
                "INSERT INTO users (id, username, email, password_hash) VALUES (:id, :name, :mail, '')",
                id=person.id,
                name=name,
                mail=f"{name}@x.example",
            )
        yield world


@pytest.mark.parametrize("mutation", list(CREATES))
async def test_what_is_sent_again_is_made_once_and_answered_the_same(world: World, mutation: str) -> None:
    given = await world.given(mutation) | {"idempotencyKey": "try 1"}
    before = await world.count(mutation)
    first = await world.send(mutation, given)
    assert [await world.send(mutation, given) for _ in range(2)] == [first, first]
    assert await world.count(mutation) == before + 1


@pytest.mark.parametrize("mutation", list(CREATES))
async def test_of_many_at_once_one_makes_it_and_all_are_answered_the_same(
    world: World, mutation: str
) -> None:
    given = await world.given(mutation) | {"idempotencyKey": "at once"}
    made = await asyncio.gather(*(world.send(mutation, given) for _ in range(8)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("mutation", list(CREATES))
async def test_a_key_is_for_one_input(world: World, mutation: str) -> None:
    given = await world.given(mutation) | {"idempotencyKey": "mine"}
    await world.send(mutation, given)
    changed = next(name for name in OTHER if name in given)
    other = given | {changed: OTHER[changed]}
    assert await world.refusal(mutation, other) == [("CONFLICT", "idempotencyKey")]


@pytest.mark.parametrize("mutation", ["createPost", "createEvent", "createVenue", "createArtist"])
async def test_a_key_is_one_persons(world: World, mutation: str) -> None:
    given = await world.given(mutation) | {"idempotencyKey": "1"}
    assert await world.send(mutation, given) != await world.send(mutation, given, world.grace)


@pytest.mark.parametrize("mutation", ["createPost", "createEvent", "createVenue", "createArtist"])
async def test_without_a_key_each_makes_one(world: World, mutation: str) -> None:
    given = await world.given(mutation)
    assert await world.send(mutation, given) != await world.send(mutation, given)


@pytest.mark.parametrize("mutation", list(DELETABLE))
async def test_what_has_been_deleted_meanwhile_is_not_made_again(world: World, mutation: str) -> None:
    domain, entity, _ = CREATES[mutation]
    given = await world.given(mutation) | {"idempotencyKey": "x"}
    made = await world.send(mutation, given)
    await act(world.subgraphs[domain], DELETABLE[mutation], world.ada.headers, **{f"{entity}Id": made})
    assert await world.refusal(mutation, given) == [("NOT_FOUND", "idempotencyKey")]


async def test_a_try_that_was_refused_leaves_its_key_free(world: World) -> None:
    album = {**ALBUM, "artistId": str(uuid4()), "idempotencyKey": "k"}
    assert await world.refusal("createAlbum", album) == [("NOT_FOUND", "artistId")]
    album["artistId"] = await world.make("createArtist", "artist", name="Band")
    await world.send("createAlbum", album)
    track = {**TRACK, "albumId": str(uuid4()), "idempotencyKey": "t"}
    assert await world.refusal("createTrack", track) == [("NOT_FOUND", "albumId")]
    event = {**EVENT, "venueId": str(uuid4()), "idempotencyKey": "e"}
    assert await world.refusal("createEvent", event) == [("NOT_FOUND", "venueId")]
    del event["venueId"]
    await world.send("createEvent", event)


@pytest.mark.parametrize("key", ["", " ", "x" * 101, "a\0b", "a\nb"])
async def test_a_key_is_a_short_line_of_text(world: World, key: str) -> None:
    given = {"content": "Hello", "idempotencyKey": key}
    assert await world.refusal("createPost", given) == [("INVALID_INPUT", "idempotencyKey")]


async def test_a_key_is_forgotten_after_a_day(world: World) -> None:
    given = {"content": "Hello", "idempotencyKey": "k"}
    first = await world.send("createPost", given)
    database = connect(world.stores["posts"])
    for age, expected in (("23 h", 1), ("25 h", 0)):
        await world.write("posts", f"UPDATE attempts SET made_at = now() - interval '{age}'")
        async with database.write() as session:
            await repeats.forgetting(database).handle(session)
        assert await world.write("posts", "SELECT count(*) FROM attempts") == expected
    await database.close()
    assert await world.send("createPost", given) != first
