"""Who may write what for an artist: each permission against each write, and what the record says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from tests.subgraphs.catalog.test_graphql import ALBUM, album_of, artist_of, join, track_of
from tests.subgraphs.support import Person, act, build_over, config_in, data, denied, refused

WRITES = {
    "updateArtist": "EDIT_PROFILE",
    "createAlbum": "UPLOAD",
    "updateAlbum": "UPLOAD",
    "deleteAlbum": "UPLOAD",
    "createTrack": "UPLOAD",
    "updateTrack": "UPLOAD",
    "deleteTrack": "UPLOAD",
    "inviteArtistManager": "ALL",
    "changeArtistManager": "ALL",
    "removeArtistManager": "ALL",
    "requestArtistVerification": "ALL",
}
"""Write → the permission that opens it; ALL opens everything."""
GRANTS = (["UPLOAD"], ["EDIT_PROFILE"], ["EDIT_PROFILE", "UPLOAD"], ["ALL"], ["TOUR"])


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    database = connect(stores["catalog"])
    yield database
    await database.close()


@pytest.fixture
def catalog(database: Database, config: SubgraphConfig) -> Subgraph:
    return build_over(database, "catalog", config)


async def test_each_write_is_open_to_its_permission_and_to_all_and_closed_to_the_others(
    catalog: Subgraph, database: Database, config: SubgraphConfig
) -> None:
    ada, member, stranger = Person(config), Person(config), Person(config)
    artist = await artist_of(catalog, ada)
    await join(catalog, artist, ada, member, "UPLOAD")
    for granted in GRANTS:
        async with database.write() as session:
            grant = "UPDATE artist_managers SET permissions = CAST(:it AS jsonb) WHERE user_id = :user"
            stored = str(granted).replace("'", '"')
            await session.execute(text(grant), {"it": stored, "user": member.id})
        for write, needed in WRITES.items():
            given = await what_it_takes(catalog, ada, artist, write)
            assert await denied(catalog, write, stranger.headers, **given) == "FORBIDDEN", write
            if {needed, "ALL"} & set(granted):
                assert await refused(catalog, write, member.headers, **given) == [], (granted, write)
            else:
                assert await denied(catalog, write, member.headers, **given) == "FORBIDDEN", (granted, write)


async def what_it_takes(catalog: Subgraph, ada: Person, artist: str, write: str) -> dict[str, Any]:
    """An input that is right, on something that is there."""
    if write.endswith("ArtistManager"):
        other = Person(ada.config)
        if write != "inviteArtistManager":
            await join(catalog, artist, ada, other, "UPLOAD")
        rest = {} if write == "removeArtistManager" else {"permissions": ["EDIT_PROFILE"]}
        return {"artistId": artist, "userId": str(other.id), **rest}
    if write in ("updateArtist", "createAlbum"):
        return {"artistId": artist, **(ALBUM if write == "createAlbum" else {"name": "New"})}
    if write == "requestArtistVerification":
        return {"artistId": artist, "statement": "It is us."}
    album = await album_of(catalog, ada, artist)
    if write.endswith("Album"):
        return {"albumId": album}
    if write == "createTrack":
        return {"albumId": album, "title": "New", "durationSeconds": 1, "trackNumber": 1}
    return {"trackId": await track_of(catalog, ada, album, 1)}


async def test_an_artists_page_changes_in_what_is_given_and_null_clears_its_picture(
    catalog: Subgraph, config: SubgraphConfig
) -> None:
    ada = Person(config)
    artist, picture = await artist_of(catalog, ada), "https://x.example/me.jpg"
    shown = "artist { name bio avatarUrl }"
    for given, expected in (
        ({"avatarUrl": picture}, {"name": "Queen", "bio": None, "avatarUrl": picture}),
        ({"bio": "We."}, {"name": "Queen", "bio": "We.", "avatarUrl": picture}),
        ({"avatarUrl": None}, {"name": "Queen", "bio": "We.", "avatarUrl": None}),
    ):
        changed = await act(catalog, "updateArtist", ada.headers, shown, artistId=artist, **given)
        assert changed["artist"] == expected
    wrong = {"artistId": artist, "avatarUrl": "javascript:alert(1)"}
    assert await refused(catalog, "updateArtist", ada.headers, **wrong) == [("INVALID_INPUT", "avatarUrl")]


async def test_every_write_is_on_record_with_who_did_it_and_what_changed(
    catalog: Subgraph, database: Database, config: SubgraphConfig
) -> None:
    ada, grace = Person(config), Person(config)
    artist = await artist_of(catalog, ada)
    album = await album_of(catalog, ada, artist)
    track = await track_of(catalog, ada, album, 1)
    await act(catalog, "updateTrack", ada.headers, trackId=track, title="New")
    await join(catalog, artist, ada, grace, "UPLOAD")
    await act(catalog, "deleteAlbum", grace.headers, albumId=album)
    await denied(catalog, "updateArtist", grace.headers, artistId=artist, name="Mine")
    names = {str(ada.id): "ada", str(grace.id): "grace"}
    async with database.write() as session:
        rows = await session.execute(text("SELECT actor, action, entity, changes FROM audit ORDER BY id"))
        told = [(names[row.actor], row.action, row.entity) for row in rows]
        query = "SELECT changes FROM audit WHERE entity = 'track' AND action = 'update'"
        changes = (await session.execute(text(query))).scalar_one()
    assert told == [
        ("ada", "create", "artist"),
        ("ada", "create", "album"),
        ("ada", "create", "track"),
        ("ada", "update", "track"),
        ("ada", "invite", "artist_manager"),
        ("grace", "accept", "artist_manager"),
        ("grace", "delete", "album"),
    ]
    assert changes == {"title": ["Track 1", "New"]}


async def test_a_track_that_is_uploaded_is_changed_and_removed_by_those_who_upload(
    catalog: Subgraph, config: SubgraphConfig
) -> None:
    ada = Person(config)
    album = await album_of(catalog, ada, await artist_of(catalog, ada))
    first, second = [await track_of(catalog, ada, album, number) for number in (1, 2)]
    taken = [("TRACK_NUMBER_TAKEN", "trackNumber")]
    assert await refused(catalog, "updateTrack", ada.headers, trackId=second, trackNumber=1) == taken
    assert await refused(catalog, "updateTrack", ada.headers, trackId=second, trackNumber=3) == []
    query = "query($id: ID!) { album(id: $id) { tracks { id trackNumber } } }"
    listed = (await data(catalog, query, id=album))["album"]["tracks"]
    assert [(each["id"], each["trackNumber"]) for each in listed] == [(first, 1), (second, 3)]
    assert await refused(catalog, "deleteTrack", ada.headers, trackId=first) == []
    (left,) = (await data(catalog, query, id=album))["album"]["tracks"]
    assert left["id"] == second
    assert await refused(catalog, "updateTrack", ada.headers, trackId=str(uuid4()), title="x") == [
        ("NOT_FOUND", "trackId")
    ]
