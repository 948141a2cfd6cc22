"""Invitations to groups, in PostgreSQL: of their codes only hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, insert, select, update

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database
from db.statements import per_shape
from subgraphs.groups.models import group_invitations
from subgraphs.groups.repository.rows import ACTIVE, locked, taught_by
from subgraphs.groups.values import GroupId, Invitation, InvitationId, Reader
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest, pages_of

INVITED = group_invitations.c


class PostgresInvitationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        group: GroupId,
        code_hash: str,
        expires_at: datetime,
        max_uses: int,
        reader: Reader,
        actor: Actor,
    ) -> Invitation | None:
        said = {"expires_at": expires_at, "max_uses": max_uses}
        made = insert(group_invitations).values(group_id=group, code_hash=code_hash, **said)
        async with self._database.write() as session:
            if await locked(session, group, and_(taught_by(reader), ACTIVE)) is None:
                return None
            row = (await session.execute(made.returning(*INVITED))).one()
            await audit.record(session, actor, "invite", "group", group, said)
            return invitation_of(row)

    async def revoke(self, invitation: InvitationId, reader: Reader, actor: Actor) -> Invitation | None:
        """One that was revoked stays as it was."""
        of = select(INVITED.group_id).where(INVITED.id == invitation).scalar_subquery()
        open_ = and_(INVITED.id == invitation, INVITED.revoked_at.is_(None))
        async with self._database.write() as session:
            group = await locked(session, of, taught_by(reader))
            if group is None:
                return None
            revoked = update(group_invitations).where(open_).values(revoked_at=func.now())
            if (await session.execute(revoked)).rowcount:
                await audit.record(session, actor, "revoke", "group_invitation", invitation)
            row = (await session.execute(select(group_invitations).where(INVITED.id == invitation))).one()
            return invitation_of(row)

    async def list_invitations(
        self, ids: Sequence[GroupId], request: PageRequest
    ) -> Mapping[GroupId, Page[Invitation]]:
        async with self._database.read() as session:
            rows = await session.fetch(_invitations(ids, request))
            return pages_of(ids, ((row._mapping[PARENT], invitation_of(row)) for row in rows), request)

    async def count_invitations(self, ids: Sequence[GroupId]) -> Mapping[GroupId, int]:
        async with self._database.read() as session:
            return {row.group_id: row.number for row in await session.fetch(_invitation_counts(ids))}


@per_shape
def _invitations(ids: Sequence[GroupId], request: PageRequest) -> Select[Any]:
    order = [INVITED.created_at, INVITED.id]
    return pages_of_parents(select(group_invitations), INVITED.group_id, ids, order, request, descending=True)


@per_shape
def _invitation_counts(ids: Sequence[GroupId]) -> Select[Any]:
    counted = select(INVITED.group_id, func.count().label("number")).where(among(INVITED.group_id, ids))
    return counted.group_by(INVITED.group_id)


def invitation_of(row: Any) -> Invitation:
    return Invitation(**{name: getattr(row, name) for name in Invitation.__dataclass_fields__})
