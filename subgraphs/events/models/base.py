"""What all tables of the events schema belong to."""

from __future__ import annotations

from sqlalchemy import DateTime, MetaData

metadata = MetaData()
MOMENT = DateTime(timezone=True)
