"""What a name finds: prefixes of words first, mistyped words after them, pages that stay right."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import code, config_in, data

FIND = """query($t: String!, $first: Int, $after: String, $last: Int, $before: String) {
    searchArtists(text: $t, first: $first, after: $after, last: $last, before: $before) {
        totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
BANDS = (
    "The Rolling Stones",
    "Rolling Thunder",
    "Stone Roses",
    "Stones of Old",
    "Stonehenge Choir",
    "Björk",
    "Motörhead",
    "Ёлка",
    "Sigur Rós",
    "AC/DC",
    "!!!",
    "Röyksopp",
    "Smørrebrød",
    "100% Pure_Love",
    "🦊 Fox",
)


@pytest.fixture
async def catalog(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Subgraph]:
    await write(stores, "INSERT INTO artists (name) SELECT unnest(CAST(:names AS text[]))", names=list(BANDS))
    async with build_domain("catalog", config_in(tmp_path), stores["catalog"]) as subgraph:
        yield subgraph


async def write(stores: Mapping[str, DomainStore], statement: str, **values: Any) -> None:
    database = connect(stores["catalog"])
    async with database.write() as session:
        await session.execute(text(statement), values)
    await database.close()


async def found(catalog: Subgraph, typed: str, **window: Any) -> Any:
    return (await data(catalog, FIND, t=typed, **window))["searchArtists"]


def names(page: Any) -> Sequence[str]:
    return [node["name"] for node in page["nodes"]]


async def test_names_that_begin_with_the_text_come_before_those_with_a_later_word(catalog: Subgraph) -> None:
    listed = names(await found(catalog, "stone"))
    assert listed == ["Stone Roses", "Stonehenge Choir", "Stones of Old", "The Rolling Stones"]
    assert names(await found(catalog, "rolling stones")) == ["The Rolling Stones"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bjork", "Björk"),
        ("BJÖRK", "Björk"),
        ("Bjo\u0308rk", "Björk"),
        ("елка", "Ёлка"),
        ("sigur ros", "Sigur Rós"),
        ("smorre", "Smørrebrød"),
        ("ac dc", "AC/DC"),
        ("ac/dc", "AC/DC"),
        ("🦊", "🦊 Fox"),
    ],
)
async def test_case_accents_and_punctuation_do_not_matter(catalog: Subgraph, typed: str, name: str) -> None:
    assert names(await found(catalog, typed))[0] == name


async def test_a_name_of_punctuation_is_found_by_it(catalog: Subgraph) -> None:
    assert names(await found(catalog, "!!!")) == ["!!!"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("motorhed", "Motörhead"),
        ("stonhenge", "Stonehenge Choir"),
        ("roling stons", "The Rolling Stones"),
        ("royksop", "Röyksopp"),
    ],
)
async def test_a_typo_is_forgiven(catalog: Subgraph, typed: str, name: str) -> None:
    assert name in names(await found(catalog, typed))


async def test_what_was_typed_comes_before_what_is_like_it(catalog: Subgraph) -> None:
    listed = names(await found(catalog, "stones"))
    assert listed[:2] == ["Stones of Old", "The Rolling Stones"]
    assert {"Stone Roses"} <= set(listed[2:])


@pytest.mark.parametrize("typed", ["stone", "stones", "roling"])
async def test_pages_hold_each_name_once_in_one_order_both_ways(catalog: Subgraph, typed: str) -> None:
    whole = await found(catalog, typed)
    assert whole["totalCount"] == len(whole["nodes"]) == len(set(names(whole)))
    forward: list[str] = []
    page = await found(catalog, typed, first=1)
    forward += names(page)
    while page["pageInfo"]["hasNextPage"]:
        page = await found(catalog, typed, first=1, after=page["pageInfo"]["endCursor"])
        forward += names(page)
    assert forward == names(whole)
    backward: list[str] = []
    page = await found(catalog, typed, last=2)
    backward[:0] = names(page)
    while page["pageInfo"]["hasPreviousPage"]:
        page = await found(catalog, typed, last=2, before=page["pageInfo"]["startCursor"])
        backward[:0] = names(page)
    assert backward == names(whole)


async def test_a_page_goes_on_where_it_was_when_names_come_between(
    catalog: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    page = await found(catalog, "stone", first=2)
    await write(stores, "INSERT INTO artists (name) VALUES ('Stone Age'), ('Stone Zoo'), ('Stonf')")
    rest = await found(catalog, "stone", first=10, after=page["pageInfo"]["endCursor"])
    assert names(rest)[:2] == ["Stones of Old", "The Rolling Stones"]


async def test_a_name_that_changes_is_found_by_the_new_one_alone(
    catalog: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    await write(stores, "UPDATE artists SET name = 'Quarrymen' WHERE name = 'Stone Roses'")
    assert names(await found(catalog, "quarry")) == ["Quarrymen"]
    assert "Quarrymen" not in names(await found(catalog, "roses"))
    await write(stores, "DELETE FROM artists WHERE name = 'Quarrymen'")
    assert names(await found(catalog, "quarrymen")) == []


@pytest.mark.parametrize("typed", ["%", "_", "\\", "100%", "pure_love", "' OR 1=1 --", "a\tb", "ﷺ" * 100])
async def test_what_patterns_are_made_of_is_text(catalog: Subgraph, typed: str) -> None:
    listed = names(await found(catalog, typed))
    assert listed == (["100% Pure_Love"] if typed in {"100%", "pure_love"} else [])


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "x" * 101, "x" * 10_000, "a\0b", "\ud800"])
async def test_a_text_that_nobody_could_mean_is_refused(catalog: Subgraph, typed: str) -> None:
    assert await code(catalog, FIND, t=typed) == "BAD_USER_INPUT"


