"""The tables of the interactions schema, as its migrations leave them. What is looked for has a column; what
is only carried is in the document.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from subgraphs.kit.relations import blocks_table

metadata = MetaData()
MOMENT = DateTime(timezone=True)

post_counts = Table(
    "post_counts",
    metadata,
    Column("post_id", Uuid, primary_key=True),
    Column("like_count", BigInteger, nullable=False, server_default="0"),
    Column("comment_count", BigInteger, nullable=False, server_default="0"),
    Column("revision", BigInteger, nullable=False, server_default="1"),
    Column("gone_at", MOMENT),
)

likes = Table(
    "likes",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("target_id", Uuid, nullable=False),
    Column("post_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

comments = Table(
    "comments",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("post_id", Uuid, nullable=False),
    Column("post_author_id", Uuid, nullable=False),
    Column("parent_id", ForeignKey("comments.id", ondelete="CASCADE")),
    Column("thread_id", Uuid, Computed("coalesce(parent_id, post_id)")),
    Column("depth", Integer, nullable=False),
    Column("author_id", Uuid),
    Column("document", JSONB, nullable=False),
    Column("like_count", Integer, nullable=False, server_default="0"),
    Column("reply_count", Integer, nullable=False, server_default="0"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

blocks = blocks_table(metadata)
