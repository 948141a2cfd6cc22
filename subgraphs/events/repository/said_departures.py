"""What becomes of what somebody said about events when they are gone: it goes with them. What they answered
for an event is theirs, too: the question is open again.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from db.postgres import WriteSession
from subgraphs.events.models.gallery import event_images
from subgraphs.events.models.said import check_ins, event_qna, event_qna_upvotes, reviews
from subgraphs.kit.reports import forget_reporter, forget_subjects


async def forget_said(session: WriteSession, user: UUID) -> None:
    asked, votes = event_qna.c, event_qna_upvotes.c
    theirs = list((await session.execute(select(asked.id).where(asked.user_id == user))).scalars())
    written = delete(reviews).where(reviews.c.reviewer_id == user).returning(reviews.c.id)
    theirs += (await session.execute(written)).scalars()
    await forget_subjects(session, theirs)
    await session.execute(delete(event_images).where(event_images.c.user_id == user))
    await session.execute(delete(check_ins).where(check_ins.c.user_id == user))
    await forget_reporter(session, user)
    await session.execute(delete(event_qna).where(asked.user_id == user))
    await session.execute(delete(event_qna_upvotes).where(votes.user_id == user))
    unsaid = {"answer": None, "answered_by": None, "answered_at": None}
    await session.execute(update(event_qna).where(asked.answered_by == user).values(unsaid))