async def test_a_cursor_is_of_one_text(catalog: Subgraph) -> None:
    cursor = (await found(catalog, "stone", first=1))["pageInfo"]["endCursor"]
    assert await code(catalog, FIND, t="rolling", after=cursor) == "BAD_USER_INPUT"


async def test_albums_tracks_and_genres_are_found_by_their_names(
    catalog: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    await write(stores, "INSERT INTO genres (name) VALUES ('Dream Pop'), ('Popcorn'), ('Jazz')")
    await write(
        stores,
        """WITH album AS (INSERT INTO albums (artist_id, title, release_date, cover_url)
            SELECT id, 'Debüt', current_date, 'https://x' FROM artists WHERE name = 'Björk' RETURNING id)
        INSERT INTO tracks (album_id, title, duration_sec, track_number, file_key, is_available)
            SELECT id, title, 9, n, title, n = 1 FROM album,
                unnest(ARRAY['Human Behaviour', 'Crying']) WITH ORDINALITY AS t (title, n)""",
    )
    assert await data(
        catalog,
        """{ searchGenres(text: "pop", first: 1) { nodes { name } pageInfo { hasNextPage } }
            searchAlbums(text: "debut") { nodes { title } } searchTracks(text: "behavior") { nodes { title } }
            yes: tracks(filter: {isAvailable: true}) { totalCount nodes { title } }
            no: tracks(filter: {isAvailable: false}, orderBy: OLDEST) { totalCount nodes { title } } }""",
    ) == {
        "searchGenres": {"nodes": [{"name": "Popcorn"}], "pageInfo": {"hasNextPage": True}},
        "searchAlbums": {"nodes": [{"title": "Debüt"}]},
        "searchTracks": {"nodes": [{"title": "Human Behaviour"}]},
        "yes": {"totalCount": 1, "nodes": [{"title": "Human Behaviour"}]},
        "no": {"totalCount": 1, "nodes": [{"title": "Crying"}]},
    }
    cursor = (await data(catalog, '{ searchGenres(text: "pop", first: 1) { pageInfo { endCursor } } }'))[
        "searchGenres"
    ]["pageInfo"]["endCursor"]
    more = 'query($c: String) { searchGenres(text: "pop", after: $c) { nodes { name } } }'
    assert (await data(catalog, more, c=cursor))["searchGenres"]["nodes"] == [{"name": "Dream Pop"}]


async def test_what_is_found_can_be_narrowed_by_the_filters_of_the_lists(
    catalog: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    await write(stores, "UPDATE artists SET is_verified = true WHERE name IN ('Stone Roses', 'Björk')")
    await write(
        stores,
        """WITH albums AS (INSERT INTO albums (artist_id, title, release_date, cover_url, type)
            SELECT id, 'Stone ' || type, current_date, 'https://x', type
            FROM artists, unnest(ARRAY['EP', 'SINGLE']) AS type WHERE name = 'Björk' RETURNING id, type)
        INSERT INTO tracks (album_id, title, duration_sec, track_number, file_key, is_available)
            SELECT id, 'Stone ' || n, 9, n, type || n, n = 1 FROM albums, generate_series(1, 2) AS n
            WHERE type = 'EP'""",
    )
    found = await data(
        catalog,
        """query($known: ArtistFilter, $short: AlbumFilter, $there: TrackFilter) {
            searchArtists(text: "stone", filter: $known) { totalCount nodes { name } }
            searchAlbums(text: "stone", filter: $short) { totalCount nodes { title } }
            searchTracks(text: "stone", filter: $there) { totalCount nodes { title } } }""",
        known={"isVerified": True},
        short={"type": "EP"},
        there={"isAvailable": False},
    )
    assert found == {
        "searchArtists": {"totalCount": 1, "nodes": [{"name": "Stone Roses"}]},
        "searchAlbums": {"totalCount": 1, "nodes": [{"title": "Stone EP"}]},
        "searchTracks": {"totalCount": 1, "nodes": [{"title": "Stone 2"}]},
    }


async def test_pages_of_a_narrowed_search_hold_each_name_once(
    catalog: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    await write(stores, "UPDATE artists SET is_verified = name <> 'Stonehenge Choir'")
    query = """query($after: String) { searchArtists(text: "stone", filter: {isVerified: true}, first: 1,
        after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }"""
    listed: list[str] = []
    after, more = None, True
    while more and len(listed) < 9:
        page = (await data(catalog, query, after=after))["searchArtists"]
        listed += names(page)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert listed == ["Stone Roses", "Stones of Old", "The Rolling Stones"]
