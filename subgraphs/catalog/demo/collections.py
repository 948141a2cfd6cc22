"""What people of the demo world made of its music: a playlist of most, one with a collaborator now and then,
and saved tracks and albums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from subgraphs.catalog.repository.places import MIDDLE, STEP, written
from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.people import Part, people
from subgraphs.kit.demo.tracks import MOST_ALBUMS, SURE_TRACKS, sure_track

TITLES = {
    "en": ("Sunday morning", "On the way to work", "Songs for the kitchen", "Late at night", "For running"),
    "de": ("Sonntagmorgen", "Auf dem Weg zur Arbeit", "Für die Küche", "Spät am Abend", "Zum Laufen"),
    "ru": ("Воскресное утро", "По дороге на работу", "Для кухни", "Поздно вечером", "Для пробежки"),
}
VISIBILITIES = ("PUBLIC", "PUBLIC", "UNLISTED", "PRIVATE")
MOST_TRACKS, MOST_SAVED = 12, 5
MOST_PEOPLE = 5_000
"""Of a large world: the others listen to what there is."""


@dataclass(frozen=True, slots=True)
class Collections:
    """The rows, by table."""

    playlists: list[Row] = field(default_factory=list)
    collaborators: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    saved_tracks: list[Row] = field(default_factory=list)
    saved_albums: list[Row] = field(default_factory=list)


def collections(world: World) -> Collections:
    made = Collections()
    if world.size.artists == 0:
        return made
    for number in range(min(world.size.users, MOST_PEOPLE)):
        draw = demo_random("playlist", number)
        made_at = world.now - timedelta(days=draw.randint(1, 300), seconds=draw.randrange(86_400))
        if number <= max(Part) or draw.random() < 0.7:
            _add_playlist(made, world, number, made_at, draw)
        user = demo_id("user", number)
        for nth, (artist, place) in enumerate(_tracks(world, draw, MOST_SAVED)):
            at = made_at + timedelta(hours=nth)
            made.saved_tracks.append(
                {"user_id": user, "track_id": sure_track(artist, place), "created_at": at}
            )
        for artist in draw.sample(range(world.size.artists), min(2, world.size.artists)):
            album = demo_id("album", artist * MOST_ALBUMS)
            made.saved_albums.append({"user_id": user, "album_id": album, "created_at": made_at})
    return made


def _add_playlist(made: Collections, world: World, number: int, made_at: datetime, draw: Random) -> None:
    playlist, owner = demo_id("playlist", number), demo_id("user", number)
    titles = TITLES[people(world.size.users)[number].language]
    visibility = VISIBILITIES[0] if number <= max(Part) else draw.choice(VISIBILITIES)
    made.playlists.append(
        {
            "id": playlist,
            "owner_id": owner,
            "title": titles[number % len(titles)],
            "visibility": visibility,
            "created_at": made_at,
            "updated_at": made_at,
        }
    )
    friend = (number + 1) % world.size.users
    if draw.random() < 0.2 and friend != number:
        collaborator = {"playlist_id": playlist, "user_id": demo_id("user", friend), "created_at": made_at}
        made.collaborators.append(collaborator)
    for nth, (artist, place) in enumerate(_tracks(world, draw, MOST_TRACKS), start=1):
        made.entries.append(
            {
                "id": demo_id("playlist_entry", number * MOST_TRACKS + nth - 1),
                "playlist_id": playlist,
                "track_id": sure_track(artist, place),
                "place": written(MIDDLE + nth * STEP),
                "added_by": owner,
                "created_at": made_at,
            }
        )


def _tracks(world: World, draw: Random, most: int) -> Iterator[tuple[int, int]]:
    """Different ones: artist and place on their first album."""
    there = world.size.artists * SURE_TRACKS
    for number in draw.sample(range(there), min(draw.randint(3, most), there)):
        yield divmod(number, SURE_TRACKS)
