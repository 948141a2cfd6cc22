"""What partners may see of events: what is on, where and who holds it. Who comes, asks and says what of them
is between people and us.
"""

from __future__ import annotations

from typing import Final

from subgraphs.kit.partner import Shown

SHOWN: Final[Shown] = {
    "Query": ("event", "events", "searchEvents", "venue", "venues", "searchVenues"),
    "Event": (
        *("id", "title", "description", "category", "status", "startsAt", "endsAt", "timezone"),
        *("host", "organization", "venue", "location", "maxAttendees", "attendeeCount"),
        *("publishedAt", "cancelReason", "calendarFile", "images", "averageRating", "reviewCount"),
    ),
    "EventImage": ("id", "altText", "order"),
    "GeoPoint": ("latitude", "longitude"),
    "Organization": ("id", "events"),
    "User": ("id",),
    "Venue": ("id", "name", "address", "city", "latitude", "longitude", "capacity", "events"),
}
