"""Entities by key: media's own, and posts, pictures of events and people, which need no lookup to carry our
fields.
"""

from __future__ import annotations

from uuid import UUID

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.media.loaders import MediaContext
from subgraphs.media.types import EventImage, Media, Post, PostEdit, User, media_type
from subgraphs.media.values import MediaId, Shown


def resolve_media(representation: Representation, context: MediaContext) -> Media | None:
    return context.loaders.seen.found(MediaId(_key(representation)), media_type)


def resolve_post(representation: Representation, _context: MediaContext) -> Post:
    return Post(id=_id(representation), shown=_shown(representation))


def resolve_edit(representation: Representation, _context: MediaContext) -> PostEdit:
    return PostEdit(id=_id(representation), shown=_shown(representation))


def resolve_event_image(representation: Representation, _context: MediaContext) -> EventImage:
    told = key_text(representation, "mediaId")
    shown = None if told is None else (MediaId(parse_id(told, "mediaId")),)
    return EventImage(id=_id(representation), shown=shown)


def resolve_user(representation: Representation, _context: MediaContext) -> User:
    shown = representation.get("avatarUrl")
    return User(id=_id(representation), shown=shown if isinstance(shown, str) else None)


def _id(representation: Representation) -> strawberry.ID:
    return strawberry.ID(str(_key(representation)))


def _key(representation: Representation) -> UUID:
    return parse_id(key_text(representation, "id") or "")


def _shown(representation: Representation) -> Shown | None:
    """Ids that posts told; None when it told none."""
    told = representation.get("mediaIds")
    if not isinstance(told, list):
        return None
    return tuple([MediaId(parse_id(each, "mediaIds")) for each in told if isinstance(each, str)])


REFERENCES = {
    "EventImage": resolve_event_image,
    "Media": resolve_media,
    "Post": resolve_post,
    "PostEdit": resolve_edit,
    "User": resolve_user,
}
