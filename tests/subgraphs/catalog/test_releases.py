"""What is not out yet is its managers' alone, on every way; and comes out on its day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.catalog.repository.releases import tell_releases
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.catalog.test_graphql import ALBUM, album_of, artist_of, join, track_of
from tests.subgraphs.support import Person, act, config_in, data, denied, refused

TODAY = datetime.now(UTC).date()
EVERY_WAY = """query($artist: ID!, $guest: ID!, $album: ID!, $track: ID!, $genre: ID!, $r: [_Any!]!) {
    album(id: $album) { id } track(id: $track) { id } albums { nodes { id } } tracks { nodes { id } }
    artist(id: $artist) { albums { totalCount nodes { id } } tracks { totalCount nodes { id } } }
    guest: artist(id: $guest) { appearsOn { totalCount nodes { id } } }
    genre(id: $genre) { tracks { totalCount nodes { id } } }
    searchAlbums(text: "Hidden") { totalCount nodes { id } }
    searchTracks(text: "Hidden") { totalCount nodes { id } }
    _entities(representations: $r) { ... on Album { tracks { id } } ... on Track { album { id } } } }"""
PUBLIC = ("albums", "tracks", "searchAlbums", "searchTracks")


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def catalog(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("catalog", config, stores["catalog"]) as subgraph:
        yield subgraph


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    database = connect(stores["catalog"])
    yield database
    await database.close()


@pytest.fixture
def ada(config: SubgraphConfig) -> Person:
    return Person(config)


async def hidden_in(catalog: Subgraph, ada: Person, admin: Person) -> dict[str, Any]:
    """An album that is out, with a track of a guest and a genre: what is asked for on every way."""
    artist, guest = await artist_of(catalog, ada), await artist_of(catalog, ada, "Bowie")
    genre = await act(catalog, "createGenre", admin.headers, "genre { id }", name="Rock")
    album = await album_of(catalog, ada, artist)
    await act(catalog, "updateAlbum", ada.headers, albumId=album, title="Hidden Album")
    both = [{"artistId": artist}, {"artistId": guest, "role": "FEATURED"}]
    given = {"title": "Hidden", "artists": both, "genreIds": [genre["genre"]["id"]]}
    track = await track_of(catalog, ada, album, 1, **given)
    keys = [{"__typename": "Album", "id": album}, {"__typename": "Track", "id": track}]
    found = {"artist": artist, "guest": guest, "album": album, "track": track}
    return {**found, "genre": genre["genre"]["id"], "r": keys}


def ways(found: Any) -> set[str]:
    """On which ways anything was found."""
    seen: set[str] = set()
    for name, answer in found.items():
        told = str(answer)
        if any(mark in told for mark in ("'id'", "'totalCount': 1")):
            seen.add(name)
    return seen


@pytest.mark.parametrize(
    "not_out",
    [{"isDraft": True}, {"releaseDate": str(TODAY + timedelta(days=1))}],
    ids=["draft", "announced"],
)
async def test_what_is_not_out_is_seen_on_no_way_but_by_its_managers(
    catalog: Subgraph, ada: Person, config: SubgraphConfig, not_out: dict[str, Any]
) -> None:
    admin = Person(config, roles=frozenset({"ROLE_ADMIN"}))
    asked = await hidden_in(catalog, ada, admin)
    everything = ways(await data(catalog, EVERY_WAY, **asked))
    assert len(everything) == 10, "each way leads there while it is out"
    await act(catalog, "updateAlbum", ada.headers, albumId=asked["album"], **not_out)
    for headers in (None, Person(config).headers):
        assert ways(await data(catalog, EVERY_WAY, headers, **asked)) == set()
    for headers in (ada.headers, admin.headers):
        assert ways(await data(catalog, EVERY_WAY, headers, **asked)) == everything - set(PUBLIC)
    editor = Person(config)
    await join(catalog, asked["artist"], ada, editor, "EDIT_PROFILE")
    assert ways(await data(catalog, EVERY_WAY, editor.headers, **asked)) == everything - set(PUBLIC)
    stranger = Person(config).headers
    for mutation, key, path in (
        ("updateAlbum", "album", "albumId"),
        ("deleteAlbum", "album", "albumId"),
        ("updateTrack", "track", "trackId"),
        ("deleteTrack", "track", "trackId"),
    ):
        assert await refused(catalog, mutation, stranger, **{path: asked[key]}) == [("NOT_FOUND", path)]
        assert await denied(catalog, mutation, editor.headers, **{path: asked[key]}) == "FORBIDDEN"


async def test_an_albums_status_follows_from_its_day_and_whether_it_is_a_draft(
    catalog: Subgraph, ada: Person
) -> None:
    artist = await artist_of(catalog, ada)
    for day, draft, expected in (
        (TODAY, True, "DRAFT"),
        (TODAY, False, "RELEASED"),
        (TODAY + timedelta(days=1), False, "SCHEDULED"),
        (TODAY + timedelta(days=1), True, "DRAFT"),
    ):
        given = ALBUM | {"artistId": artist, "releaseDate": str(day), "isDraft": draft}
        made = await act(catalog, "createAlbum", ada.headers, "album { status }", **given)
        assert made == {"album": {"status": expected}, "errors": []}


async def test_others_hear_a_track_when_its_album_is_out_and_not_before(
    catalog: Subgraph, ada: Person, database: Database
) -> None:
    artist = await artist_of(catalog, ada)
    album = await album_of(catalog, ada, artist)
    track = await track_of(catalog, ada, album, 1)

    async def run(statement: str, **given: Any) -> Any:
        async with database.write() as session:
            result = await session.execute(text(statement), given)
            return list(result) if result.returns_rows else None

    async def heard() -> list[bool]:
        query = "SELECT payload->'is_available' AS told FROM outbox WHERE key = :key ORDER BY id DESC LIMIT 1"
        return [row.told for row in await run(query, key=track)]

    await run("UPDATE tracks SET is_available = true")
    assert await heard() == [True]
    await act(catalog, "updateAlbum", ada.headers, albumId=album, isDraft=True)
    assert await heard() == [False], "withdrawn"
    tomorrow = str(TODAY + timedelta(days=1))
    await act(catalog, "updateAlbum", ada.headers, albumId=album, isDraft=False, releaseDate=tomorrow)
    async with database.write() as session:
        await tell_releases(session)
    assert await heard() == [False], "its day has not come"
    await run("UPDATE albums SET release_date = :day WHERE NOT is_release_told", day=TODAY)
    await run("DELETE FROM outbox")
    for _ in range(2):
        async with database.write() as session:
            await tell_releases(session)
    assert await run("SELECT payload->'is_available' FROM outbox") == [(True,)], "once"


async def test_a_reissue_leads_to_its_original_and_back(catalog: Subgraph, ada: Person) -> None:
    artist, another = await artist_of(catalog, ada), await artist_of(catalog, ada, "Bowie")
    original, alien = await album_of(catalog, ada, artist), await album_of(catalog, ada, another)
    again = ALBUM | {"artistId": artist, "title": "Remastered", "reissueOfId": original}
    made = await act(catalog, "createAlbum", ada.headers, "album { id reissueOf { id } }", **again)
    assert made["album"]["reissueOf"] == {"id": original}
    reissue = made["album"]["id"]
    query = "query($id: ID!) { album(id: $id) { reissues { totalCount nodes { title } } } }"
    listed = (await data(catalog, query, id=original))["album"]["reissues"]
    assert listed == {"totalCount": 1, "nodes": [{"title": "Remastered"}]}
    wrong = [("INVALID_INPUT", "reissueOfId")]
    for album, of in ((original, reissue), (original, original), (original, alien), (alien, reissue)):
        assert await refused(catalog, "updateAlbum", ada.headers, albumId=album, reissueOfId=of) == wrong
    alone = await act(
        catalog, "updateAlbum", ada.headers, "album { reissueOf { id } }", albumId=reissue, reissueOfId=None
    )
    assert alone["album"] == {"reissueOf": None}
