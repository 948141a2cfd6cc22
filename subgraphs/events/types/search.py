"""Events that were found, in GraphQL: each with how far away it is."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from db.places import Circle
from subgraphs.events import values
from subgraphs.events.searches import EventSearch, EventSearchOrder, kilometres, names_search
from subgraphs.events.service.searching import box_of, circle_of, order_of, ordering_of
from subgraphs.events.types import Event, EventsInfo, event_type
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import PageArguments, Paged
from subgraphs.kit.search import checked_text, found_page


@strawberry.input(description="A circle on the globe: events whose place lies in it.")
class NearInput:
    latitude: float = strawberry.field(description="Of its middle, in degrees: -90 to 90 (WGS 84).")
    longitude: float = strawberry.field(description="Of its middle, in degrees: -180 to 180.")
    radius_km: float = strawberry.field(
        default=25.0, description="How far around it, in kilometres; at most 20016, which is everywhere."
    )


@strawberry.input(
    description="A box between two parallels and two meridians, as a map shows it. One whose west is east of "
    "its east goes across the 180th meridian."
)
class BoundingBoxInput:
    south: float = strawberry.field(description="In degrees, -90 to 90.")
    west: float = strawberry.field(description="In degrees, -180 to 180.")
    north: float = strawberry.field(description="In degrees, not south of south.")
    east: float = strawberry.field(description="In degrees, -180 to 180.")


Near = Annotated[NearInput | None, strawberry.argument(description="Only what is that near.")]
InBox = Annotated[BoundingBoxInput | None, strawberry.argument(description="Only what lies in this box.")]
FoundBy = Annotated[
    EventSearchOrder | None,
    strawberry.argument(
        description="What comes first. Absent: RELEVANCE where there is a text, else DISTANCE where there is "
        "a point, else STARTS_AT."
    ),
]
MaybeText = Annotated[
    str | None,
    strawberry.argument(
        description="A title, its beginning, or any of its words on; 1 to 100 characters. Absent: any title."
    ),
]


@strawberry.type(description="An event that was found.")
class EventSearchEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Event = strawberry.field(description="The event.")
    distance: float | None = strawberry.field(
        description="How far away it is, in kilometres along the globe; null without near."
    )


@strawberry.type(description="A page of events that were found.")
class EventSearchConnection(Paged[EventSearchEdge, Event]):
    pass


async def found_events(
    info: EventsInfo,
    wanted: values.EventSearchFilter,
    text: str | None,
    near: NearInput | None,
    box: BoundingBoxInput | None,
    asked_order: EventSearchOrder | None,
    asked: PageArguments,
) -> EventSearchConnection:
    """Raises BadUserInput for what nobody could mean."""
    order = order_of(asked_order, has_text=text is not None, has_near=near is not None)
    search = EventSearch(
        wanted,
        None if near is None else circle_of(near.latitude, near.longitude, near.radius_km),
        None if box is None else box_of(box.south, box.west, box.north, box.east),
    )
    if text is not None and order is EventSearchOrder.RELEVANCE:
        return await _by_name(info, search, checked_text(text), asked)
    window = asked.of(ordering := ordering_of(search, order))
    searches, phrases = info.context.searches, await _phrases(info, text)
    page = await searches.list_found(search, order, phrases, window)
    edges = (_edge(each.event, search.near, ordering.cursor(each.position)) for each in page.items)
    return EventSearchConnection.of(edges, page, partial(searches.count, search, phrases))


async def _by_name(
    info: EventsInfo, search: EventSearch, text: str, asked: PageArguments
) -> EventSearchConnection:
    names = info.context.names["events"].narrowed(names_search(search))
    page, cursor = await found_page(names, text, info.context.loaders.by_id.load_many, asked)
    edges = (_edge(event, search.near, cursor(found.position)) for found, event in page.items)
    return EventSearchConnection.of(edges, page, partial(names.count, text))


async def _phrases(info: EventsInfo, text: str | None) -> tuple[str, ...] | None:
    return None if text is None else await info.context.names["events"].phrases(checked_text(text))


def _edge(event: values.Event, near: Circle | None, cursor: str) -> EventSearchEdge:
    return EventSearchEdge(cursor=cursor, node=event_type(event), distance=kilometres(event, near))
