"""What this domain tells others. Payloads name people and comments by id."""

from __future__ import annotations

from uuid import UUID

from subgraphs.interactions.values import Comment, PersonId, Post
from subgraphs.kit.outbox import Message

TOPIC = "interactions.post"


def post_liked(post: Post, user: PersonId) -> Message:
    return _told(post.id, "PostLiked", user_id=user, author_id=post.author_id)


def post_unliked(post: Post, user: PersonId) -> Message:
    return _told(post.id, "PostUnliked", user_id=user, author_id=post.author_id)


def comment_liked(comment: Comment, user: PersonId) -> Message:
    facts = {"comment_id": comment.id, "user_id": user, "author_id": comment.author_id}
    return _told(comment.post_id, "CommentLiked", **facts)


def comment_unliked(comment: Comment, user: PersonId) -> Message:
    facts = {"comment_id": comment.id, "user_id": user, "author_id": comment.author_id}
    return _told(comment.post_id, "CommentUnliked", **facts)


def comment_added(comment: Comment, parent: Comment | None) -> Message:
    return _told(
        comment.post_id,
        "CommentAdded",
        comment_id=comment.id,
        parent_id=comment.parent_id,
        user_id=comment.author_id,
        author_id=comment.post_author_id,
        parent_author_id=None if parent is None else parent.author_id,
    )


def comment_removed(comment: Comment) -> Message:
    return removed(comment.post_id, comment.id, comment.author_id)


def removed(post_id: UUID, comment_id: UUID, user: UUID | None) -> Message:
    return _told(post_id, "CommentRemoved", comment_id=comment_id, user_id=user)


def _told(post_id: UUID, kind: str, **facts: UUID | None) -> Message:
    payload = {name: None if value is None else str(value) for name, value in facts.items()}
    return Message(TOPIC, str(post_id), kind, payload)
