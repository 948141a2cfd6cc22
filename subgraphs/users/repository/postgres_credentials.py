"""Passwords, addresses and what proves them, in PostgreSQL. A proof is used up in the transaction of what it
allows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, insert, literal, select, update

from db.arrays import among
from db.postgres import Database, WriteSession
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.users.mail import EMAIL_CHANGED, PASSWORD_CHANGED, enqueue_mail
from subgraphs.users.models import proofs, refresh_tokens, users
from subgraphs.users.repository.postgres_logins import end_logins
from subgraphs.users.repository.seen import USERS, user_of
from subgraphs.users.values import Credentials, LoginId, ProofKind, User, UserId

CHANGED = "(changed)"
"""An audit record is kept for good: it says which of a person's facts changed, and not to what."""


class PostgresCredentialRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user_id: UserId) -> Credentials | None:
        found = USERS.add_columns(users.c.password_hash).where(users.c.id == user_id)
        async with self._database.write() as session:
            row = (await session.execute(found)).first()
        return None if row is None else Credentials(user_of(row), row.password_hash)

    async def claim(self, user_id: UserId, address: str, actor: Actor) -> None:
        mine = and_(users.c.id == user_id, ~users.c.is_verified)
        async with self._database.write() as session:
            await session.execute(update(users).where(mine).values(email_claim=address))
            await audit.record(session, actor, "update", "user", user_id, {"email": CHANGED})

    async def request_mail(self, kind: ProofKind, address: str, user_id: UserId | None) -> None:
        async with self._database.write() as session:
            await enqueue_mail(session, kind.value, address, user_id)

    async def find_by_reset(self, token_hash: str) -> User | None:
        good = select(proofs.c.user_id).where(_good(token_hash, ProofKind.RESET_PASSWORD))
        async with self._database.write() as session:
            row = (await session.execute(USERS.where(users.c.id == good.scalar_subquery()))).first()
        return None if row is None else user_of(row)

    async def change_password(
        self, user_id: UserId, new_hash: str, actor: Actor, keep: UUID | None
    ) -> frozenset[LoginId]:
        async with self._database.write() as session:
            return await _set_password(session, user_id, new_hash, actor, keep)

    async def reset_password(
        self, token_hash: str, new_hash: str, request_id: str | None
    ) -> tuple[UserId, frozenset[LoginId]] | None:
        async with self._database.write() as session:
            proof = await _use(session, token_hash, ProofKind.RESET_PASSWORD)
            if proof is None:
                return None
            actor = Actor(str(proof.user_id), None, request_id)
            return proof.user_id, await _set_password(session, proof.user_id, new_hash, actor, None)

    async def verify_email(self, token_hash: str, request_id: str | None) -> User | None:
        async with self._database.write() as session:
            proof = await _use(session, token_hash, ProofKind.VERIFY_EMAIL, ProofKind.CHANGE_EMAIL)
            if proof is None or not await _take_address(session, proof, request_id):
                return None
            return user_of((await session.execute(USERS.where(users.c.id == proof.user_id))).one())


async def add_proof(
    session: WriteSession, user_id: UUID, kind: ProofKind, address: str, token_hash: str, lifetime: timedelta
) -> None:
    given = {"user_id": user_id, "kind": kind.value, "address": address, "token_hash": token_hash}
    await session.execute(insert(proofs).values(given | {"expires_at": func.now() + lifetime}))


def _good(token_hash: str, *kinds: ProofKind) -> Any:
    return and_(
        proofs.c.token_hash == token_hash,
        among(proofs.c.kind, [kind.value for kind in kinds]),
        proofs.c.used_at.is_(None),
        proofs.c.expires_at > func.now(),
    )


async def _use(session: WriteSession, token_hash: str, *kinds: ProofKind) -> Row[Any] | None:
    """Two at once: the second waits for the first, and finds it used."""
    used = update(proofs).where(_good(token_hash, *kinds)).values(used_at=func.now())
    told = used.returning(proofs.c.user_id, proofs.c.address, proofs.c.kind)
    return (await session.execute(told)).first()


async def _set_password(
    session: WriteSession, user_id: UserId, new_hash: str, actor: Actor, keep: UUID | None
) -> frozenset[LoginId]:
    """Other logins end, tokens for another new password are used up, and a proven address is told."""
    changed = update(users).where(users.c.id == user_id).values(password_hash=new_hash)
    row = (await session.execute(changed.returning(users.c.email, users.c.is_verified))).one()
    waiting = and_(
        proofs.c.user_id == user_id,
        proofs.c.kind == ProofKind.RESET_PASSWORD.value,
        proofs.c.used_at.is_(None),
    )
    await session.execute(update(proofs).where(waiting).values(used_at=func.now()))
    if row.is_verified:
        await enqueue_mail(session, PASSWORD_CHANGED, row.email, user_id)
    await audit.record(session, actor, "update", "user", user_id, {"password": CHANGED})
    others = and_(refresh_tokens.c.user_id == user_id, refresh_tokens.c.family_id.is_distinct_from(keep))
    return await end_logins(session, others, "end", actor)


async def _take_address(session: WriteSession, proof: Row[Any], request_id: str | None) -> bool:
    """The address is theirs who proved it; whoever held it unproven has a claim left. False when somebody
    else proved it before.
    """
    address = proof.address.lower()
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(literal(address)))))
    mine = users.c.id == proof.user_id
    old = (await session.execute(select(users).where(mine).with_for_update())).one()
    wanted = old.email_claim or old.email
    if proof.kind == ProofKind.VERIFY_EMAIL.value and wanted.lower() != address:
        return False  # it was sent to an address they have given up since
    theirs = and_(func.lower(users.c.email) == address, users.c.id != proof.user_id)
    held = (await session.execute(select(users.c.is_verified).where(theirs).with_for_update())).first()
    if held is not None and held.is_verified:
        return False
    placeholder = func.concat(users.c.id, "@unverified.invalid")
    await session.execute(update(users).where(theirs).values(email=placeholder, email_claim=users.c.email))
    proven = {"email": proof.address, "email_claim": None, "is_verified": True}
    await session.execute(update(users).where(mine).values(proven))
    if old.is_verified and old.email.lower() != address:
        await enqueue_mail(session, EMAIL_CHANGED, old.email, proof.user_id)
    actor = Actor(str(proof.user_id), None, request_id)
    await audit.record(session, actor, "update", "user", proof.user_id, {"email": CHANGED})
    return True
