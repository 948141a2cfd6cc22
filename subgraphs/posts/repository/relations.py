"""What posts hears of people: who follows and blocks whom, and whose account is private. In the transaction
of the message that told of it; hearing it twice is hearing it once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, delete, or_
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.kit.outbox import Message
from subgraphs.posts.models import blocks, follows, private_accounts

TOPICS = ("users.relation", "users.account")


async def hear_of_relations(session: WriteSession, message: Message) -> None:
    told = message.payload
    match message.type:
        case "UserFollowed":
            await _add(session, follows, [_ids(told, "follower_id", "followed_id")])
        case "FollowAccepted":
            followed = UUID(told["followed_id"])
            pairs = [{"follower_id": UUID(one), "followed_id": followed} for one in told["follower_ids"]]
            await _add(session, follows, pairs)
        case "UserUnfollowed":
            await session.execute(delete(follows).filter_by(**_ids(told, "follower_id", "followed_id")))
        case "UserBlocked":
            pair = _ids(told, "blocker_id", "blocked_id")
            await _add(session, blocks, [pair])
            await _part(session, **pair)
        case "UserUnblocked":
            await session.execute(delete(blocks).filter_by(**_ids(told, "blocker_id", "blocked_id")))
        case "AccountTurnedPrivate":
            await _add(session, private_accounts, [{"user_id": UUID(message.key)}])
        case "AccountTurnedPublic":
            await session.execute(delete(private_accounts).filter_by(user_id=UUID(message.key)))


async def forget_relations(session: WriteSession, user: UUID) -> None:
    """Of somebody who is gone."""
    for table in (follows, blocks, private_accounts):
        theirs = or_(*(column == user for column in table.primary_key.columns))
        await session.execute(delete(table).where(theirs))


async def _part(session: WriteSession, blocker_id: UUID, blocked_id: UUID) -> None:
    """Nobody follows across a block."""
    forth = and_(follows.c.follower_id == blocker_id, follows.c.followed_id == blocked_id)
    back = and_(follows.c.follower_id == blocked_id, follows.c.followed_id == blocker_id)
    await session.execute(delete(follows).where(or_(forth, back)))


async def _add(session: WriteSession, table: Table, rows: list[dict[str, UUID]]) -> None:
    if rows:
        await session.execute(insert(table).on_conflict_do_nothing(), rows)


def _ids(told: Any, *names: str) -> dict[str, UUID]:
    return {name: UUID(told[name]) for name in names}
