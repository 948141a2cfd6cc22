"""Entities by key: our comments, and posts and people, which need no lookup to carry our fields."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from subgraphs.interactions.loaders import InteractionsContext
from subgraphs.interactions.types import Comment, Post, User, comment_type, post_type
from subgraphs.interactions.values import CommentId, PersonId, PostId
from subgraphs.interactions.values import Post as PostValue
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id


def resolve_post(representation: Representation, _context: InteractionsContext) -> Post:
    post_id = PostId(parse_id(key_text(representation, "id") or ""))
    author = representation.get("author")
    text = author.get("id") if isinstance(author, Mapping) else None
    if not isinstance(text, str):
        return Post(record=None, id=strawberry.ID(str(post_id)))
    return post_type(PostValue(post_id, PersonId(parse_id(text, "author.id"))))


def resolve_comment(representation: Representation, context: InteractionsContext) -> Comment | None:
    key = CommentId(parse_id(key_text(representation, "id") or ""))
    return context.loaders.seen_comment.found(key, comment_type)


def resolve_user(representation: Representation, _context: InteractionsContext) -> User:
    return User(id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))))


REFERENCES = {"Post": resolve_post, "Comment": resolve_comment, "User": resolve_user}
