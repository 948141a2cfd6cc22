"""Ticket types in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.postgres import Database, violated_constraint
from db.statements import per_shape
from subgraphs.kit import audit
from subgraphs.kit.acting import Acting, reading, writing
from subgraphs.kit.audit import Actor
from subgraphs.tickets.models import events, registrations, ticket_types
from subgraphs.tickets.repository.rows import event_of, type_of
from subgraphs.tickets.repository.seats import lock_types, promote
from subgraphs.tickets.values import (
    EventId,
    HeldEvent,
    NewTicketType,
    TicketType,
    TicketTypeId,
    TypeChange,
)

KIND = ticket_types.c


class PostgresTicketTypeRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_events(self, ids: Sequence[EventId], who: Acting) -> Mapping[EventId, HeldEvent]:
        async with reading(self._database, who) as session:
            return {row.id: event_of(row) for row in await session.fetch(_events(ids))}

    async def find_by_ids(
        self, ids: Sequence[TicketTypeId], who: Acting
    ) -> Mapping[TicketTypeId, TicketType]:
        async with reading(self._database, who) as session:
            return {row.id: type_of(row) for row in await session.fetch(_found(ids))}

    async def find_offer(self, kind: TicketTypeId, who: Acting) -> tuple[TicketType, HeldEvent] | None:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_offer(kind))
        if not rows:
            return None
        row = rows[0]
        event = HeldEvent(row.event_id, row.tenant_id, row.host_id, row.status, row.starts_at, row.ends_at)
        return type_of(row), event

    async def list_of_events(
        self, ids: Sequence[EventId], who: Acting
    ) -> Mapping[EventId, Sequence[TicketType]]:
        listed: dict[EventId, list[TicketType]] = {event: [] for event in ids}
        async with reading(self._database, who) as session:
            for row in await session.fetch(_of_events(ids)):
                listed[row.event_id].append(type_of(row))
        return listed

    async def add(self, kind: NewTicketType, who: Acting, actor: Actor, most: int) -> TicketType | None:
        values = {name: getattr(kind, name) for name in NewTicketType.__dataclass_fields__}
        async with writing(self._database, who) as session:
            key = func.hashtextextended(str(kind.event_id), 0)
            await session.execute(select(func.pg_advisory_xact_lock(key)))
            there = select(func.count()).where(KIND.event_id == kind.event_id)
            if int((await session.execute(there)).scalar_one()) >= most:
                return None
            row = (await session.execute(insert(ticket_types).values(values).returning(ticket_types))).one()
            told = {
                name: values[name] for name in ("event_id", "name", "quantity", "price_minor", "currency")
            }
            await audit.record(session, actor, "create", "ticket_type", kind.id, told)
            return type_of(row)

    async def update(
        self, kind: TicketTypeId, change: TypeChange, who: Acting, actor: Actor
    ) -> TicketType | str | None:
        values: dict[str, Any] = change.columns or {"name": KIND.name}
        changed = update(ticket_types).where(KIND.id == kind).values(values).returning(ticket_types)
        try:
            async with writing(self._database, who) as session:
                await lock_types(session, kind)
                if (await session.execute(changed)).first() is None:
                    return None
                await promote(session, [kind], actor)
                await audit.record(session, actor, "update", "ticket_type", kind, change.columns)
                return type_of((await session.execute(select(ticket_types).where(KIND.id == kind))).one())
        except IntegrityError as error:
            return violated_constraint(error)

    async def remove(self, kind: TicketTypeId, who: Acting, actor: Actor) -> bool:
        unused = ~exists().where(registrations.c.ticket_type_id == kind)
        try:
            async with writing(self._database, who) as session:
                gone = await session.execute(delete(ticket_types).where(KIND.id == kind, unused))
                if gone.rowcount:
                    await audit.record(session, actor, "delete", "ticket_type", kind)
                return gone.rowcount > 0
        except IntegrityError:
            return False


@per_shape
def _events(ids: Sequence[EventId]) -> Select[Any]:
    return select(events).where(among(events.c.id, ids))


@per_shape
def _found(ids: Sequence[TicketTypeId]) -> Select[Any]:
    return select(ticket_types).where(among(KIND.id, ids))


@per_shape
def _offer(kind: TicketTypeId) -> Select[Any]:
    about = (events.c.host_id, events.c.status, events.c.starts_at, events.c.ends_at)
    return select(ticket_types, *about).join(events, events.c.id == KIND.event_id).where(KIND.id == kind)


@per_shape
def _of_events(ids: Sequence[EventId]) -> Select[Any]:
    listed = select(ticket_types).where(among(KIND.event_id, ids))
    return listed.order_by(KIND.event_id, KIND.created_at, KIND.id)
