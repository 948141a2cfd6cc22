"""The tables of the teachers schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    func,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)

teachers = Table(
    "teachers",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("user_id", Uuid, nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("display_name", String(100), nullable=False),
    Column("bio", Text, nullable=False, server_default=""),
    Column("timezone", String(64), nullable=False, server_default="UTC"),
    Column("phone", LargeBinary),
    Column("is_active", Boolean, nullable=False, server_default="true"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

teacher_languages = Table(
    "teacher_languages",
    metadata,
    Column("teacher_id", ForeignKey("teachers.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String(3), primary_key=True),
    Column("level", String(6), nullable=False),
    Column("hourly_rate_cents", Integer),
    Column("currency", String(3)),
)
