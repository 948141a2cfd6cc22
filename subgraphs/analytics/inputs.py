"""What the mutations of analytics are given."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.input(description="A time somebody looked at an event.")
class EventViewInput:
    client_id: strawberry.ID = strawberry.field(
        description="A random UUID of the client's own: a view that is told again by the same id is the same."
    )
    event_id: strawberry.ID = strawberry.field(description="What was looked at.")
    viewed_at: datetime = strawberry.field(description="When: within the last day.")


@strawberry.input(description="What a client has to tell of views.")
class RecordEventViewsInput:
    views: list[EventViewInput] = strawberry.field(description="Up to 100 at once.")
