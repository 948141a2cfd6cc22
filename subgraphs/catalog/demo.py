"""Demo music: artists with managers, albums and tracks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db.bulk import insert_missing
from db.postgres import Database, WriteSession
from subgraphs.catalog.models import (
    albums,
    artist_managers,
    artists,
    genres,
    track_artists,
    track_genres,
    tracks,
)
from subgraphs.kit.demo import NOW, DemoSize, demo_faker, demo_id, demo_random

GENRES = (
    "Ambient",
    "Classical",
    "Electronic",
    "Folk",
    "Hip-Hop",
    "Indie",
    "Jazz",
    "Metal",
    "Pop",
    "Rock",
    "Soul",
)
MOST_ALBUMS, MOST_TRACKS = 4, 12
PERMISSIONS = (["ALL"], ["EDIT_PROFILE"], ["EDIT_PROFILE", "UPLOAD"])


async def seed(database: Database, size: DemoSize) -> int:
    """Add what is missing; how many artists that were."""
    made, played = list(album_rows(size)), list(track_rows(size))
    async with database.write() as session:
        added = await insert_missing(session, artists, artist_rows(size))
        await insert_missing(session, artist_managers, _manager_rows(size))
        await insert_missing(session, albums, made)
        await insert_missing(session, tracks, played)
        await insert_missing(session, track_artists, _credit_rows(size, made, played))
        await _add_genres(session, played)
    return added


def artist_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    fake, draw = demo_faker("artist"), demo_random("artist")
    for number in range(size.artists):
        person = draw.random() < 0.5
        name = (
            fake.name() if person else f"The {fake.color_name()} {fake.word(part_of_speech='noun').title()}s"
        )
        yield {
            "id": demo_id("artist", number),
            "name": name,
            "bio": f"From {fake.city()}. {fake.paragraph(nb_sentences=3)}",
            "avatar_url": f"https://media.plait.example/artists/{demo_id('artist', number)}.jpg",
            "is_verified": draw.random() < 0.4,
        }


def album_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    fake, draw = demo_faker("album"), demo_random("album")
    for artist in range(size.artists):
        for number in range(draw.randint(1, MOST_ALBUMS)):
            album_id = demo_id("album", artist * MOST_ALBUMS + number)
            yield {
                "id": album_id,
                "artist_id": demo_id("artist", artist),
                "title": " ".join(fake.words(draw.randint(1, 3), unique=True)).title(),
                "release_date": (NOW - timedelta(days=draw.randint(10, 4000))).date(),
                "cover_url": f"https://media.plait.example/covers/{album_id}.jpg",
                "type": draw.choice(("ALBUM", "ALBUM", "EP", "SINGLE")),
            }


def track_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    fake, draw = demo_faker("track"), demo_random("track")
    for album, row in enumerate(album_rows(size)):
        most = {"SINGLE": 1, "EP": 5, "ALBUM": MOST_TRACKS}[row["type"]]
        for number in range(draw.randint(min(3, most), most)):
            track_id = demo_id("track", album * MOST_TRACKS + number)
            yield {
                "id": track_id,
                "album_id": row["id"],
                "title": " ".join(fake.words(draw.randint(1, 4), unique=True)).capitalize(),
                "duration_sec": draw.randint(95, 420),
                "track_number": number + 1,
                "file_key": f"tracks/{track_id}",
                "is_available": draw.random() < 0.9,
            }


def _manager_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    """Artist n is managed by user n + 1, and one in three by somebody else too."""
    draw = demo_random("manager")
    for artist in range(size.artists):
        users = {(artist + 1) % size.users: PERMISSIONS[0]}
        if artist % 3 == 0:
            users.setdefault(draw.randrange(size.users), draw.choice(PERMISSIONS))
        for user, permissions in users.items():
            ids = {"artist_id": demo_id("artist", artist), "user_id": demo_id("user", user)}
            yield {**ids, "permissions": permissions}


def _credit_rows(
    size: DemoSize, made: list[dict[str, Any]], played: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    draw = demo_random("credit")
    artist_of = {album["id"]: album["artist_id"] for album in made}
    for track in played:
        main = artist_of[track["album_id"]]
        yield {"track_id": track["id"], "artist_id": main, "artist_type": "MAIN", "display_order": 1}
        guest = demo_id("artist", draw.randrange(size.artists))
        if draw.random() < 0.15 and guest != main:
            yield {"track_id": track["id"], "artist_id": guest, "artist_type": "FEATURED", "display_order": 2}


async def _add_genres(session: WriteSession, played: list[dict[str, Any]]) -> None:
    """Genres have serial ids, so they are looked up by name."""
    await insert_missing(session, genres, [{"name": name} for name in GENRES])
    known = {
        row.name: row.id for row in await session.execute(select(genres).where(genres.c.name.in_(GENRES)))
    }
    draw = demo_random("genre")
    chosen = ((track["id"], draw.sample(GENRES, draw.randint(1, 2))) for track in played)
    rows = ({"track_id": track, "genre_id": known[name]} for track, names in chosen for name in names)
    await insert_missing(session, track_genres, rows)
