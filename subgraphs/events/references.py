"""Entities by key: our events and venues, and other subgraphs' users, organizations and posts, which need no
lookup to carry our fields.
"""

from __future__ import annotations

import strawberry

from subgraphs.events.loaders import EventsContext
from subgraphs.events.types import Event, Organization, Post, User, Venue, event_type, venue_type
from subgraphs.events.types.gallery import EventImage, image_type
from subgraphs.events.values import EventId, VenueId
from subgraphs.events.values_gallery import ImageId
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id


def resolve_event(representation: Representation, context: EventsContext) -> Event | None:
    return context.loaders.by_id.found(EventId(parse_id(_key(representation))), event_type)


def resolve_venue(representation: Representation, context: EventsContext) -> Venue | None:
    return context.loaders.venue.found(VenueId(parse_id(_key(representation))), venue_type)


def resolve_image(representation: Representation, context: EventsContext) -> EventImage | None:
    return context.loaders.image.found(ImageId(parse_id(_key(representation))), image_type)


def resolve_user(representation: Representation, context: EventsContext) -> User:
    return User(id=strawberry.ID(str(parse_id(_key(representation)))))


def resolve_organization(representation: Representation, context: EventsContext) -> Organization:
    return Organization(id=strawberry.ID(str(parse_id(_key(representation)))))


def resolve_post(representation: Representation, context: EventsContext) -> Post:
    return Post(
        id=strawberry.ID(str(parse_id(_key(representation)))),
        event_id=_required(representation, "eventId"),
        attached_event_id=_required(representation, "attachedEventId"),
    )


def _required(representation: Representation, name: str) -> strawberry.ID | None:
    """What the router brings for a field that requires it."""
    text = key_text(representation, name)
    return None if text is None else strawberry.ID(text)


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {
    "Event": resolve_event,
    "EventImage": resolve_image,
    "Venue": resolve_venue,
    "User": resolve_user,
    "Organization": resolve_organization,
    "Post": resolve_post,
}
