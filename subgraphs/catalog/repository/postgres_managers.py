"""Who manages which artist, in PostgreSQL. Somebody who may do everything is always left: changes of an
artist's managers come one at a time, and look for another one first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, literal, or_, select, true, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.catalog.models import artist_invitations, artist_managers, artists
from subgraphs.catalog.repository.permissions import may, read, written
from subgraphs.catalog.repository.postgres_artists import COLUMNS, artist_of
from subgraphs.catalog.repository.records import note
from subgraphs.catalog.values import Actor, ArtistId, Managed, Manager, ManagerId, Permission
from subgraphs.kit.pages import Page, PageRequest, pages_of

MOST_INVITATIONS = 100
MANAGERS = artist_managers.c
Parent = TypeVar("Parent", bound=UUID)


class PostgresManagerRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_managers(
        self, ids: Sequence[ArtistId], request: PageRequest
    ) -> Mapping[ArtistId, Page[Manager]]:
        async with self._database.read() as session:
            rows = await session.fetch(_managers(ids, request))
            found = (
                (row._mapping[PARENT], Manager(row.user_id, read(row.permissions), row.created_at))
                for row in rows
            )
            return pages_of(ids, found, request)

    async def count_managers(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        return await self._count(MANAGERS.artist_id, ids)

    async def list_managed(
        self, managers: Sequence[ManagerId], request: PageRequest
    ) -> Mapping[ManagerId, Page[Managed]]:
        """Ordered by what the office itself says, so that a page is read in order."""
        async with self._database.read() as session:
            rows = await session.fetch(_managed_by(managers, request))
            found = ((row._mapping[PARENT], _managed(row)) for row in rows)
            return pages_of(managers, found, request)

    async def count_managed(self, managers: Sequence[ManagerId]) -> Mapping[ManagerId, int]:
        return await self._count(MANAGERS.user_id, managers)

    async def list_invitations(self, user: ManagerId) -> tuple[Managed, ...]:
        invitations = artist_invitations.c
        statement = (
            select(*COLUMNS, invitations.permissions, invitations.created_at.label("since"))
            .join_from(artist_invitations, artists)
            .where(invitations.user_id == user)
            .order_by(invitations.created_at, invitations.artist_id)
            .limit(MOST_INVITATIONS)
        )
        async with self._database.read() as session:
            return tuple(_managed(row) for row in await session.execute(statement))

    async def find_permissions(
        self, user: ManagerId, ids: Sequence[ArtistId]
    ) -> Mapping[ArtistId, frozenset[Permission]]:
        async with self._database.read() as session:
            rows = await session.fetch(_permissions(user, ids))
            return {row.artist_id: read(row.permissions) for row in rows}

    async def invite(
        self, artist_id: ArtistId, user: ManagerId, permissions: frozenset[Permission], actor: Actor
    ) -> bool:
        offered = select(
            artists.c.id, literal(user), literal(written(permissions), JSONB), literal(actor.user_id)
        ).where(artists.c.id == artist_id, may(actor, artists.c.id, Permission.ALL))
        columns = ["artist_id", "user_id", "permissions", "invited_by"]
        statement = upsert(artist_invitations).from_select(columns, offered)
        renewed = statement.on_conflict_do_update(
            index_elements=["artist_id", "user_id"],
            set_={name: statement.excluded[name] for name in ("permissions", "invited_by")},
        )
        async with self._database.write() as session:
            invited = (await session.execute(renewed.returning(artist_invitations.c.user_id))).first()
            if invited is not None:
                await _note(session, actor, "invite", artist_id, user, permissions)
            return invited is not None

    async def accept(self, artist_id: ArtistId, actor: Actor) -> bool:
        async with self._database.write() as session:
            taken = (await session.execute(_take(artist_id, actor.user_id))).first()
            if taken is None:
                return False
            office = {"artist_id": artist_id, "user_id": actor.user_id, "permissions": taken.permissions}
            held = upsert(artist_managers).values(office).on_conflict_do_nothing()
            await session.execute(held)
            await _note(session, actor, "accept", artist_id, actor.user_id, read(taken.permissions))
            return True

    async def decline(self, artist_id: ArtistId, actor: Actor) -> bool:
        async with self._database.write() as session:
            taken = (await session.execute(_take(artist_id, actor.user_id))).first()
            if taken is not None:
                await _note(session, actor, "decline", artist_id, actor.user_id)
            return taken is not None

    async def change(
        self, artist_id: ArtistId, user: ManagerId, permissions: frozenset[Permission], actor: Actor
    ) -> bool:
        keeps = true() if Permission.ALL in permissions else _another(artist_id, user)
        allowed = may(actor, literal(artist_id), Permission.ALL)
        statement = update(artist_managers).where(_office(artist_id, user), keeps, allowed)
        changed = statement.values(permissions=written(permissions)).returning(MANAGERS.user_id)
        async with self._database.write() as session:
            await _lock(session, artist_id)
            done = (await session.execute(changed)).first() is not None
            if done:
                await _note(session, actor, "change", artist_id, user, permissions)
            return done

    async def remove(self, artist_id: ArtistId, user: ManagerId, actor: Actor) -> bool:
        allowed = or_(literal(user == actor.user_id), may(actor, literal(artist_id), Permission.ALL))
        statement = delete(artist_managers).where(
            _office(artist_id, user), _another(artist_id, user), allowed
        )
        async with self._database.write() as session:
            await _lock(session, artist_id)
            done = (await session.execute(statement.returning(MANAGERS.user_id))).first() is not None
            if done:
                await _note(session, actor, "remove", artist_id, user)
            return done

    async def _count(self, column: ColumnElement[Any], parents: Sequence[Parent]) -> Mapping[Parent, int]:
        async with self._database.read() as session:
            return {row.parent: row.number for row in await session.fetch(_counts(column, parents))}


@per_shape
def _managers(ids: Sequence[ArtistId], request: PageRequest) -> Select[Any]:
    listed = select(MANAGERS.user_id, MANAGERS.permissions, MANAGERS.created_at)
    order = [MANAGERS.created_at, MANAGERS.user_id]
    return pages_of_parents(listed, MANAGERS.artist_id, ids, order, request, descending=False)


@per_shape
def _managed_by(managers: Sequence[ManagerId], request: PageRequest) -> Select[Any]:
    offices = select(*COLUMNS, MANAGERS.permissions, MANAGERS.created_at.label("since"))
    listed = offices.join_from(artist_managers, artists)
    order, names = [MANAGERS.created_at, MANAGERS.artist_id], ["since", "id"]
    return pages_of_parents(listed, MANAGERS.user_id, managers, order, request, descending=False, order=names)


@per_shape
def _permissions(user: ManagerId, ids: Sequence[ArtistId]) -> Select[Any]:
    mine = and_(MANAGERS.user_id == user, among(MANAGERS.artist_id, ids))
    return select(MANAGERS.artist_id, MANAGERS.permissions).where(mine)


@per_shape
def _counts(column: ColumnElement[Any], parents: Sequence[UUID]) -> Select[Any]:
    counted = select(column.label("parent"), func.count().label("number"))
    return counted.where(among(column, parents)).group_by(column)


def _office(artist_id: ArtistId, user: ManagerId) -> ColumnElement[bool]:
    return and_(MANAGERS.artist_id == artist_id, MANAGERS.user_id == user)


def _another(artist_id: ArtistId, user: ManagerId) -> ColumnElement[bool]:
    """Somebody else who may do everything."""
    others = artist_managers.alias()
    everything = others.c.permissions.contains([Permission.ALL.value])
    another = and_(others.c.artist_id == artist_id, others.c.user_id != user, everything)
    return select(literal(1)).select_from(others).where(another).exists()


async def _note(
    session: WriteSession,
    actor: Actor,
    action: str,
    artist_id: ArtistId,
    user: ManagerId,
    permissions: frozenset[Permission] = frozenset(),
) -> None:
    facts = {"user_id": user, "permissions": written(permissions)}
    await note(session, actor, action, "artist_manager", artist_id, facts)


async def _lock(session: WriteSession, artist_id: ArtistId) -> None:
    await session.execute(select(artists.c.id).where(artists.c.id == artist_id).with_for_update())


def _take(artist_id: ArtistId, user: ManagerId) -> Any:
    invitations = artist_invitations.c
    mine = and_(invitations.artist_id == artist_id, invitations.user_id == user)
    return delete(artist_invitations).where(mine).returning(invitations.permissions)


def _managed(row: Any) -> Managed:
    return Managed(artist_of(row), read(row.permissions), row.since)
