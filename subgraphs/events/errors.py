"""Errors of the events domain.

NotYourEvent    FORBIDDEN; only the host may change an event
EventFull       CONFLICT; as many are going as may come
EventClosed     CONFLICT; it is cancelled, over, or not published yet
"""

from __future__ import annotations

from subgraphs.events.values import EventStatus
from subgraphs.kit.errors import Conflict, Forbidden


class NotYourEvent(Forbidden):
    def __init__(self) -> None:
        super().__init__("Only its host may change an event.")


class EventFull(Conflict):
    def __init__(self, most: int) -> None:
        super().__init__(f"The event is full: {most} are going.", maxAttendees=most)


class EventClosed(Conflict):
    def __init__(self, status: EventStatus) -> None:
        super().__init__(f"The event is {status.value.lower()}.", status=status.value)
