"""What posts does when somebody is gone: what they wrote and saved goes with them. In the transaction of the
message that told of it, and again if it comes again.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from db.postgres import WriteSession
from subgraphs.kit.reports import forget_reporter
from subgraphs.posts.models import (
    author_tallies,
    bookmarks,
    poll_votes,
    post_mentions,
    posts,
    reposts,
    shares,
)
from subgraphs.posts.repository.relations import forget_relations


async def forget_author(session: WriteSession, user: UUID) -> None:
    await session.execute(delete(posts).where(posts.c.author_id == user))
    await session.execute(delete(post_mentions).where(post_mentions.c.user_id == user))
    await session.execute(delete(bookmarks).where(bookmarks.c.user_id == user))
    await session.execute(delete(poll_votes).where(poll_votes.c.user_id == user))
    await session.execute(delete(reposts).where(reposts.c.user_id == user))
    await session.execute(delete(shares).where(shares.c.user_id == user))
    await forget_reporter(session, user)
    await forget_relations(session, user)
    await session.execute(delete(author_tallies).where(author_tallies.c.person_id == user))
