"""What the catalog tells of its tracks and uploaders, whoever changes them, and what it hears of sound."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.catalog.repository.processed import hear_processed
from subgraphs.kit.demo import DemoSize, World
from subgraphs.kit.demo.tracks import SURE_TRACKS, sure_track
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain, demo_of
from tests.subgraphs.catalog.test_graphql import album_of, artist_of, join, track_of
from tests.subgraphs.support import Person, act, config_in, data


@pytest.fixture
async def catalog(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Subgraph]:
    async with build_domain("catalog", config_in(tmp_path), stores["catalog"]) as subgraph:
        yield subgraph


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    database = connect(stores["catalog"])
    yield database
    await database.close()


async def told(database: Database, key: str) -> list[tuple[str, dict[str, Any]]]:
    query = text("SELECT type, payload FROM outbox WHERE key = :key ORDER BY id")
    async with database.write() as session:
        return [(row.type, row.payload) for row in await session.execute(query, {"key": key})]


async def test_a_track_is_told_with_whose_it_is_whenever_it_changes_and_when_it_goes(
    catalog: Subgraph, database: Database, tmp_path: Path
) -> None:
    ada = Person(config_in(tmp_path))
    queen, guest = await artist_of(catalog, ada), await artist_of(catalog, ada, "Bowie")
    album = await album_of(catalog, ada, queen)
    both = [{"artistId": guest, "role": "FEATURED"}, {"artistId": queen}]
    track = await track_of(catalog, ada, album, 1, artists=both)
    kind, last = (await told(database, track))[-1]
    assert (kind, last) == (
        "TrackTold",
        {
            "artist_id": queen,
            "album_id": album,
            "title": "Track 1",
            "file_key": f"tracks/{track}",
            "duration_sec": 60,
            "is_available": False,
            "credits": [guest, queen],
        },
    )
    alone = [{"artistId": queen}]
    await act(catalog, "updateTrack", ada.headers, trackId=track, title="New", artists=alone)
    _kind, last = (await told(database, track))[-1]
    assert (last["title"], last["credits"]) == ("New", [queen])
    await act(catalog, "deleteAlbum", ada.headers, albumId=album)
    assert (await told(database, track))[-1] == ("TrackGone", {}), "with its album, too"


async def test_who_may_upload_is_told_whenever_managers_change(
    catalog: Subgraph, database: Database, tmp_path: Path
) -> None:
    config = config_in(tmp_path)
    ada, editor, uploader = Person(config), Person(config), Person(config)
    artist = await artist_of(catalog, ada)
    await join(catalog, artist, ada, editor, "EDIT_PROFILE")
    await join(catalog, artist, ada, uploader, "UPLOAD")

    async def uploaders() -> set[UUID]:
        kind, payload = (await told(database, artist))[-1]
        assert kind == "UploadersTold"
        return set(map(UUID, payload["uploaders"]))

    assert await uploaders() == {ada.id, uploader.id}
    gone = {"artistId": artist, "userId": str(uploader.id)}
    await act(catalog, "removeArtistManager", ada.headers, **gone)
    assert await uploaders() == {ada.id}


async def test_what_is_filled_in_bulk_is_told_too_and_has_the_tracks_that_others_count_on(
    database: Database,
) -> None:
    await demo_of("catalog").seed(database, World(DemoSize(users=20, posts=1, artists=4, events=1)))
    for artist in range(4):
        for place in range(SURE_TRACKS):
            kind, last = (await told(database, str(sure_track(artist, place))))[-1]
            assert kind == "TrackTold"
            assert last["credits"], "told again with its credits"
    counted = """SELECT (SELECT count(*) FROM playlists) AS playlists, (SELECT count(*) FROM saved_albums)
        AS albums, (SELECT min(n) FROM (SELECT count(*) AS n FROM playlist_entries GROUP BY playlist_id) e)
        AS shortest"""
    async with database.write() as session:
        there = (await session.execute(text(counted))).one()
    assert (there.playlists >= 6, there.albums, there.shortest >= 3) == (True, 40, True)


async def test_a_track_whose_sound_is_done_is_available_and_as_long_as_it_is(
    catalog: Subgraph, database: Database, tmp_path: Path
) -> None:
    ada = Person(config_in(tmp_path))
    track = await track_of(catalog, ada, await album_of(catalog, ada, await artist_of(catalog, ada)), 1)
    query = "query($id: ID!) { track(id: $id) { isAvailable durationSeconds } }"
    for kind, expected in (
        ("ProcessingFailed", {"isAvailable": False, "durationSeconds": 60}),
        ("ProcessingCompleted", {"isAvailable": True, "durationSeconds": 187}),
    ):
        async with database.write() as session:
            heard = {"track_id": track, "duration_sec": 187}
            await hear_processed(session, Message("processing.job", track, kind, heard))
        assert (await data(catalog, query, id=track))["track"] == expected
