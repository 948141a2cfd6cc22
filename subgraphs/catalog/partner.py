"""What partners may see of the catalog: who made which music. Who manages it, saved it and listed it is
between people and us.
"""

from __future__ import annotations

from typing import Final

from subgraphs.kit.partner import Shown

SHOWN: Final[Shown] = {
    "Query": (
        *("artist", "artists", "album", "albums", "track", "tracks", "genre", "genres"),
        *("searchArtists", "searchAlbums", "searchTracks", "searchGenres"),
    ),
    "Artist": ("id", "name", "bio", "avatarUrl", "isVerified", "albums", "tracks", "appearsOn"),
    "Album": ("id", "title", "releaseDate", "coverUrl", "type", "artist", "tracks", "durationSeconds"),
    "Track": (
        "id",
        "title",
        "durationSeconds",
        "trackNumber",
        "isAvailable",
        "album",
        "artists",
        "genres",
    ),
    "TrackArtist": ("artist", "role"),
    "Genre": ("id", "name", "tracks"),
}
