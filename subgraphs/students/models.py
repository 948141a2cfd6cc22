"""The tables of the students schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
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

students = Table(
    "students",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("user_id", Uuid, nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("display_name", String(100), nullable=False),
    Column("timezone", String(64), nullable=False, server_default="UTC"),
    Column("phone", LargeBinary),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

known_teachers = Table(
    "known_teachers",
    metadata,
    Column("telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", Uuid, nullable=False),
)

group_enrollments = Table(
    "group_enrollments",
    metadata,
    Column("group_id", Uuid, primary_key=True),
    Column("student_telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("teacher_telegram_id", BigInteger, nullable=False),
    Column("enrolled_at", MOMENT, nullable=False),
)

student_languages = Table(
    "student_languages",
    metadata,
    Column("student_id", ForeignKey("students.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String(3), primary_key=True),
    Column("level", String(6), nullable=False),
    Column("target_level", String(6)),
)

goals = Table(
    "goals",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("student_id", ForeignKey("students.id", ondelete="CASCADE"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("due_on", Date),
    Column("reached_at", MOMENT),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

progress = Table(
    "progress",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("student_id", ForeignKey("students.id", ondelete="CASCADE"), nullable=False),
    Column("language", String(3), nullable=False),
    Column("level", String(6), nullable=False),
    Column("note", String(1000), nullable=False, server_default=""),
    Column("noted_by", Uuid, nullable=False),
    Column("noted_at", MOMENT, nullable=False, server_default=func.now()),
)
