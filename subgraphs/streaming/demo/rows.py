"""A demo play: somebody, a track of an artist they return to, on an evening of the last weeks."""

from __future__ import annotations

from datetime import timedelta

from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.tracks import SURE_TRACKS, sure_track

WEEKS = 3
PLATFORMS = ("WEB", "IOS", "ANDROID", None)
LONGEST_SECONDS = 130
"""Every demo track is longer."""


def play_row(world: World, number: int) -> Row:
    draw, user = demo_random("play", number), number % world.size.users
    liked = (user * 7 + draw.choice((0, 0, 0, 1, 2))) % world.size.artists
    ago = timedelta(days=draw.randrange(1, WEEKS * 7), seconds=draw.randrange(86_400))
    listened = draw.choice((LONGEST_SECONDS, LONGEST_SECONDS, draw.randint(3, LONGEST_SECONDS)))
    return {
        "id": -number - 1,
        "user_id": demo_id("user", user),
        "track_id": sure_track(liked, draw.randrange(SURE_TRACKS)),
        "listened_sec": listened,
        "timestamp": world.now - ago,
        "ip_address": None,
        "platform": draw.choice(PLATFORMS),
        "is_counted": listened >= 30,
    }
