"""The tables of the media schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
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

metadata = MetaData()
MOMENT = DateTime(timezone=True)

media = Table(
    "media",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("filename", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("bucket", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("variants", JSONB, nullable=False, server_default="{}"),
    Column("purpose", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False, server_default="UPLOADING"),
    Column("renditions", JSONB, nullable=False, server_default="[]"),
    Column("upload_id", Text),
    Column("expires_at", MOMENT, nullable=False),
    Column("track_id", Uuid),
    Column("alt_text", String(1000)),
    Column("blurhash", String(100)),
    Column("width", Integer),
    Column("height", Integer),
    Column("duration_ms", Integer),
    Column("reason", String(300)),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

attachments = Table(
    "attachments",
    metadata,
    Column("post_id", Uuid, primary_key=True),
    Column("media_id", ForeignKey("media.id", ondelete="CASCADE"), primary_key=True),
)

event_attachments = Table(
    "event_attachments",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("media_id", ForeignKey("media.id", ondelete="CASCADE"), primary_key=True),
)
