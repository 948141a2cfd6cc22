"""The catalog subgraph as its clients and its router see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, code, config_in, data, denied, refused

COVER = "https://x.example/c.jpg"
ALBUM = {"title": "Debut", "releaseDate": "2026-05-01", "coverUrl": COVER, "type": "EP"}
MANAGERS = "query($id: ID!) { artist(id: $id) { managers { edges { permissions node { id } } } } }"
MISSING = str(uuid4())


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def catalog(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("catalog", config, stores["catalog"]) as subgraph:
        yield subgraph


@pytest.fixture
def ada(config: SubgraphConfig) -> Person:
    return Person(config)


@pytest.fixture
def grace(config: SubgraphConfig) -> Person:
    return Person(config)


@pytest.fixture
def admin(config: SubgraphConfig) -> Person:
    return Person(config, roles=frozenset({"ROLE_ADMIN"}))


async def artist_of(catalog: Subgraph, manager: Person, name: str = "Queen") -> str:
    made = await act(catalog, "createArtist", manager.headers, "artist { id }", name=name)
    return str(made["artist"]["id"])


async def join(catalog: Subgraph, artist: str, owner: Person, guest: Person, *permissions: str) -> None:
    offer = {"artistId": artist, "userId": str(guest.id), "permissions": list(permissions)}
    assert await refused(catalog, "inviteArtistManager", owner.headers, **offer) == []
    answer = {"artistId": artist, "accept": True}
    assert await refused(catalog, "answerArtistInvitation", guest.headers, **answer) == []


async def album_of(catalog: Subgraph, manager: Person, artist: str) -> str:
    made = await act(catalog, "createAlbum", manager.headers, "album { id }", artistId=artist, **ALBUM)
    assert made["errors"] == []
    return str(made["album"]["id"])


async def track_of(catalog: Subgraph, manager: Person, album: str, number: int, **given: Any) -> str:
    details = {"title": f"Track {number}", "durationSeconds": 60, "trackNumber": number} | given
    made = await act(catalog, "createTrack", manager.headers, "track { id }", albumId=album, **details)
    assert made["errors"] == []
    return str(made["track"]["id"])


async def managers(catalog: Subgraph, artist: str) -> dict[str, list[str]]:
    found = (await data(catalog, MANAGERS, id=artist))["artist"]["managers"]["edges"]
    return {edge["node"]["id"]: edge["permissions"] for edge in found}


async def test_whoever_makes_an_artist_manages_it(catalog: Subgraph, ada: Person, grace: Person) -> None:
    shown = "artist { id name viewerPermissions }"
    made = (await act(catalog, "createArtist", ada.headers, shown, name="  The   Spaces "))["artist"]
    assert (made["name"], made["viewerPermissions"]) == ("The Spaces", ["ALL"])
    assert await managers(catalog, made["id"]) == {str(ada.id): ["ALL"]}
    mine = "query($id: ID!) { artist(id: $id) { viewerPermissions } }"
    assert (await data(catalog, mine, grace.headers, id=made["id"]))["artist"]["viewerPermissions"] == []
    assert (await data(catalog, mine, id=made["id"]))["artist"]["viewerPermissions"] is None
    assert await denied(catalog, "createArtist", name="x") == "UNAUTHENTICATED"


async def test_each_permission_opens_what_it_says(
    catalog: Subgraph, ada: Person, grace: Person, admin: Person, config: SubgraphConfig
) -> None:
    artist, editor, uploader = await artist_of(catalog, ada), grace, Person(config)
    await join(catalog, artist, ada, editor, "EDIT_PROFILE")
    await join(catalog, artist, ada, uploader, "UPLOAD")
    rename = {"artistId": artist, "name": " New  name "}
    for person in (ada, editor, admin):
        changed = await act(catalog, "updateArtist", person.headers, "artist { name }", **rename)
        assert changed["artist"] == {"name": "New name"}
    assert await denied(catalog, "updateArtist", uploader.headers, **rename) == "FORBIDDEN"
    for person in (ada, uploader, admin):
        await album_of(catalog, person, artist)
    assert await denied(catalog, "createAlbum", editor.headers, artistId=artist, **ALBUM) == "FORBIDDEN"
    for mutation, rest in (("updateArtist", {"name": "x"}), ("createAlbum", ALBUM)):
        gone = await refused(catalog, mutation, ada.headers, artistId=MISSING, **rest)
        assert gone == [("NOT_FOUND", "artistId")]


async def test_a_permission_that_only_a_newer_version_knows_takes_nothing_away(
    catalog: Subgraph, ada: Person, stores: Mapping[str, DomainStore]
) -> None:
    artist = await artist_of(catalog, ada)
    database = connect(stores["catalog"])
    async with database.write() as session:
        newer = """UPDATE artist_managers SET permissions = '["TOUR", "EDIT_PROFILE", 7]'"""
        await session.execute(text(newer))
    await database.close()
    assert await managers(catalog, artist) == {str(ada.id): ["EDIT_PROFILE"]}
    assert await refused(catalog, "updateArtist", ada.headers, artistId=artist, bio="x") == []
    assert await denied(catalog, "createAlbum", ada.headers, artistId=artist, **ALBUM) == "FORBIDDEN"


async def test_a_manager_is_invited_and_decides(catalog: Subgraph, ada: Person, grace: Person) -> None:
    artist = await artist_of(catalog, ada)
    offer = {"artistId": artist, "userId": str(grace.id), "permissions": ["UPLOAD"]}
    assert await denied(catalog, "inviteArtistManager", grace.headers, **offer) == "FORBIDDEN"
    await act(catalog, "inviteArtistManager", ada.headers, **offer)
    asked = "{ artistInvitations { permissions artist { name } } }"
    expected = [{"permissions": ["UPLOAD"], "artist": {"name": "Queen"}}]
    assert (await data(catalog, asked, grace.headers))["artistInvitations"] == expected
    assert list(await managers(catalog, artist)) == [str(ada.id)], "not before she says yes"
    no = {"artistId": artist, "accept": False}
    assert await refused(catalog, "answerArtistInvitation", grace.headers, **no) == []
    again = await refused(catalog, "answerArtistInvitation", grace.headers, **no)
    assert again == [("NOT_FOUND", "artistId")]
    await join(catalog, artist, ada, grace, "UPLOAD")
    assert (await managers(catalog, artist))[str(grace.id)] == ["UPLOAD"]
    managed = """query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        managedArtists { totalCount edges { permissions managingSince node { name } } } } } }"""
    wanted = [{"__typename": "User", "id": str(grace.id)}]
    (user,) = (await data(catalog, managed, r=wanted))["_entities"]
    assert user["managedArtists"]["edges"][0]["permissions"] == ["UPLOAD"]


async def test_somebody_who_may_do_everything_is_always_left(
    catalog: Subgraph, ada: Person, grace: Person
) -> None:
    artist = await artist_of(catalog, ada)
    await join(catalog, artist, ada, grace, "EDIT_PROFILE")
    me, her = ({"artistId": artist, "userId": str(person.id)} for person in (ada, grace))
    last = [("LAST_MANAGER", "userId")]
    assert await refused(catalog, "removeArtistManager", ada.headers, **me) == last
    assert await refused(catalog, "changeArtistManager", ada.headers, **me, permissions=["UPLOAD"]) == last
    assert (
        await denied(catalog, "changeArtistManager", grace.headers, **her, permissions=["ALL"]) == "FORBIDDEN"
    )
    assert await refused(catalog, "changeArtistManager", ada.headers, **her, permissions=["ALL"]) == []
    results = await asyncio.gather(
        refused(catalog, "removeArtistManager", ada.headers, **me),
        refused(catalog, "removeArtistManager", grace.headers, **her),
    )
    assert sorted(map(len, results)) == [0, 1], "both leave at once, one of them may"
    assert len(await managers(catalog, artist)) == 1


async def test_albums_are_made_edited_and_deleted(catalog: Subgraph, ada: Person, grace: Person) -> None:
    artist = await artist_of(catalog, ada)
    album = await album_of(catalog, ada, artist)
    await track_of(catalog, ada, album, 1)
    edit = {"albumId": album, "title": " Second  ", "type": "ALBUM", "releaseDate": "2025-01-02"}
    shown = "album { title type releaseDate coverUrl durationSeconds artist { name } }"
    edited = (await act(catalog, "updateAlbum", ada.headers, shown, **edit))["album"]
    assert edited == {
        "title": "Second",
        "type": "ALBUM",
        "releaseDate": "2025-01-02",
        "coverUrl": COVER,
        "durationSeconds": 60,
        "artist": {"name": "Queen"},
    }
    for mutation in ("updateAlbum", "deleteAlbum"):
        assert await denied(catalog, mutation, grace.headers, albumId=album) == "FORBIDDEN"
        assert await refused(catalog, mutation, ada.headers, albumId=MISSING) == [("NOT_FOUND", "albumId")]
    problems = await refused(catalog, "updateAlbum", ada.headers, albumId=album, title=None, coverUrl="x")
    assert problems == [("INVALID_INPUT", "title"), ("INVALID_INPUT", "coverUrl")]
    gone = await act(catalog, "deleteAlbum", ada.headers, "deletedAlbumId", albumId=album)
    assert gone["deletedAlbumId"] == album
    left = "{ albums { totalCount } tracks { totalCount } }"
    assert await data(catalog, left) == {"albums": {"totalCount": 0}, "tracks": {"totalCount": 0}}


async def test_tracks_are_made_edited_and_found_by_who_is_on_them(
    catalog: Subgraph, ada: Person, grace: Person, admin: Person
) -> None:
    queen, guest = await artist_of(catalog, ada), await artist_of(catalog, grace, "Bowie")
    made = await act(catalog, "createGenre", admin.headers, "genre { id }", name="Rock")
    genre = made["genre"]["id"]
    album = await album_of(catalog, ada, queen)
    await track_of(catalog, ada, album, 1)
    both = [{"artistId": queen}, {"artistId": guest, "role": "FEATURED"}]
    track = await track_of(catalog, ada, album, 2, artists=both, genreIds=[genre])
    taken = {"albumId": album, "title": "x", "durationSeconds": 1, "trackNumber": 2}
    assert await refused(catalog, "createTrack", ada.headers, **taken) == [
        ("TRACK_NUMBER_TAKEN", "trackNumber")
    ]
    query = """query($queen: ID!, $guest: ID!, $genre: ID!) {
        queen: artist(id: $queen) { tracks { totalCount nodes { trackNumber } } appearsOn { totalCount } }
        guest: artist(id: $guest) { tracks { totalCount } appearsOn { totalCount nodes { id } } }
        genre(id: $genre) { tracks { totalCount nodes { title artists { role artist { name } } } } } }"""
    found = await data(catalog, query, queen=queen, guest=guest, genre=genre)
    assert found["queen"] == {
        "tracks": {"totalCount": 2, "nodes": [{"trackNumber": 2}, {"trackNumber": 1}]},
        "appearsOn": {"totalCount": 0},
    }
    assert found["guest"] == {
        "tracks": {"totalCount": 0},
        "appearsOn": {"totalCount": 1, "nodes": [{"id": track}]},
    }
    assert found["genre"]["tracks"]["totalCount"] == 1
    edit = {
        "trackId": track,
        "title": " New ",
        "durationSeconds": 61,
        "artists": [{"artistId": queen}],
        "genreIds": [],
    }
    shown = "track { title durationSeconds artists { role artist { name } } genres { name } }"
    assert (await act(catalog, "updateTrack", ada.headers, shown, **edit))["track"] == {
        "title": "New",
        "durationSeconds": 61,
        "artists": [{"role": "MAIN", "artist": {"name": "Queen"}}],
        "genres": [],
    }
    unknown = [{"artistId": MISSING}]
    assert await refused(catalog, "updateTrack", ada.headers, trackId=track, artists=unknown) == [
        ("NOT_FOUND", "artists")
    ]
    assert await denied(catalog, "deleteTrack", grace.headers, trackId=track) == "FORBIDDEN"
    assert await refused(catalog, "deleteTrack", ada.headers, trackId=track) == []
    assert await refused(catalog, "deleteTrack", ada.headers, trackId=track) == [("NOT_FOUND", "trackId")]


async def test_genres_are_kept_by_editors(catalog: Subgraph, ada: Person, admin: Person) -> None:
    for name in ("rock", " Ambient "):
        made = await act(catalog, "createGenre", admin.headers, "genre { id name }", name=name)
    assert made["genre"]["name"] == "Ambient"
    assert await denied(catalog, "createGenre", ada.headers, name="x") == "FORBIDDEN"
    taken = [("CONFLICT", "name")]
    assert await refused(catalog, "createGenre", admin.headers, name="Ambient") == taken
    genre = made["genre"]["id"]
    assert await refused(catalog, "renameGenre", admin.headers, genreId=genre, name="rock") == taken
    assert await refused(catalog, "renameGenre", admin.headers, genreId=genre, name="Zouk") == []
    assert (await data(catalog, "{ genres { name } }"))["genres"] == [{"name": "rock"}, {"name": "Zouk"}]
    assert await refused(catalog, "deleteGenre", admin.headers, genreId=genre) == []
    assert await refused(catalog, "deleteGenre", admin.headers, genreId=genre) == [("NOT_FOUND", "genreId")]
    assert await refused(catalog, "deleteGenre", admin.headers, genreId="x") == [("INVALID_INPUT", "genreId")]


async def test_every_problem_is_told_with_its_place(catalog: Subgraph, ada: Person) -> None:
    given = {
        "albumId": "a",
        "title": " ",
        "durationSeconds": 0,
        "trackNumber": 0,
        "artists": [{"artistId": MISSING}, {"artistId": "b"}],
        "genreIds": ["c"],
    }
    assert await refused(catalog, "createTrack", ada.headers, **given) == [
        ("INVALID_INPUT", path)
        for path in ("albumId", "artists.1.artistId", "genreIds.0", "title", "durationSeconds", "trackNumber")
    ]


async def test_artists_are_listed_as_people_order_names(catalog: Subgraph, ada: Person) -> None:
    for name in ("Zulu", "apple", "zebra", "Äpfel", "Ёлка", "жук"):
        await artist_of(catalog, ada, name)
    query = """query($by: ArtistOrder, $after: String, $f: ArtistFilter) {
        artists(orderBy: $by, after: $after, filter: $f, first: 4) {
            totalCount nodes { name } pageInfo { endCursor } } }"""
    first = (await data(catalog, query))["artists"]
    rest = (await data(catalog, query, after=first["pageInfo"]["endCursor"]))["artists"]
    names = [artist["name"] for artist in first["nodes"] + rest["nodes"]]
    assert names == ["Äpfel", "apple", "zebra", "Zulu", "Ёлка", "жук"]
    newest = (await data(catalog, query, by="NEWEST"))["artists"]["nodes"]
    assert [artist["name"] for artist in newest] == ["жук", "Ёлка", "Äpfel", "zebra"]
    assert (await data(catalog, query, f={"isVerified": True}))["artists"]["totalCount"] == 0
    assert await code(catalog, query, after=first["pageInfo"]["endCursor"], by="NEWEST") == "BAD_USER_INPUT"


async def test_albums_are_listed_by_release_and_filtered(catalog: Subgraph, ada: Person) -> None:
    artist = await artist_of(catalog, ada)
    for year, kind in ((2001, "EP"), (2003, "ALBUM"), (2002, "EP")):
        given = ALBUM | {"title": str(year), "releaseDate": f"{year}-01-01", "type": kind}
        await act(catalog, "createAlbum", ada.headers, artistId=artist, **given)
    query = "query($f: AlbumFilter, $by: AlbumOrder) { albums(filter: $f, orderBy: $by) { nodes { title } } }"
    for variables, expected in (
        ({}, ["2003", "2002", "2001"]),
        ({"by": "OLDEST"}, ["2001", "2002", "2003"]),
        ({"f": {"type": "EP"}}, ["2002", "2001"]),
    ):
        assert [a["title"] for a in (await data(catalog, query, **variables))["albums"]["nodes"]] == expected


async def test_the_catalogs_entities_resolve_by_key(catalog: Subgraph, ada: Person) -> None:
    artist = await artist_of(catalog, ada)
    album = await album_of(catalog, ada, artist)
    track = await track_of(catalog, ada, album, 1)
    query = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Track { fileKey } } }"
    keys = [("Artist", artist), ("Album", album), ("Track", track), ("Genre", "7"), ("User", str(ada.id))]
    wanted = [{"__typename": name, "id": key} for name, key in keys]
    found = (await data(catalog, query, r=wanted))["_entities"]
    assert found == [
        {"__typename": "Artist"},
        {"__typename": "Album"},
        {"__typename": "Track", "fileKey": f"tracks/{track}"},
        None,
        {"__typename": "User"},
    ]
