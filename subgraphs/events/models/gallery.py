"""The table of events' pictures, as the migrations leave it. Its key names event and upload: by it media is
told of a row that is gone.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Uuid, func

from subgraphs.events.models.base import MOMENT, metadata
from subgraphs.kit.news import news_table

event_images = Table(
    "event_images",
    metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("media_id", Uuid, primary_key=True),
    Column("id", Uuid, nullable=False, unique=True, server_default=func.gen_random_uuid()),
    Column("user_id", Uuid, nullable=False),
    Column("alt_text", String(1000)),
    Column("position", Integer, nullable=False),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
)

event_images_news = news_table(event_images, metadata)
