"""The tables of the tickets schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    Uuid,
    func,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)
QUEUE = Sequence("registration_queue")


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _at(name: str) -> Column[object]:
    return Column(name, MOMENT, nullable=False, server_default=func.now())


def _event() -> list[Column[object]]:
    return [
        Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
        Column("tenant_id", Uuid),
    ]


events = Table(
    "events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("tenant_id", Uuid),
    Column("host_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", String(200)),
    Column("is_public", Boolean, nullable=False),
    Column("starts_at", MOMENT, nullable=False),
    Column("ends_at", MOMENT, nullable=False),
    Column("timezone", String(64), nullable=False, server_default="UTC"),
)

ticket_types = Table(
    "ticket_types",
    metadata,
    _id(),
    *_event(),
    Column("name", String(200), nullable=False),
    Column("description", String(2000), nullable=False, server_default=""),
    Column("quantity", Integer, nullable=False),
    Column("sold_count", Integer, nullable=False, server_default="0"),
    Column("price_minor", BigInteger, nullable=False, server_default="0"),
    Column("currency", CHAR(3)),
    Column("sales_start", MOMENT),
    Column("sales_end", MOMENT),
    Column("per_person_limit", Integer, nullable=False, server_default="1"),
    Column("access_code_hash", CHAR(64)),
    Column("cancellable_until", MOMENT),
    Column("refund_percent", Integer, nullable=False, server_default="100"),
    _at("created_at"),
    _at("updated_at"),
)

registrations = Table(
    "registrations",
    metadata,
    _id(),
    *_event(),
    Column("ticket_type_id", ForeignKey("ticket_types.id"), nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False),
    Column("confirmation_code", String(12), nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("currency", CHAR(3)),
    Column("held_until", MOMENT),
    Column("queue_number", BigInteger),
    Column("payment_id", Uuid),
    Column("reason", String(20)),
    _at("created_at"),
    _at("updated_at"),
)

tickets = Table(
    "tickets",
    metadata,
    _id(),
    *_event(),
    Column("registration_id", ForeignKey("registrations.id", ondelete="CASCADE"), nullable=False),
    Column("holder_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False, server_default="VALID"),
    Column("code_serial", Integer, nullable=False, server_default="1"),
    _at("issued_at"),
    _at("updated_at"),
)

check_ins = Table(
    "check_ins",
    metadata,
    _id(),
    *_event(),
    Column("registration_id", ForeignKey("registrations.id", ondelete="CASCADE"), nullable=False),
    Column("ticket_id", ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
    Column("checked_in_by", Uuid),
    Column("scanned_at", MOMENT, nullable=False),
    _at("checked_in_at"),
)
