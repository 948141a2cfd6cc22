"""Tickets and check-ins in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit import audit, outbox
from subgraphs.kit.acting import Acting, reading, writing
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.tickets.models import check_ins, registrations, tickets
from subgraphs.tickets.repository.messages import at_the_door, happened
from subgraphs.tickets.repository.rows import check_in_of, ticket_of
from subgraphs.tickets.values import CheckIn, EventId, PersonId, RegistrationId, Ticket, TicketId

HELD = tickets.c
NEWEST = [HELD.issued_at, HELD.id]
TRANSFER = text("SELECT * FROM transfer_ticket(:ticket, :to)")


class PostgresTicketRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[TicketId], who: Acting) -> Mapping[TicketId, Ticket]:
        async with reading(self._database, who) as session:
            return {row.id: ticket_of(row) for row in await session.fetch(_found(ids))}

    async def find_of_registrations(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, Ticket]:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_of_registrations(ids))
            return {row.registration_id: ticket_of(row) for row in rows}

    async def find_by_confirmation_code(self, code: str, event: EventId, who: Acting) -> Ticket | None:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_by_code(code, event))
        return ticket_of(rows[0]) if rows else None

    async def list_held(self, who: Acting, request: PageRequest) -> Page[Ticket]:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_held(who, request))
        return Page.cut([ticket_of(row) for row in rows], request)

    async def count_held(self, who: Acting) -> int:
        async with reading(self._database, who) as session:
            return int(await session.fetch_value(_count_held(who)))

    async def transfer(self, ticket: TicketId, to: PersonId, who: Acting, actor: Actor) -> Ticket | None:
        async with writing(self._database, who) as session:
            row = (await session.execute(TRANSFER, {"ticket": ticket, "to": to})).first()
            if row is None:
                return None
            given = ticket_of(row)
            people = {"from_id": who.user_id, "to_id": to}
            await audit.record(session, actor, "transfer", "ticket", ticket, people)
            facts = {"ticket_id": ticket, "event_id": given.event_id, **people}
            await outbox.add(session, happened(given.registration_id, "TicketTransferred", facts))
            return given

    async def check_in(self, ticket: Ticket, scanned_at: datetime, who: Acting, actor: Actor) -> CheckIn:
        """Two at one door: one row, and both read it."""
        values = {
            "registration_id": ticket.registration_id,
            "ticket_id": ticket.id,
            "event_id": ticket.event_id,
            "checked_in_by": who.user_id,
            "scanned_at": scanned_at,
        }
        entered = insert(check_ins).values(values).on_conflict_do_nothing(constraint="check_ins_once")
        async with writing(self._database, who) as session:
            made = (await session.execute(entered.returning(check_ins.c.id))).scalar()
            if made is not None:
                await audit.record(session, actor, "check in", "ticket", ticket.id)
                await outbox.add(session, at_the_door("TicketCheckedIn", ticket, made))
            stands = select(check_ins).where(check_ins.c.ticket_id == ticket.id)
            return check_in_of((await session.execute(stands)).one())

    async def undo_check_in(self, ticket: Ticket, who: Acting, actor: Actor) -> bool:
        """Whose ticket it is does not change while they are in: `transfer_ticket` refuses."""
        async with writing(self._database, who) as session:
            undone = delete(check_ins).where(check_ins.c.ticket_id == ticket.id).returning(check_ins.c.id)
            gone = (await session.execute(undone)).scalar()
            if gone is not None:
                await audit.record(session, actor, "undo check in", "ticket", ticket.id)
                await outbox.add(session, at_the_door("TicketCheckInUndone", ticket, gone))
            return gone is not None

    async def find_check_ins(self, ids: Sequence[TicketId], who: Acting) -> Mapping[TicketId, CheckIn]:
        async with reading(self._database, who) as session:
            return {row.ticket_id: check_in_of(row) for row in await session.fetch(_check_ins(ids))}

    async def count_check_ins(self, ids: Sequence[EventId], who: Acting) -> Mapping[EventId, int]:
        async with reading(self._database, who) as session:
            return {row.parent: row.number for row in await session.fetch(_counts(ids))}


@per_shape
def _found(ids: Sequence[TicketId]) -> Select[Any]:
    return select(tickets).where(among(HELD.id, ids))


@per_shape
def _of_registrations(ids: Sequence[RegistrationId]) -> Select[Any]:
    return select(tickets).where(among(HELD.registration_id, ids))


@per_shape
def _by_code(code: str, event: EventId) -> Select[Any]:
    coded = select(tickets).join(registrations, registrations.c.id == HELD.registration_id)
    return coded.where(registrations.c.confirmation_code == code, registrations.c.event_id == event)


@per_shape
def _held(who: Acting, request: PageRequest) -> Select[Any]:
    mine = select(tickets).where(HELD.holder_id == who.user_id)
    return page(mine, NEWEST, request, descending=True)


@per_shape
def _count_held(who: Acting) -> Select[Any]:
    return select(func.count()).select_from(tickets).where(HELD.holder_id == who.user_id)


@per_shape
def _check_ins(ids: Sequence[TicketId]) -> Select[Any]:
    return select(check_ins).where(among(check_ins.c.ticket_id, ids))


@per_shape
def _counts(ids: Sequence[EventId]) -> Select[Any]:
    counted = select(check_ins.c.event_id.label("parent"), func.count().label("number"))
    return counted.where(among(check_ins.c.event_id, ids)).group_by(check_ins.c.event_id)
