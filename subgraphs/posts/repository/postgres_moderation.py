"""What moderators decide about posts, in PostgreSQL: with the audit, the case and the message in one
transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, update

from db.postgres import Database, WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.kit.reports import Decision, note
from subgraphs.posts.models import posts
from subgraphs.posts.repository.statements import POSTS, post_of
from subgraphs.posts.values import Post, PostId, Visibility

TOPIC = "posts.moderation"


class PostgresModerationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def hide(self, post_id: PostId, why: str, actor: Actor) -> Post | None:
        hidden = update(posts).where(posts.c.id == post_id, posts.c.hidden_at.is_(None))
        values = {
            "shown_as": posts.c.visibility,
            "visibility": Visibility.PRIVATE.value,
            "hidden_at": func.now(),
        }
        return await self._change(post_id, hidden.values(values), Decision("HIDDEN", "hide", why, actor))

    async def show(self, post_id: PostId, why: str, actor: Actor) -> Post | None:
        shown = update(posts).where(posts.c.id == post_id, posts.c.hidden_at.is_not(None))
        values = {"visibility": posts.c.shown_as, "shown_as": None, "hidden_at": None}
        return await self._change(post_id, shown.values(values), Decision("SHOWN", "show", why, actor))

    async def take_down(self, post_id: PostId, why: str, actor: Actor) -> bool:
        gone = delete(posts).where(posts.c.id == post_id).returning(posts.c.id, posts.c.author_id)
        async with self._database.write() as session:
            row = (await session.execute(gone)).first()
            if row is not None:
                await _note(session, row, Decision("TAKEN_DOWN", "take_down", why, actor))
        return row is not None

    async def _change(self, post_id: PostId, change: Any, decision: Decision) -> Post | None:
        """Doing it again changes nothing and is noted nowhere."""
        async with self._database.write() as session:
            row = (await session.execute(change.returning(posts))).first()
            if row is None:
                row = (await session.execute(POSTS.where(posts.c.id == post_id))).first()
            else:
                await _note(session, row, decision)
        return None if row is None else post_of(row)


async def _note(session: WriteSession, row: Any, decision: Decision) -> None:
    """Also for the author to hear: what was done and why, and not by whom."""
    await note(session, decision, "post", row.id)
    facts = {"post_id": str(row.id), "author_id": str(row.author_id)}
    told = {**facts, "outcome": decision.outcome, "why": decision.why}
    await outbox.add(session, Message(TOPIC, str(row.id), "PostModerated", told))
