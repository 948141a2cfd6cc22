"""What one can ask the events domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.events import values
from subgraphs.events.types import Event, EventsInfo, Venue, event_connection, event_type, venue_type
from subgraphs.kit.connections import After, Before, Connection, First, Last
from subgraphs.kit.ids import parse_id
from subgraphs.kit.pages import page_request


@strawberry.type
class Query:
    @strawberry.field
    async def event(self, info: EventsInfo, id: strawberry.ID) -> Event | None:
        event = await info.context.loaders.by_id.load(values.EventId(parse_id(id)))
        return None if event is None else event_type(event)

    @strawberry.field(description="The events you may see, earliest first.")
    async def events(
        self,
        info: EventsInfo,
        category: values.EventCategory | None = None,
        starting_from: datetime | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Event]:
        window = page_request(values.EVENTS_BY_START, first=first, after=after, last=last, before=before)
        wanted = values.EventFilter(category, starting_from)
        viewer = info.context.request.known_viewer
        return event_connection(await info.context.events.list_by_start(wanted, viewer, window))

    @strawberry.field
    async def venue(self, info: EventsInfo, id: strawberry.ID) -> Venue | None:
        venue = await info.context.loaders.venue.load(values.VenueId(parse_id(id)))
        return None if venue is None else venue_type(venue)
