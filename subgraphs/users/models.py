"""The tables of the users schema, as its migrations leave them."""

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
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET

from db.search import search_tables
from subgraphs.kit.news import news_table

metadata = MetaData()
MOMENT = DateTime(timezone=True)

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("telegram_id", BigInteger, unique=True),
    Column("username", String(50), nullable=False),
    Column("email", String(255), nullable=False),
    Column("email_claim", String(255)),
    Column("password_hash", String(255), nullable=False),
    Column("first_name", String(100)),
    Column("last_name", String(100)),
    Column("bio", String(500)),
    Column("avatar_url", String(512)),
    Column("is_verified", Boolean, nullable=False, server_default="false"),
    Column("is_listed", Boolean, nullable=False, server_default="true"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

roles = Table(
    "roles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20), nullable=False, unique=True),
)

user_roles = Table(
    "user_roles",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("family_id", Uuid, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("ip_address", INET, nullable=False),
    Column("device_info", String(255)),
    Column("expires_at", MOMENT, nullable=False),
    Column("revoked", Boolean, nullable=False, server_default="false"),
    Column("spent_at", MOMENT),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", ARRAY(String(20)), nullable=False),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("expires_at", MOMENT, nullable=False),
    Column("last_used_at", MOMENT),
    Column("revoked_at", MOMENT),
)

logins = Table(
    "logins",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("acting_for", Uuid),
    Column("ip_address", INET, nullable=False),
    Column("device_info", String(255)),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("last_seen_at", MOMENT, nullable=False, server_default=func.now()),
    Column("expires_at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),
)

follows = Table(
    "follows",
    metadata,
    Column("follower_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("followed_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

follow_requests = Table(
    "follow_requests",
    metadata,
    Column("requester_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("requested_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

blocks = Table(
    "blocks",
    metadata,
    Column("blocker_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("blocked_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

user_settings = Table(
    "user_settings",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String(10), nullable=False, server_default="EN"),
    Column("theme", String(10), nullable=False, server_default="SYSTEM"),
    Column("timezone", String(64), nullable=False, server_default="UTC"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

user_privacy = Table(
    "user_privacy",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("is_private", Boolean, nullable=False, server_default="false"),
    Column("is_listed", Boolean, nullable=False, server_default="true"),
    Column("profile_audience", String(20), nullable=False, server_default="EVERYONE"),
    Column("email_audience", String(20), nullable=False, server_default="NOBODY"),
    Column("follows_audience", String(20), nullable=False, server_default="EVERYONE"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

mail_requests = Table(
    "mail_requests",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("address", String(255), nullable=False),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
)

user_stats = Table(
    "user_stats",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("follower_count", BigInteger, nullable=False, server_default="0"),
    Column("following_count", BigInteger, nullable=False, server_default="0"),
    Column("post_count", BigInteger, nullable=False, server_default="0"),
    Column("hosted_event_count", BigInteger, nullable=False, server_default="0"),
    Column("attended_event_count", BigInteger, nullable=False, server_default="0"),
    Column("invitations_sent", BigInteger, nullable=False, server_default="0"),
    Column("invitations_accepted", BigInteger, nullable=False, server_default="0"),
)

proofs = Table(
    "proofs",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("address", String(255), nullable=False),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("expires_at", MOMENT, nullable=False),
    Column("used_at", MOMENT),
)

organizations = Table(
    "organizations",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("owner_id", ForeignKey("users.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("slug", String(50), nullable=False, unique=True),
    Column("description", String(2000), nullable=False, server_default=""),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

organization_members = Table(
    "organization_members",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("joined_at", MOMENT, nullable=False, server_default=func.now()),
)

organization_invitations = Table(
    "organization_invitations",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("email", String(255), nullable=False),
    Column("role", String(20), nullable=False),
    Column("token_hash", String(64), unique=True),
    Column("invited_by", ForeignKey("users.id", ondelete="SET NULL")),
    Column("status", String(20), nullable=False, server_default="PENDING"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("expires_at", MOMENT, nullable=False),
    Column("answered_at", MOMENT),
)

search_tables(metadata, "users")
follows_news = news_table(follows, metadata)
blocks_news = news_table(blocks, metadata)
users_news = news_table(users, metadata)
contacts_news = news_table(users, metadata, "contacts")
user_privacy_news = news_table(user_privacy, metadata)
user_settings_news = news_table(user_settings, metadata)
