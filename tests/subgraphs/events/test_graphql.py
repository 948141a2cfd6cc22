"""The events subgraph as its clients and its router see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.events.repository import complete_ended
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, code, config_in, data, denied, refused

VENUE = {"name": "Hall", "address": "Street 1", "city": "Berlin", "latitude": 52.5, "longitude": 13.4}
STATUS = "query($id: ID!) { event(id: $id) { status } }"
CLOSED = "EVENT_CLOSED"


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


@pytest.fixture
def grace(config: SubgraphConfig) -> Person:
    return Person(config)


async def create(events: Subgraph, host: Person, **details: object) -> str:
    given = {"title": "Concert", "startsAt": at(1), "endsAt": at(3)} | details
    payload = await act(events, "createEvent", host.headers, "event { id }", **given)
    assert payload["errors"] == []
    return str(payload["event"]["id"])


async def is_over(stores: Mapping[str, DomainStore], event: str) -> None:
    """Time passes: the event started and ended."""
    database = connect(stores["events"])
    async with database.write() as session:
        await session.execute(text("SELECT set_config('app.is_admin', 'on', true)"))
        past = "UPDATE events SET starts_at = now() - interval '2 h', ends_at = now() - interval '1 h'"
        await session.execute(text(f"{past} WHERE id = CAST(:id AS uuid)"), {"id": event})
    await database.close()


async def test_a_logged_in_user_hosts_an_event(events: Subgraph, ada: Person) -> None:
    given = {
        "title": "  Chess   night ",
        "startsAt": "2099-06-01T20:00:00+02:00",
        "endsAt": "2099-06-01T21:00:00Z",
    }
    shown = "event { title status startsAt host { id } }"
    made = (await act(events, "createEvent", ada.headers, shown, **given))["event"]
    assert made == {
        "title": "Chess night",
        "status": "PUBLISHED",
        "startsAt": "2099-06-01T18:00:00Z",
        "host": {"id": str(ada.id)},
    }
    assert await denied(events, "createEvent", **given) == "UNAUTHENTICATED"


async def test_only_the_host_changes_an_event(events: Subgraph, ada: Person, grace: Person) -> None:
    event = await create(events, ada, maxAttendees=5)
    shown = "event { title maxAttendees }"
    given = {"eventId": event, "title": " Gig  two ", "maxAttendees": None}
    changed = await act(events, "updateEvent", ada.headers, shown, **given)
    assert changed["event"] == {"title": "Gig two", "maxAttendees": None}
    for mutation in ("updateEvent", "publishEvent", "cancelEvent", "deleteEvent"):
        assert await denied(events, mutation, grace.headers, eventId=event) == "FORBIDDEN"
        assert await denied(events, mutation, eventId=event) == "UNAUTHENTICATED"


async def test_a_draft_is_the_hosts_until_it_is_published(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    event = await create(events, ada, isDraft=True)
    assert (await data(events, STATUS, grace.headers, id=event))["event"] is None
    for mutation in ("attendEvent", "publishEvent", "cancelEvent"):
        assert await refused(events, mutation, grace.headers, eventId=event) == [("NOT_FOUND", "eventId")]
    assert await refused(events, "attendEvent", ada.headers, eventId=event) == [(CLOSED, "eventId")]
    for _ in range(2):
        published = await act(events, "publishEvent", ada.headers, "event { status }", eventId=event)
        assert published["event"] == {"status": "PUBLISHED"}
    assert (await data(events, STATUS, id=event))["event"] == {"status": "PUBLISHED"}


async def test_cancelling_a_draft_does_not_publish_it(events: Subgraph, ada: Person, grace: Person) -> None:
    event = await create(events, ada, isDraft=True)
    await act(events, "cancelEvent", ada.headers, eventId=event)
    for reader in (None, grace.headers):
        assert (await data(events, STATUS, reader, id=event))["event"] is None
        everything = (
            "{ events(filter: {statuses: [DRAFT, PUBLISHED, CANCELLED, COMPLETED]}) { nodes { id } } }"
        )
        assert (await data(events, everything, reader))["events"]["nodes"] == []
    assert (await data(events, STATUS, ada.headers, id=event))["event"] == {"status": "CANCELLED"}
    assert await refused(events, "publishEvent", ada.headers, eventId=event) == [(CLOSED, "eventId")]


async def test_a_full_event_says_how_full(events: Subgraph, ada: Person, grace: Person) -> None:
    event = await create(events, ada, maxAttendees=1)
    shown = "event { attendeeCount viewerAttendance }"
    mine = await act(events, "attendEvent", ada.headers, shown, eventId=event)
    assert mine["event"] == {"attendeeCount": 1, "viewerAttendance": "GOING"}
    facts = "event { id } errors { message ... on EventFull { capacity going } }"
    query = f"mutation($id: ID!) {{ attendEvent(input: {{eventId: $id}}) {{ {facts} }} }}"
    full = {"message": "The only place is taken.", "capacity": 1, "going": 1}
    answer = (await data(events, query, grace.headers, id=event))["attendEvent"]
    assert answer == {"event": None, "errors": [full]}
    left = await act(events, "leaveEvent", ada.headers, shown, eventId=event)
    assert left["event"] == {"attendeeCount": 0, "viewerAttendance": None}
    await act(events, "cancelEvent", ada.headers, eventId=event)
    for mutation, person in (("attendEvent", grace), ("updateEvent", ada)):
        assert await refused(events, mutation, person.headers, eventId=event) == [(CLOSED, "eventId")]


async def test_two_who_want_the_last_place_do_not_both_get_it(
    events: Subgraph, config: SubgraphConfig
) -> None:
    event = await create(events, Person(config), maxAttendees=3)
    people = [Person(config) for _ in range(12)]
    answers = await asyncio.gather(
        *(refused(events, "attendEvent", person.headers, eventId=event) for person in people)
    )
    assert answers.count([]) == 3
    inside = people[answers.index([])]
    assert await refused(events, "attendEvent", inside.headers, eventId=event) == []
    given = {"eventId": event, "status": "INTERESTED"}
    assert await refused(events, "attendEvent", Person(config).headers, **given) == []


async def test_fewer_may_not_come_than_are_going(events: Subgraph, ada: Person, grace: Person) -> None:
    event = await create(events, ada)
    for person in (ada, grace):
        await act(events, "attendEvent", person.headers, eventId=event)
    payload = await act(events, "updateEvent", ada.headers, eventId=event, maxAttendees=1)
    (problem,) = payload["errors"]
    assert (problem["message"], problem["path"]) == ("2 are going already.", ["maxAttendees"])
    assert await refused(events, "updateEvent", ada.headers, eventId=event, maxAttendees=2) == []


async def test_an_edit_of_one_time_holds_against_the_other_that_is_stored(
    events: Subgraph, ada: Person
) -> None:
    event = await create(events, ada)
    for name, value in (("endsAt", at(0.5)), ("startsAt", at(4))):
        assert await refused(events, "updateEvent", ada.headers, eventId=event, **{name: value}) == [
            ("INVALID_INPUT", name)
        ]


async def test_a_cancelled_event_stays_cancelled_whatever_comes_at_once(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    for _ in range(5):
        event = await create(events, ada, isDraft=True)
        await asyncio.gather(
            *(
                events.execute(
                    f"mutation($id: ID!) {{ {name}(input: {{eventId: $id}}) {{ errors {{ code }} }} }}",
                    {"id": event},
                    headers=person.headers,
                )
                for name, person in (("cancelEvent", ada), ("publishEvent", ada), ("attendEvent", grace))
            )
        )
        assert (await data(events, STATUS, ada.headers, id=event))["event"]["status"] == "CANCELLED"
        assert await refused(events, "publishEvent", ada.headers, eventId=event) == [(CLOSED, "eventId")]


async def test_what_is_over_is_completed_and_takes_no_answers(
    events: Subgraph, stores: Mapping[str, DomainStore], ada: Person, grace: Person
) -> None:
    event = await create(events, ada)
    await is_over(stores, event)
    assert (await data(events, STATUS, id=event))["event"] == {"status": "COMPLETED"}
    for mutation, person in (("attendEvent", grace), ("updateEvent", ada), ("cancelEvent", ada)):
        assert await refused(events, mutation, person.headers, eventId=event) == [(CLOSED, "eventId")]
    listed = "query($f: EventFilter) { events(filter: $f) { totalCount nodes { id } } }"
    assert (await data(events, listed))["events"] == {"totalCount": 0, "nodes": []}
    done = {"totalCount": 1, "nodes": [{"id": event}]}
    assert (await data(events, listed, f={"statuses": ["COMPLETED"]}))["events"] == done
    database = connect(stores["events"])
    for _ in range(2):
        async with database.write() as session:
            await complete_ended(session)
    await database.close()
    assert (await data(events, listed, f={"statuses": ["COMPLETED"]}))["events"] == done


async def test_administrators_cancel_events(events: Subgraph, ada: Person, config: SubgraphConfig) -> None:
    tenant = uuid4()
    host, admin = Person(config, tenant=tenant), Person(config, roles=frozenset({"ROLE_ADMIN"}))
    for event in (await create(events, ada), await create(events, host)):
        cancelled = await act(events, "cancelEvent", admin.headers, "event { status }", eventId=event)
        assert cancelled["event"] == {"status": "CANCELLED"}


async def test_a_tenants_draft_is_seen_and_changed_with_its_tenants_token_only(
    events: Subgraph, config: SubgraphConfig
) -> None:
    tenant = uuid4()
    host = Person(config, tenant=tenant)
    event = await create(events, host, isDraft=True)
    colleague, stranger = Person(config, tenant=tenant), Person(config, tenant=uuid4())
    away = Person(config, id=host.id)
    seen = [
        bool((await data(events, STATUS, p.headers, id=event))["event"]) for p in (host, colleague, stranger)
    ]
    assert seen == [True, True, False]
    given = {"eventId": event, "title": "Changed"}
    hidden = await refused(events, "updateEvent", away.headers, **given)
    assert hidden == [("NOT_FOUND", "eventId")], "not without the tenant"
    assert await denied(events, "updateEvent", colleague.headers, **given) == "FORBIDDEN", "not the host"
    assert await refused(events, "updateEvent", host.headers, **given) == []
    ours = "query($o: ID!) { events(filter: {organizationId: $o, statuses: [DRAFT]}) { nodes { title } } }"
    assert (await data(events, ours, colleague.headers, o=str(tenant)))["events"]["nodes"] == [
        {"title": "Changed"}
    ]


@pytest.mark.parametrize(
    ("details", "paths"),
    [
        ({"title": " \u200b "}, ["title"]),
        ({"endsAt": at(0.5)}, ["endsAt"]),
        ({"startsAt": "2020-01-01T00:00:00Z"}, ["startsAt"]),
        ({"timezone": "Mars/Base"}, ["timezone"]),
        ({"timezone": "../etc/passwd"}, ["timezone"]),
        ({"maxAttendees": 0}, ["maxAttendees"]),
        ({"venueId": "here", "title": ""}, ["venueId", "title"]),
        ({"title": "", "description": "x" * 10_001}, ["title", "description"]),
    ],
)
async def test_an_event_that_breaks_rules_says_which(
    events: Subgraph, ada: Person, details: dict[str, object], paths: list[str]
) -> None:
    given = {"title": "Concert", "startsAt": at(1), "endsAt": at(3)} | details
    problems = await refused(events, "createEvent", ada.headers, **given)
    assert problems == [("INVALID_INPUT", path) for path in paths]


async def test_problems_are_told_in_the_names_of_the_schema(events: Subgraph, ada: Person) -> None:
    event = await create(events, ada)
    payload = await act(events, "updateEvent", ada.headers, eventId=event, startsAt=None, title=None)
    assert {error["path"][0]: error["message"] for error in payload["errors"]} == {
        "startsAt": "startsAt cannot be cleared.",
        "title": "title cannot be cleared.",
    }


@pytest.mark.parametrize("moment", ["2026-06-01T20:00:00", "tomorrow", "", 7, "0001-01-01T00:00:00+14:00"])
async def test_a_time_without_an_offset_is_refused(events: Subgraph, ada: Person, moment: object) -> None:
    given = {"title": "x", "startsAt": moment, "endsAt": at(1)}
    assert await denied(events, "createEvent", ada.headers, **given) == "BAD_USER_INPUT"


async def test_an_unknown_venue_is_refused(events: Subgraph, ada: Person) -> None:
    given = {"title": "x", "startsAt": at(1), "endsAt": at(2), "venueId": str(uuid4())}
    missing = [("NOT_FOUND", "venueId")]
    assert await refused(events, "createEvent", ada.headers, **given) == missing
    event = await create(events, ada)
    assert await refused(events, "updateEvent", ada.headers, eventId=event, venueId=str(uuid4())) == missing


async def test_answers_are_ordered_by_when_they_were_given(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    event = await create(events, ada)
    for person, status in ((grace, "INTERESTED"), (ada, "GOING"), (grace, "GOING"), (ada, "GOING")):
        await act(events, "attendEvent", person.headers, eventId=event, status=status)
    query = """query($id: ID!) { event(id: $id) {
        attendees { totalCount edges { status answeredAt node { id } } } } }"""
    attendees = (await data(events, query, id=event))["event"]["attendees"]
    assert attendees["totalCount"] == 2
    assert [edge["node"]["id"] for edge in attendees["edges"]] == [str(ada.id), str(grace.id)]
    times = [edge["answeredAt"] for edge in attendees["edges"]]
    assert times == sorted(times)


async def test_the_host_removes_somebody_who_comes(events: Subgraph, ada: Person, grace: Person) -> None:
    event = await create(events, ada)
    await act(events, "attendEvent", grace.headers, eventId=event)
    wanted = {"eventId": event, "userId": str(grace.id)}
    assert await denied(events, "removeAttendee", grace.headers, **wanted) == "FORBIDDEN"
    removed = await act(events, "removeAttendee", ada.headers, "event { attendeeCount }", **wanted)
    assert removed["event"] == {"attendeeCount": 0}
    assert await refused(events, "removeAttendee", ada.headers, **wanted) == [("NOT_FOUND", "userId")]


async def test_an_event_that_somebody_answered_is_cancelled_and_not_deleted(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    event = await create(events, ada)
    await act(events, "attendEvent", grace.headers, eventId=event)
    assert await refused(events, "deleteEvent", ada.headers, eventId=event) == [("CONFLICT", "eventId")]
    await act(events, "leaveEvent", grace.headers, eventId=event)
    gone = await act(events, "deleteEvent", ada.headers, "deletedEventId", eventId=event)
    assert gone["deletedEventId"] == event
    assert await refused(events, "deleteEvent", ada.headers, eventId=event) == [("NOT_FOUND", "eventId")]


async def test_what_is_to_come_is_listed_first_and_filtered(
    events: Subgraph, stores: Mapping[str, DomainStore], ada: Person
) -> None:
    await is_over(stores, await create(events, ada, title="over"))
    await act(events, "cancelEvent", ada.headers, eventId=await create(events, ada, title="cancelled"))
    await create(events, ada, title="later", startsAt=at(5), endsAt=at(6))
    await create(events, ada, title="match", startsAt=at(2), endsAt=at(4), category="SPORTS")
    query = "query($f: EventFilter, $by: EventOrder) { events(filter: $f, orderBy: $by) { nodes { title } } }"

    async def titles(by: str | None = None, **wanted: Any) -> list[str]:
        variables = {"f": wanted or None} | ({} if by is None else {"by": by})
        return [event["title"] for event in (await data(events, query, **variables))["events"]["nodes"]]

    assert await titles() == ["match", "later"]
    assert await titles("LATEST") == ["later", "match"]
    assert await titles(category="SPORTS") == ["match"]
    assert await titles(startsAfter=at(3)) == ["later"]
    assert await titles(startsBefore=at(3)) == ["match"]
    assert await titles(endsBefore=at(4.5)) == ["match"]
    assert await titles(statuses=["COMPLETED", "CANCELLED"]) == ["over", "cancelled"]


async def test_venues_are_made_edited_and_listed_as_people_order_names(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    for name in ("Zulu", "apple", "zebra", "Äpfel"):
        made = await act(events, "createVenue", ada.headers, "venue { id }", **VENUE | {"name": name})
    await act(events, "createVenue", ada.headers, **VENUE | {"name": "Far", "city": "Łódź"})
    query = "query($c: String) { venues(filter: {city: $c}) { totalCount nodes { name } } }"
    listed = (await data(events, query, c="BERLIN"))["venues"]
    assert [venue["name"] for venue in listed["nodes"]] == ["Äpfel", "apple", "zebra", "Zulu"]
    assert listed["totalCount"] == 4
    wanted = {"venueId": made["venue"]["id"], "name": " Apfelhaus ", "capacity": 5}
    assert await denied(events, "updateVenue", grace.headers, **wanted) == "FORBIDDEN"
    edited = await act(events, "updateVenue", ada.headers, "venue { name capacity }", **wanted)
    assert edited["venue"] == {"name": "Apfelhaus", "capacity": 5}
    bad = VENUE | {"latitude": 91.0, "longitude": -181.0, "capacity": 0}
    paths = {path for _, path in await refused(events, "createVenue", ada.headers, **bad)}
    assert paths == {"latitude", "longitude", "capacity"}
    event = await create(events, ada, venueId=wanted["venueId"])
    there = "query($id: ID!) { venue(id: $id) { events { totalCount nodes { id venue { name } } } } }"
    found = (await data(events, there, id=wanted["venueId"]))["venue"]["events"]
    assert found == {"totalCount": 1, "nodes": [{"id": event, "venue": {"name": "Apfelhaus"}}]}


async def test_venues_are_listed_by_town_and_by_when_they_were_added(events: Subgraph, ada: Person) -> None:
    for name, city in (("Zulu", "Bonn"), ("Anton", "Łódź"), ("Berta", "bonn"), ("Cäsar", "Aachen")):
        await act(events, "createVenue", ada.headers, **VENUE | {"name": name, "city": city})
    query = """query($by: VenueOrder!, $c: String, $after: String) {
        venues(orderBy: $by, filter: {city: $c}, first: 2, after: $after) {
            nodes { name createdAt } pageInfo { hasNextPage endCursor } } }"""

    async def listed(by: str, city: str | None = None) -> list[str]:
        names: list[str] = []
        page: Any = {"hasNextPage": True, "endCursor": None}
        while page["hasNextPage"]:
            found = (await data(events, query, by=by, c=city, after=page["endCursor"]))["venues"]
            names += [venue["name"] for venue in found["nodes"]]
            page = found["pageInfo"]
        return names

    assert await listed("NAME") == ["Anton", "Berta", "Cäsar", "Zulu"]
    assert await listed("CITY") == ["Cäsar", "Berta", "Zulu", "Anton"]
    assert await listed("NEWEST") == ["Cäsar", "Berta", "Anton", "Zulu"]
    assert await listed("OLDEST") == ["Zulu", "Anton", "Berta", "Cäsar"]
    assert await listed("NEWEST", "Bonn") == ["Berta", "Zulu"]


async def test_users_carry_the_events_they_host_and_attend(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    later = await create(events, ada, startsAt=at(5), endsAt=at(6))
    sooner = await create(events, ada)
    for event in (later, sooner):
        await act(events, "attendEvent", grace.headers, eventId=event)
    await act(events, "updateEvent", ada.headers, eventId=sooner, startsAt=at(7), endsAt=at(9))
    query = """query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        hostedEvents { totalCount nodes { id attendees { nodes { id } } } }
        attending { totalCount edges { status answeredAt node { id } } } } } }"""
    wanted = [{"__typename": "User", "id": str(person.id)} for person in (ada, grace)]
    host, guest = (await data(events, query, r=wanted))["_entities"]
    come = {"nodes": [{"id": str(grace.id)}]}
    hosted = [{"id": later, "attendees": come}, {"id": sooner, "attendees": come}]
    assert host["hostedEvents"] == {"totalCount": 2, "nodes": hosted}
    assert host["attending"] == {"totalCount": 0, "edges": []}
    assert [edge["node"]["id"] for edge in guest["attending"]["edges"]] == [later, sooner], "it was moved"


async def test_a_post_leads_to_its_event_if_there_is_one_that_the_reader_may_see(
    events: Subgraph, ada: Person, grace: Person
) -> None:
    draft, open_ = await create(events, ada, isDraft=True), await create(events, ada)
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Post { event { id title } } } }"
    ids = (draft, open_, str(uuid4()), "no id", None)
    wanted = [{"__typename": "Post", "id": str(UUID(int=1)), "eventId": event} for event in ids]
    found = [each["event"] for each in (await data(events, query, grace.headers, r=wanted))["_entities"]]
    assert found == [None, {"id": open_, "title": "Concert"}, None, None, None]


async def test_an_id_that_is_none_is_bad_input_of_a_query(events: Subgraph) -> None:
    assert await code(events, STATUS, id="x") == "BAD_USER_INPUT"
    assert await code(events, '{ events(filter: {venueId: "x"}) { nodes { id } } }') == "BAD_USER_INPUT"
