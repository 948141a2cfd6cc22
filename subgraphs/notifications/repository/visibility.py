"""Which notifications are shown: those with a cause that was not withdrawn, whose reader sees their post.

Whatever changes that looks again at what it concerns, and has the unread counts of their readers read anew
after its commit (a job: killed between the two, it is done by the next worker).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit import jobs
from subgraphs.notifications.models import notification_causes, notifications

RECOUNT = "recount"
AT_ONCE = 1000
CAUSES = notification_causes.c
NOTED = notifications.c


async def refresh(session: WriteSession, ids: Sequence[UUID]) -> None:
    if ids:
        await look_again(session, among(NOTED.id, ids))


async def look_again(session: WriteSession, which: ColumnElement[bool]) -> None:
    """One statement, however many."""
    live = select(CAUSES.key).where(CAUSES.notification_id == NOTED.id, CAUSES.withdrawn_at.is_(None))
    sees = or_(NOTED.post_id.is_(None), func.may_see(NOTED.recipient_id, NOTED.post_id))
    shown = live.correlate(notifications).exists() & sees
    looked = update(notifications).where(which, NOTED.is_visible.is_distinct_from(shown))
    changed = await session.execute(looked.values(is_visible=shown).returning(NOTED.recipient_id))
    await recount(session, changed.scalars())


async def recount(session: WriteSession, people: Iterable[UUID]) -> None:
    users = sorted(set(people))
    for at in range(0, len(users), AT_ONCE):
        await jobs.enqueue(session, RECOUNT, {"users": [str(each) for each in users[at : at + AT_ONCE]]})
