"""Transactions as somebody: their tenant, id and office are what row-level security goes by.

    async with writing(database, acting_of(viewer)) as session: …
    async with reading(database, acting_of(viewer)) as session: …

The settings are `app.tenant_id`, `app.user_id` and `app.is_admin`, from the verified token alone. `OFFICE` is
who a job or a consumer acts as: the message, or the schedule, is proof enough.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from db.postgres import Database, ReadSession, WriteSession
from db.statements import per_shape
from subgraphs.kit.auth import Viewer


@dataclass(frozen=True, slots=True)
class Acting:
    user_id: UUID | None = None
    tenant: str | None = None
    is_admin: bool = False


NOBODY = Acting()
OFFICE = Acting(is_admin=True)


def acting_of(viewer: Viewer | None) -> Acting:
    return NOBODY if viewer is None else Acting(viewer.id, viewer.tenant, viewer.is_admin)


@asynccontextmanager
async def writing(database: Database, who: Acting) -> AsyncIterator[WriteSession]:
    async with database.write() as session:
        await act_as(session, who)
        yield session


@asynccontextmanager
async def reading(database: Database, who: Acting) -> AsyncIterator[ReadSession]:
    """The anonymous need no settings, and no transaction for them to live in."""
    if who == NOBODY:
        async with database.read() as session:
            yield session
        return
    async with database.read(who.tenant or "") as session:
        await act_as(session, who)
        yield session


async def act_as(session: ReadSession, who: Acting) -> None:
    """For the rest of the transaction."""
    user, office = "" if who.user_id is None else str(who.user_id), "on" if who.is_admin else ""
    if session.connection is None:
        raise RuntimeError("settings live in a transaction: read with a tenant, or write")
    await session.fetch(_settings(who.tenant or "", user, office))


@per_shape
def _settings(tenant: str, user: str, office: str) -> Select[Any]:
    said = (("app.tenant_id", tenant), ("app.user_id", user), ("app.is_admin", office))
    return select(*(func.set_config(name, value, True).label(name[4:]) for name, value in said))
