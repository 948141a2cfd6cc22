"""The tables of `db.migrations.messaging.MESSAGES`, as queried."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, String, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("message_id", Uuid),
    Column("topic", String),
    Column("key", String),
    Column("type", String),
    Column("payload", JSONB),
    Column("headers", JSONB),
    Column("created_at", DateTime(timezone=True)),
    Column("published_at", DateTime(timezone=True)),
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer", String, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("failures", Integer),
    Column("handled_at", DateTime(timezone=True)),
    Column("noted_at", DateTime(timezone=True)),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("consumer", String, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("message", JSONB),
    Column("error", String),
    Column("died_at", DateTime(timezone=True)),
)
