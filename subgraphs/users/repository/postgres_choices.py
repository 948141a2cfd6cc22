"""Settings and privacy in PostgreSQL: a row of each for every account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import Row, Select, select, update

from db.arrays import among
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.kit.outbox import Message
from subgraphs.users.models import user_privacy, user_settings, users
from subgraphs.users.repository.postgres_relations import accept_waiting
from subgraphs.users.repository.seen import privacy_of
from subgraphs.users.values import Language, Privacy, Settings, Theme, UserId

ACCOUNT_TOPIC = "users.account"


class PostgresChoiceRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_settings(self, ids: Sequence[UserId]) -> Mapping[UserId, Settings]:
        async with self._database.read() as session:
            return {row.user_id: _settings_of(row) for row in await session.fetch(_settings(ids))}

    async def find_privacy(self, ids: Sequence[UserId]) -> Mapping[UserId, Privacy]:
        async with self._database.read() as session:
            return {row.user_id: privacy_of(row) for row in await session.fetch(_privacy(ids))}

    async def update_settings(
        self, user_id: UserId, columns: Mapping[str, Any], actor: Actor
    ) -> Settings | None:
        mine = user_settings.c.user_id == user_id
        values = {name: _plain(value) for name, value in columns.items()}
        async with self._database.write() as session:
            if values:
                changed = update(user_settings).where(mine).values(values)
                if not (await session.execute(changed)).rowcount:
                    return None
                told = {name: [None, value] for name, value in values.items()}
                await audit.record(session, actor, "update settings", "user", user_id, told)
            row = (await session.execute(select(user_settings).where(mine))).first()
            return None if row is None else _settings_of(row)

    async def update_privacy(
        self, user_id: UserId, columns: Mapping[str, Any], actor: Actor
    ) -> Privacy | None:
        """Who turns public lets in everybody who waits."""
        mine = user_privacy.c.user_id == user_id
        values = {name: _plain(value) for name, value in columns.items()}
        account = select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
        async with self._database.write() as session:
            await session.execute(account)
            before = (await session.execute(select(user_privacy).where(mine).with_for_update())).first()
            if before is None:
                return None
            if values:
                await session.execute(update(user_privacy).where(mine).values(values))
                told = {name: [before._mapping[name], value] for name, value in values.items()}
                await audit.record(session, actor, "update privacy", "user", user_id, told)
            if values.get("is_private", before.is_private) is not before.is_private:
                kind = "AccountTurnedPrivate" if values["is_private"] else "AccountTurnedPublic"
                accepted = [] if values["is_private"] else await accept_waiting(session, user_id)
                await outbox.add(session, Message(ACCOUNT_TOPIC, str(user_id), kind, {}), *accepted)
            return privacy_of((await session.execute(select(user_privacy).where(mine))).one())


@per_shape
def _settings(ids: Sequence[UserId]) -> Select[Any]:
    return select(user_settings).where(among(user_settings.c.user_id, ids))


@per_shape
def _privacy(ids: Sequence[UserId]) -> Select[Any]:
    return select(user_privacy).where(among(user_privacy.c.user_id, ids))


def _settings_of(row: Row[Any]) -> Settings:
    return Settings(
        language=known_or(row.language, Language.EN),
        theme=known_or(row.theme, Theme.SYSTEM),
        timezone=row.timezone,
    )


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
