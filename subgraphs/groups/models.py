"""The tables of the groups schema, as its migrations leave them."""

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

metadata = MetaData()
MOMENT = DateTime(timezone=True)


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _moment(name: str) -> Column[object]:
    return Column(name, MOMENT, nullable=False, server_default=func.now())


def _of_group() -> Column[object]:
    return Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), nullable=False)


groups = Table(
    "groups",
    metadata,
    _id(),
    Column("teacher_telegram_id", BigInteger, nullable=False),
    Column("name", String(200), nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("language", String(3), nullable=False),
    Column("level", String(6), nullable=False),
    Column("max_members", Integer, nullable=False),
    Column("status", String(20), nullable=False, server_default="ACTIVE"),
    _moment("created_at"),
    _moment("updated_at"),
)

group_members = Table(
    "group_members",
    metadata,
    _id(),
    _of_group(),
    Column("student_telegram_id", BigInteger, nullable=False),
    _moment("joined_at"),
)

group_invitations = Table(
    "group_invitations",
    metadata,
    _id(),
    _of_group(),
    Column("code_hash", String(64), nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("max_uses", Integer, nullable=False),
    Column("uses", Integer, nullable=False, server_default="0"),
    Column("revoked_at", MOMENT),
    _moment("created_at"),
)

group_progress = Table(
    "group_progress",
    metadata,
    _id(),
    _of_group(),
    Column("topic", String(200), nullable=False),
    Column("percent", Integer, nullable=False),
    Column("note", String(1000), nullable=False, server_default=""),
    _moment("noted_at"),
)

known_teachers, known_students = (
    Table(
        name,
        metadata,
        Column("telegram_id", BigInteger, primary_key=True, autoincrement=False),
        Column("user_id", Uuid, nullable=False),
    )
    for name in ("known_teachers", "known_students")
)
