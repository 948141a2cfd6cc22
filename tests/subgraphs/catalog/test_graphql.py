"""The catalog subgraph as its clients and its router see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from db.config import DomainStore
from db.postgres import connect
from subgraphs.catalog.repository import PostgresArtistRepository
from subgraphs.catalog.values import Artist, ArtistId, Manager, ManagerId, Permission
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, code, config_in, data, error

CREATE = "mutation($input: CreateArtistInput!) { createArtist(input: $input) { id name viewerPermissions } }"
UPDATE = """mutation($id: ID!, $input: UpdateArtistProfileInput!) {
    updateArtistProfile(artistId: $id, input: $input) { name bio avatarUrl } }"""
ALBUM = """mutation($id: ID!, $title: String = "Debut", $cover: String = "https://x.example/c.jpg") {
    createAlbum(artistId: $id, input: {title: $title, releaseDate: "2026-05-01", coverUrl: $cover, type: EP})
    {
        title type releaseDate artist { name } tracks { id } durationSeconds } }"""


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


async def managed(store: DomainStore, manager: Person, permission: Permission) -> str:
    """An artist that `manager` may only do one thing for."""
    database = connect(store)
    artist = Artist(ArtistId(uuid4()), "Queen", None, None)
    permissions = frozenset({permission})
    await PostgresArtistRepository(database).add(artist, Manager(ManagerId(manager.id), permissions))
    await database.close()
    return str(artist.id)


async def test_whoever_makes_an_artist_manages_it(catalog: Subgraph, ada: Person, grace: Person) -> None:
    made = (await data(catalog, CREATE, ada.headers, input={"name": "Queen"}))["createArtist"]
    assert made["viewerPermissions"] == ["ALL"]
    changed = await data(catalog, UPDATE, ada.headers, id=made["id"], input={"bio": "From London."})
    assert changed["updateArtistProfile"] == {"name": "Queen", "bio": "From London.", "avatarUrl": None}
    album = await data(catalog, ALBUM, ada.headers, id=made["id"])
    assert album["createAlbum"]["artist"] == {"name": "Queen"}
    assert (album["createAlbum"]["type"], album["createAlbum"]["durationSeconds"]) == ("EP", 0)
    query = "query($id: ID!) { artist(id: $id) { managers { id } viewerPermissions } }"
    mine = {"managers": [{"id": str(ada.id)}], "viewerPermissions": []}
    assert (await data(catalog, query, grace.headers, id=made["id"]))["artist"] == mine


async def test_nobody_else_changes_an_artist(
    catalog: Subgraph, ada: Person, grace: Person, config: SubgraphConfig
) -> None:
    queen = (await data(catalog, CREATE, ada.headers, input={"name": "Queen"}))["createArtist"]["id"]
    assert await code(catalog, UPDATE, id=queen, input={"bio": "x"}) == "UNAUTHENTICATED"
    assert await code(catalog, CREATE, input={"name": "x"}) == "UNAUTHENTICATED"
    assert await code(catalog, ALBUM, grace.headers, id=queen) == "FORBIDDEN"
    problem = await error(catalog, UPDATE, grace.headers, id=queen, input={"bio": "x"})
    assert problem["extensions"] == {"code": "FORBIDDEN", "permission": "EDIT_PROFILE"}
    admin = Person(config, roles=frozenset({"ROLE_ADMIN"}))
    changed = await data(catalog, UPDATE, admin.headers, id=queen, input={"bio": "Checked."})
    assert changed["updateArtistProfile"]["bio"] == "Checked."


@pytest.mark.parametrize("permission", [Permission.EDIT_PROFILE, Permission.UPLOAD])
async def test_each_permission_allows_its_own(
    catalog: Subgraph, ada: Person, stores: Mapping[str, DomainStore], permission: Permission
) -> None:
    queen = await managed(stores["catalog"], ada, permission)
    may_edit = permission is Permission.EDIT_PROFILE
    edit = await catalog.execute(UPDATE, {"id": queen, "input": {"bio": "x"}}, headers=ada.headers)
    upload = await catalog.execute(ALBUM, {"id": queen}, headers=ada.headers)
    assert ("errors" not in edit, "errors" not in upload) == (may_edit, not may_edit)


async def test_a_profile_is_checked_and_null_clears_all_but_the_name(catalog: Subgraph, ada: Person) -> None:
    made = await data(catalog, CREATE, ada.headers, input={"name": "Queen", "bio": "From London."})
    queen = made["createArtist"]["id"]
    cleared = await data(catalog, UPDATE, ada.headers, id=queen, input={"bio": None})
    assert cleared["updateArtistProfile"]["bio"] is None
    for wrong in ({"name": None}, {"name": " "}, {"avatarUrl": "x"}, {"bio": "x" * 5001}):
        problem = await error(catalog, UPDATE, ada.headers, id=queen, input=wrong)
        assert set(problem["extensions"]["fields"]) == set(wrong)
    assert await code(catalog, UPDATE, ada.headers, id=str(uuid4()), input={}) == "NOT_FOUND"
    assert await code(catalog, UPDATE, ada.headers, id="queen", input={}) == "BAD_USER_INPUT"
    assert await code(catalog, ALBUM, ada.headers, id=queen, title="", cover="c") == "BAD_USER_INPUT"


async def test_the_catalogs_entities_resolve_by_id(catalog: Subgraph, ada: Person) -> None:
    queen = (await data(catalog, CREATE, ada.headers, input={"name": "Queen"}))["createArtist"]["id"]
    query = """query($r: [_Any!]!) { _entities(representations: $r) {
        ... on Artist { name } ... on User { managedArtists { nodes { name } } } ... on Genre { name } } }"""
    wanted = [
        {"__typename": "Artist", "id": queen},
        {"__typename": "User", "id": str(ada.id)},
        {"__typename": "Genre", "id": "7"},
        {"__typename": "Track", "id": str(uuid4())},
    ]
    assert (await data(catalog, query, r=wanted))["_entities"] == [
        {"name": "Queen"},
        {"managedArtists": {"nodes": [{"name": "Queen"}]}},
        None,
        None,
    ]
