"""Likes and comments in PostgreSQL. A like or a comment, what is counted of it and the message that tells of
it are one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import Database, WriteSession
from subgraphs.interactions.models import comments, likes, post_counts
from subgraphs.interactions.repository import messages, reads
from subgraphs.interactions.repository.deciding import note_decision
from subgraphs.interactions.repository.protocol import Hidden
from subgraphs.interactions.repository.reads import COMMENT, comment_of, counts_from, like_of
from subgraphs.interactions.repository.threads import REMOVED, add_to, take_out
from subgraphs.interactions.values import (
    DEEPEST,
    Comment,
    CommentId,
    CommentOrder,
    Counts,
    Like,
    NewComment,
    NoParent,
    PersonId,
    Post,
    PostId,
)
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.kit.records import MOST, told
from subgraphs.kit.reports import Decision


class PostGone(Exception):
    """Rolls back what was begun for a post that posts has told to be gone."""


class PostgresInteractionRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def like_post(self, post: Post, user: PersonId) -> Counts | None:
        try:
            async with self._database.write() as session:
                if not await _add_like(session, post.id, post.id, user):
                    return await _counts(session, post.id)
                counts = await _count(session, post.id, likes=1)
                await outbox.add(session, messages.post_liked(post, user))
                return counts
        except PostGone:
            return None

    async def unlike_post(self, post: Post, user: PersonId) -> Counts:
        async with self._database.write() as session:
            if not await _take_like(session, post.id, user):
                return await _counts(session, post.id)
            await add_to(session, post_counts, "post_id", {post.id: 1}, {"like_count": -1, "revision": 1})
            await outbox.add(session, messages.post_unliked(post, user))
            return await _counts(session, post.id)

    async def like_comment(self, comment_id: CommentId, user: PersonId) -> Comment | None:
        liked = update(comments).where(comments.c.id == comment_id, ~REMOVED)
        counted = liked.values(like_count=comments.c.like_count + 1).returning(*COMMENT)
        async with self._database.write() as session:
            found = await _comment(session, comment_id)
            if found is None or not await _add_like(session, comment_id, found.post_id, user):
                return found
            row = (await session.execute(counted)).first()
            if row is None:
                await session.execute(delete(likes).where(likes.c.target_id == comment_id))
                return None
            await outbox.add(session, messages.comment_liked(comment_of(row), user))
            return comment_of(row)

    async def unlike_comment(self, comment_id: CommentId, user: PersonId) -> Comment | None:
        async with self._database.write() as session:
            found = await _comment(session, comment_id)
            if found is not None and await _take_like(session, comment_id, user):
                await add_to(session, comments, "id", {comment_id: 1}, {"like_count": -1})
                await outbox.add(session, messages.comment_unliked(found, user))
                return await _comment(session, comment_id)
            return found

    async def add_comment(self, new: NewComment) -> tuple[Comment, Counts] | NoParent | None:
        try:
            async with self._database.write() as session:
                counts = await _count(session, new.post.id, comments=1)
                parent = None
                if new.parent_id is not None:
                    parent = await _answered(session, new.parent_id, new.post.id)
                    if parent is None:
                        raise _NoParentError(NoParent.GONE)
                    if parent.depth >= DEEPEST:
                        raise _NoParentError(NoParent.TOO_DEEP)
                row = (await session.execute(_added(new, parent))).one()
                await outbox.add(session, messages.comment_added(comment_of(row), parent))
                return comment_of(row), counts
        except PostGone:
            return None
        except _NoParentError as error:
            return error.why

    async def edit_comment(
        self, comment_id: CommentId, author: PersonId, text: str, actor: Actor
    ) -> Comment | None:
        mine = and_(comments.c.id == comment_id, comments.c.author_id == author)
        document = {"text": text, "edited_at": datetime.now(UTC).isoformat()}
        changed = update(comments).where(mine).values(document=comments.c.document.concat(document))
        async with self._database.write() as session:
            row = (await session.execute(changed.returning(*COMMENT))).first()
            if row is None:
                return None
            await audit.record(session, actor, "update", "comment", comment_id)
        return comment_of(row)

    async def remove_comment(
        self, comment: Comment, actor: Actor, decision: Decision | None = None
    ) -> Counts:
        async with self._database.write() as session:
            if await take_out(session, comments.c.id == comment.id):
                await audit.record(session, actor, "delete", "comment", comment.id)
                await outbox.add(session, messages.comment_removed(comment))
                if decision is not None:
                    await note_decision(session, comment, decision)
            return await _counts(session, comment.post_id)

    async def mark_comment(self, comment: Comment, decision: Decision, *, is_hidden: bool) -> Comment | None:
        since = datetime.now(UTC).isoformat() if is_hidden else None
        marked = update(comments).where(comments.c.id == comment.id, ~REMOVED)
        document = comments.c.document.concat({"hidden_at": since})
        async with self._database.write() as session:
            row = (await session.execute(marked.values(document=document).returning(*COMMENT))).first()
            if row is None:
                return None
            await note_decision(session, comment_of(row), decision)
        return comment_of(row)

    async def note_decision(self, comment: Comment, decision: Decision) -> None:
        async with self._database.write() as session:
            await note_decision(session, comment, decision)

    async def find_comments(self, ids: Sequence[CommentId]) -> Mapping[CommentId, Comment]:
        async with self._database.read() as session:
            return {row.id: comment_of(row) for row in await session.fetch(reads.comments_found(ids))}

    async def find_liked(self, user: PersonId, targets: Sequence[UUID]) -> frozenset[UUID]:
        async with self._database.read() as session:
            return frozenset(row.target_id for row in await session.fetch(reads.liked(user, targets)))

    async def list_likes(
        self, targets: Sequence[UUID], hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Like]]:
        async with self._database.read() as session:
            rows = await session.fetch(reads.like_pages(targets, hidden, page))
            return pages_of(targets, ((row.target_id, like_of(row)) for row in rows), page)

    async def list_comments(
        self, threads: Sequence[UUID], order: CommentOrder, hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Comment]]:
        async with self._database.read() as session:
            rows = await session.fetch(reads.comment_pages(threads, order, hidden, page))
            return pages_of(threads, ((row.thread_id, comment_of(row)) for row in rows), page)

    async def count_comments(self, threads: Sequence[UUID], hidden: Hidden) -> Mapping[UUID, int]:
        async with self._database.read() as session:
            rows = await session.fetch(reads.comments_counted(threads, hidden))
            return {row.thread_id: row.number for row in rows}

    async def read_counts(self, posts: Sequence[PostId]) -> Mapping[PostId, Counts]:
        async with self._database.read() as session:
            return {row.post_id: counts_from(row) for row in await session.fetch(reads.counts_of(posts))}

    async def export_person(self, user: UUID) -> Mapping[str, Sequence[Any]]:
        mine = {
            "likes": select(likes).where(likes.c.user_id == user),
            "comments": select(comments).where(comments.c.author_id == user),
        }
        async with self._database.write() as session:
            return {
                name: [told(row._mapping) for row in await session.execute(rows.limit(MOST + 1))]
                for name, rows in mine.items()
            }

    async def forget_person(self, session: WriteSession, user: UUID) -> None:
        theirs = select(likes.c.post_id).where(likes.c.user_id == user)
        held = select(post_counts.c.post_id).where(post_counts.c.post_id.in_(theirs))
        await session.execute(held.order_by(post_counts.c.post_id).with_for_update())
        gone = delete(likes).where(likes.c.user_id == user).returning(likes.c.target_id, likes.c.post_id)
        rows = (await session.execute(gone)).all()
        of_posts = Counter(row.post_id for row in rows if row.target_id == row.post_id)
        of_comments = Counter(row.target_id for row in rows if row.target_id != row.post_id)
        if of_posts:
            await add_to(session, post_counts, "post_id", of_posts, {"like_count": -1, "revision": 1})
        if of_comments:
            await add_to(session, comments, "id", of_comments, {"like_count": -1})
        taken = await take_out(session, comments.c.author_id == user)
        await outbox.add(session, *(messages.removed(row.post_id, row.id, user) for row in taken))

    async def forget_posts(self, session: WriteSession, posts: Sequence[PostId]) -> None:
        rows = [{"post_id": post_id, "gone_at": func.now()} for post_id in sorted(posts)]
        zero = {"like_count": 0, "comment_count": 0, "revision": post_counts.c.revision + 1}
        noted = insert(post_counts).values(rows)
        closed = noted.on_conflict_do_update(
            index_elements=["post_id"], set_={**zero, "gone_at": noted.excluded.gone_at}
        )
        await session.execute(closed)
        await session.execute(delete(likes).where(among(likes.c.post_id, posts)))
        await session.execute(delete(comments).where(among(comments.c.post_id, posts)))

    async def recount(self, session: WriteSession) -> None:
        await session.execute(text(RECOUNT))
        await session.execute(text(RECOUNT_COMMENTS))


class _NoParentError(Exception):
    def __init__(self, why: NoParent) -> None:
        super().__init__(why.value)
        self.why = why


RECOUNT = """
    INSERT INTO post_counts AS c (post_id, like_count, comment_count)
    SELECT post_id, sum(likes), sum(comments) FROM (
        SELECT post_id, 0 AS likes, 0 AS comments FROM post_counts WHERE gone_at IS NULL
        UNION ALL SELECT post_id, count(*), 0 FROM likes WHERE target_id = post_id GROUP BY post_id
        UNION ALL SELECT post_id, 0, count(author_id) FROM comments GROUP BY post_id) AS counted
    GROUP BY post_id ORDER BY post_id
    ON CONFLICT (post_id) DO UPDATE
    SET like_count = excluded.like_count, comment_count = excluded.comment_count, revision = c.revision + 1
    WHERE (c.like_count, c.comment_count) IS DISTINCT FROM (excluded.like_count, excluded.comment_count)"""


RECOUNT_COMMENTS = """
    UPDATE comments c SET like_count = t.likes, reply_count = t.replies
    FROM (SELECT id, coalesce(l.number, 0) AS likes, coalesce(r.number, 0) AS replies FROM comments
        LEFT JOIN (SELECT target_id, count(*)::integer AS number FROM likes
            WHERE target_id <> post_id GROUP BY target_id) AS l ON l.target_id = id
        LEFT JOIN (SELECT parent_id AS answered, count(*)::integer AS number FROM comments
            WHERE parent_id IS NOT NULL GROUP BY parent_id) AS r ON r.answered = id) AS t
    WHERE t.id = c.id AND (c.like_count, c.reply_count) IS DISTINCT FROM (t.likes, t.replies)"""


async def _add_like(session: WriteSession, target: UUID, post_id: PostId, user: PersonId) -> bool:
    """Whether it is new."""
    row = {"target_id": target, "post_id": post_id, "user_id": user}
    added = insert(likes).values(row).on_conflict_do_nothing().returning(likes.c.id)
    return (await session.execute(added)).first() is not None


async def _take_like(session: WriteSession, target: UUID, user: PersonId) -> bool:
    mine = and_(likes.c.user_id == user, likes.c.target_id == target)
    return (await session.execute(delete(likes).where(mine))).rowcount > 0


async def _count(session: WriteSession, post_id: PostId, likes: int = 0, comments: int = 0) -> Counts:
    """Raises PostGone."""
    first = insert(post_counts).values(post_id=post_id, like_count=likes, comment_count=comments)
    more = {
        "like_count": post_counts.c.like_count + likes,
        "comment_count": post_counts.c.comment_count + comments,
        "revision": post_counts.c.revision + 1,
    }
    kept = first.on_conflict_do_update(index_elements=["post_id"], set_=more).returning(post_counts)
    row = (await session.execute(kept)).one()
    if row.gone_at is not None:
        raise PostGone
    return counts_from(row)


async def _counts(session: WriteSession, post_id: PostId) -> Counts:
    row = (await session.execute(select(post_counts).where(post_counts.c.post_id == post_id))).first()
    return Counts() if row is None else counts_from(row)


async def _comment(session: WriteSession, comment_id: CommentId) -> Comment | None:
    found = select(*COMMENT).where(comments.c.id == comment_id, ~REMOVED)
    row = (await session.execute(found)).first()
    return None if row is None else comment_of(row)


async def _answered(session: WriteSession, parent_id: CommentId, post_id: PostId) -> Comment | None:
    """The comment with one answer more."""
    there = and_(comments.c.id == parent_id, comments.c.post_id == post_id, ~REMOVED)
    counted = update(comments).where(there).values(reply_count=comments.c.reply_count + 1)
    row = (await session.execute(counted.returning(*COMMENT))).first()
    return None if row is None else comment_of(row)


def _added(new: NewComment, parent: Comment | None) -> Any:
    values = {
        "id": new.id,
        "post_id": new.post.id,
        "post_author_id": new.post.author_id,
        "parent_id": new.parent_id,
        "depth": 0 if parent is None else parent.depth + 1,
        "author_id": new.author_id,
        "document": {"text": new.text},
    }
    return insert(comments).values(values).returning(*COMMENT)
