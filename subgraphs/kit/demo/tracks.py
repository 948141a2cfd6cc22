"""Which tracks there are in the demo world, for domains that say something of them: each artist's first album
has eight at least.
"""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.demo.world import demo_id

MOST_ALBUMS, MOST_TRACKS = 3, 12
"""Of an artist; of an album."""
SURE_TRACKS = 8


def track_number(album: int, place: int) -> int:
    return album * MOST_TRACKS + place


def sure_track(artist: int, place: int) -> UUID:
    """A track of the artist's first album, `place` below SURE_TRACKS."""
    return demo_id("track", track_number(artist * MOST_ALBUMS, place))
