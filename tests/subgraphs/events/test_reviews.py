"""Reviews of events: who writes one, what they come to, and who is shown them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.config import DomainStore
from subgraphs.events.repository.hearing_tickets import hear_of_tickets
from subgraphs.kit.outbox import Message
from tests.subgraphs.events.talk import EVERYBODY, OURS, Talk, talking
from tests.support.postgres import sent_statements

LIST = """query($id: ID!) { event(id: $id) { averageRating reviewCount viewerReview { rating }
    reviews { totalCount nodes { rating text isHidden } } } }"""
RATINGS = """query($host: ID!, $organization: ID!) { _entities(representations: [
    {__typename: "User", id: $host}, {__typename: "Organization", id: $organization}]) {
    ... on User { hostRating { average count } } ... on Organization { eventRating { average count } } } }"""
WHY = "It is what it is."


@pytest.fixture
async def talk(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(stores, tmp_path) as talk:
        yield talk


async def attended(talk: Talk, *people: str, host: str = "host") -> str:
    """An event that these were at and that is over."""
    event = await talk.event(host)
    for who in people:
        await talk.act(who, "attendEvent", "event { id }", eventId=event)
    await talk.end(event)
    return event


async def review(talk: Talk, who: str, event: str, rating: int = 4, text: str = "Nice") -> str:
    given = {"eventId": event, "rating": rating, "text": text}
    made = await talk.act(who, "writeEventReview", "review { id }", **given)
    return str(made["review"]["id"])


async def rated(talk: Talk, event: str, who: str = "nobody") -> tuple[float | None, int]:
    found = (await talk.ask(who, LIST, id=event))["event"]
    return found["averageRating"], found["reviewCount"]


async def test_only_who_said_they_come_reviews_an_event_that_is_over_and_once(talk: Talk) -> None:
    event, later = await attended(talk, "ada", "grace", "host"), await talk.event()
    await talk.act("ada", "attendEvent", "event { id }", eventId=later)
    await talk.act("eve", "attendEvent", "event { id }", eventId=later, status="INTERESTED")
    for number, code in ((0, "INVALID_INPUT"), (6, "INVALID_INPUT"), (5, "")):
        assert await talk.code("ada", "writeEventReview", eventId=event, rating=number) == code
    codes = {who: await talk.code(who, "writeEventReview", eventId=event, rating=3) for who in EVERYBODY}
    assert codes == dict.fromkeys(EVERYBODY, "FORBIDDEN") | {
        "nobody": "UNAUTHENTICATED",
        "ada": "CONFLICT",
        "grace": "",
    }
    assert await talk.code("ada", "writeEventReview", eventId=later, rating=3) == "CONFLICT", "not over"
    await talk.end(later)
    assert await talk.code("eve", "writeEventReview", eventId=later, rating=3) == "FORBIDDEN"
    assert await rated(talk, event) == (4.0, 2)
    assert (
        await talk.code("host", "removeAttendee", eventId=event, userId=str(talk.id("ada"))) == "EVENT_CLOSED"
    )
    await talk.act("ada", "leaveEvent", "event { id }", eventId=event)
    await talk.act("grace", "leaveEvent", "event { id }", eventId=event)
    await talk.act("host", "leaveEvent", "event { id }", eventId=event)
    assert await talk.code("host", "deleteEvent", eventId=event) == "CONFLICT", "its reviews stay"


async def test_where_tickets_are_taken_only_who_was_let_in_reviews(talk: Talk) -> None:
    event = await attended(talk, "ada", "grace")
    await hear(talk, "RegistrationConfirmed", event, "ada")
    assert await talk.code("ada", "writeEventReview", eventId=event, rating=3) == "FORBIDDEN"
    await hear(talk, "TicketCheckedIn", event, "eve")
    assert await talk.code("eve", "writeEventReview", eventId=event, rating=3) == ""
    assert await talk.code("grace", "writeEventReview", eventId=event, rating=3) == "FORBIDDEN"
    await hear(talk, "TicketCheckedIn", str(uuid4()), "eve")


async def test_who_was_let_in_by_mistake_was_not_there_however_the_messages_come(talk: Talk) -> None:
    """With two tickets, heard twice, the wrong way round, and of a release that did not say which it was."""
    event = await attended(talk)
    one, two, three = uuid4(), uuid4(), uuid4()
    entered, undone = "TicketCheckedIn", "TicketCheckInUndone"
    heard: Mapping[str, tuple[tuple[str, UUID | None], ...]] = {
        "ada": ((entered, one), (undone, one), (entered, one), (undone, one)),
        "eve": ((entered, one), (entered, two), (undone, two), (undone, two)),
        "grace": ((undone, one), (entered, one)),
        "moderator": ((entered, one), (undone, one), (entered, two), (undone, three)),
        "admin": ((entered, None), (undone, None), (undone, one)),
    }
    for who, messages in heard.items():
        for kind, check_in in messages:
            await hear(talk, kind, event, who, check_in)
    codes = {who: await talk.code(who, "writeEventReview", eventId=event, rating=3) for who in heard}
    refused = dict.fromkeys(("ada", "grace", "admin"), "FORBIDDEN")
    assert codes == {"eve": "", "moderator": "", **refused}


async def hear(talk: Talk, kind: str, event: str, who: str, check_in: UUID | None = None) -> None:
    facts = {"event_id": event, "user_id": str(talk.id(who))}
    facts |= {} if check_in is None else {"check_in_id": str(check_in)}
    async with talk.database.write() as session:
        await hear_of_tickets(session, Message("tickets.registration", str(uuid4()), kind, facts))


async def test_who_is_shown_a_review_and_who_hides_it(talk: Talk) -> None:
    """Everybody × shown and hidden × list, report and edit; what is hidden does not count."""
    event = await attended(talk, "ada")
    key = await review(talk, "ada", event)
    assert {who: await seen(talk, who, event) for who in EVERYBODY} == dict.fromkeys(EVERYBODY, 1) | {
        "eve": 0
    }
    edits = {who: await talk.code(who, "editEventReview", reviewId=key, rating=5) for who in EVERYBODY}
    others = {"nobody": "UNAUTHENTICATED", "ada": "", "eve": "NOT_FOUND"}
    assert edits == dict.fromkeys(EVERYBODY, "FORBIDDEN") | others
    given: dict[str, Any] = {"reviewId": key, "why": WHY}
    hiding = {who: await talk.code(who, "hideEventReview", **given) for who in EVERYBODY}
    allowed = {"moderator": "", "admin": ""}
    assert hiding == dict.fromkeys(EVERYBODY, "FORBIDDEN") | {**others, "ada": "FORBIDDEN"} | allowed
    assert await rated(talk, event) == (None, 0)
    see = ("ada", "moderator", "admin")
    assert {who: await seen(talk, who, event) for who in EVERYBODY} == {
        who: int(who in see) for who in EVERYBODY
    }
    assert await talk.code("grace", "reportEventReview", reviewId=key, reason="SPAM") == "NOT_FOUND"
    assert await talk.code("moderator", "showEventReview", **given) == ""
    assert await rated(talk, event, "eve") == (5.0, 1), "across a block it counts, too"
    assert await talk.code("grace", "reportEventReview", reviewId=key, reason="SPAM") == ""
    queue = "{ reportedEventRemarks { nodes { review { text } question { id } } } }"
    (waiting,) = (await talk.ask("moderator", queue))["reportedEventRemarks"]["nodes"]
    assert waiting == {"review": {"text": "Nice"}, "question": None}
    assert await talk.code("moderator", "dismissEventReviewReports", **given) == ""
    assert await talk.code("grace", "deleteEventReview", reviewId=key) == "FORBIDDEN"
    assert await talk.code("ada", "deleteEventReview", reviewId=key) == ""
    assert await rated(talk, event) == (None, 0)
    done = ["review", "edit", "hide", "show", "dismiss", "delete"]
    assert await talk.audited("event review") == done


async def seen(talk: Talk, who: str, event: str) -> int:
    found = (await talk.ask(who, LIST, id=event))["event"]["reviews"]
    assert found["totalCount"] == len(found["nodes"])
    return int(found["totalCount"])


async def test_a_moderator_decides_about_no_review_of_what_they_host(talk: Talk) -> None:
    event = await attended(talk, "ada", host="moderator")
    key = await review(talk, "ada", event, 1)
    assert await talk.code("moderator", "hideEventReview", reviewId=key, why=WHY) == "FORBIDDEN"


async def test_a_review_is_changed_within_thirty_days(talk: Talk) -> None:
    event = await attended(talk, "ada")
    key = await review(talk, "ada", event)
    await talk.run("UPDATE reviews SET created_at = now() - interval '29 days'")
    edited = await talk.act(
        "ada", "editEventReview", "review { rating text editedAt }", reviewId=key, rating=2
    )
    assert (edited["review"]["rating"], edited["review"]["text"]) == (2, "Nice")
    assert edited["review"]["editedAt"] is not None
    await talk.run("UPDATE reviews SET created_at = now() - interval '31 days'")
    assert await talk.code("ada", "editEventReview", reviewId=key, rating=5) == "CONFLICT"
    assert await rated(talk, event) == (2.0, 1)


async def test_fifty_writers_at_once_leave_the_averages_that_their_reviews_have(talk: Talk) -> None:
    """Each writes, and some change or delete theirs, about two events of one host and organization."""
    draw, events = Random(7), [await attended(talk) for _ in range(2)]
    crowd = {f"p{number}": replace(talk.people["eve"], id=uuid4()) for number in range(50)}
    everybody = Talk(talk.events, talk.database, {**talk.people, **crowd})
    for event in events:
        await talk.run(
            "INSERT INTO event_attendees (event_id, user_id) SELECT :event, unnest(CAST(:users AS uuid[]))",
            event=event,
            users=[person.id for person in crowd.values()],
        )

    async def write(who: str, event: str, first: int, then: int) -> None:
        key = await review(everybody, who, event, first)
        if then == 0:
            await everybody.act(who, "deleteEventReview", "deletedReviewId", reviewId=key)
        else:
            await everybody.act(who, "editEventReview", "review { id }", reviewId=key, rating=then)

    await asyncio.gather(
        *(write(who, draw.choice(events), draw.randint(1, 5), draw.randint(0, 5)) for who in crowd)
    )
    rows = await talk.run("SELECT CAST(event_id AS text), rating FROM reviews")
    for event in events:
        mine = [rating for about, rating in rows if about == event]
        assert await rated(talk, event) == (round(sum(mine) / len(mine), 2), len(mine))
    all_of_it = {"average": round(sum(rating for _, rating in rows) / len(rows), 2), "count": len(rows)}
    told = await talk.ask("nobody", RATINGS, host=str(talk.id("host")), organization=str(OURS))
    assert told["_entities"] == [{"hostRating": all_of_it}, {"eventRating": all_of_it}]


async def test_reviews_are_listed_by_time_and_by_rating(talk: Talk) -> None:
    event = await attended(talk, "ada", "grace", "staff")
    for who, rating in (("ada", 3), ("grace", 5), ("staff", 1)):
        await review(talk, who, event, rating)
    orders = {"NEWEST": [1, 5, 3], "HIGHEST": [5, 3, 1], "LOWEST": [1, 3, 5]}
    for order, expected in orders.items():
        page = f"reviews(orderBy: {order}, first: 2) {{ nodes {{ rating }} pageInfo {{ endCursor }} }}"
        query = "query($id: ID!) { event(id: $id) { %s } }"
        first = (await talk.ask("nobody", query % page, id=event))["event"]["reviews"]
        rest = page.replace("first: 2", f'first: 2, after: "{first["pageInfo"]["endCursor"]}"')
        then = (await talk.ask("nobody", query % rest, id=event))["event"]["reviews"]
        assert [node["rating"] for node in (*first["nodes"], *then["nodes"])] == expected


async def test_reviews_of_many_events_cost_as_many_statements_as_of_one(talk: Talk) -> None:
    for _ in range(3):
        await review(talk, "ada", await attended(talk, "ada"))
    query = """query($n: Int!) { events(first: $n, filter: {statuses: [COMPLETED]}) { nodes {
        averageRating reviewCount viewerReview { id } reviews { totalCount nodes { rating } } } } }"""
    costs = []
    for number in (1, 3):
        with sent_statements(talk.database) as sent:
            await talk.ask("ada", query, n=number)
        costs.append(len(sent))
    assert costs[0] == costs[1]
