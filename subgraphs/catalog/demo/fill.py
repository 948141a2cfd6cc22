"""Putting the demo music into the store, some hundred artists at a time.

Guests on tracks are artists of any number, so credits wait until all artists are there.
"""

from __future__ import annotations

from sqlalchemy import select

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.catalog.demo.collections import collections
from subgraphs.catalog.demo.naming import GENRES
from subgraphs.catalog.demo.rows import music
from subgraphs.catalog.models import (
    albums,
    artist_managers,
    artists,
    genres,
    playlist_collaborators,
    playlist_entries,
    playlists,
    saved_albums,
    saved_tracks,
    track_artists,
    track_genres,
    tracks,
)
from subgraphs.kit.demo import DemoSize, Row, Told, World

ARTISTS_AT_ONCE = 250


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return size.artists


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many artists that were."""
    write, added = database.write, 0
    genre_ids = await _genres(database)
    credits: list[Row] = []
    for first in range(0, world.size.artists, ARTISTS_AT_ONCE):
        made = music(world, range(first, min(first + ARTISTS_AT_ONCE, world.size.artists)))
        added += await add_missing(write, artists, made.artists, told=told)
        await add_missing(write, artist_managers, made.managers)
        await add_missing(write, albums, made.albums)
        await add_missing(write, tracks, made.tracks)
        of_tracks = [{**row, "genre_id": genre_ids[name]} for row, name in made.genres]
        await add_missing(write, track_genres, of_tracks)
        credits.extend(made.credits)
    await add_missing(write, track_artists, credits)
    await _collections(database, world)
    return added


async def _collections(database: Database, world: World) -> None:
    made = collections(world)
    await add_missing(database.write, playlists, made.playlists)
    await add_missing(database.write, playlist_collaborators, made.collaborators)
    await add_missing(database.write, playlist_entries, made.entries)
    await add_missing(database.write, saved_tracks, made.saved_tracks)
    await add_missing(database.write, saved_albums, made.saved_albums)


async def _genres(database: Database) -> dict[str, int]:
    """Genres have serial ids, so they are looked up by name."""
    await add_missing(database.write, genres, [{"name": name} for name in GENRES])
    async with database.read() as session:
        rows = await session.execute(select(genres).where(genres.c.name.in_(GENRES)))
        return {row.name: row.id for row in rows}
