"""Entities by key: our events and venues, and other subgraphs' users, organizations and posts, which need no
lookup to carry our fields.
"""

from __future__ import annotations

from operator import attrgetter

import strawberry

from subgraphs.events.loaders import EventsContext
from subgraphs.events.types import Organization, Post, User, event_type, venue_type
from subgraphs.events.types.gallery import image_type
from subgraphs.kit.federation import ReferenceResolver, Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.kit.references import ById, Known


def resolve_post(representation: Representation, context: EventsContext) -> Post:
    return Post(
        id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))),
        event_id=_required(representation, "eventId"),
        attached_event_id=_required(representation, "attachedEventId"),
    )


def _required(representation: Representation, name: str) -> strawberry.ID | None:
    """What the router brings for a field that requires it."""
    text = key_text(representation, name)
    return None if text is None else strawberry.ID(text)


REFERENCES: dict[str, ReferenceResolver] = {
    "Event": ById(attrgetter("loaders.by_id"), event_type),
    "EventImage": ById(attrgetter("loaders.image"), image_type),
    "Venue": ById(attrgetter("loaders.venue"), venue_type),
    "User": Known(User),
    "Organization": Known(Organization),
    "Post": resolve_post,
}
