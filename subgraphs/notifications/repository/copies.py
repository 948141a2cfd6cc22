"""What this domain hears of others, and what is not shown any longer because of it.

    message ── our copies follow ── what they concern is looked at again ── what it means for whom is kept

All of it in one transaction, by one consumer for all topics: a notice and a block that come at the same
moment come one after the other here, and whichever is second knows of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit.news import Row, keep_copy
from subgraphs.kit.outbox import Message
from subgraphs.notifications.hearing import MEANINGS, mean
from subgraphs.notifications.models import (
    blocks,
    contacts,
    follows,
    known_events,
    known_posts,
    known_settings,
    names,
    notification_causes,
    notifications,
    private_accounts,
)
from subgraphs.notifications.repository.keeping import keep, withdraw
from subgraphs.notifications.repository.seats import follow_seats, moved_event
from subgraphs.notifications.repository.visibility import look_again
from subgraphs.notifications.values import Meaning

PLAIN = {"NamesTold": names, "ContactsTold": contacts, "SettingsTold": known_settings}
COPIED = (
    "users.names",
    "users.contacts",
    "users.settings",
    "users.follows",
    "users.blocks",
    "users.privacy",
    "posts.posts",
    "events.event",
    "events.attendees",
)
TOPICS = sorted({*COPIED, *MEANINGS})
CAUSES, NOTED = notification_causes.c, notifications.c


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Hearing:
    now: Callable[[], datetime] = utc_now

    async def hear(self, session: WriteSession, message: Message) -> None:
        """A consumer's handler. Hearing a message twice is hearing it once."""
        await _follow(session, message)
        await follow_seats(session, message)
        meanings = mean(message)
        if message.topic == "events.event":
            meanings += await _follow_event(session, message)
        await keep(session, meanings, self.now())
        if message.type == "CommentRemoved":
            await withdraw(session, CAUSES.comment_id == UUID(message.payload["comment_id"]))


async def _follow(session: WriteSession, message: Message) -> None:
    match message.type:
        case "NamesTold" | "ContactsTold" | "SettingsTold":
            await keep_copy(session, PLAIN[message.type], message)
        case "PostsTold":
            await keep_copy(session, known_posts, message)
            await look_again(session, among(NOTED.post_id, _told(message, "id")))
        case "FollowsTold":
            await keep_copy(session, follows, message)
            authors, readers = _told(message, "followed_id"), _told(message, "follower_id")
            await _look_at_posts_of(session, authors, readers)
        case "PrivacyTold":
            # Who is gone stays private until what they wrote is gone too.
            rows = replace(message, payload={**message.payload, "gone": []})
            await keep_copy(session, private_accounts, rows, _is_private)
            await _look_at_posts_of(session, _told(message, "user_id"))
        case "BlocksTold":
            await keep_copy(session, blocks, message)
            for row in message.payload["rows"]:
                await _part(session, UUID(row["blocker_id"]), UUID(row["blocked_id"]))


def _told(message: Message, name: str) -> list[UUID]:
    return [UUID(row[name]) for row in (*message.payload["rows"], *message.payload["gone"]) if name in row]


def _is_private(row: Row) -> bool:
    return bool(row["is_private"])


async def _look_at_posts_of(
    session: WriteSession, authors: Sequence[UUID], readers: Sequence[UUID] | None = None
) -> None:
    written = select(known_posts.c.id).where(among(known_posts.c.author_id, authors))
    concerned: ColumnElement[bool] = NOTED.post_id.in_(written)
    if readers is not None:
        concerned = and_(concerned, among(NOTED.recipient_id, readers))
    await look_again(session, concerned)


async def _part(session: WriteSession, one: UUID, other: UUID) -> None:
    """What either did is not told to the other any longer; nor is what is said of their posts."""
    forth = and_(CAUSES.actor_id == one, CAUSES.recipient_id == other)
    back = and_(CAUSES.actor_id == other, CAUSES.recipient_id == one)
    await withdraw(session, or_(forth, back))
    await _look_at_posts_of(session, [one, other], [one, other])


async def _follow_event(session: WriteSession, message: Message) -> list[Meaning]:
    """The copy, and who is to be told that the event is at another time."""
    event, known = UUID(message.key), known_events.c
    if message.type == "EventDeleted":
        await session.execute(delete(known_events).where(known.id == event))
        return []
    told = message.payload
    starts = datetime.fromisoformat(told["starts_at"])
    before = (await session.execute(select(known.starts_at).where(known.id == event))).scalar()
    values = {
        "id": event,
        "host_id": UUID(told["host_id"]),
        "status": told["status"],
        "title": told["title"],
        "starts_at": starts,
        "timezone": told["timezone"],
    }
    added = insert(known_events).values(values)
    kept = {name: added.excluded[name] for name in values if name != "id"}
    await session.execute(added.on_conflict_do_update(index_elements=["id"], set_=kept))
    if before is None or before == starts or told["status"] != "PUBLISHED":
        return []
    return await moved_event(session, event, UUID(told["host_id"]), before, starts)
