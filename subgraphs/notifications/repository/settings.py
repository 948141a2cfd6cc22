"""What people chose about what they are told, and how users says they would like things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from db.postgres import Database, ReadSession
from db.statements import per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.notifications.models import (
    known_settings,
    notification_choices,
    user_notification_settings,
)
from subgraphs.notifications.values import (
    Channel,
    Kind,
    Language,
    MailTiming,
    PersonId,
    Quiet,
    Settings,
)

OWN = user_notification_settings.c
CHOSEN = notification_choices.c


async def settings_of(session: ReadSession, user: PersonId) -> Settings:
    """Two statements. A kind or channel that only a newer version knows is left out."""
    rows = await session.fetch(_settings(user))
    chosen = await session.fetch(_choices(user))
    return _made(user, rows[0] if rows else None, chosen)


class PostgresSettingsRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user: PersonId) -> Settings:
        async with self._database.read() as session:
            return await settings_of(session, user)

    async def change(
        self,
        user: PersonId,
        columns: Mapping[str, Any],
        choices: Mapping[tuple[Kind, Channel], bool],
        actor: Actor,
    ) -> Settings:
        added = insert(user_notification_settings).values({"user_id": user, **columns})
        async with self._database.write() as session:
            await session.execute(
                added.on_conflict_do_update(index_elements=["user_id"], set_=dict(columns))
                if columns
                else added.on_conflict_do_nothing()
            )
            if choices:
                await session.execute(CHOOSE, [_row(user, key, is_on) for key, is_on in choices.items()])
            told: dict[str, object] = {name: str(value) for name, value in columns.items()}
            told |= {f"{kind.value} {channel.value}": on for (kind, channel), on in choices.items()}
            await audit.record(session, actor, "update", "notification settings", user, told)
            return await settings_of(session, user)


_added = insert(notification_choices).values(
    {name: bindparam(f"new_{name}") for name in ("user_id", "kind", "channel", "is_on")}
)
CHOOSE = _added.on_conflict_do_update(
    index_elements=["user_id", "kind", "channel"], set_={"is_on": _added.excluded.is_on}
)


def _row(user: PersonId, key: tuple[Kind, Channel], is_on: bool) -> dict[str, object]:
    kind, channel = key
    return {"new_user_id": user, "new_kind": kind.value, "new_channel": channel.value, "new_is_on": is_on}


@per_shape
def _settings(user: PersonId) -> Select[Any]:
    """One row, whether or not either table has one."""
    mine = select(literal_column("1")).subquery("person")
    columns = (OWN.quiet_from, OWN.quiet_until, OWN.mail_timing)
    return (
        select(*columns, known_settings.c.language, known_settings.c.timezone)
        .select_from(mine)
        .outerjoin(user_notification_settings, OWN.user_id == user)
        .outerjoin(known_settings, known_settings.c.user_id == user)
    )


@per_shape
def _choices(user: PersonId) -> Select[Any]:
    return select(CHOSEN.kind, CHOSEN.channel, CHOSEN.is_on).where(CHOSEN.user_id == user)


def _made(user: UUID, row: Any, chosen: Any) -> Settings:
    kinds, channels = {each.value: each for each in Kind}, {each.value: each for each in Channel}
    choices = {
        (kinds[each.kind], channels[each.channel]): bool(each.is_on)
        for each in chosen
        if each.kind in kinds and each.channel in channels
    }
    if row is None:
        return Settings(PersonId(user), chosen=choices)
    return Settings(
        PersonId(user),
        None if row.quiet_from is None else Quiet(row.quiet_from, row.quiet_until),
        known_or(row.mail_timing, MailTiming.AT_ONCE),
        choices,
        known_or(row.language, Language.EN),
        row.timezone or "UTC",
    )
