"""What the services ask of a store. `hidden` are people who are not there for whoever will see the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from db.postgres import WriteSession
from subgraphs.interactions.values import (
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
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.reports import Decision

Hidden = tuple[PersonId, ...] | None
"""None: nobody."""


class InteractionRepository(Protocol):
    async def like_post(self, post: Post, user: PersonId) -> Counts | None:
        """Idempotent. None when the post is gone."""
        ...

    async def unlike_post(self, post: Post, user: PersonId) -> Counts:
        """Idempotent."""
        ...

    async def like_comment(self, comment_id: CommentId, user: PersonId) -> Comment | None:
        """Idempotent. None when there is no such comment, or it was removed."""
        ...

    async def unlike_comment(self, comment_id: CommentId, user: PersonId) -> Comment | None: ...

    async def add_comment(self, new: NewComment) -> tuple[Comment, Counts] | NoParent | None:
        """None when the post is gone."""
        ...

    async def edit_comment(
        self, comment_id: CommentId, author: PersonId, text: str, actor: Actor
    ) -> Comment | None:
        """None when there is no such comment of this author."""
        ...

    async def remove_comment(
        self, comment: Comment, actor: Actor, decision: Decision | None = None
    ) -> Counts:
        """Idempotent. One that has answers keeps its place in the thread. A moderator's decision is noted."""
        ...

    async def mark_comment(self, comment: Comment, decision: Decision, *, is_hidden: bool) -> Comment | None:
        """Hidden from now on, or not. None when there is no such comment."""
        ...

    async def note_decision(self, comment: Comment, decision: Decision) -> None:
        """About one that is so already."""
        ...

    async def find_comments(self, ids: Sequence[CommentId]) -> Mapping[CommentId, Comment]: ...

    async def find_liked(self, user: PersonId, targets: Sequence[UUID]) -> frozenset[UUID]: ...

    async def list_likes(
        self, targets: Sequence[UUID], hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Like]]: ...

    async def list_comments(
        self, threads: Sequence[UUID], order: CommentOrder, hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Comment]]:
        """Of posts those directly under them, of comments their answers."""
        ...

    async def count_comments(self, threads: Sequence[UUID], hidden: Hidden) -> Mapping[UUID, int]:
        """Those that `list_comments` lists. Threads without any are left out."""
        ...

    async def read_counts(self, posts: Sequence[PostId]) -> Mapping[PostId, Counts]:
        """Of posts that have any."""
        ...

    async def export_person(self, user: UUID) -> Mapping[str, Sequence[Any]]:
        """Their likes and comments, one more of each than are told at most (kit/records.py)."""
        ...

    async def forget_person(self, session: WriteSession, user: UUID) -> None:
        """Their likes and comments, as if they had taken them back. Bears being done again."""
        ...

    async def forget_posts(self, session: WriteSession, posts: Sequence[PostId]) -> None:
        """For good: what is under them, and whatever comes later. Bears being done again."""
        ...

    async def recount(self, session: WriteSession) -> None:
        """Set right what is counted wrong."""
        ...
