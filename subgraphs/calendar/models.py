"""The tables of the calendar schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Time,
    Uuid,
    func,
)

metadata = MetaData()
MOMENT = DateTime(timezone=True)


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _noted(name: str) -> Column[object]:
    return Column(name, MOMENT, nullable=False, server_default=func.now())


def _moment(name: str) -> Column[object]:
    return Column(name, MOMENT, nullable=False)


def _number(name: str) -> Column[object]:
    return Column(name, BigInteger, nullable=False)


lesson_series = Table(
    "lesson_series",
    metadata,
    _id(),
    Column("created_by", Uuid, nullable=False),
    Column("client_key", String(100), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    _noted("created_at"),
)

lessons = Table(
    "lessons",
    metadata,
    _id(),
    Column("series_id", ForeignKey("lesson_series.id", ondelete="CASCADE"), nullable=False),
    _number("teacher_telegram_id"),
    Column("group_id", Uuid),
    Column("title", String(200), nullable=False),
    _moment("starts_at"),
    _moment("ends_at"),
    Column("timezone", String(64), nullable=False),
    Column("status", String(20), nullable=False, server_default="SCHEDULED"),
    Column("cancel_reason", String(500)),
    Column("reminded_at", MOMENT),
    _noted("created_at"),
    _noted("updated_at"),
)

lesson_participants = Table(
    "lesson_participants",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True),
    Column("student_telegram_id", BigInteger, primary_key=True, autoincrement=False),
    _moment("starts_at"),
    _moment("ends_at"),
    Column("is_live", Boolean, nullable=False),
)

lesson_attendance = Table(
    "lesson_attendance",
    metadata,
    Column("lesson_id", Uuid, primary_key=True),
    Column("student_telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("status", String(20), nullable=False),
    Column("note", String(500), nullable=False, server_default=""),
    _noted("noted_at"),
)

teacher_schedules = Table(
    "teacher_schedules",
    metadata,
    _id(),
    _number("teacher_telegram_id"),
    Column("weekday", Integer, nullable=False),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    Column("timezone", String(64), nullable=False),
)

teacher_unavailable = Table(
    "teacher_unavailable",
    metadata,
    _id(),
    _number("teacher_telegram_id"),
    _moment("starts_at"),
    _moment("ends_at"),
    Column("reason", String(200), nullable=False, server_default=""),
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
