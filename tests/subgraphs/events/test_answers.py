"""Answers to events: who said no, and who gets the last places."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in, data

LISTED = """query($id: ID!, $who: ID!) {
    event(id: $id) { attendeeCount viewerAttendance attendees(status: DECLINED) { totalCount nodes { id } } }
    _entities(representations: [{__typename: "User", id: $who}]) {
        ... on User { attending(status: DECLINED) { totalCount nodes { id } } } } }"""


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def events(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("events", config, stores["events"]) as subgraph:
        yield subgraph


async def create(events: Subgraph, host: Person, **given: object) -> str:
    at = {"startsAt": _at(1), "endsAt": _at(2)}
    made = await act(events, "createEvent", host.headers, "event { id }", title="x", **at, **given)
    return str(made["event"]["id"])


async def test_who_declines_frees_the_place_and_is_told_to_the_host_alone(
    events: Subgraph, config: SubgraphConfig
) -> None:
    ada, grace, eve = (Person(config) for _ in range(3))
    admin = Person(config, roles=frozenset({"ROLE_ADMIN"}))
    event = await create(events, ada, maxAttendees=1)
    for status in ("GOING", "DECLINED"):
        await act(events, "attendEvent", grace.headers, eventId=event, status=status)
    for reader, sees in ((ada, 1), (grace, 1), (admin, 1), (eve, 0), (None, 0)):
        headers = None if reader is None else reader.headers
        found = await data(events, LISTED, headers, id=event, who=str(grace.id))
        assert found["event"]["attendeeCount"] == 0
        for page in (found["event"]["attendees"], found["_entities"][0]["attending"]):
            assert (page["totalCount"], len(page["nodes"])) == (sees, sees), reader
    seen = await data(events, LISTED, grace.headers, id=event, who=str(grace.id))
    assert seen["event"]["viewerAttendance"] == "DECLINED"
    assert (await act(events, "attendEvent", eve.headers, eventId=event))["errors"] == []


@pytest.mark.timeout(120)  # two hundred at once on a busy machine
async def test_two_hundred_at_once_for_fifty_places_leave_exactly_fifty(
    events: Subgraph, config: SubgraphConfig
) -> None:
    event = await create(events, Person(config), maxAttendees=50)
    crowd = [Person(config).headers for _ in range(200)]
    answers = await asyncio.gather(*(act(events, "attendEvent", each, eventId=event) for each in crowd))
    told = Counter(",".join(error["code"] for error in each["errors"]) for each in answers)
    assert told == {"": 50, "EVENT_FULL": 150}
    counted = await data(events, "query($id: ID!) { event(id: $id) { attendeeCount } }", id=event)
    assert counted["event"]["attendeeCount"] == 50


def _at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
