"""People and posts, which need no lookup to carry our fields."""

from __future__ import annotations

import strawberry

from subgraphs.feed.loaders import FeedContext
from subgraphs.feed.types import Post, User
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id


def resolve_user(representation: Representation, _context: FeedContext) -> User:
    return User(id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))))


def resolve_post(representation: Representation, _context: FeedContext) -> Post:
    return Post(id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))))


REFERENCES = {"User": resolve_user, "Post": resolve_post}
