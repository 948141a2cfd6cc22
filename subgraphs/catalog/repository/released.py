"""Who sees which albums and tracks, as conditions of statements: everybody what is out, an artist's managers
and administrators what is not out yet, too. A track is seen where its album is.

Out is what is no draft and whose day has come (UTC, by the store's clock).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, literal_column, or_, select, true

from subgraphs.catalog.models import albums, artist_managers, tracks
from subgraphs.catalog.values import Reader

TODAY: ColumnElement[object] = literal_column("CAST(now() AT TIME ZONE 'UTC' AS date)")
OUT_SQL = "NOT {0}.is_draft AND {0}.release_date <= CAST(now() AT TIME ZONE 'UTC' AS date)"
"""The same of an album called {0}, for a search by name."""


def out() -> ColumnElement[bool]:
    return and_(albums.c.is_draft.is_(False), albums.c.release_date <= TODAY)


def album_seen_by(reader: Reader) -> ColumnElement[bool]:
    if reader.is_admin:
        return true()
    if reader.user_id is None:
        return out()
    office = select(artist_managers.c.id).where(
        artist_managers.c.artist_id == albums.c.artist_id, artist_managers.c.user_id == reader.user_id
    )
    return or_(out(), office.exists())


def track_seen_by(reader: Reader) -> ColumnElement[bool]:
    """Of a row of `tracks`."""
    if reader.is_admin:
        return true()
    return select(albums.c.id).where(albums.c.id == tracks.c.album_id, album_seen_by(reader)).exists()
