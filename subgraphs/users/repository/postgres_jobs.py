"""What jobs read and write, in the transaction of the job."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, delete, func, select

from db.postgres import WriteSession
from subgraphs.users.models import api_tokens, logins, proofs, refresh_tokens, users


async def find_user(session: WriteSession, user_id: UUID) -> UUID | None:
    """None when they are gone."""
    return (await session.execute(select(users.c.id).where(users.c.id == user_id))).scalar()


async def find_by_proven_address(session: WriteSession, address: str) -> UUID | None:
    proven = and_(func.lower(users.c.email) == address.lower(), users.c.is_verified)
    return (await session.execute(select(users.c.id).where(proven))).scalar()


async def delete_expired(session: WriteSession) -> None:
    """Tokens and logins that are of no use to anybody."""
    for table in (refresh_tokens, proofs, logins, api_tokens):
        await session.execute(delete(table).where(table.c.expires_at < func.now()))
