"""What we have of somebody, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from db.postgres import Database, violated_constraint
from subgraphs.kit import audit, jobs, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.errors import Refused
from subgraphs.kit.outbox import Message
from subgraphs.kit.reports import forget_reporter, reports_by
from subgraphs.kit.user_errors import conflict
from subgraphs.users.models import api_tokens, metadata, refresh_tokens, roles, user_roles, users
from subgraphs.users.repository.postgres_logins import END_SESSIONS, end_logins
from subgraphs.users.values import LoginId, UserId

SECRETS = frozenset({"password_hash", "token_hash"})
OF_NO_USE = frozenset({"mail_requests", "proofs", "refresh_tokens", "user_roles", "roles", "users_words"})
"""Tables whose rows tell a person nothing beside their account, logins and roles."""
NOT_THEIRS = frozenset({"blocks.blocked_id"})
"""Columns by which a row is about somebody and not for them: who blocks them."""


class PostgresDepartureRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, user_id: UserId) -> Mapping[str, Any] | None:
        """Every row of theirs in every table that refers to a user, without what would let anybody in."""
        async with self._database.write() as session:
            await session.execute(
                text("SELECT set_config('app.user_id', :user, true)"), {"user": str(user_id)}
            )
            mine = (await session.execute(select(users).where(users.c.id == user_id))).first()
            if mine is None:
                return None
            told: dict[str, Any] = {"user": _told(mine._mapping)}
            named = select(roles.c.name).join(user_roles).where(user_roles.c.user_id == user_id)
            told["roles"] = sorted((await session.execute(named)).scalars())
            for table in metadata.sorted_tables:
                for column in table.columns if table.name not in OF_NO_USE else ():
                    if str(column) in NOT_THEIRS:
                        continue
                    if any(key.column.table is users for key in column.foreign_keys):
                        rows = await session.execute(select(table).where(column == user_id))
                        told[f"{table.name} by {column.name}"] = [_told(row._mapping) for row in rows]
            reported = await session.execute(reports_by(user_id))
            told["reports by reporter_id"] = [_told(row._mapping) for row in reported]
        return told

    async def delete(self, user_id: UserId, actor: Actor) -> frozenset[LoginId] | None:
        """At once and for good. None when they are gone already. Raises Refused (Conflict)."""
        try:
            return await self._delete(user_id, actor)
        except IntegrityError as error:
            if violated_constraint(error) == "organizations_owner_id_fkey":
                raise Refused(
                    conflict("You own an organization. Hand it over or delete it first.")
                ) from error
            raise

    async def _delete(self, user_id: UserId, actor: Actor) -> frozenset[LoginId] | None:
        async with self._database.write() as session:
            ended = await end_logins(session, refresh_tokens.c.user_id == user_id, "end", actor)
            programs = select(api_tokens.c.id).where(api_tokens.c.user_id == user_id)
            ended |= frozenset((await session.execute(programs)).scalars())
            await jobs.enqueue(session, END_SESSIONS, {"ids": sorted(map(str, ended))})
            gone = await session.execute(delete(users).where(users.c.id == user_id))
            if not gone.rowcount:
                return None
            await forget_reporter(session, user_id)
            await audit.record(session, actor, "delete", "user", user_id)
            await outbox.add(session, Message("users.account", str(user_id), "UserDeleted", {}))
            return ended


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """As JSON has it."""
    plain = (type(None), bool, int, float, str)
    return {
        name: value if isinstance(value, plain) else str(value)
        for name, value in row.items()
        if name not in SECRETS
    }
