"""The tables of the streaming schema, as its migrations leave them. The months of plays are partitions."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import INET

metadata = MetaData()
MOMENT = DateTime(timezone=True)

tracks = Table(
    "tracks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("artist_id", Uuid, nullable=False),
    Column("duration_sec", Integer, nullable=False),
    Column("file_key", String(255), nullable=False),
    Column("is_available", Boolean, nullable=False),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

track_credits = Table(
    "track_credits",
    metadata,
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("artist_id", Uuid, primary_key=True),
)

playback_history = Table(
    "playback_history",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("track_id", Uuid, nullable=False),
    Column("listened_sec", Integer, nullable=False),
    Column("timestamp", MOMENT, primary_key=True, server_default=func.now()),
    Column("ip_address", INET),
    Column("platform", String(20)),
    Column("is_counted", Boolean, nullable=False),
)

play_flags = Table(
    "play_flags",
    metadata,
    Column("play_id", BigInteger, primary_key=True),
    Column("timestamp", MOMENT, nullable=False),
    Column("reason", String(30), nullable=False),
    Column("flagged_at", MOMENT, nullable=False, server_default=func.now()),
)

play_receipts = Table(
    "play_receipts",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("client_id", Uuid, primary_key=True),
    Column("received_at", MOMENT, nullable=False, server_default=func.now()),
)

track_months = Table(
    "track_months",
    metadata,
    Column("track_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("plays", BigInteger, nullable=False),
    Column("counted_plays", BigInteger, nullable=False),
    Column("listened_sec", BigInteger, nullable=False),
)

track_listeners = Table(
    "track_listeners",
    metadata,
    Column("track_id", Uuid, primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("last_at", MOMENT, nullable=False),
)
