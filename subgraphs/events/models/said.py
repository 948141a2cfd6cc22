"""The tables of what is said about events: questions and who wants them answered, reviews and what they
come to, and who was let in by a ticket; as the migrations leave them.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    Table,
    Uuid,
    func,
)

from subgraphs.events.models.base import MOMENT, metadata

event_qna = Table(
    "event_qna",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("question", String(1000), nullable=False),
    Column("answer", String(4000)),
    Column("answered_by", Uuid),
    Column("answered_at", MOMENT),
    Column("upvote_count", Integer, nullable=False, server_default="0"),
    Column("hidden_at", MOMENT),
    Column("hidden_by", String(20)),
    Column("edited_at", MOMENT),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

event_qna_upvotes = Table(
    "event_qna_upvotes",
    metadata,
    Column("question_id", ForeignKey("event_qna.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("event_id", ForeignKey("events.id"), nullable=False),
    Column("reviewer_id", Uuid, nullable=False),
    Column("rating", SmallInteger, nullable=False),
    Column("text", String(4000), nullable=False, server_default=""),
    Column("hidden_at", MOMENT),
    Column("hidden_by", String(20)),
    Column("edited_at", MOMENT),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

ratings = Table(
    "ratings",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("rating_count", BigInteger, nullable=False),
    Column("rating_sum", BigInteger, nullable=False),
)

ticketed_events = Table(
    "ticketed_events",
    metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
)

check_ins = Table(
    "check_ins",
    metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("check_in_id", Uuid, primary_key=True, server_default=str(UUID(int=0))),
    Column("undone", Boolean, nullable=False, server_default="false"),
)
