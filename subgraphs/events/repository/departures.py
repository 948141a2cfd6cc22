"""What events does when somebody or an organization is gone, or people block each other: in the transaction
of the message that told of it, and again if it comes again.

Of somebody who is gone: their answers, invitations and drafts go, what they host and is to come is cancelled
(those who said they come hear of it), what is over stays, with a host whom nobody can read. An organization's
events likewise; an event of an organization that goes on stays as it is.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.events.models import blocks, event_attendees, events, invitations, person_tallies, venues
from subgraphs.events.repository.said_departures import forget_said
from subgraphs.kit.outbox import Message

TO_COME = and_(events.c.status.in_(["DRAFT", "PUBLISHED"]), events.c.ends_at > func.now())


async def forget_person(session: WriteSession, user: UUID) -> None:
    await _act_as(session, user_id=user)
    await session.execute(delete(event_attendees).where(event_attendees.c.user_id == user))
    await _end_events(session, and_(events.c.host_id == user, events.c.tenant_id.is_(None)))
    asked = or_(invitations.c.inviter_id == user, invitations.c.invitee_id == user)
    await session.execute(delete(invitations).where(asked))
    await session.execute(delete(blocks).where(or_(blocks.c.blocker_id == user, blocks.c.blocked_id == user)))
    await session.execute(update(venues).where(venues.c.created_by == user).values(created_by=None))
    await forget_said(session, user)
    await session.execute(delete(person_tallies).where(person_tallies.c.person_id == user))


async def forget_organization(session: WriteSession, organization: UUID) -> None:
    await _act_as(session, tenant_id=organization)
    await _end_events(session, events.c.tenant_id == organization)


async def hear_of_blocks(session: WriteSession, message: Message) -> None:
    """An invitation between the two that waits is gone, also when the block is: it was there for one of them
    alone.
    """
    if message.type not in ("UserBlocked", "UserUnblocked"):
        return
    blocker, blocked = (UUID(message.payload[name]) for name in ("blocker_id", "blocked_id"))
    if message.type == "UserBlocked":
        row = {"blocker_id": blocker, "blocked_id": blocked}
        await session.execute(insert(blocks).values(row).on_conflict_do_nothing())
    else:
        pair = and_(blocks.c.blocker_id == blocker, blocks.c.blocked_id == blocked)
        await session.execute(delete(blocks).where(pair))
    asked = invitations.c
    forth = and_(asked.inviter_id == blocker, asked.invitee_id == blocked)
    back = and_(asked.inviter_id == blocked, asked.invitee_id == blocker)
    await session.execute(delete(invitations).where(or_(forth, back), asked.status == "PENDING"))


async def _end_events(session: WriteSession, which: ColumnElement[bool]) -> None:
    """Of those to come: drafts that nobody saw go, the others are cancelled."""
    unseen = and_(which, TO_COME, events.c.published_at.is_(None))
    await session.execute(delete(events).where(unseen))
    await session.execute(update(events).where(which, TO_COME).values(status="CANCELLED"))


async def _act_as(session: WriteSession, **settings: UUID) -> None:
    """As row-level security goes by; the message is proof enough."""
    said: list[Any] = [func.set_config(f"app.{name}", str(value), True) for name, value in settings.items()]
    await session.execute(select(*said))
