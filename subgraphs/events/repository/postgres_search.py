"""Events that are found by where and when they are, in PostgreSQL: published ones that are not over.

A page in the order of distance is read from the index of places, nearest first; one that begins further out
reads past what is nearer: O(what is nearer than the page's end). db/migrations/places.py has the functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, array

from db.pages import page
from db.places import Circle, Within
from db.postgres import Database
from db.statements import per_shape
from subgraphs.events.models import event_places, events
from subgraphs.events.repository.rows import EVENTS, event_of, filtered
from subgraphs.events.searches import EventSearch, FoundEvent
from subgraphs.events.values import EventFilter, EventSearchFilter, Reader
from subgraphs.kit.pages import Page, PageRequest

PLACE = (event_places.c.latitude, event_places.c.longitude)
BY_START = [events.c.starts_at, events.c.id]
NAMED = """events.id IN (SELECT w.id
    FROM unnest(:phrases) AS p (phrase), (VALUES (true), (false)) AS l (later),
    LATERAL (SELECT id FROM events_words WHERE is_later = l.later AND rest >= p.phrase
        AND rest < p.phrase || chr(1114111)) AS w)"""
"""What db/search.py finds, in no order."""


class PostgresEventSearchRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_nearest(
        self, search: EventSearch, phrases: Sequence[str] | None, request: PageRequest
    ) -> Page[FoundEvent]:
        async with self._database.read() as session:
            rows = await session.fetch(nearest(search, phrases, request, datetime.now(UTC)))
        return Page.cut([FoundEvent(event_of(row), row.apart) for row in rows], request)

    async def list_earliest(
        self, search: EventSearch, phrases: Sequence[str] | None, request: PageRequest
    ) -> Page[FoundEvent]:
        async with self._database.read() as session:
            rows = await session.fetch(_earliest(search, phrases, request, datetime.now(UTC)))
        return Page.cut([FoundEvent(event_of(row)) for row in rows], request)

    async def count(self, search: EventSearch, phrases: Sequence[str] | None) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(search, phrases, datetime.now(UTC))))


@per_shape
def nearest(
    search: EventSearch, phrases: Sequence[str] | None, request: PageRequest, now: datetime
) -> Select[Any]:
    assert search.near is not None, "nearest to what?"
    apart: ColumnElement[float] = func.apart(*PLACE, *_point(search.near), type_=Double)
    listed = EVENTS.add_columns(apart.label("apart")).where(*_found(search, phrases, now))
    return page(listed, [apart, event_places.c.event_id], request, descending=False)


@per_shape
def _earliest(
    search: EventSearch, phrases: Sequence[str] | None, request: PageRequest, now: datetime
) -> Select[Any]:
    return page(EVENTS.where(*_found(search, phrases, now)), BY_START, request, descending=False)


@per_shape
def _counted(search: EventSearch, phrases: Sequence[str] | None, now: datetime) -> Select[Any]:
    return select(func.count()).select_from(events).where(*_found(search, phrases, now))


def _found(search: EventSearch, phrases: Sequence[str] | None, now: datetime) -> Iterator[Any]:
    given = {name: getattr(search.wanted, name) for name in EventSearchFilter.__dataclass_fields__}
    yield from filtered(EventFilter(**given), Reader(), now)
    if search.near is not None or search.within is not None:
        yield event_places.c.event_id == events.c.id
    if search.near is not None:
        reach = cast(search.near.metres, Double)
        yield func.is_near(*PLACE, *_point(search.near), reach)
    if search.within is not None:
        yield func.is_within(*PLACE, *_corners(search.within))
    if phrases is not None:
        yield text(NAMED).bindparams(bindparam("phrases", type_=ARRAY(TEXT)))


def _point(near: Circle) -> tuple[ColumnElement[float], ColumnElement[float]]:
    return cast(near.of.latitude, Double), cast(near.of.longitude, Double)


def _corners(box: Within) -> Iterator[ColumnElement[Any]]:
    for values in (box.edges, box.low, box.high):
        yield array([cast(each, Double) for each in values])
