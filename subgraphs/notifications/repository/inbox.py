"""One's notifications, read and marked as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, text, update

from db.arrays import among
from db.pages import page
from db.postgres import Database, ReadSession, WriteSession
from db.statements import per_shape
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.notifications.models import notifications
from subgraphs.notifications.repository.cast import casts_of
from subgraphs.notifications.repository.rows import IS_KNOWN, notification_of
from subgraphs.notifications.repository.visibility import recount
from subgraphs.notifications.values import Cast, Filter, Notification, NotificationId, PersonId

NOTED = notifications.c
NEWEST = [NOTED.happened_at, NOTED.id]
SHOWN = and_(NOTED.is_visible, NOTED.in_app)


class PostgresInboxRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_for(self, user: PersonId, wanted: Filter, request: PageRequest) -> Page[Notification]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(user, wanted.unread, _kinds(wanted), request))
        return Page.cut([notification_of(row) for row in rows], request)

    async def count_for(self, user: PersonId, wanted: Filter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(user, wanted.unread, _kinds(wanted))))

    async def find(
        self, user: PersonId, ids: Sequence[NotificationId]
    ) -> Mapping[NotificationId, Notification]:
        async with self._database.read() as session:
            rows = await session.fetch(_found(user, ids))
        return {row.id: notification_of(row) for row in rows}

    async def find_casts(self, ids: Sequence[NotificationId]) -> Mapping[NotificationId, Cast]:
        async with self._database.read() as session:
            return await casts_of(session, ids)

    async def mark_read(self, user: PersonId, ids: Sequence[NotificationId]) -> None:
        async with self._database.write() as session:
            await _mark(session, user, among(NOTED.id, ids))

    async def mark_all_read(self, user: PersonId, until: datetime | None) -> None:
        """What came after `until` stays unread: nobody has seen it."""
        async with self._database.write() as session:
            await _mark(session, user, SHOWN if until is None else and_(SHOWN, NOTED.happened_at <= until))

    async def export(self, user: PersonId) -> Mapping[str, Any]:
        async with self._database.read() as session:
            return {
                name: [_told(row) for row in (await session.execute(text(sql), {"user": user}))]
                for name, sql in EXPORTED.items()
            }


EXPORTED = {
    "contacts": "SELECT * FROM contacts WHERE id = :user",
    "settings": "SELECT * FROM user_notification_settings WHERE user_id = :user",
    "choices": "SELECT * FROM notification_choices WHERE user_id = :user ORDER BY kind, channel",
    "devices": "SELECT * FROM push_devices WHERE user_id = :user ORDER BY registered_at",
    "notifications": "SELECT * FROM notifications WHERE recipient_id = :user ORDER BY happened_at, id",
    "causes": "SELECT * FROM notification_causes WHERE recipient_id = :user ORDER BY created_at, key",
    "deliveries": "SELECT * FROM notification_deliveries WHERE recipient_id = :user ORDER BY created_at",
    "log": "SELECT * FROM notification_logs WHERE recipient_id = :user ORDER BY id",
}


async def _mark(session: WriteSession, user: PersonId, which: ColumnElement[bool]) -> None:
    """Read once is read for good; an open group is closed by it."""
    mine = and_(NOTED.recipient_id == user, NOTED.read_at.is_(None), which)
    marked = update(notifications).where(mine).values(read_at=func.clock_timestamp())
    if (await session.execute(marked)).rowcount:
        await recount(session, [user])


def _told(row: Any) -> dict[str, Any]:
    """A row as JSON has it."""
    return {name: _plain(value) for name, value in row._mapping.items()}


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool | dict | None) else str(value)


def _kinds(wanted: Filter) -> list[str] | None:
    return None if wanted.kinds is None else [kind.value for kind in wanted.kinds]


@per_shape
def _listed(
    user: PersonId, unread: bool | None, kinds: Sequence[str] | None, request: PageRequest
) -> Select[Any]:
    return page(select(notifications).where(*_mine(user, unread, kinds)), NEWEST, request, descending=True)


@per_shape
def _counted(user: PersonId, unread: bool | None, kinds: Sequence[str] | None) -> Select[Any]:
    return select(func.count()).select_from(notifications).where(*_mine(user, unread, kinds))


@per_shape
def _found(user: PersonId, ids: Sequence[UUID]) -> Select[Any]:
    return select(notifications).where(*_mine(user, None, None), among(NOTED.id, ids))


def _mine(user: Any, unread: bool | None, kinds: Sequence[str] | None) -> list[ColumnElement[bool]]:
    where = [NOTED.recipient_id == user, SHOWN, IS_KNOWN]
    if unread is not None:
        where.append(NOTED.read_at.is_(None) if unread else NOTED.read_at.is_not(None))
    if kinds is not None:
        where.append(among(NOTED.kind, kinds))
    return where


async def unread_of(session: ReadSession, user: PersonId) -> int:
    return int(await session.fetch_value(_counted(user, True, None)))
