"""The record of a write, in its transaction (kit/audit.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, Table, select

from db.postgres import WriteSession
from subgraphs.catalog.values import Actor
from subgraphs.kit import audit


async def note(
    session: WriteSession,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: object,
    changes: Mapping[str, object] | None = None,
) -> None:
    await audit.record(session, actor.on_record, action, entity, entity_id, changes)


def as_it_is(table: Table, entity_id: object) -> Select[Any]:
    """A row before it is changed; nobody else changes it until the transaction ends."""
    return select(table).where(table.c.id == entity_id).with_for_update(key_share=True)


def differences(before: Row[Any], after: Mapping[str, object]) -> dict[str, object]:
    """Field → [before, after], of what is another value now."""
    old = before._mapping
    return {name: [old[name], value] for name, value in after.items() if old[name] != value}
