"""Playlists: their order, who sees and who changes them; and what people save."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.catalog.repository.departures import forget_manager
from subgraphs.catalog.repository.hearing import hear_blocks
from subgraphs.catalog.repository.places import HIGHEST, between, written
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from tests.subgraphs.catalog.test_graphql import album_of, artist_of, track_of
from tests.subgraphs.support import Person, act, build_over, code, config_in, data, denied, refused
from tests.support.postgres import sent_statements

ENTRIES = """query($id: ID!, $after: String, $first: Int) { playlist(id: $id) {
    tracks(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        edges { entryId addedBy { id } node { title } } } } }"""
OF_USER = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { %s } } }"


@dataclass(frozen=True)
class World:
    catalog: Subgraph
    database: Database
    config: SubgraphConfig
    ada: Person
    album: str
    tracks: list[str]

    async def playlist(self, **given: Any) -> str:
        made = await act(
            self.catalog, "createPlaylist", self.ada.headers, "playlist { id }", title="Road", **given
        )
        return str(made["playlist"]["id"])

    async def put(self, playlist: str, number: int, who: Person | None = None, **given: Any) -> None:
        rest = {"playlistId": playlist, "trackId": self.tracks[number], **given}
        assert await refused(self.catalog, "addPlaylistTrack", (who or self.ada).headers, **rest) == []

    async def edges(self, playlist: str) -> list[tuple[str, str]]:
        """Entry and title of each track, page by page."""
        listed: list[tuple[str, str]] = []
        after, more = None, True
        while more:
            variables = {"id": playlist, "after": after, "first": 60}
            page = (await data(self.catalog, ENTRIES, self.ada.headers, **variables))["playlist"]["tracks"]
            listed += [(edge["entryId"], edge["node"]["title"]) for edge in page["edges"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        return listed

    async def titles(self, playlist: str) -> str:
        return "".join(title for _, title in await self.edges(playlist))

    async def of_user(self, field: str, who: Person | None) -> Any:
        keys = [{"__typename": "User", "id": str(self.ada.id)}]
        (user,) = (await data(self.catalog, OF_USER % field, who and who.headers, r=keys))["_entities"]
        return user

    async def block(self, blocker: Person, blocked: Person) -> None:
        row = {"blocker_id": str(blocker.id), "blocked_id": str(blocked.id)}
        async with self.database.write() as session:
            await hear_blocks(
                session, Message("users.blocks", "x", "BlocksTold", {"rows": [row], "gone": []})
            )


@pytest.fixture
async def world(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[World]:
    config, database = config_in(tmp_path), connect(stores["catalog"])
    catalog, ada = build_over(database, "catalog", config), Person(config)
    album = await album_of(catalog, ada, await artist_of(catalog, ada))
    tracks = [await track_of(catalog, ada, album, n + 1, title="abcdef"[n]) for n in range(6)]
    yield World(catalog, database, config, ada, album, tracks)
    await database.close()


async def test_tracks_are_put_and_moved_anywhere_and_leave(world: World) -> None:
    playlist = await world.playlist()
    for number in range(3):
        await world.put(playlist, number)
    (first, _), (second, _), (third, _) = await world.edges(playlist)
    await world.put(playlist, 3, afterEntryId=None)
    await world.put(playlist, 4, afterEntryId=first)
    await world.put(playlist, 0)
    assert await world.titles(playlist) == "daebca", "a track may be there twice"
    for after, expected in ((None, "cdaeba"), (first, "daceba"), (third, "daceba"), (second, "daebca")):
        move = {"playlistId": playlist, "entryId": third, "afterEntryId": after}
        assert await refused(world.catalog, "movePlaylistTrack", world.ada.headers, **move) == []
        assert await world.titles(playlist) == expected
    for _twice in range(2):
        gone = {"playlistId": playlist, "entryId": second}
        assert await refused(world.catalog, "removePlaylistTrack", world.ada.headers, **gone) == []
    assert await world.titles(playlist) == "daeca"
    nowhere = {"playlistId": playlist, "trackId": world.tracks[0], "afterEntryId": second}
    missing = {"playlistId": playlist, "trackId": str(uuid4())}
    for given_, path in ((nowhere, "afterEntryId"), (missing, "trackId")):
        answer = await refused(world.catalog, "addPlaylistTrack", world.ada.headers, **given_)
        assert answer == [("NOT_FOUND", path)]


async def test_a_hundred_who_put_tracks_to_one_place_at_once_leave_one_order_with_all_of_them(
    world: World,
) -> None:
    playlist = await world.playlist()
    await world.put(playlist, 0)
    await world.put(playlist, 1)
    ((first, _), _) = await world.edges(playlist)
    await asyncio.gather(*(world.put(playlist, 2, afterEntryId=first) for _ in range(100)))
    assert await world.titles(playlist) == f"a{'c' * 100}b"
    assert len({entry for entry, _ in await world.edges(playlist)}) == 102


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 40), max_size=60))
def test_a_place_is_found_between_any_two_or_there_is_no_room(wanted: list[int]) -> None:
    places: list[str] = []
    for at in wanted:
        at = min(at, len(places))
        ahead = places[at - 1] if at else None
        behind = places[at] if at < len(places) else None
        place = between(ahead, behind)
        if place is not None:
            places.insert(at, place)
    assert places == sorted(set(places))
    assert between(written(1), written(2)) is None
    assert between(written(HIGHEST), None) is None


WHO = ("owner", "collaborator", "stranger", "blocked", "anonymous", "admin")
SEES = {
    "PRIVATE": {"owner", "collaborator"},
    "UNLISTED": set(WHO) - {"blocked"},
    "PUBLIC": set(WHO) - {"blocked"},
}


@pytest.mark.parametrize("visibility", SEES)
async def test_who_sees_and_who_changes_a_playlist_is_as_the_matrix_says(
    world: World, visibility: str
) -> None:
    catalog = world.catalog
    playlist = await world.playlist(visibility=visibility)
    await world.put(playlist, 0)
    collaborator, blocked = Person(world.config), Person(world.config)
    admin = Person(world.config, roles=frozenset({"ROLE_ADMIN"}))
    named = {"playlistId": playlist, "userId": str(collaborator.id)}
    assert await refused(catalog, "addPlaylistCollaborator", world.ada.headers, **named) == []
    await world.block(world.ada, blocked)
    people = dict(
        zip(WHO, (world.ada, collaborator, Person(world.config), blocked, None, admin), strict=True)
    )
    for name, person in people.items():
        headers = person and person.headers
        found = (await data(catalog, ENTRIES, headers, id=playlist))["playlist"]
        assert (found is not None) == (name in SEES[visibility]), name
        listed = await world.of_user("playlists { totalCount nodes { id } }", person)
        is_listed = name == "owner" or (visibility == "PUBLIC" and name != "blocked")
        assert listed["playlists"]["totalCount"] == int(is_listed), name
        if person is None:
            continue
        refusal = "FORBIDDEN" if name in SEES[visibility] else [("NOT_FOUND", "playlistId")]
        for mutation, rest, allowed in (
            ("addPlaylistTrack", {"trackId": world.tracks[1]}, {"owner", "collaborator"}),
            ("updatePlaylist", {"title": "New"}, {"owner"}),
            ("addPlaylistCollaborator", {"userId": str(uuid4())}, {"owner"}),
        ):
            given_ = {"playlistId": playlist, **rest}
            if name in allowed:
                assert await refused(catalog, mutation, headers, **given_) == [], (name, mutation)
            elif refusal == "FORBIDDEN":
                assert await denied(catalog, mutation, headers, **given_) == refusal, (name, mutation)
            else:
                assert await refused(catalog, mutation, headers, **given_) == refusal, (name, mutation)


async def test_a_collaborator_sees_it_among_theirs_until_they_leave_or_are_blocked(world: World) -> None:
    catalog, playlist, grace = world.catalog, await world.playlist(), Person(world.config)
    named = {"playlistId": playlist, "userId": str(grace.id)}
    shown = "query($id: ID!) { playlist(id: $id) { viewerMayEdit collaborators { id } } }"
    keys = [{"__typename": "User", "id": str(grace.id)}]
    shared = OF_USER % "sharedPlaylists { totalCount nodes { title } }"

    async def count(who: Person) -> Any:
        (user,) = (await data(catalog, shared, who.headers, r=keys))["_entities"]
        return user["sharedPlaylists"] and user["sharedPlaylists"]["totalCount"]

    await act(catalog, "addPlaylistCollaborator", world.ada.headers, **named)
    assert (await data(catalog, shown, grace.headers, id=playlist))["playlist"] == {
        "viewerMayEdit": True,
        "collaborators": [{"id": str(grace.id)}],
    }
    assert (await count(grace), await count(world.ada)) == (1, None)
    for _twice in range(2):
        assert await refused(catalog, "removePlaylistCollaborator", world.ada.headers, **named) == []
    assert await count(grace) == 0
    await act(catalog, "addPlaylistCollaborator", world.ada.headers, **named)
    await world.block(grace, world.ada)
    assert await count(grace) == 0
    assert await refused(catalog, "addPlaylistCollaborator", world.ada.headers, **named) == [
        ("NOT_FOUND", "userId")
    ]


async def test_what_is_not_out_is_left_out_of_playlists_and_libraries_and_cannot_be_put_there(
    world: World,
) -> None:
    catalog, ada, grace = world.catalog, world.ada, Person(world.config)
    playlist = await world.playlist(visibility="PUBLIC")
    await world.put(playlist, 0)
    for mutation, key in (
        ("saveTrack", {"trackId": world.tracks[0]}),
        ("saveAlbum", {"albumId": world.album}),
    ):
        assert await refused(catalog, mutation, grace.headers, **key) == []
    await act(catalog, "updateAlbum", ada.headers, albumId=world.album, isDraft=True)
    found = (await data(catalog, ENTRIES, grace.headers, id=playlist))["playlist"]["tracks"]
    assert (found["totalCount"], found["edges"]) == (0, [])
    assert await world.titles(playlist) == "a", "its managers see it"
    keys = [{"__typename": "User", "id": str(grace.id)}]
    library = OF_USER % "library { tracks { totalCount nodes { id } } albums { totalCount nodes { id } } }"
    (kept,) = (await data(catalog, library, grace.headers, r=keys))["_entities"]
    nothing = {"totalCount": 0, "nodes": []}
    assert kept["library"] == {"tracks": nothing, "albums": nothing}
    hers = await act(catalog, "createPlaylist", grace.headers, "playlist { id }", title="x")
    put = {"playlistId": hers["playlist"]["id"], "trackId": world.tracks[0]}
    missing = [("NOT_FOUND", "trackId")]
    assert await refused(catalog, "addPlaylistTrack", grace.headers, **put) == missing
    assert await refused(catalog, "saveTrack", grace.headers, trackId=world.tracks[0]) == missing


async def test_what_is_saved_is_ones_own_once_and_asked_for_in_one_statement(world: World) -> None:
    catalog, ada = world.catalog, world.ada
    for _twice in range(2):
        for number in (0, 2):
            saved = await act(
                catalog, "saveTrack", ada.headers, "track { viewerHasSaved }", trackId=world.tracks[number]
            )
            assert saved == {"track": {"viewerHasSaved": True}, "errors": []}
        await act(catalog, "saveAlbum", ada.headers, albumId=world.album)
    fields = """library { tracks { totalCount nodes { title } } albums { totalCount edges { savedAt
        node { title viewerHasSaved tracks { title viewerHasSaved } } } } }"""
    with sent_statements(world.database) as sent:
        kept = (await world.of_user(fields, ada))["library"]
    assert len(sent) == 7, "two pages, two counts, the album's tracks, what of either is saved"
    assert kept["tracks"] == {"totalCount": 2, "nodes": [{"title": "c"}, {"title": "a"}]}
    (edge,) = kept["albums"]["edges"]
    saved_ones = [track["title"] for track in edge["node"]["tracks"] if track["viewerHasSaved"]]
    assert (edge["node"]["viewerHasSaved"], saved_ones) == (True, ["a", "c"])
    assert await world.of_user(fields, Person(world.config)) == {"library": None}
    asked = "query($id: ID!) { track(id: $id) { viewerHasSaved } }"
    assert (await data(catalog, asked, id=world.tracks[0]))["track"] == {"viewerHasSaved": None}
    for _twice in range(2):
        assert await refused(catalog, "unsaveTrack", ada.headers, trackId=world.tracks[0]) == []
        assert await refused(catalog, "unsaveAlbum", ada.headers, albumId=world.album) == []
    left = (await world.of_user("library { tracks { nodes { title } } albums { totalCount } }", ada))[
        "library"
    ]
    assert left == {"tracks": {"nodes": [{"title": "c"}]}, "albums": {"totalCount": 0}}


async def test_who_leaves_takes_their_playlists_and_library_along_and_their_export_has_them(
    world: World,
) -> None:
    catalog, ada, grace = world.catalog, world.ada, Person(world.config)
    playlist, hers = (
        await world.playlist(),
        await act(
            catalog, "createPlaylist", grace.headers, "playlist { id }", title="Hers", visibility="PUBLIC"
        ),
    )
    await world.put(playlist, 0)
    theirs = hers["playlist"]["id"]
    await act(catalog, "addPlaylistCollaborator", grace.headers, playlistId=theirs, userId=str(ada.id))
    await world.put(theirs, 1)
    await act(catalog, "saveTrack", ada.headers, trackId=world.tracks[2])
    await act(catalog, "saveAlbum", ada.headers, albumId=world.album)
    records = (await data(catalog, "{ accountRecords }", ada.headers))["accountRecords"]
    assert {name: len(rows) for name, rows in records.items()} == {
        "artist_managers": 1,
        "artist_invitations": 0,
        "artist_verifications": 0,
        "playlists": 1,
        "playlist_entries": 2,
        "playlist_collaborators": 1,
        "saved_tracks": 1,
        "saved_albums": 1,
    }
    for _twice in range(2):
        async with world.database.write() as session:
            await forget_manager(session, ada.id)
    records = (await data(catalog, "{ accountRecords }", ada.headers))["accountRecords"]
    assert not any(records.values())
    (left,) = (await data(catalog, ENTRIES, id=theirs))["playlist"]["tracks"]["edges"]
    assert (left["node"]["title"], left["addedBy"]) == ("b", None)


async def test_a_playlists_cursor_is_of_no_other_list_and_its_input_is_checked(world: World) -> None:
    playlist = await world.playlist()
    await world.put(playlist, 0)
    wrong = {"title": " ", "description": "x" * 1001}
    assert await refused(world.catalog, "createPlaylist", world.ada.headers, **wrong) == [
        ("INVALID_INPUT", "title"),
        ("INVALID_INPUT", "description"),
    ]
    assert await code(world.catalog, ENTRIES, world.ada.headers, id=playlist, after="x") == "BAD_USER_INPUT"
    assert await denied(world.catalog, "createPlaylist", title="x") == "UNAUTHENTICATED"
