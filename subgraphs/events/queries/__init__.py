"""What one can ask the events domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

import strawberry

from subgraphs.events import values
from subgraphs.events.queries.said import SaidQueries
from subgraphs.events.service.ics import ics_of
from subgraphs.events.types import (
    Event,
    EventsInfo,
    Order,
    Venue,
    event_connection,
    event_type,
    venue_connection,
    venue_type,
)
from subgraphs.events.types.search import (
    EventSearchConnection,
    FoundBy,
    InBox,
    MaybeText,
    Near,
    found_events,
)
from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.demand import DEAR
from subgraphs.kit.ids import parse_id
from subgraphs.kit.records import RecordQueries
from subgraphs.kit.search import HOW, SearchText, search_connection

A_MONTH = timedelta(days=30)


@strawberry.input(description="Which of the events that a text finds; what is absent does not matter.")
class EventSearchFilter:
    category: values.EventCategory | None = strawberry.field(default=None, description="Only of this kind.")
    starts_after: datetime | None = strawberry.field(default=None, description="Only what starts after this.")
    starts_before: datetime | None = strawberry.field(
        default=None, description="Only what starts before this."
    )
    ends_before: datetime | None = strawberry.field(default=None, description="Only what ends before this.")
    venue_id: strawberry.ID | None = strawberry.field(default=None, description="Only what is held there.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only events of this organization."
    )


@strawberry.input(description="Which events are listed; what is absent does not matter.")
class EventFilter(EventSearchFilter):
    statuses: list[values.EventStatus] | None = strawberry.field(
        default=None, description="Only events that are one of these. Absent: PUBLISHED, which is not over."
    )


@strawberry.input(description="Which venues are listed; what is absent does not matter.")
class VenueFilter:
    city: str | None = strawberry.field(
        default=None, description="Only those in this town; case and accents do not matter."
    )


EventKey = Annotated[strawberry.ID, strawberry.argument(description="The event's id.")]
VenueKey = Annotated[strawberry.ID, strawberry.argument(description="The venue's id.")]
WhichEvents = Annotated[EventFilter | None, strawberry.argument(description="Which events.")]
WhichFound = Annotated[EventSearchFilter | None, strawberry.argument(description="Which events.")]
WhichVenues = Annotated[VenueFilter | None, strawberry.argument(description="Which venues.")]


VenuesBy = Annotated[values.VenueOrder, strawberry.argument(description="What comes first.")]


@strawberry.type(description="What can be asked.")
class Query(SaidQueries, RecordQueries):
    @strawberry.field(description="An event, if there is one that you may see.")
    async def event(self, info: EventsInfo, id: EventKey) -> Event | None:
        event = await info.context.loaders.by_id.load(values.EventId(parse_id(id)))
        return None if event is None else event_type(event)

    @strawberry.field(description="What is on and what is to come, or what the filter asks for.")
    @paged
    async def events(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: Order = values.EventOrder.EARLIEST,
        filter: WhichEvents = None,
    ) -> Connection[Event] | None:
        ordering = values.EVENT_ORDERINGS[order_by]
        window = asked.of(ordering)
        wanted, viewer = _wanted(filter), info.context.request.known_viewer
        page = await info.context.events.list_events(wanted, viewer, window)
        return event_connection(page, order_by, partial(info.context.events.count_events, wanted, viewer))

    @strawberry.field(
        description="The events you said you come to, from a month ago on, 1000 at most, as an iCalendar "
        "file to import. For the logged in.",
        directives=[DEAR],
    )
    async def attending_file(self, info: EventsInfo) -> str | None:
        viewer, now = info.context.request.require_viewer(), datetime.now(UTC)
        attended = await info.context.attendances.list_whole(viewer, now - A_MONTH)
        wanted = {event.venue_id for event in attended if event.venue_id is not None}
        return ics_of(attended, await info.context.venues.find_by_ids(list(wanted)), now)

    @strawberry.field(description="A venue, if there is one.")
    async def venue(self, info: EventsInfo, id: VenueKey) -> Venue | None:
        venue = await info.context.loaders.venue.load(values.VenueId(parse_id(id)))
        return None if venue is None else venue_type(venue)

    @strawberry.field(description="Everywhere that events are held.")
    @paged
    async def venues(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: VenuesBy = values.VenueOrder.NAME,
        filter: WhichVenues = None,
    ) -> Connection[Venue] | None:
        window = asked.of(values.VENUE_ORDERINGS[order_by])
        wanted = _venues_wanted(filter)
        page = await info.context.venues.list_venues(order_by, wanted, window)
        return venue_connection(page, order_by, partial(info.context.venues.count, wanted))

    @strawberry.field(
        description="Published events that are not over: near a point, within a box, of a kind, at a time, "
        f"with a title like the text, or all of that. By RELEVANCE: {HOW}"
    )
    @paged
    async def search_events(
        self,
        info: EventsInfo,
        asked: PageArguments,
        text: MaybeText = None,
        near: Near = None,
        within: InBox = None,
        filter: WhichFound = None,
        order_by: FoundBy = None,
    ) -> EventSearchConnection | None:
        wanted = values.EventSearchFilter(**_details(filter))
        return await found_events(info, wanted, text, near, within, order_by, asked)

    @strawberry.field(description=f"Venues whose name is like the text. {HOW}")
    @paged
    async def search_venues(
        self,
        info: EventsInfo,
        asked: PageArguments,
        text: SearchText,
        filter: WhichVenues = None,
    ) -> Connection[Venue] | None:
        names = info.context.names["venues"].narrowed(_venues_wanted(filter))
        load = info.context.loaders.venue.load_many
        return await search_connection(names, text, load, venue_type, asked)


def _wanted(filter: EventFilter | None) -> values.EventFilter:
    if filter is None:
        return values.EventFilter()
    published = frozenset({values.EventStatus.PUBLISHED})
    return values.EventFilter(
        statuses=frozenset(filter.statuses) if filter.statuses else published, **_details(filter)
    )


def _details(filter: EventSearchFilter | None) -> dict[str, Any]:
    """What lists and searches have in common, by the names of `values.EventSearchFilter`."""
    if filter is None:
        return {}
    venue, organization = filter.venue_id, filter.organization_id
    return {
        "category": filter.category,
        "starts_after": filter.starts_after,
        "starts_before": filter.starts_before,
        "ends_before": filter.ends_before,
        "venue_id": None if venue is None else values.VenueId(parse_id(venue, "filter.venueId")),
        "organization_id": None if organization is None else parse_id(organization, "filter.organizationId"),
    }


def _venues_wanted(filter: VenueFilter | None) -> values.VenueFilter:
    return values.VenueFilter(None if filter is None else filter.city)
