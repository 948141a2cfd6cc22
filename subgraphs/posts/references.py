"""Entities by key: our posts, and other subgraphs' users and events, which need no lookup to carry our
fields.
"""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.posts.loaders import PostsContext
from subgraphs.posts.types import Event, Post, User, post_type
from subgraphs.posts.types.edits import PostEdit, edit_type
from subgraphs.posts.values import EditId, PostId


def resolve_post(representation: Representation, context: PostsContext) -> Post | None:
    key, username = PostId(parse_id(key_text(representation, "id") or "")), _author_username(representation)
    return context.loaders.by_id.found(key, lambda post: post_type(post, username))


def resolve_user(representation: Representation, context: PostsContext) -> User:
    return User(id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))))


def resolve_event(representation: Representation, context: PostsContext) -> Event:
    return Event(id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))))


def _author_username(representation: Representation) -> str | None:
    author = representation.get("author")
    if author is None:
        return None
    username = author.get("username") if isinstance(author, Mapping) else None
    return username if isinstance(username, str) else None


def resolve_edit(representation: Representation, context: PostsContext) -> PostEdit | None:
    key = EditId(parse_id(key_text(representation, "id") or ""))
    return context.loaders.edit_by_id.found(key, edit_type)


REFERENCES = {"Post": resolve_post, "PostEdit": resolve_edit, "User": resolve_user, "Event": resolve_event}
