"""Registrations in PostgreSQL. The store's triggers take seats and refuse (db/migrations/tickets); what a
refusal is called is the constraint's name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, insert, select
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import page
from db.postgres import Database, violated_constraint
from db.statements import per_shape
from subgraphs.kit import audit, outbox
from subgraphs.kit.acting import Acting, reading, writing
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.tickets.models import QUEUE, registrations
from subgraphs.tickets.repository.messages import reserved
from subgraphs.tickets.repository.rows import registration_of
from subgraphs.tickets.repository.seats import ACTIVE, ENDED, end, get_locked, promote
from subgraphs.tickets.values import (
    EventId,
    HeldEvent,
    Hindrance,
    NewRegistration,
    Reason,
    Registration,
    RegistrationId,
    RegistrationStatus,
)

REGISTERED = registrations.c
HINDRANCES = {each.value: each for each in Hindrance}
SOMEBODY_IS_IN = "registrations_used"
BY_TIME = [REGISTERED.created_at, REGISTERED.id]


AT_ONCE = 8
"""Of one process: who wants what everybody wants waits at its row anyway. Waiting here they hold no
connection, which all the others need.
"""


class PostgresRegistrationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def add(
        self, new: NewRegistration, event: HeldEvent, who: Acting, actor: Actor
    ) -> Registration | Hindrance:
        """The row comes last: until the commit it locks its ticket type, which others wait for."""
        values: dict[str, Any] = {name: getattr(new, name) for name in NewRegistration.__dataclass_fields__}
        values |= {"status": new.status.value}
        if new.status is RegistrationStatus.WAITLISTED:
            values |= {"queue_number": QUEUE.next_value()}
        try:
            async with self._gate, writing(self._database, who) as session:
                told = {"status": new.status.value, "ticket_type_id": new.ticket_type_id}
                await audit.record(session, actor, "register", "registration", new.id, told)
                await outbox.add(session, reserved(new, event))
                added = insert(registrations).values(values).returning(registrations)
                return registration_of((await session.execute(added)).one())
        except IntegrityError as error:
            if (hindrance := HINDRANCES.get(violated_constraint(error) or "")) is None:
                raise
            return hindrance

    async def cancel(
        self, registration: RegistrationId, reason: Reason, percent: int, who: Acting, actor: Actor
    ) -> Registration | None:
        try:
            async with writing(self._database, who) as session:
                found = await get_locked(session, registration)
                if found is None or found.status in ENDED:
                    return found
                which = REGISTERED.id == registration
                cancelled = RegistrationStatus.CANCELLED
                (ended,) = await end(session, which, cancelled, reason, actor, percent=percent)
                await promote(session, [ended.ticket_type_id], actor)
                return ended
        except IntegrityError as error:
            if violated_constraint(error) != SOMEBODY_IS_IN:
                raise
            return None

    async def find_by_ids(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, Registration]:
        async with reading(self._database, who) as session:
            return {row.id: registration_of(row) for row in await session.fetch(_found(ids))}

    async def list_of_person(self, who: Acting, request: PageRequest) -> Page[Registration]:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_of_person(who, request))
        return Page.cut([registration_of(row) for row in rows], request)

    async def count_of_person(self, who: Acting) -> int:
        async with reading(self._database, who) as session:
            return int(await session.fetch_value(_count_of_person(who)))

    async def list_of_event(
        self, event: EventId, status: RegistrationStatus | None, who: Acting, request: PageRequest
    ) -> Page[Registration]:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_of_event(event, status, request))
        return Page.cut([registration_of(row) for row in rows], request)

    async def count_of_event(self, event: EventId, status: RegistrationStatus | None, who: Acting) -> int:
        async with reading(self._database, who) as session:
            return int(await session.fetch_value(_count_of_event(event, status)))

    async def list_own_of_events(
        self, ids: Sequence[EventId], who: Acting
    ) -> Mapping[EventId, Sequence[Registration]]:
        listed: dict[EventId, list[Registration]] = {event: [] for event in ids}
        async with reading(self._database, who) as session:
            for row in await session.fetch(_own_of_events(ids, who)):
                listed[row.event_id].append(registration_of(row))
        return listed

    async def places_in_queue(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, int]:
        async with reading(self._database, who) as session:
            return {row.id: int(row.place) for row in await session.fetch(_places(ids)) if row.place}


@per_shape
def _found(ids: Sequence[RegistrationId]) -> Select[Any]:
    return select(registrations).where(among(REGISTERED.id, ids))


@per_shape
def _of_person(who: Acting, request: PageRequest) -> Select[Any]:
    mine = select(registrations).where(REGISTERED.user_id == who.user_id)
    return page(mine, BY_TIME, request, descending=True)


@per_shape
def _count_of_person(who: Acting) -> Select[Any]:
    return select(func.count()).select_from(registrations).where(REGISTERED.user_id == who.user_id)


@per_shape
def _of_event(event: EventId, status: RegistrationStatus | None, request: PageRequest) -> Select[Any]:
    listed = select(registrations).where(REGISTERED.event_id == event)
    if status is not None:
        listed = listed.where(REGISTERED.status == status.value)
    return page(listed, BY_TIME, request, descending=False)


@per_shape
def _count_of_event(event: EventId, status: RegistrationStatus | None) -> Select[Any]:
    counted = select(func.count()).select_from(registrations).where(REGISTERED.event_id == event)
    return counted if status is None else counted.where(REGISTERED.status == status.value)


@per_shape
def _own_of_events(ids: Sequence[EventId], who: Acting) -> Select[Any]:
    mine = and_(among(REGISTERED.event_id, ids), REGISTERED.user_id == who.user_id, ACTIVE)
    return select(registrations).where(mine).order_by(*BY_TIME)


@per_shape
def _places(ids: Sequence[RegistrationId]) -> Select[Any]:
    place = func.place_in_queue(REGISTERED.id).label("place")
    return select(REGISTERED.id, place).where(among(REGISTERED.id, ids))
