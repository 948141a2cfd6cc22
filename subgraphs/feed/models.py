"""The tables of the feed schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, MetaData, Table, Uuid, func

from subgraphs.kit.relations import follows_table

metadata = MetaData()
MOMENT = DateTime(timezone=True)

known_posts = Table(
    "known_posts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("is_pulled", Boolean, nullable=False, server_default="false"),
)

follows = follows_table(metadata)

crowds = Table("crowds", metadata, Column("author_id", Uuid, primary_key=True))

readers = Table(
    "readers",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("seen_at", MOMENT, nullable=False),
    Column("seen_post_id", Uuid, nullable=False),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)
