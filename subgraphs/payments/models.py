"""The tables of the payments schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    CHAR,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    func,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _at(name: str) -> Column[object]:
    return Column(name, MOMENT, nullable=False, server_default=func.now())


payments = Table(
    "payments",
    metadata,
    _id(),
    Column("tenant_id", Uuid),
    Column("host_id", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("registration_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("provider", String(50)),
    Column("provider_payment_id", String(200)),
    Column("status", String(20), nullable=False, server_default="DUE"),
    Column("method", String(20)),
    Column("amount_cents", BigInteger, nullable=False),
    Column("refunding_cents", BigInteger, nullable=False, server_default="0"),
    Column("refunded_cents", BigInteger, nullable=False, server_default="0"),
    Column("currency", CHAR(3), nullable=False),
    Column("checkout_url", String(2000)),
    Column("failure_code", String(100)),
    Column("metadata", LargeBinary),
    Column("due_until", MOMENT, nullable=False),
    _at("created_at"),
    Column("completed_at", MOMENT),
    _at("updated_at"),
)

refunds = Table(
    "refunds",
    metadata,
    _id(),
    Column("payment_id", ForeignKey("payments.id"), nullable=False),
    Column("tenant_id", Uuid),
    Column("amount_cents", BigInteger, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("status", String(20), nullable=False, server_default="REQUESTED"),
    Column("provider_refund_id", String(200)),
    Column("idempotency_key", String(100), nullable=False),
    _at("created_at"),
    _at("updated_at"),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("transaction_id", Uuid, nullable=False),
    Column("payment_id", Uuid, nullable=False),
    Column("account", String(20), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("currency", CHAR(3), nullable=False),
    _at("at"),
)

webhook_events = Table(
    "webhook_events",
    metadata,
    Column("provider", String(50), primary_key=True),
    Column("event_id", String(200), primary_key=True),
    Column("type", String(100), nullable=False),
    Column("payment_id", Uuid),
    _at("received_at"),
)

findings = Table(
    "findings",
    metadata,
    _id(),
    Column("kind", String(30), nullable=False),
    Column("payment_id", Uuid),
    Column("provider_payment_id", String(200)),
    Column("detail", String(500), nullable=False),
    _at("found_at"),
)
