"""Changing something that was said about an event: read under a lock with its event, decided by the service,
written with the audit, the moderators' case and the message, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, delete, select, update

from db.postgres import Database, WriteSession
from subgraphs.events.models import events
from subgraphs.events.repository.rows import event_of, visible_to, writing
from subgraphs.events.values import Event, EventId, Reader
from subgraphs.events.values_said import Change
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.kit.reports import Decision, forget_subjects, note


class Said(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def event_id(self) -> EventId: ...


Thing = TypeVar("Thing", bound=Said)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Thing]):
    """A table of what is said. `facts` are what other domains hear of one on `topic`, if anything."""

    entity: str
    table: Table
    read: Callable[[Any], Thing]
    topic: str = ""
    facts: Callable[[Thing, Event], dict[str, str | None]] = lambda _thing, _event: {}


async def change(
    database: Database,
    kind: Kind[Thing],
    thing: UUID,
    reader: Reader,
    seen: list[ColumnElement[bool]],
    actor: Actor,
    decide: Callable[[Thing, Event], Change],
) -> Thing | None:
    """What it is now, or was when it is gone; None when the reader sees no such thing. `decide` raises what
    is not to be done, and nothing is.
    """
    table = kind.table
    async with writing(database, reader) as session:
        which = (table.c.id == thing, visible_to(reader), *seen)
        found = select(table).join_from(table, events).where(*which).with_for_update(of=table)
        row = (await session.execute(found)).first()
        if row is None:
            return None
        before, event = kind.read(row), await _event(session, row.event_id)
        return await _write(session, kind, before, event, decide(before, event), actor)


async def _write(
    session: WriteSession, kind: Kind[Thing], before: Thing, event: Event, decided: Change, actor: Actor
) -> Thing:
    now = before
    if decided.columns is None:
        await session.execute(delete(kind.table).where(kind.table.c.id == before.id))
        await forget_subjects(session, [before.id])
    elif decided.columns:
        changed = update(kind.table).where(kind.table.c.id == before.id).values(dict(decided.columns))
        now = kind.read((await session.execute(changed.returning(kind.table))).one())
    else:
        return before
    await _tell(session, kind, now, event, decided, actor)
    return now


async def _tell(
    session: WriteSession, kind: Kind[Thing], now: Thing, event: Event, decided: Change, actor: Actor
) -> None:
    if decided.outcome is None:
        await audit.record(session, actor, decided.verb, kind.entity, now.id, decided.told)
    else:
        decision = Decision(decided.outcome, decided.verb, decided.why, actor)
        await note(session, decision, kind.entity, now.id)
    if decided.message is not None:
        facts = kind.facts(now, event)
        await outbox.add(session, Message(kind.topic, str(now.id), decided.message, facts))


async def _event(session: WriteSession, event_id: EventId) -> Event:
    found: Select[Any] = select(events).where(events.c.id == event_id)
    row: Row[Any] = (await session.execute(found)).one()
    return event_of(row)
