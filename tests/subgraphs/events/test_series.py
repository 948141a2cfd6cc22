"""Events that come again: when, how many, and changing one or all that follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.config import DomainStore
from subgraphs.events.recurrence import BadRule, occurrences
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in, data, denied, refused
from tests.support.work import counted

EVENTS = "events { totalCount nodes { id startsAt title status } }"
SHOWN = f"event {{ id startsAt status series {{ id rule {EVENTS} }} }}"
SERIES = f"query($id: ID!) {{ {SHOWN.replace('event {', 'event(id: $id) {', 1)} }}"
WEEKLY = {
    "title": "Chess",
    "startsAt": "2098-10-19T18:00:00Z",
    "endsAt": "2098-10-19T20:00:00Z",
    "timezone": "Europe/Berlin",
    "rule": "FREQ=WEEKLY;COUNT=3",
}
"""Eight in the evening; the clocks go back between the first and the second."""


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


async def create(events: Subgraph, host: Person, **given: object) -> list[dict[str, Any]]:
    made = await act(events, "createEventSeries", host.headers, SHOWN, **(WEEKLY | given))
    assert made["errors"] == []
    nodes: list[dict[str, Any]] = made["event"]["series"]["events"]["nodes"]
    return nodes


async def seen(events: Subgraph, one: str, reader: Person | None = None) -> list[dict[str, Any]]:
    found = await data(events, SERIES, None if reader is None else reader.headers, id=one)
    nodes: list[dict[str, Any]] = found["event"]["series"]["events"]["nodes"]
    return nodes


@pytest.mark.parametrize(
    ("rule", "start", "zone", "days"),
    [
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", "2030-03-30T01:30", "Europe/Berlin", ["30T01", "01T00", "03T00"]),
        ("FREQ=DAILY;COUNT=2", "2030-03-30T01:30", "Europe/Berlin", ["30T01", "31T01"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20300108", "2030-01-01T23:30", "UTC", ["01T23", "03T23", "08T23"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "2030-01-25T12:00", "UTC", ["25T12", "22T12", "29T12"]),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "2030-01-31T12:00", "UTC", ["31T12", "31T12", "31T12"]),
        ("FREQ=YEARLY;COUNT=2", "2031-02-28T12:00", "UTC", ["28T12", "28T12"]),
        ("FREQ=DAILY;COUNT=2", "2030-10-26T00:30", "Europe/Berlin", ["26T00", "27T00"]),
    ],
)
def test_a_rule_means_days_on_the_clock_of_the_time_zone(
    rule: str, start: str, zone: str, days: list[str]
) -> None:
    """In the night of the 31st of March the clock jumps over half past two; in October it comes twice."""
    found = occurrences(rule, datetime.fromisoformat(start).replace(tzinfo=UTC), zone)
    assert [each.isoformat()[8:13] for each in found] == days
    assert {each.minute for each in found} == {int(start[-2:])}


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20300101",
        "FREQ=SECONDLY;COUNT=3",
        "FREQ=DAILY;COUNT=201",
        "FREQ=DAILY;UNTIL=20310101",
        "FREQ=YEARLY;COUNT=9",
        "FREQ=YEARLY;UNTIL=99991231",
        "FREQ=DAILY;UNTIL=20300230",
        "FREQ=WEEKLY;BYDAY=WE;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=99;COUNT=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;BYMONTH=13;COUNT=1",
        "COUNT=3",
        "FREQ=DAILY;COUNT=3\nEXDATE:20300101",
        "",
    ],
)
def test_a_rule_that_does_not_end_or_means_nothing_is_refused_at_once(rule: str) -> None:
    with counted() as work, pytest.raises(BadRule):
        occurrences(rule, datetime(2030, 1, 1, 12, tzinfo=UTC), "Europe/Berlin")
    assert work.calls < 1_000_000


async def test_a_series_is_events_of_their_own_at_the_same_time_on_the_clock(
    events: Subgraph, ada: Person
) -> None:
    made = await create(events, ada, idempotencyKey="once")
    assert [each["startsAt"][5:16] for each in made] == ["10-19T18:00", "10-26T19:00", "11-02T19:00"]
    assert [each["id"] for each in await create(events, ada, idempotencyKey="once")] == [
        each["id"] for each in made
    ]
    grace = Person(ada.config)
    await act(events, "attendEvent", grace.headers, eventId=made[1]["id"])
    counts = "query($id: ID!) { event(id: $id) { attendeeCount } }"
    answered = [(await data(events, counts, id=each["id"]))["event"]["attendeeCount"] for each in made]
    assert answered == [0, 1, 0]
    bad = WEEKLY | {"rule": "FREQ=WEEKLY"}
    assert await refused(events, "createEventSeries", ada.headers, **bad) == [("INVALID_INPUT", "rule")]


async def test_one_is_changed_alone_or_with_all_that_follow(events: Subgraph, ada: Person) -> None:
    first, second, third = (each["id"] for each in await create(events, ada))
    await act(events, "updateEvent", ada.headers, eventId=second, title="Chess, quick")
    titles = [each["title"] for each in await seen(events, first)]
    assert titles == ["Chess", "Chess, quick", "Chess"]
    later = {"startsAt": "2098-10-19T19:00:00Z", "endsAt": "2098-10-19T22:00:00Z"}
    await act(events, "updateEvent", ada.headers, eventId=first, following=True, title="Go", **later)
    now = [(each["title"], each["startsAt"][5:16]) for each in await seen(events, first)]
    assert now == [("Go", "10-19T19:00"), ("Go", "10-26T20:00"), ("Go", "11-02T20:00")]
    await act(events, "cancelEvent", ada.headers, eventId=second, following=True, reason="Moved away.")
    assert [each["status"] for each in await seen(events, third)] == ["PUBLISHED", "CANCELLED", "CANCELLED"]
    stranger = Person(ada.config).headers
    for mutation in ("updateEvent", "cancelEvent"):
        assert await denied(events, mutation, stranger, eventId=first, following=True) == "FORBIDDEN"


async def test_all_that_follow_are_changed_or_none(events: Subgraph, ada: Person) -> None:
    first, second, _ = (each["id"] for each in await create(events, ada))
    for _ in range(2):
        await act(events, "attendEvent", Person(ada.config).headers, eventId=second)
    given = {"eventId": first, "following": True, "title": "Go", "maxAttendees": 1}
    assert await refused(events, "updateEvent", ada.headers, **given) == [("CONFLICT", "eventId")]
    assert {each["title"] for each in await seen(events, first)} == {"Chess"}


async def test_of_a_series_of_drafts_others_see_what_was_published(events: Subgraph, ada: Person) -> None:
    first, second, third = (each["id"] for each in await create(events, ada, isDraft=True))
    published = await act(events, "publishEvent", ada.headers, "event { id }", eventId=second)
    assert published["event"] == {"id": second}
    assert [each["id"] for each in await seen(events, second)] == [second]
    assert len(await seen(events, second, ada)) == len((first, second, third))
    await act(events, "publishEvent", ada.headers, eventId=first, following=True)
    assert [each["id"] for each in await seen(events, second)] == [first, second, third]
