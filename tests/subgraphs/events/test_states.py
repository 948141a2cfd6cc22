"""Why an event was cancelled, and who hears of drafts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in, data, refused

PLACE = {"latitude": 1.0, "longitude": 2.0}
WAYS = """query($id: ID!, $host: ID!, $venue: ID!, $tenant: ID!) {
    event(id: $id) { id }
    events(filter: {statuses: [DRAFT, PUBLISHED, CANCELLED, COMPLETED]}) { totalCount nodes { id } }
    byName: searchEvents(text: "secret") { totalCount nodes { id } }
    near: searchEvents(near: {latitude: 1, longitude: 2}) { totalCount nodes { id } }
    box: searchEvents(within: {south: 0, west: 0, north: 9, east: 9}) { totalCount nodes { id } }
    soon: searchEvents(text: "secret", orderBy: STARTS_AT) { totalCount nodes { id } }
    venue(id: $venue) { events { totalCount nodes { id } } }
    _entities(representations: [
        {__typename: "Event", id: $id}, {__typename: "User", id: $host},
        {__typename: "Organization", id: $tenant}, {__typename: "Post", id: $id, eventId: $id}
    ]) {
        ... on Event { id }
        ... on User { hostedEvents { totalCount nodes { id } } }
        ... on Organization { events { totalCount nodes { id } } }
        ... on Post { event { id } }
    }
}"""


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def events(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("events", config, stores["events"]) as subgraph:
        yield subgraph


async def test_who_cancels_says_why_once(events: Subgraph, config: SubgraphConfig) -> None:
    ada = Person(config)
    at = {"startsAt": _at(1), "endsAt": _at(2)}
    made = await act(events, "createEvent", ada.headers, "event { id cancelReason }", title="x", **at)
    assert made["event"]["cancelReason"] is None
    event = made["event"]["id"]
    too_long = {"eventId": event, "reason": "x" * 501}
    assert await refused(events, "cancelEvent", ada.headers, **too_long) == [("INVALID_INPUT", "reason")]
    for reason in (" The hall burnt  down. ", "Another"):
        given = {"eventId": event, "reason": reason}
        gone = await act(events, "cancelEvent", ada.headers, "event { status cancelReason }", **given)
        assert gone["event"]["status"] == "CANCELLED"
    seen = await data(events, "query($id: ID!) { event(id: $id) { cancelReason } }", id=event)
    assert "hall burnt" in seen["event"]["cancelReason"]


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_a_draft_is_a_secret_on_every_way(
    events: Subgraph, config: SubgraphConfig, is_cancelled: bool
) -> None:
    tenant, other = uuid4(), uuid4()
    ada, grace = Person(config, tenant=tenant), Person(config, tenant=other)
    hall = {"name": "x", "address": "x", "city": "x", **PLACE}
    venue = (await act(events, "createVenue", ada.headers, "venue { id }", **hall))["venue"]["id"]
    given = {"title": "Secret", "startsAt": _at(1), "endsAt": _at(2), "venueId": venue, "isDraft": True}
    event = (await act(events, "createEvent", ada.headers, "event { id }", **given))["event"]["id"]
    if is_cancelled:
        await act(events, "cancelEvent", ada.headers, eventId=event)
    asked = {"id": event, "host": str(ada.id), "venue": venue, "tenant": str(tenant)}
    for reader in (None, grace.headers):
        assert event not in str(await data(events, WAYS, reader, **asked)).replace("'", "")
        assert "totalCount': 1" not in str(await data(events, WAYS, reader, **asked))
    assert event in str(await data(events, WAYS, ada.headers, **asked))


def _at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
