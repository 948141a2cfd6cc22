"""What a person can act on in the events domain, beside the kit's InvalidInput, NotFound and Conflict.

EventFull      as many are going as may come
EventClosed    it is not published yet, cancelled or over
"""

from __future__ import annotations

import strawberry

from subgraphs.events import enums as _described  # noqa: F401 -- before they are used
from subgraphs.events.values import EventStatus
from subgraphs.kit.asking import PeerFailed
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import UserError

WHY = {
    EventStatus.DRAFT: "The event is not published yet.",
    EventStatus.PUBLISHED: "The event is open.",
    EventStatus.CANCELLED: "The event was cancelled.",
    EventStatus.COMPLETED: "The event is over.",
}


@strawberry.type(description="As many are going as may come.")
class EventFull(UserError):
    capacity: int = strawberry.field(description="How many may come.")
    going: int = strawberry.field(description="How many are going.")


@strawberry.type(description="The event takes no answers and no changes: see its status.")
class EventClosed(UserError):
    status: EventStatus = strawberry.field(description="What it is now.")


ERRORS = (EventFull, EventClosed, PeerFailed)


def event_full(capacity: int, going: int, at: str = "eventId") -> Refused:
    places = "The only place is" if capacity == 1 else f"All {capacity} places are"
    return Refused(
        EventFull(message=f"{places} taken.", code="EVENT_FULL", path=[at], capacity=capacity, going=going)
    )


def event_closed(status: EventStatus, at: str = "eventId") -> Refused:
    return Refused(EventClosed(message=WHY[status], code="EVENT_CLOSED", path=[at], status=status))
