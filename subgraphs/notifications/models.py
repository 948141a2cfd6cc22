"""The tables of the notifications schema, as its migrations leave them."""

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
from sqlalchemy.dialects.postgresql import JSONB

from subgraphs.kit.relations import blocks_table, follows_table, private_accounts_table

metadata = MetaData()
MOMENT = DateTime(timezone=True)


def _at(name: str) -> Column[object]:
    return Column(name, MOMENT, nullable=False, server_default=func.now())


def _clock(name: str) -> Column[object]:
    return Column(name, MOMENT, nullable=False, server_default=func.clock_timestamp())


names = Table(
    "names",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", String(50), nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(255), nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("telegram_id", BigInteger),
)

known_settings = Table(
    "known_settings",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("language", String(10), nullable=False),
    Column("timezone", String(64), nullable=False),
)

known_posts = Table(
    "known_posts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("visibility", String(20), nullable=False),
)

follows = follows_table(metadata)
blocks = blocks_table(metadata)
private_accounts = private_accounts_table(metadata)

known_events = Table(
    "known_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("host_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", String(200)),
    Column("starts_at", MOMENT, nullable=False),
    Column("timezone", String(64), nullable=False),
)

seats = Table(
    "seats",
    metadata,
    Column("registration_id", Uuid, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("reminded_for", MOMENT),
)

goers = Table(
    "goers",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("reminded_for", MOMENT),
)

user_notification_settings = Table(
    "user_notification_settings",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("quiet_from", Time),
    Column("quiet_until", Time),
    Column("mail_timing", String(20), nullable=False, server_default="AT_ONCE"),
    _at("created_at"),
    _at("updated_at"),
)

notification_choices = Table(
    "notification_choices",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("is_on", Boolean, nullable=False),
)

notification_templates = Table(
    "notification_templates",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("language", String(10), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("one", String(1000), nullable=False),
    Column("two", String(1000)),
    Column("many", String(1000)),
    _at("created_at"),
)

notifications = Table(
    "notifications",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("recipient_id", Uuid, nullable=False),
    Column("recipient_telegram_id", BigInteger),
    Column("kind", String(40), nullable=False),
    Column("group_key", String(200), nullable=False),
    Column("post_id", Uuid),
    Column("event_id", Uuid),
    Column("registration_id", Uuid),
    Column("lesson_id", Uuid),
    Column("group_id", Uuid),
    Column("facts", JSONB, nullable=False, server_default="{}"),
    Column("in_app", Boolean, nullable=False),
    Column("is_visible", Boolean, nullable=False),
    Column("read_at", MOMENT),
    _clock("happened_at"),
    _clock("created_at"),
)

notification_causes = Table(
    "notification_causes",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("recipient_id", Uuid, primary_key=True),
    Column("notification_id", ForeignKey("notifications.id", ondelete="CASCADE"), nullable=False),
    Column("actor_id", Uuid),
    Column("comment_id", Uuid),
    Column("withdrawn_at", MOMENT),
    _clock("created_at"),
)

notification_deliveries = Table(
    "notification_deliveries",
    metadata,
    Column("notification_id", ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("recipient_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False, server_default="WAITING"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", MOMENT, nullable=False),
    _clock("created_at"),
)

notification_logs = Table(
    "notification_logs",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("notification_id", Uuid, nullable=False),
    Column("recipient_id", Uuid, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("detail", String(500)),
    Column("template_version", Integer),
    _clock("attempted_at"),
)

push_devices = Table(
    "push_devices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("address", String(1000), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    _clock("registered_at"),
)
