"""The tables of the catalog schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.migrations.sorting import sort_expression
from db.search import search_tables

metadata = MetaData()


def _made() -> list[Column[object]]:
    moment = DateTime(timezone=True)
    return [
        Column(name, moment, nullable=False, server_default=func.now())
        for name in ("created_at", "updated_at")
    ]


artists = Table(
    "artists",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("name", String(100), nullable=False),
    Column("name_sort", Text, Computed(sort_expression("name"))),
    Column("bio", Text),
    Column("avatar_url", String(512)),
    Column("is_verified", Boolean, nullable=False, server_default="false"),
    *_made(),
)

artist_managers = Table(
    "artist_managers",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("permissions", JSONB, nullable=False, server_default='["ALL"]'),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

artist_invitations = Table(
    "artist_invitations",
    metadata,
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("permissions", JSONB, nullable=False),
    Column("invited_by", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

albums = Table(
    "albums",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE"), nullable=False),
    Column("title", String(150), nullable=False),
    Column("release_date", Date, nullable=False),
    Column("cover_url", String(512), nullable=False),
    Column("type", String(20), nullable=False, server_default="ALBUM"),
    Column("is_draft", Boolean, nullable=False, server_default="false"),
    Column("reissue_of", ForeignKey("albums.id", ondelete="SET NULL")),
    Column("is_release_told", Boolean, nullable=False, server_default="false"),
    *_made(),
)

tracks = Table(
    "tracks",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("album_id", ForeignKey("albums.id", ondelete="CASCADE"), nullable=False),
    Column("title", String(150), nullable=False),
    Column("duration_sec", Integer, nullable=False),
    Column("track_number", Integer, nullable=False),
    Column("file_key", String(255), nullable=False, unique=True),
    Column("is_available", Boolean, nullable=False, server_default="false"),
    *_made(),
)

track_artists = Table(
    "track_artists",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE"), primary_key=True),
    Column("artist_type", String(20), nullable=False, server_default="MAIN"),
    Column("display_order", Integer, nullable=False, server_default="1"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

genres = Table(
    "genres",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50), nullable=False, unique=True),
    Column("name_sort", Text, Computed(sort_expression("name"))),
)

track_genres = Table(
    "track_genres",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("genre_id", ForeignKey("genres.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

for _table in ("artists", "albums", "tracks", "genres"):
    search_tables(metadata, _table)

blocks = Table(
    "blocks",
    metadata,
    Column("blocker_id", Uuid, primary_key=True),
    Column("blocked_id", Uuid, primary_key=True),
)

playlists = Table(
    "playlists",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("owner_id", Uuid, nullable=False),
    Column("title", String(100), nullable=False),
    Column("description", Text),
    Column("visibility", String(20), nullable=False, server_default="PRIVATE"),
    *_made(),
)

playlist_collaborators = Table(
    "playlist_collaborators",
    metadata,
    Column("playlist_id", ForeignKey("playlists.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

playlist_entries = Table(
    "playlist_entries",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("playlist_id", ForeignKey("playlists.id", ondelete="CASCADE"), nullable=False),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False),
    Column("place", Text(collation="C"), nullable=False),
    Column("added_by", Uuid),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

saved_tracks = Table(
    "saved_tracks",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

saved_albums = Table(
    "saved_albums",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("album_id", ForeignKey("albums.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

artist_verifications = Table(
    "artist_verifications",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("artist_id", ForeignKey("artists.id", ondelete="CASCADE"), nullable=False),
    Column("requested_by", Uuid),
    Column("statement", Text, nullable=False),
    Column("status", String(20), nullable=False, server_default="PENDING"),
    Column("reason", Text),
    Column("decided_by", Uuid),
    Column("decided_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
