"""Entities by key: our events and venues, and other subgraphs' users, organizations and posts, which need no
lookup to carry our fields.
"""

from __future__ import annotations

import strawberry

from subgraphs.events.loaders import EventsContext
from subgraphs.events.types import Event, Organization, Post, User, Venue, event_type, venue_type
from subgraphs.events.values import EventId, VenueId
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id


def resolve_event(representation: Representation, context: EventsContext) -> Event | None:
    return context.loaders.by_id.found(EventId(parse_id(_key(representation))), event_type)


def resolve_venue(representation: Representation, context: EventsContext) -> Venue | None:
    return context.loaders.venue.found(VenueId(parse_id(_key(representation))), venue_type)


def resolve_user(representation: Representation, context: EventsContext) -> User:
    return User(id=strawberry.ID(str(parse_id(_key(representation)))))


def resolve_organization(representation: Representation, context: EventsContext) -> Organization:
    return Organization(id=strawberry.ID(str(parse_id(_key(representation)))))


def resolve_post(representation: Representation, context: EventsContext) -> Post:
    event_id = key_text(representation, "eventId")
    return Post(
        id=strawberry.ID(str(parse_id(_key(representation)))),
        event_id=None if event_id is None else strawberry.ID(event_id),
    )


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {
    "Event": resolve_event,
    "Venue": resolve_venue,
    "User": resolve_user,
    "Organization": resolve_organization,
    "Post": resolve_post,
}
