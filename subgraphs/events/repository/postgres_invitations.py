"""Invitations to events, in PostgreSQL. Accepting one is answering the event, in the same transaction and
under the event's lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.events.models import blocks, events, invitations
from subgraphs.events.repository.postgres_attendance import answer_statement, answered
from subgraphs.events.repository.rows import EVENTS, event_of, lock, visible_to, writing
from subgraphs.events.values import (
    Answered,
    AttendanceStatus,
    Event,
    EventId,
    EventStatus,
    HostId,
    Invitation,
    InvitationId,
    InvitationStatus,
    Reader,
    TooMany,
)
from subgraphs.kit.enums import known_or
from subgraphs.kit.pages import Page, PageRequest

INVITED = invitations.c
PENDING = INVITED.status == "PENDING"
NEWEST = [INVITED.created_at, INVITED.id]
ONE: ColumnElement[int] = literal_column("1")


class PostgresInvitationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(
        self, event_id: EventId, invitee: HostId, reader: Reader, most: int
    ) -> Invitation | Event | TooMany | None:
        assert reader.user_id is not None, "the anonymous invite nobody"
        pair = and_(INVITED.event_id == event_id, INVITED.inviter_id == reader.user_id)
        async with writing(self._database, reader) as session:
            await lock(session, event_id)
            seen = EVENTS.where(events.c.id == event_id, visible_to(reader))
            row = (await session.execute(seen)).first()
            if row is None:
                return None
            if (event := event_of(row)).status is not EventStatus.PUBLISHED:
                return event
            known = select(invitations).where(pair, INVITED.invitee_id == invitee)
            if (found := (await session.execute(known)).first()) is not None:
                return _invitation(found)
            counted = select(func.count()).select_from(invitations).where(pair)
            if int((await session.execute(counted)).scalar_one()) >= most:
                return TooMany()
            given = {"event_id": event_id, "inviter_id": reader.user_id, "invitee_id": invitee}
            made = upsert(invitations).values(given).returning(*INVITED)
            return _invitation((await session.execute(made)).one())

    async def withdraw(self, invitation: InvitationId, inviter: HostId) -> Invitation | None:
        mine = and_(INVITED.id == invitation, INVITED.inviter_id == inviter, PENDING)
        async with self._database.write() as session:
            gone = await session.execute(delete(invitations).where(mine).returning(*INVITED))
            row = gone.first()
        return None if row is None else _invitation(row)

    async def accept(
        self, invitation: InvitationId, reader: Reader, now: datetime
    ) -> tuple[Invitation, Answered] | None:
        assert reader.user_id is not None, "the anonymous are invited to nothing"
        mine = _received(invitation, reader.user_id)
        async with writing(self._database, reader) as session:
            found = (await session.execute(select(INVITED.event_id).where(mine))).scalar()
            if found is None:
                return None
            await lock(session, found)
            kept = (await session.execute(select(invitations).where(mine).with_for_update())).first()
            if kept is None:
                return None
            going = AttendanceStatus.GOING
            await session.execute(answer_statement(found, reader.user_id, going, now))
            became = await answered(session, found, reader)
            if became is None:
                return None
            if became.event.status is EventStatus.PUBLISHED and became.status is going:
                accepted = update(invitations).where(mine).values(status="ACCEPTED", answered_at=now)
                kept = (await session.execute(accepted.returning(*INVITED))).one()
            return _invitation(kept), became

    async def decline(self, invitation: InvitationId, reader: Reader) -> Invitation | None:
        assert reader.user_id is not None, "the anonymous are invited to nothing"
        mine = _received(invitation, reader.user_id)
        declined = update(invitations).where(mine, PENDING).values(status="DECLINED", answered_at=func.now())
        async with self._database.write() as session:
            await session.execute(declined)
            row = (await session.execute(select(invitations).where(mine))).first()
        return None if row is None else _invitation(row)

    async def list_received(self, user: HostId, request: PageRequest) -> Page[Invitation]:
        async with self._database.read() as session:
            rows = await session.fetch(_received_page(user, request))
        return Page.cut([_invitation(row) for row in rows], request)

    async def list_sent(self, user: HostId, request: PageRequest) -> Page[Invitation]:
        async with self._database.read() as session:
            rows = await session.fetch(_sent_page(user, request))
        return Page.cut([_invitation(row) for row in rows], request)

    async def count_received(self, user: HostId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_received_count(user)))

    async def count_sent(self, user: HostId) -> Mapping[InvitationStatus, int]:
        async with self._database.read() as session:
            found = {row.status: int(row.number) for row in await session.fetch(_sent_counts(user))}
        return {status: found.get(status.value, 0) for status in InvitationStatus}


@per_shape
def _received_page(user: HostId, request: PageRequest) -> Select[Any]:
    mine = select(invitations).where(INVITED.invitee_id == user, ~across_a_block())
    return page(mine, NEWEST, request, descending=True)


@per_shape
def _sent_page(user: HostId, request: PageRequest) -> Select[Any]:
    return page(select(invitations).where(INVITED.inviter_id == user), NEWEST, request, descending=True)


@per_shape
def _received_count(user: HostId) -> Select[Any]:
    mine = and_(INVITED.invitee_id == user, ~across_a_block())
    return select(func.count()).select_from(invitations).where(mine)


@per_shape
def _sent_counts(user: HostId) -> Select[Any]:
    counted = select(INVITED.status, func.count().label("number"))
    return counted.where(INVITED.inviter_id == user).group_by(INVITED.status)


def _received(invitation: InvitationId, user: HostId) -> ColumnElement[bool]:
    return and_(INVITED.id == invitation, INVITED.invitee_id == user, ~across_a_block())


def across_a_block() -> ColumnElement[bool]:
    """Whoever blocks whom. An invitation across a block is there for who sent it, as one to nobody would be,
    and not for who is invited.
    """
    forth = and_(blocks.c.blocker_id == INVITED.inviter_id, blocks.c.blocked_id == INVITED.invitee_id)
    back = and_(blocks.c.blocker_id == INVITED.invitee_id, blocks.c.blocked_id == INVITED.inviter_id)
    return or_(*(select(ONE).where(each).correlate(invitations).exists() for each in (forth, back)))


def _invitation(row: Any) -> Invitation:
    """A status that only a newer version knows is no answer that can be given again."""
    return Invitation(
        id=row.id,
        event_id=row.event_id,
        inviter_id=row.inviter_id,
        invitee_id=row.invitee_id,
        status=known_or(row.status, InvitationStatus.DECLINED),
        created_at=row.created_at,
        answered_at=row.answered_at,
    )
