"""Tickets and events together: what one tells the other, and what is left when somebody is gone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from subgraphs.kit.acting import OFFICE, writing
from tests.subgraphs.mesh import Mesh, Person

EVENT = """query($id: ID!) { event(id: $id) { title host { username }
    ticketTypes { name available price { formatted } } viewerRegistrations { status ticket { id } } } }"""
MINE = "{ me { tickets { nodes { event { title } } } registrations { nodes { status endReason } } } }"
TOLD = "SELECT type FROM outbox WHERE topic = 'events.event' ORDER BY id"


async def sell(mesh: Mesh, host: Person, **given: Any) -> tuple[str, str]:
    """An event and a ticket type of it."""
    event = await host.publish("Concert")
    await mesh.settle()
    columns = {"eventId": event, "name": "Seat", "quantity": 1} | given
    made = await host.act("createTicketType", "ticketType { id }", **columns)
    return event, made["ticketType"]["id"]


async def test_an_event_is_sold_and_shown_with_its_tickets_in_one_operation(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    event, kind = await sell(mesh, ada, quantity=2)
    made = await grace.act("registerForEvent", "registration { ticket { id } }", ticketTypeId=kind)
    seen = await grace.ask(EVENT, id=event)
    assert seen["event"] == {
        "title": "Concert",
        "host": {"username": "ada"},
        "ticketTypes": [{"name": "Seat", "available": 1, "price": None}],
        "viewerRegistrations": [{"status": "CONFIRMED", "ticket": made["registration"]["ticket"]}],
    }
    assert (await grace.ask(MINE))["me"]["tickets"]["nodes"] == [{"event": {"title": "Concert"}}]


async def test_a_cancelled_event_ends_its_registrations(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    event, kind = await sell(mesh, ada)
    await grace.act("registerForEvent", "registration { id }", ticketTypeId=kind)
    await ada.act("cancelEvent", "event { id }", eventId=event)
    await mesh.settle()
    assert (await grace.ask(MINE))["me"]["registrations"]["nodes"] == [
        {"status": "CANCELLED", "endReason": "EVENT_CANCELLED"}
    ]


async def test_who_is_gone_gives_their_seat_to_who_waits(mesh: Mesh) -> None:
    ada, grace, eve = [await mesh.sign_up(name) for name in ("ada", "grace", "eve")]
    _, kind = await sell(mesh, ada)
    await grace.act("registerForEvent", "registration { id }", ticketTypeId=kind)
    await eve.act("registerForEvent", "registration { id }", ticketTypeId=kind, joinWaitlist=True)
    await grace.act("deleteAccount", "userId", password="correct horse")
    for _ in range(2):
        await mesh.settle()
    assert (await eve.ask(MINE))["me"]["registrations"]["nodes"] == [
        {"status": "CONFIRMED", "endReason": None}
    ]
    left = "SELECT status, reason FROM registrations ORDER BY created_at"
    assert await run(mesh, left) == [("CANCELLED", "PERSON_GONE"), ("CONFIRMED", None)]


async def test_events_tell_what_became_of_them_once_each(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    event = await ada.publish("Concert", isDraft=True)
    await ada.act("updateEvent", "event { id }", eventId=event, description="not told")
    await ada.act("updateEvent", "event { id }", eventId=event, title="Gig")
    await ada.act("publishEvent", "event { id }", eventId=event)
    await ada.act("cancelEvent", "event { id }", eventId=event)
    draft = await ada.publish("Other", isDraft=True)
    await ada.act("deleteEvent", "deletedEventId", eventId=draft)
    told = [row[0] for row in await mesh.run("events", TOLD)]
    assert told == [
        "EventCreated",
        "EventUpdated",
        "EventPublished",
        "EventCancelled",
        "EventCreated",
        "EventDeleted",
    ]
    titles = "SELECT payload->>'title' FROM outbox WHERE topic = 'events.event' ORDER BY id LIMIT 3"
    assert await mesh.run("events", titles) == [(None,), (None,), ("Gig",)], "a draft's title stays its own"


async def run(mesh: Mesh, statement: str) -> list[Any]:
    """As the worker, who sees every row."""
    async with writing(mesh.stores["tickets"].postgres, OFFICE) as session:
        return [tuple(row) for row in await session.execute(text(statement))]
