"""One contract for both repositories of the catalog: PostgreSQL and memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest

from db.postgres import connect
from subgraphs.catalog.repository import (
    ArtistRepository,
    InMemoryArtistRepository,
    InMemoryMusicRepository,
    MusicRepository,
    PostgresArtistRepository,
    PostgresMusicRepository,
)
from subgraphs.catalog.values import (
    ARTISTS_BY_NAME,
    NEWEST_ALBUMS,
    Album,
    AlbumId,
    AlbumType,
    Artist,
    ArtistChange,
    ArtistId,
    Credit,
    CreditRole,
    GenreId,
    Manager,
    ManagerId,
    Permission,
    Track,
    TrackId,
)
from subgraphs.kit.pages import PageRequest
from tests.support.postgres import migrated_stores

ADA, GRACE = ManagerId(uuid4()), ManagerId(uuid4())
BY_NAME = PageRequest(ARTISTS_BY_NAME, 2)


@dataclass(frozen=True)
class Repositories:
    artists: ArtistRepository
    music: MusicRepository


@pytest.fixture(params=["memory", "postgres"])
async def catalog(request: pytest.FixtureRequest) -> AsyncIterator[Repositories]:
    if request.param == "memory":
        yield Repositories(InMemoryArtistRepository(), InMemoryMusicRepository())
        return
    async with migrated_stores() as stores:
        database = connect(stores["catalog"])
        yield Repositories(PostgresArtistRepository(database), PostgresMusicRepository(database))
        await database.close()


async def artist(catalog: Repositories, name: str, manager: ManagerId = ADA, *may: Permission) -> Artist:
    new = Artist(ArtistId(uuid4()), name, None, None)
    return await catalog.artists.add(new, Manager(manager, frozenset(may or {Permission.ALL})))


async def album(catalog: Repositories, by: Artist, title: str, year: int) -> Album:
    new = Album(AlbumId(uuid4()), by.id, title, date(year, 1, 1), "https://x.example/c.jpg", AlbumType.EP)
    return await catalog.music.add_album(new)


async def track(
    catalog: Repositories, on: Album, number: int, credits: list[Credit], genres: tuple[str, ...] = ()
) -> Track:
    identifier = TrackId(uuid4())
    new = Track(identifier, on.id, f"Track {number}", 60 * number, number, f"tracks/{identifier}", True)
    return await catalog.music.add_track(new, credits, genres)


async def test_artists_are_listed_by_name(catalog: Repositories) -> None:
    zz, aa, mm = [await artist(catalog, name) for name in ("ZZ", "aa", "MM")]
    first = await catalog.artists.list_by_name(BY_NAME)
    assert (list(first.items), first.has_next) == ([mm, zz], True)
    second = await catalog.artists.list_by_name(PageRequest(ARTISTS_BY_NAME, 2, after=zz.position))
    assert (list(second.items), second.has_next) == ([aa], False)
    assert await catalog.artists.find_by_ids([aa.id, ArtistId(uuid4())]) == {aa.id: aa}


async def test_the_artists_of_many_managers_come_together(catalog: Repositories) -> None:
    one, two, three = [await artist(catalog, name) for name in ("One", "Two", "Three")]
    other = await artist(catalog, "Other", GRACE, Permission.UPLOAD)
    stranger = ManagerId(uuid4())
    pages = await catalog.artists.list_managed([ADA, GRACE, stranger], BY_NAME)
    assert (list(pages[ADA].items), pages[ADA].has_next) == ([one, three], True)
    assert (list(pages[GRACE].items), pages[stranger].items) == ([other], ())
    after = PageRequest(ARTISTS_BY_NAME, 2, after=three.position)
    assert list((await catalog.artists.list_managed([ADA], after))[ADA].items) == [two]
    managers = await catalog.artists.list_managers([one.id, other.id])
    assert managers[one.id] == (Manager(ADA, frozenset({Permission.ALL})),)
    assert managers[other.id] == (Manager(GRACE, frozenset({Permission.UPLOAD})),)


async def test_an_artist_changes_only_in_what_is_given(catalog: Repositories) -> None:
    queen = await artist(catalog, "Queen")
    changed = await catalog.artists.update(queen.id, ArtistChange({"bio": "From London."}))
    assert changed is not None
    assert (changed.name, changed.bio) == ("Queen", "From London.")
    assert await catalog.artists.update(ArtistId(uuid4()), ArtistChange({"bio": "x"})) is None


async def test_the_albums_of_many_artists_come_latest_first(catalog: Repositories) -> None:
    queen, abba, silent = [await artist(catalog, name) for name in ("Queen", "ABBA", "Silent")]
    old, new, middle = [await album(catalog, queen, str(year), year) for year in (1973, 1995, 1984)]
    waterloo = await album(catalog, abba, "Waterloo", 1974)
    pages = await catalog.music.list_albums([queen.id, abba.id, silent.id], PageRequest(NEWEST_ALBUMS, 2))
    assert (list(pages[queen.id].items), pages[queen.id].has_next) == ([new, middle], True)
    assert (list(pages[abba.id].items), pages[silent.id].items) == ([waterloo], ())
    after = PageRequest(NEWEST_ALBUMS, 2, after=middle.position)
    assert list((await catalog.music.list_albums([queen.id], after))[queen.id].items) == [old]
    assert await catalog.music.find_albums([old.id, AlbumId(uuid4())]) == {old.id: old}


async def test_tracks_come_in_album_order_with_credits_and_genres(catalog: Repositories) -> None:
    queen, bowie = await artist(catalog, "Queen"), await artist(catalog, "Bowie")
    space, empty = await album(catalog, queen, "Hot Space", 1982), await album(catalog, queen, "Empty", 1983)
    both = [Credit(queen.id, CreditRole.MAIN), Credit(bowie.id, CreditRole.FEATURED)]
    pressure = await track(catalog, space, 2, both, ("Rock", "Pop"))
    power = await track(catalog, space, 1, both[:1], ("Pop",))
    assert await catalog.music.list_tracks([space.id, empty.id]) == {space.id: (power, pressure)}
    assert await catalog.music.list_credits([pressure.id, power.id]) == {
        pressure.id: tuple(both),
        power.id: (both[0],),
    }
    named = await catalog.music.list_track_genres([pressure.id, power.id])
    assert [genre.name for genre in named[pressure.id]] == ["Pop", "Rock"]
    genres = await catalog.music.list_genres()
    assert [genre.name for genre in genres] == ["Pop", "Rock"]
    assert await catalog.music.find_genres([genres[0].id, GenreId(999)]) == {genres[0].id: genres[0]}
    assert await catalog.music.find_tracks([power.id, TrackId(uuid4())]) == {power.id: power}
