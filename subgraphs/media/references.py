"""Entities by key: media's own, and posts and people, which need no lookup to carry our fields."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.media.loaders import MediaContext
from subgraphs.media.types import Media, Post, User, media_type
from subgraphs.media.values import MediaId


def resolve_media(representation: Representation, context: MediaContext) -> Media | None:
    return context.loaders.seen.found(MediaId(parse_id(_key(representation))), media_type)


def resolve_post(representation: Representation, _context: MediaContext) -> Post:
    key = strawberry.ID(str(parse_id(_key(representation))))
    author = representation.get("author")
    text = author.get("id") if isinstance(author, Mapping) else None
    return Post(id=key, author_id=parse_id(text, "author.id") if isinstance(text, str) else None)


def resolve_user(representation: Representation, _context: MediaContext) -> User:
    shown = representation.get("avatarUrl")
    key = strawberry.ID(str(parse_id(_key(representation))))
    return User(id=key, shown=shown if isinstance(shown, str) else None)


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {"Media": resolve_media, "Post": resolve_post, "User": resolve_user}
