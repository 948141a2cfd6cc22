"""The tables of the analytics schema, as its migrations leave them. The months of events are partitions."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Uuid,
    func,
    text,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)
AMOUNT = Numeric(30)

known_events = Table(
    "known_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("tenant_id", Uuid),
    Column("host_id", Uuid),
    Column("is_public", Boolean, nullable=False),
    Column("starts_at", MOMENT, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

analytics_events = Table(
    "analytics_events",
    metadata,
    Column(
        "id",
        BigInteger,
        primary_key=True,
        server_default=text("nextval('analytics_events_id_seq'::regclass)"),
    ),
    Column("source_id", Uuid, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("event_id", Uuid),
    Column("visitor", LargeBinary),
    Column("is_first", Boolean, nullable=False, server_default=text("false")),
    Column("amount_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("currency", String(3), nullable=False, server_default=text("''")),
    Column("occurred_at", MOMENT, primary_key=True),
    Column("received_at", MOMENT, nullable=False, server_default=func.now()),
)

receipts = Table(
    "receipts",
    metadata,
    Column("source_id", Uuid, primary_key=True),
    Column("received_at", MOMENT, nullable=False, server_default=func.now()),
)

visitor_days = Table(
    "visitor_days",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("visitor", LargeBinary, primary_key=True),
)

visitor_keys = Table(
    "visitor_keys",
    metadata,
    Column("day", Date, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

pending_rollups = Table(
    "pending_rollups",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("event_id", Uuid),
    Column("quarter", MOMENT, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("amount_minor", AMOUNT, nullable=False),
)

rollups = Table(
    "rollups",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("quarter", MOMENT, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("amount_minor", AMOUNT, nullable=False),
)
