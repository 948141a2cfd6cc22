"""The tables of the posts schema, as its migrations leave them."""

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
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from subgraphs.kit.news import news_table
from subgraphs.kit.relations import blocks_table, follows_table, private_accounts_table

metadata = MetaData()
MOMENT = DateTime(timezone=True)

posts = Table(
    "posts",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("author_id", Uuid, nullable=False),
    Column("type", String(20), nullable=False, server_default="TEXT"),
    Column("content", Text, nullable=False, server_default=""),
    Column("media_id", Uuid),
    Column("media_ids", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("event_id", Uuid),
    Column("attached_event_id", Uuid),
    Column("visibility", String(20), nullable=False, server_default="PUBLIC"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
    Column("edited_at", MOMENT),
    Column("language", String(10)),
    Column("hidden_at", MOMENT),
    Column("shown_as", String(20)),
)

post_images = Table(
    "post_images",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("image_url", String(512), nullable=False),
    Column("alt_text", String(300)),
    Column("position", Integer, nullable=False),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

post_media = Table(
    "post_media",
    metadata,
    Column("media_id", Uuid, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), nullable=False),
)

post_edits = Table(
    "post_edits",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("content", Text, nullable=False),
    Column("images", JSONB, nullable=False),
    Column("media_ids", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("written_at", MOMENT, nullable=False),
    Column("replaced_at", MOMENT, nullable=False, server_default=func.now()),
)

post_hashtags = Table(
    "post_hashtags",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(100, collation="C"), primary_key=True),
    Column("label", String(100), nullable=False),
    Column("position", Integer, nullable=False),
    Column("created_at", MOMENT, nullable=False),
)

post_mentions = Table(
    "post_mentions",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("label", String(50), nullable=False),
    Column("position", Integer, nullable=False),
    Column("created_at", MOMENT, nullable=False),
)

untagged = Table(
    "untagged",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
)

post_texts = Table(
    "post_texts",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", MOMENT, nullable=False),
    Column("words", TSVECTOR, nullable=False),
)

author_tallies = Table(
    "author_tallies",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("post_count", BigInteger, nullable=False, server_default="0"),
    Column("is_told", Boolean, nullable=False, server_default="false"),
)

polls = Table(
    "polls",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("allows_several", Boolean, nullable=False),
    Column("closes_at", MOMENT),
)

poll_options = Table(
    "poll_options",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("post_id", ForeignKey("polls.post_id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("label", String(100), nullable=False),
    Column("vote_count", BigInteger, nullable=False, server_default="0"),
)

poll_votes = Table(
    "poll_votes",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("option_id", ForeignKey("poll_options.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

reposts = Table(
    "reposts",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("comment", Text, nullable=False, server_default=""),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

shares = Table(
    "shares",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("user_id", Uuid, nullable=False),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("target", String(20), nullable=False),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

follows = follows_table(metadata)
blocks = blocks_table(metadata)
private_accounts = private_accounts_table(metadata)

names = Table(
    "names",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", String(50), nullable=False),
)

languages = Table(
    "languages",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("language", String(10), nullable=False),
)

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

posts_news = news_table(posts, metadata)
post_media_news = news_table(post_media, metadata)
