"""Who changed what: one record for each write, in the transaction of the write.

    async with database.write() as session:
        …
        await audit.record(session, actor, "update", "event", event_id, {"title": ["Old", "New"]})

A write that is rolled back leaves no record, and a record that cannot be written rolls the write back.
Records are only added: a trigger refuses every change of one (`db.migrations.messaging.AUDIT`). Secrets are
kept out by name: a key that looks like one has its values replaced, wherever in `changes` it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from sqlalchemy import Column, Insert, MetaData, String, Table, insert
from sqlalchemy.dialects.postgresql import JSONB

from db.postgres import WriteSession
from db.statements import per_shape

SECRET = re.compile(r"password|secret|token|hash|api_?key", re.IGNORECASE)
HIDDEN = "(hidden)"
REQUEST_ID_CHARACTERS = 200

audit = Table(
    "audit",
    MetaData(),
    Column("actor", String),
    Column("tenant", String),
    Column("request_id", String),
    Column("action", String),
    Column("entity", String),
    Column("entity_id", String),
    Column("changes", JSONB),
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, for whom, on which request. `id` is None for what nobody logged in does, `job:<name>` for
    a job.
    """

    id: str | None
    tenant: str | None = None
    request_id: str | None = None


async def record(
    session: WriteSession,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: object,
    changes: Mapping[str, object] | None = None,
) -> None:
    """`action` is a verb (`create`, `update`, `delete`, `login`); `changes` maps a field to [before,
    after]. The database's listeners (a cache, say) are told of it once it is committed.
    """
    request_id = None if actor.request_id is None else actor.request_id[:REQUEST_ID_CHARACTERS]
    told = {name: _told(name, value) for name, value in (changes or {}).items()}
    known = (actor.id, actor.tenant, request_id, action, entity, str(entity_id), told)
    await session.fetch(_added(*known))
    session.changed.add((entity, str(entity_id)))


@per_shape
def _added(
    actor: str | None,
    tenant: str | None,
    request_id: str | None,
    action: str,
    entity: str,
    entity_id: str,
    changes: Mapping[str, object],
) -> Insert:
    return insert(audit).values(
        actor=actor,
        tenant=tenant,
        request_id=request_id,
        action=action,
        entity=entity,
        entity_id=entity_id,
        changes=changes,
    )


def _told(name: str, value: object) -> object:
    """As JSON, without what nobody may read again."""
    if SECRET.search(name):
        return HIDDEN
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): _told(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_told("", inner) for inner in value]
        case Enum():
            return value.name
        case datetime() | date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case _:
            raise TypeError(f"audit: {name} is a {type(value).__name__}, which has no form in a record")
