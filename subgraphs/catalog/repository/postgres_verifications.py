"""Requests for badges in PostgreSQL, which keeps their states (db/migrations/states.py). The badge itself,
`artists.is_verified`, changes with the decision, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.catalog.models import artist_verifications, artists
from subgraphs.catalog.repository.permissions import may
from subgraphs.catalog.repository.records import note
from subgraphs.catalog.values import Actor, ArtistId, Permission
from subgraphs.catalog.verifying import Verdict, Verification, VerificationId, VerificationStatus
from subgraphs.kit.enums import known_or
from subgraphs.kit.pages import Page, PageRequest

NAMES = tuple(Verification.__dataclass_fields__)
COLUMNS = [artist_verifications.c[name] for name in NAMES]
REQUESTS = select(*COLUMNS)
ASKED = artist_verifications.c
PENDING, GRANTED = VerificationStatus.PENDING.value, VerificationStatus.GRANTED.value


class PostgresVerificationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def request(self, artist_id: ArtistId, statement: str, actor: Actor) -> Verification | None:
        """None when the actor may not do everything for the artist, or one is open or granted."""
        allowed = select(artists.c.id, literal(actor.user_id), literal(statement)).where(
            artists.c.id == artist_id, may(actor, artists.c.id, Permission.ALL)
        )
        asked = insert(artist_verifications).from_select(["artist_id", "requested_by", "statement"], allowed)
        async with self._database.write() as session:
            made = await session.execute(asked.on_conflict_do_nothing().returning(*COLUMNS))
            row = made.first()
            if row is not None:
                await note(session, actor, "request_verification", "artist", artist_id)
        return None if row is None else _verification(row)

    async def decide(self, request: VerificationId, verdict: Verdict, actor: Actor) -> Verification | None:
        """None when there is none that waits."""
        waits = (ASKED.id == request, ASKED.status == PENDING)
        return await self._change(waits, verdict, actor)

    async def revoke(self, artist_id: ArtistId, verdict: Verdict, actor: Actor) -> Verification | None:
        """None when the artist has no badge that was granted."""
        granted = (ASKED.artist_id == artist_id, ASKED.status == GRANTED)
        return await self._change(granted, verdict, actor)

    async def find_latest(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Verification]:
        async with self._database.read() as session:
            return {row.artist_id: _verification(row) for row in await session.fetch(_latest(ids))}

    async def find(self, request: VerificationId) -> Verification | None:
        async with self._database.read() as session:
            row = (await session.execute(REQUESTS.where(ASKED.id == request))).first()
        return None if row is None else _verification(row)

    async def list_by_status(self, status: VerificationStatus, request: PageRequest) -> Page[Verification]:
        async with self._database.read() as session:
            rows = await session.fetch(_by_status(status, request))
        return Page.cut([_verification(row) for row in rows], request)

    async def count_by_status(self, status: VerificationStatus) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_count(status)))

    async def _change(
        self, which: Sequence[ColumnElement[bool]], verdict: Verdict, actor: Actor
    ) -> Verification | None:
        facts = {"status": verdict.status.value, "reason": verdict.reason, "decided_by": actor.user_id}
        decided = update(artist_verifications).where(*which).values(**facts, decided_at=func.now())
        async with self._database.write() as session:
            row = (await session.execute(decided.returning(*COLUMNS))).first()
            if row is None:
                return None
            is_verified = verdict.status is VerificationStatus.GRANTED
            badge = update(artists).where(artists.c.id == row.artist_id, artists.c.is_verified != is_verified)
            await session.execute(badge.values(is_verified=is_verified))
            told = {"status": verdict.status, "reason": verdict.reason}
            await note(session, actor, "decide_verification", "artist", row.artist_id, told)
        return _verification(row)


@per_shape
def _latest(ids: Sequence[ArtistId]) -> Select[Any]:
    others = artist_verifications.alias().c
    newest = select(others.id).where(others.artist_id == ASKED.artist_id)
    last = newest.order_by(others.created_at.desc(), others.id.desc()).limit(1).scalar_subquery()
    return REQUESTS.where(among(ASKED.artist_id, ids), ASKED.id == last)


@per_shape
def _by_status(status: VerificationStatus, request: PageRequest) -> Select[Any]:
    listed = REQUESTS.where(ASKED.status == status.value)
    return page(listed, [ASKED.created_at, ASKED.id], request, descending=False)


@per_shape
def _count(status: VerificationStatus) -> Select[Any]:
    return select(func.count()).select_from(artist_verifications).where(ASKED.status == status.value)


def _verification(row: Row[Any]) -> Verification:
    facts = {name: row._mapping[name] for name in NAMES}
    status = known_or(row.status, VerificationStatus.PENDING)
    return Verification(**{**facts, "status": status})
