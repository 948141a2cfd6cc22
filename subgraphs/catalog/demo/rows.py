"""The rows of demo music: artist by artist, with everything that hangs on one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from subgraphs.catalog.demo.naming import GENRES, artist_name, biography, records, seconds
from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.people import active, people
from subgraphs.kit.demo.pictures import book
from subgraphs.kit.demo.places import City
from subgraphs.kit.demo.tracks import MOST_ALBUMS, MOST_TRACKS, SURE_TRACKS, track_number

TRACKS = {"SINGLE": (1, 2), "EP": (4, 6), "ALBUM": (SURE_TRACKS, MOST_TRACKS)}
JOINED_DAYS = (15, 700)
KINDS = ("ALBUM", "ALBUM", "EP", "SINGLE")
PERMISSIONS = (["ALL"], ["EDIT_PROFILE"], ["EDIT_PROFILE", "UPLOAD"])


@dataclass(frozen=True, slots=True)
class Music:
    """The rows of some artists, by table."""

    artists: list[Row] = field(default_factory=list)
    managers: list[Row] = field(default_factory=list)
    albums: list[Row] = field(default_factory=list)
    tracks: list[Row] = field(default_factory=list)
    credits: list[Row] = field(default_factory=list)
    genres: list[tuple[Row, str]] = field(default_factory=list)
    """A row that wants the id of the genre with that name."""


def music(world: World, numbers: range) -> Music:
    made = Music()
    for number in numbers:
        draw, genre = demo_random("artist", number), GENRES[number * 5 % len(GENRES)]
        city = people(world.size.users)[active(number, world.size.users)].city
        joined = world.now - timedelta(days=draw.randint(*JOINED_DAYS), seconds=draw.randrange(86_400))
        made.artists.append(_artist(world, number, genre, city, joined, draw))
        made.managers.extend(_managers(world, number, joined, draw))
        _add_albums(made, world, number, genre, city, joined, draw)
    return made


def _artist(world: World, number: int, genre: str, city: City, joined: datetime, draw: Random) -> Row:
    return {
        "id": demo_id("artist", number),
        "name": artist_name(number, genre, city),
        "bio": biography(genre, city, draw),
        "avatar_url": world.picture(book.artist_picture(genre, number)),
        "is_verified": draw.random() < 0.4,
        "created_at": joined,
        "updated_at": joined,
    }


def _managers(world: World, number: int, joined: datetime, draw: Random) -> Iterator[Row]:
    """Each has one who may do everything, one in three somebody else too."""
    users = {active(number, world.size.users): PERMISSIONS[0]}
    if number % 3 == 0:
        second = active(draw.randrange(world.size.users), world.size.users)
        users.setdefault(second, draw.choice(PERMISSIONS))
    for user, permissions in users.items():
        ids = {"artist_id": demo_id("artist", number), "user_id": demo_id("user", user)}
        yield {**ids, "permissions": json.dumps(permissions), "created_at": joined}


def _add_albums(
    made: Music, world: World, artist: int, genre: str, city: City, joined: datetime, draw: Random
) -> None:
    days_ago = draw.randint(10, 400)
    for nth, (title, tracks) in enumerate(records(genre, city, draw.randint(1, MOST_ALBUMS), draw)):
        number = artist * MOST_ALBUMS + nth
        kind = KINDS[0] if nth == 0 else draw.choice(KINDS)
        released = world.now - timedelta(days=days_ago)
        created = max(joined, released)
        made.albums.append(
            {
                "id": demo_id("album", number),
                "artist_id": demo_id("artist", artist),
                "title": title if kind != "SINGLE" else tracks[0],
                "release_date": released.date(),
                "cover_url": world.picture(book.cover(genre, number)) or book.inline_cover(number),
                "type": kind,
                "created_at": created,
                "updated_at": created,
            }
        )
        days_ago += draw.randint(200, 900)
        length = draw.randint(*TRACKS[kind])
        album = Album(number, artist, genre, created)
        for place, track in enumerate(tracks[:length]):
            _add_track(made, world, album, place, track)


@dataclass(frozen=True, slots=True)
class Album:
    number: int
    artist: int
    genre: str
    created: datetime


def _add_track(made: Music, world: World, album: Album, place: int, title: str) -> None:
    number = track_number(album.number, place)
    track_id, draw = demo_id("track", number), demo_random("track", number)
    made.tracks.append(
        {
            "id": track_id,
            "album_id": demo_id("album", album.number),
            "title": title,
            "duration_sec": seconds(album.genre, draw),
            "track_number": place + 1,
            "file_key": f"tracks/{track_id}",
            "is_available": False,  # until its sound is made: processing tells, as of everybody's
            "created_at": album.created,
            "updated_at": album.created,
        }
    )
    made.credits.append(_credit(track_id, album, album.artist, "MAIN", 1))
    guest = draw.randrange(world.size.artists)
    if draw.random() < 0.12 and guest != album.artist:
        made.credits.append(_credit(track_id, album, guest, "FEATURED", 2))
    second = draw.choice(GENRES) if draw.random() < 0.15 else album.genre
    for name in dict.fromkeys((album.genre, second)):
        made.genres.append(({"track_id": track_id, "created_at": album.created}, name))


def _credit(track_id: object, album: Album, artist: int, kind: str, order: int) -> Row:
    ids = {"track_id": track_id, "artist_id": demo_id("artist", artist)}
    return {**ids, "artist_type": kind, "display_order": order, "created_at": album.created}
