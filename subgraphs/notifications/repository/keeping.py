"""Notices and withdrawals, kept: in the transaction of the message that they are of.

    notice ── for whom? told before? blocked? turned off? ── notification of its group ── cause ── deliveries

A notification gathers the causes of one group until it is read; the next one begins another. A cause that
was there before, withdrawn or not, tells nobody anything again: who likes, unlikes and likes is heard once.
One consumer does this, one message after the other, together with everything that changes the copies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    and_,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.notifications.models import blocks, contacts, notification_causes, notifications
from subgraphs.notifications.repository.deliveries import address_of, deliver_later
from subgraphs.notifications.repository.settings import settings_of
from subgraphs.notifications.repository.visibility import recount, refresh
from subgraphs.notifications.values import (
    SENT_AWAY,
    Address,
    Channel,
    Meaning,
    Notice,
    PersonId,
    Settings,
    TelegramId,
    Withdrawal,
)

CAUSES = notification_causes.c
IS_NEW = literal_column("(xmax = 0)", Boolean).label("is_new")
"""Of a row that was added or else changed: no transaction has changed it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice whose people are known."""

    notice: Notice
    recipient: PersonId
    actor: PersonId | None
    address: Address


async def keep(session: WriteSession, meanings: Iterable[Meaning], now: datetime) -> None:
    for meaning in meanings:
        if isinstance(meaning, Withdrawal):
            await withdraw(session, CAUSES.key == meaning.key)
        else:
            await _keep_notice(session, meaning, now)


async def withdraw(session: WriteSession, which: ColumnElement[bool]) -> None:
    """What these causes told is so no longer; a notification without any is not shown."""
    gone = update(notification_causes).where(which, CAUSES.withdrawn_at.is_(None))
    ended = await session.execute(gone.values(withdrawn_at=func.now()).returning(CAUSES.notification_id))
    await refresh(session, sorted(set(ended.scalars())))


async def _keep_notice(session: WriteSession, notice: Notice, now: datetime) -> None:
    told = await _known(session, notice)
    if told is None or await _is_unwanted(session, told):
        return
    before = await _told_before(session, told)
    if before is not None:
        await refresh(session, [before])
        return
    settings = await settings_of(session, told.recipient)
    channels = _channels(settings, told)
    if not channels:
        return
    made, is_new = await _notification(session, told, in_app=Channel.IN_APP in channels)
    cause = {
        "key": notice.key,
        "recipient_id": told.recipient,
        "notification_id": made,
        "actor_id": told.actor,
        "comment_id": notice.comment_id,
    }
    await session.execute(insert(notification_causes).values(cause))
    await recount(session, [told.recipient])
    if is_new:
        await deliver_later(session, made, notice.kind, settings, channels & SENT_AWAY, now)


async def _known(session: WriteSession, notice: Notice) -> Told | None:
    """None when it is for nobody with an account, or for who did it."""
    recipient = await _person(session, notice.recipient)
    if recipient is None:
        return None
    actor = None if notice.actor is None else await _person(session, notice.actor)
    if recipient in (actor, notice.by):
        return None
    return Told(notice, recipient, actor, await address_of(session, recipient))


async def _person(session: WriteSession, who: PersonId | TelegramId) -> PersonId | None:
    if isinstance(who, UUID):
        return who
    numbered = select(contacts.c.id).where(contacts.c.telegram_id == who)
    return (await session.execute(numbered)).scalar()


async def _is_unwanted(session: WriteSession, told: Told) -> bool:
    """One of the two blocks the other, or it answers what was never told."""
    if told.actor is not None:
        one, other = blocks.c.blocker_id, blocks.c.blocked_id
        forth = and_(one == told.actor, other == told.recipient)
        either = or_(forth, and_(one == told.recipient, other == told.actor))
        if await _exists(session, either):
            return True
    if told.notice.only_after is None:
        return False
    asked = and_(
        CAUSES.key == told.notice.only_after,
        CAUSES.recipient_id == told.actor,
        CAUSES.withdrawn_at.is_(None),
    )
    return not await _exists(session, asked)


async def _exists(session: WriteSession, which: ColumnElement[bool]) -> bool:
    return (await session.execute(select(literal(1)).where(which).limit(1))).first() is not None


async def _told_before(session: WriteSession, told: Told) -> UUID | None:
    """The notification that it is part of; it counts again if it was withdrawn."""
    same = and_(CAUSES.key == told.notice.key, CAUSES.recipient_id == told.recipient)
    again = update(notification_causes).where(same).values(withdrawn_at=null())
    return (await session.execute(again.returning(CAUSES.notification_id))).scalar()


def _channels(settings: Settings, told: Told) -> frozenset[Channel]:
    """Turned on, and the person can be reached there."""
    return frozenset(
        channel
        for channel in Channel
        if settings.is_on(told.notice.kind, channel)
        and (channel is Channel.IN_APP or told.address.on(channel) is not None)
    )


async def _notification(session: WriteSession, told: Told, *, in_app: bool) -> tuple[UUID, bool]:
    """The open one of the group, or a new one; whether it is new. What is told of a group is the first's."""
    notice = told.notice
    sees: Any = true() if notice.about.post_id is None else func.may_see(told.recipient, notice.about.post_id)
    given = {
        "recipient_id": told.recipient,
        "recipient_telegram_id": told.address.telegram_id,
        "kind": notice.kind.value,
        "group_key": notice.group,
        "facts": dict(notice.facts),
        "in_app": in_app,
        "is_visible": sees,
        **asdict(notice.about),
    }
    added = insert(notifications).values(given)
    gathered = added.on_conflict_do_update(
        index_elements=["recipient_id", "group_key"],
        index_where=notifications.c.read_at.is_(None),
        set_={
            "is_visible": added.excluded.is_visible,
            "in_app": added.excluded.in_app,
            "happened_at": func.clock_timestamp(),
        },
    )
    row = (await session.execute(gathered.returning(notifications.c.id, IS_NEW))).one()
    return row.id, row.is_new
