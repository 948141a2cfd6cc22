"""What the catalog keeps of somebody, for their account's export (kit/records.py)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from subgraphs.catalog.models import (
    artist_invitations,
    artist_managers,
    artist_verifications,
    playlist_collaborators,
    playlist_entries,
    playlists,
    saved_albums,
    saved_tracks,
)
from subgraphs.kit.records import Rows

LISTS: Mapping[str, Rows] = {
    "artist_managers": lambda user: select(artist_managers).where(artist_managers.c.user_id == user),
    "artist_invitations": lambda user: select(artist_invitations).where(artist_invitations.c.user_id == user),
    "artist_verifications": lambda user: select(artist_verifications).where(
        artist_verifications.c.requested_by == user
    ),
    "playlists": lambda user: select(playlists).where(playlists.c.owner_id == user),
    "playlist_entries": lambda user: select(playlist_entries).where(playlist_entries.c.added_by == user),
    "playlist_collaborators": lambda user: select(playlist_collaborators).where(
        playlist_collaborators.c.user_id == user
    ),
    "saved_tracks": lambda user: select(saved_tracks).where(saved_tracks.c.user_id == user),
    "saved_albums": lambda user: select(saved_albums).where(saved_albums.c.user_id == user),
}
