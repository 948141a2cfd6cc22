"""The tables of the events schema, as its migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Double,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    func,
)

from db.migrations.sorting import sort_expression
from db.search import search_tables
from subgraphs.events.models import gallery as _gallery  # noqa: F401 -- its table is of this schema
from subgraphs.events.models import said as _said  # noqa: F401 -- its tables are of this schema
from subgraphs.events.models.base import MOMENT, metadata
from subgraphs.kit.news import news_table
from subgraphs.kit.relations import blocks_table


def _made() -> list[Column[object]]:
    return [
        Column(name, MOMENT, nullable=False, server_default=func.now())
        for name in ("created_at", "updated_at")
    ]


venues = Table(
    "venues",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("name", String(200), nullable=False),
    Column("address", String(300), nullable=False),
    Column("city", String(100), nullable=False),
    Column("latitude", Double, nullable=False),
    Column("longitude", Double, nullable=False),
    Column("capacity", Integer),
    Column("created_by", Uuid),
    Column("name_sort", Text, Computed(sort_expression("name"))),
    Column("city_sort", Text, Computed(sort_expression("city"))),
    *_made(),
)

events = Table(
    "events",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("tenant_id", Uuid),
    Column("host_id", Uuid, nullable=False),
    Column("title", String(200), nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("category", String(20), nullable=False, server_default="OTHER"),
    Column("status", String(20), nullable=False, server_default="DRAFT"),
    Column("starts_at", MOMENT, nullable=False),
    Column("ends_at", MOMENT, nullable=False),
    Column("timezone", String(64), nullable=False, server_default="UTC"),
    Column("venue_id", ForeignKey("venues.id")),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("max_attendees", Integer),
    Column("published_at", MOMENT),
    Column("cancel_reason", String(500)),
    Column("series_id", Uuid),
    Column("series_rule", String(200)),
    *_made(),
)

event_places = Table(
    "event_places",
    metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("latitude", Double, nullable=False),
    Column("longitude", Double, nullable=False),
)

event_attendees = Table(
    "event_attendees",
    metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("status", String(20), nullable=False, server_default="GOING"),
    Column("tenant_id", Uuid),
    Column("starts_at", MOMENT, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("answered_at", MOMENT, nullable=False, server_default=func.now()),
    *_made(),
)

event_attendees_news = news_table(event_attendees, metadata)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("inviter_id", Uuid, nullable=False),
    Column("invitee_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False, server_default="PENDING"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("answered_at", MOMENT),
)

invitations_news = news_table(invitations, metadata)

blocks = blocks_table(metadata)

person_tallies = Table(
    "person_tallies",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    *(
        Column(name, BigInteger, nullable=False, server_default="0")
        for name in ("hosted_count", "attended_count", "invited_count", "accepted_count")
    ),
    Column("is_told", Boolean, nullable=False, server_default="false"),
)

for _table in ("venues", "events"):
    search_tables(metadata, _table)
