"""The tables of the processing schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, MetaData, SmallInteger, String, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData()
MOMENT = DateTime(timezone=True)

tracks = Table(
    "tracks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("artist_id", Uuid, nullable=False),
    Column("file_key", String(255), nullable=False),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

artist_uploaders = Table(
    "artist_uploaders",
    metadata,
    Column("artist_id", Uuid, primary_key=True),
    Column("users", ARRAY(Uuid), nullable=False),
)

processing_jobs = Table(
    "processing_jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("track_id", Uuid, nullable=False),
    Column("source_bucket", String(100), nullable=False),
    Column("source_key", String(255), nullable=False),
    Column("status", String(20), nullable=False, server_default="PENDING"),
    Column("worker_pod", String(100)),
    Column("error_log", Text),
    Column("requested_by", Uuid),
    Column("reason", String(300)),
    Column("progress", SmallInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", MOMENT, nullable=False, server_default=func.now()),
    Column("leased_until", MOMENT),
    Column("duration_sec", Integer),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)
