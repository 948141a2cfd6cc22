"""What events hears of tickets: which events are registered for, and who was let in. Nothing else is kept of
a registration.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Uuid, literal, select
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.events.models import events
from subgraphs.events.models.said import check_ins, ticketed_events
from subgraphs.kit.outbox import Message


async def hear_of_tickets(session: WriteSession, message: Message) -> None:
    """Of an event that is there; hearing it twice is hearing it once."""
    if message.type not in ("RegistrationConfirmed", "TicketCheckedIn"):
        return
    which = events.c.id == UUID(message.payload["event_id"])
    sold = insert(ticketed_events).from_select(["event_id"], select(events.c.id).where(which))
    await session.execute(sold.on_conflict_do_nothing())
    if message.type == "TicketCheckedIn":
        who = literal(UUID(message.payload["user_id"]), Uuid)
        entered = insert(check_ins).from_select(
            ["event_id", "user_id"], select(events.c.id, who).where(which)
        )
        await session.execute(entered.on_conflict_do_nothing())
