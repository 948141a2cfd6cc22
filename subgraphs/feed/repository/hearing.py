"""What feed does about what it hears: copies of posts and follows, and the jobs that bring timelines up to
date after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.feed.models import crowds, follows, known_posts
from subgraphs.feed.repository.pages import FeedPages
from subgraphs.feed.values import PersonId, PostId
from subgraphs.kit import jobs
from subgraphs.kit.news import keep_copy
from subgraphs.kit.outbox import Message

FAN_OUT, DROP = "fan out", "drop pages"
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Hearing:
    pages: FeedPages
    crowd: int

    async def of_posts(self, session: WriteSession, message: Message) -> None:
        if message.type != "PostsTold":
            return
        told = {UUID(row["id"]): row for row in message.payload["rows"] if _is_shown(row)}
        there = select(known_posts.c.id).where(among(known_posts.c.id, list(told)))
        known = frozenset((await session.execute(there)).scalars()) if told else frozenset()
        await keep_copy(session, known_posts, message, _is_shown)
        for post_id in sorted(told.keys() - known, key=lambda each: _written(told[each])):
            row = told[post_id]
            work = {"post_id": str(post_id), "author_id": row["author_id"], "created_at": row["created_at"]}
            await jobs.enqueue(session, FAN_OUT, work)

    async def of_follows(self, session: WriteSession, message: Message) -> None:
        if message.type != "FollowsTold":
            return
        await keep_copy(session, follows, message)
        told = [*message.payload["rows"], *message.payload["gone"]]
        users = sorted({row["follower_id"] for row in told})
        await jobs.enqueue(session, DROP, {"users": users})

    async def drop(self, _session: WriteSession, payload: Mapping[str, Any]) -> None:
        """A job: whose follows have changed, or who is gone, has no pages until they read again."""
        await self.pages.drop([PersonId(UUID(user)) for user in payload["users"]])

    async def fan_out(self, session: WriteSession, payload: Mapping[str, Any]) -> None:
        """A job: a thousand followers, and another job for the next ones. Bears being done again."""
        author, after = UUID(payload["author_id"]), payload.get("after")
        if after is None and await self._is_pulled(session, UUID(payload["post_id"]), author):
            return
        listed = select(follows.c.follower_id).where(follows.c.followed_id == author)
        if after is not None:
            listed = listed.where(follows.c.follower_id > UUID(after))
        some = listed.order_by(follows.c.follower_id).limit(AT_ONCE)
        users = [PersonId(user) for user in (await session.execute(some)).scalars()]
        if len(users) == AT_ONCE:
            await jobs.enqueue(session, FAN_OUT, {**payload, "after": str(users[-1])})
        own = [PersonId(author)] if after is None else []
        at = _written(payload) if "created_at" in payload else None
        await self.pages.push(PostId(UUID(payload["post_id"])), [*own, *users], at)

    async def _is_pulled(self, session: WriteSession, post_id: UUID, author: UUID) -> bool:
        """Marks the post of somebody whom a crowd follows, to be merged in by who reads."""
        some = select(follows.c.follower_id).where(follows.c.followed_id == author).limit(self.crowd + 1)
        counted = select(func.count()).select_from(some.subquery())
        if int((await session.execute(counted)).scalar_one()) <= self.crowd:
            return False
        await session.execute(insert(crowds).values(author_id=author).on_conflict_do_nothing())
        marked = update(known_posts).where(known_posts.c.id == post_id).values(is_pulled=True)
        await session.execute(marked)
        return True


def _written(told: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(told["created_at"])


def _is_shown(row: Mapping[str, Any]) -> bool:
    return row["visibility"] in ("PUBLIC", "FOLLOWERS")
