"""The tables of what is said about events: questions and who wants them answered, as the migrations leave
them.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Uuid, func

from subgraphs.events.metadata import MOMENT, metadata

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
