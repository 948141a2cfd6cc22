"""Events near a point through GraphQL: who is found, in which order, and who never is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.places import Circle, Point
from db.postgres import connect
from subgraphs.events.repository.postgres_search import nearest
from subgraphs.events.searches import EventSearch, by_distance
from subgraphs.events.values import EventSearchFilter
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.pages import PageRequest
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, code, config_in, data, refused
from tests.support.postgres import SHARED, administer, shared_server

ALEX = {"latitude": 52.5219, "longitude": 13.4132}
"""Alexanderplatz; the gate is 2.6 km away, Potsdam 27."""
GATE = {"latitude": 52.5163, "longitude": 13.3777}
POTSDAM = {"latitude": 52.3906, "longitude": 13.0645}
GATES = ["Jazz at the gate"]
NEAR = {**ALEX, "radiusKm": 100}
FOUND = """query($near: NearInput, $box: BoundingBoxInput, $text: String, $filter: EventSearchFilter,
        $by: EventSearchOrder, $first: Int, $after: String) {
    searchEvents(near: $near, within: $box, text: $text, filter: $filter, orderBy: $by, first: $first,
            after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { distance node { title } } } }"""


def at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def events(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("events", config, stores["events"]) as subgraph:
        yield subgraph


@pytest.fixture
def ada(config: SubgraphConfig) -> Person:
    return Person(config)


async def create(events: Subgraph, host: Person, title: str, **details: object) -> str:
    given = {"title": title, "startsAt": at(1), "endsAt": at(3)} | details
    payload = await act(events, "createEvent", host.headers, "event { id }", **given)
    assert payload["errors"] == []
    return str(payload["event"]["id"])


async def titles(events: Subgraph, **asked: Any) -> list[str]:
    edges = (await data(events, FOUND, **asked))["searchEvents"]["edges"]
    return [edge["node"]["title"] for edge in edges]


@pytest.fixture
async def three(events: Subgraph, ada: Person) -> Subgraph:
    await create(events, ada, "Jazz in Potsdam", location=POTSDAM, startsAt=at(1), category="MUSIC")
    await create(events, ada, "Chess at Alex", location=ALEX, startsAt=at(2), endsAt=at(99))
    await create(events, ada, "Jazz at the gate", location=GATE, startsAt=at(2.5), category="MUSIC")
    await create(events, ada, "Jazz anywhere")
    return events


async def test_what_is_near_comes_nearest_first_with_its_distance(three: Subgraph) -> None:
    found = (await data(three, FOUND, near=NEAR))["searchEvents"]
    assert found["totalCount"] == 3
    told = [(edge["node"]["title"], round(edge["distance"], 1)) for edge in found["edges"]]
    assert told == [("Chess at Alex", 0.0), ("Jazz at the gate", 2.5), ("Jazz in Potsdam", 27.8)]
    first = (await data(three, FOUND, near=NEAR, first=2))["searchEvents"]["pageInfo"]
    assert first["hasNextPage"]
    assert await titles(three, near=NEAR, after=first["endCursor"]) == ["Jazz in Potsdam"]
    elsewhere = {"near": {**GATE, "radiusKm": 100}, "after": first["endCursor"]}
    assert await code(three, FOUND, **elsewhere) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"near": {**ALEX, "radiusKm": 5}}, ["Chess at Alex", "Jazz at the gate"]),
        ({"near": NEAR, "by": "STARTS_AT"}, ["Jazz in Potsdam", "Chess at Alex", "Jazz at the gate"]),
        ({"near": NEAR, "text": "jazz"}, ["Jazz at the gate", "Jazz in Potsdam"]),
        ({"near": NEAR, "text": "jaz", "by": "DISTANCE"}, [*GATES, "Jazz in Potsdam"]),
        ({"text": "jazs", "by": "STARTS_AT"}, ["Jazz anywhere", "Jazz in Potsdam", "Jazz at the gate"]),
        ({"near": NEAR, "filter": {"startsAfter": at(1.5), "endsBefore": at(90)}}, ["Jazz at the gate"]),
        ({"near": NEAR, "filter": {"category": "MUSIC"}}, ["Jazz at the gate", "Jazz in Potsdam"]),
        (
            {"box": {"south": 52, "west": 13.2, "north": 53, "east": 14}},
            ["Chess at Alex", "Jazz at the gate"],
        ),
        ({"box": {"south": 52, "west": 13, "north": 53, "east": 13.2}, "text": "jazz"}, ["Jazz in Potsdam"]),
        ({"box": {"south": 52, "west": 170, "north": 53, "east": -170}}, []),
    ],
)
async def test_place_time_kind_and_text_narrow_each_other(
    three: Subgraph, asked: dict[str, Any], found: list[str]
) -> None:
    listed = (await data(three, FOUND, **asked))["searchEvents"]
    there = [edge["node"]["title"] for edge in listed["edges"]]
    assert sorted(there) == sorted(found) if "jazs" in asked.values() else there == found
    assert listed["totalCount"] == len(found)


@pytest.mark.parametrize(
    "asked",
    [
        {"near": {"latitude": 91, "longitude": 0}},
        {"near": {"latitude": 0, "longitude": -180.1}},
        {"near": {**ALEX, "radiusKm": 0}},
        {"near": {**ALEX, "radiusKm": 1e300}},
        {"near": {**ALEX, "radiusKm": float("nan")}},
        {"near": {"latitude": float("inf"), "longitude": 0}},
        {"box": {"south": 1, "west": 0, "north": 0, "east": 0}},
        {"box": {"south": -91, "west": 0, "north": 0, "east": 0}},
        {"by": "DISTANCE"},
        {"by": "RELEVANCE", "near": NEAR},
        {"text": " ", "near": NEAR, "by": "DISTANCE"},
        {"near": NEAR, "after": "e30"},
    ],
)
async def test_what_is_nowhere_is_refused(events: Subgraph, asked: dict[str, Any]) -> None:
    assert await code(events, FOUND, **asked) == "BAD_USER_INPUT"


async def test_drafts_cancelled_and_past_events_are_near_nobody(
    events: Subgraph, stores: Mapping[str, DomainStore], ada: Person
) -> None:
    await create(events, ada, "Draft", location=ALEX, isDraft=True)
    cancelled = await create(events, ada, "Cancelled", location=ALEX)
    await act(events, "cancelEvent", ada.headers, eventId=cancelled)
    over = await create(events, ada, "Over", location=ALEX)
    database = connect(stores["events"])
    async with database.write() as session:
        await session.execute(text("SELECT set_config('app.is_admin', 'on', true)"))
        past = "UPDATE events SET starts_at = now() - interval '2 h', ends_at = now() - interval '1 h'"
        await session.execute(text(f"{past} WHERE id = CAST(:id AS uuid)"), {"id": over})
    await database.close()
    box = {"south": 0, "west": 0, "north": 90, "east": 90}
    for asked in ({"near": NEAR}, {"box": box}, {"near": NEAR, "by": "STARTS_AT"}):
        for reader in (None, ada.headers):
            assert (await data(events, FOUND, reader, **asked))["searchEvents"]["totalCount"] == 0


async def test_an_event_is_where_its_venue_is_also_when_that_moves(events: Subgraph, ada: Person) -> None:
    place = {"name": "Hall", "address": "x", "city": "x", **POTSDAM}
    venue = (await act(events, "createVenue", ada.headers, "venue { id }", **place))["venue"]["id"]
    event = await create(events, ada, "Concert", venueId=venue)
    where = "query($id: ID!) { event(id: $id) { location { latitude longitude } } }"
    assert (await data(events, where, id=event))["event"]["location"] == POTSDAM
    await act(events, "updateVenue", ada.headers, venueId=venue, **GATE)
    assert (await data(events, where, id=event))["event"]["location"] == GATE
    away = {"eventId": event, "location": ALEX}
    assert await refused(events, "updateEvent", ada.headers, **away) == [("INVALID_INPUT", "location")]
    both = {"venueId": venue, "location": ALEX, "title": "x", "startsAt": at(1), "endsAt": at(2)}
    assert await refused(events, "createEvent", ada.headers, **both) == [("INVALID_INPUT", "location")]
    for given, then in (({"venueId": None}, None), ({"location": ALEX}, ALEX), ({"location": None}, None)):
        await act(events, "updateEvent", ada.headers, eventId=event, **given)
        assert (await data(events, where, id=event))["event"]["location"] == then


async def test_a_place_that_is_nowhere_is_refused(events: Subgraph, ada: Person) -> None:
    given = {"title": "x", "startsAt": at(1), "endsAt": at(2), "location": {"latitude": 91, "longitude": 0}}
    assert await refused(events, "createEvent", ada.headers, **given) == [("INVALID_INPUT", "location")]


async def test_what_is_nearest_is_read_from_the_index_of_places(stores: Mapping[str, DomainStore]) -> None:
    many = """INSERT INTO events.events (host_id, title, status, starts_at, ends_at, published_at, latitude,
            longitude)
        SELECT gen_random_uuid(), 'x', 'PUBLISHED', now(), now() + interval '1 h', now(),
            50 + random() * 5, 10 + random() * 5 FROM generate_series(1, 3000)"""
    await administer(shared_server(), many, "ANALYZE events.events, events.event_places", database=SHARED)
    of = Point(52.5, 13.4)
    search = EventSearch(EventSearchFilter(venue_id=None), Circle(of, 50_000.0))
    window = PageRequest(by_distance(of), 20, after=(0.0001, UUID(int=0)))
    asked = nearest(search, None, window, datetime.now(UTC))
    explained = replace(asked, statement=replace(asked.statement, text=f"EXPLAIN {asked.statement.text}"))
    database = connect(stores["events"])
    async with database.read() as session:
        plan = "\n".join(str(row[0]) for row in await session.fetch(explained))
    await database.close()
    assert "Index Scan using event_places_sphere_idx" in plan, plan
    assert "Order By" in plan
    assert "Seq Scan" not in plan
