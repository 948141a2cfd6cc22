"""The events subgraph as its clients and its router see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, code, config_in, data, error

CREATE = (
    "mutation($input: CreateEventInput!) { createEvent(input: $input) { id status startsAt host { id } } }"
)
UPDATE = """mutation($id: ID!, $input: UpdateEventInput!) {
    updateEvent(id: $id, input: $input) { title maxAttendees } }"""
ATTEND = "mutation($id: ID!) { attendEvent(eventId: $id) { attendeeCount viewerAttendance } }"
CONCERT = {"title": "Concert", "startsAt": "2026-06-01T20:00:00+02:00", "endsAt": "2026-06-01T21:00:00Z"}


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


@pytest.fixture
def grace(config: SubgraphConfig) -> Person:
    return Person(config)


async def create(events: Subgraph, host: Person, **details: object) -> str:
    return str((await data(events, CREATE, host.headers, input=CONCERT | details))["createEvent"]["id"])


async def test_a_logged_in_user_hosts_an_event(events: Subgraph, ada: Person) -> None:
    made = (await data(events, CREATE, ada.headers, input=CONCERT))["createEvent"]
    assert made["host"] == {"id": str(ada.id)}
    assert (made["status"], made["startsAt"]) == ("PUBLISHED", "2026-06-01T18:00:00Z")
    assert await code(events, CREATE, input=CONCERT) == "UNAUTHENTICATED"


async def test_only_the_host_changes_an_event(events: Subgraph, ada: Person, grace: Person) -> None:
    event = await create(events, ada, maxAttendees=5)
    changed = await data(events, UPDATE, ada.headers, id=event, input={"title": "Gig", "maxAttendees": None})
    assert changed["updateEvent"] == {"title": "Gig", "maxAttendees": None}
    for mutation in (UPDATE, "mutation($id: ID!) { cancelEvent(id: $id) { id } }"):
        variables: dict[str, Any] = {"id": event} | ({"input": {"title": "x"}} if mutation is UPDATE else {})
        assert await code(events, mutation, grace.headers, **variables) == "FORBIDDEN"
        assert await code(events, mutation, **variables) == "UNAUTHENTICATED"


async def test_a_draft_is_the_hosts_until_it_is_published(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    event = await create(events, ada, isDraft=True)
    query = "query($id: ID!) { event(id: $id) { status } }"
    assert (await data(events, query, grace.headers, id=event))["event"] is None
    assert await code(events, ATTEND, grace.headers, id=event) == "NOT_FOUND"
    publish = "mutation($id: ID!) { publishEvent(id: $id) { status } }"
    assert await code(events, publish, grace.headers, id=event) == "NOT_FOUND"
    for _ in range(2):
        assert (await data(events, publish, ada.headers, id=event))["publishEvent"] == {"status": "PUBLISHED"}
    assert (await data(events, query, id=event))["event"] == {"status": "PUBLISHED"}


async def test_a_full_or_cancelled_event_is_a_conflict(events: Subgraph, ada: Person, grace: Person) -> None:
    event = await create(events, ada, maxAttendees=1)
    mine = {"attendeeCount": 1, "viewerAttendance": "GOING"}
    assert (await data(events, ATTEND, ada.headers, id=event))["attendEvent"] == mine
    full = await error(events, ATTEND, grace.headers, id=event)
    assert full["extensions"] == {"code": "CONFLICT", "maxAttendees": 1}
    leave = "mutation($id: ID!) { leaveEvent(eventId: $id) { attendeeCount viewerAttendance } }"
    assert (await data(events, leave, ada.headers, id=event))["leaveEvent"]["viewerAttendance"] is None
    await data(events, "mutation($id: ID!) { cancelEvent(id: $id) { status } }", ada.headers, id=event)
    closed = await error(events, ATTEND, grace.headers, id=event)
    assert closed["extensions"] == {"code": "CONFLICT", "status": "CANCELLED"}
    assert await code(events, UPDATE, ada.headers, id=event, input={"title": "x"}) == "CONFLICT"


@pytest.mark.parametrize(
    ("details", "fields"),
    [
        ({"title": " "}, {"title"}),
        ({"endsAt": "2026-06-01T18:00:00Z"}, {"endsAt"}),
        ({"timezone": "Mars/Base"}, {"timezone"}),
        ({"timezone": "../etc/passwd"}, {"timezone"}),
        ({"maxAttendees": 0}, {"maxAttendees"}),
        ({"venueId": "here"}, {"venueId"}),
        ({"title": "", "description": "x" * 10_001}, {"title", "description"}),
    ],
)
async def test_an_event_that_breaks_rules_says_which(
    events: Subgraph, ada: Person, details: dict[str, object], fields: set[str]
) -> None:
    problem = await error(events, CREATE, ada.headers, input=CONCERT | details)
    assert (problem["extensions"]["code"], set(problem["extensions"]["fields"])) == ("BAD_USER_INPUT", fields)


@pytest.mark.parametrize("moment", ["2026-06-01T20:00:00", "tomorrow", "", 7])
async def test_a_time_without_an_offset_is_refused(events: Subgraph, ada: Person, moment: object) -> None:
    assert await code(events, CREATE, ada.headers, input=CONCERT | {"startsAt": moment}) == "BAD_USER_INPUT"


async def test_an_unknown_venue_and_a_cleared_title_are_refused(events: Subgraph, ada: Person) -> None:
    assert await code(events, CREATE, ada.headers, input=CONCERT | {"venueId": str(uuid4())}) == "NOT_FOUND"
    event = await create(events, ada)
    problem = await error(events, UPDATE, ada.headers, id=event, input={"title": None, "startsAt": None})
    assert len(problem["extensions"]["fields"]) == 2


async def test_users_carry_the_events_they_host_and_attend(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    event = await create(events, ada)
    await data(events, ATTEND, grace.headers, id=event)
    query = """query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        hostedEvents { nodes { id attendees { nodes { user { id } status } } } } attending { nodes { id } } }
        } }"""
    wanted = [{"__typename": "User", "id": str(person.id)} for person in (ada, grace)]
    attendees = {"nodes": [{"user": {"id": str(grace.id)}, "status": "GOING"}]}
    assert (await data(events, query, r=wanted))["_entities"] == [
        {"hostedEvents": {"nodes": [{"id": event, "attendees": attendees}]}, "attending": {"nodes": []}},
        {"hostedEvents": {"nodes": []}, "attending": {"nodes": [{"id": event}]}},
    ]
