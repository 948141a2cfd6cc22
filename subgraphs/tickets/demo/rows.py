"""The rows of demo tickets. What is known of an event until its own domain tells of it is what all domains
agree on: who holds it, and the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.gatherings import Stage, gathering
from subgraphs.kit.demo.people import people
from subgraphs.tickets.codes import ALPHABET, CONFIRMATION_CHARACTERS

STATUS = {
    Stage.UPCOMING: "PUBLISHED",
    Stage.PAST: "COMPLETED",
    Stage.CANCELLED: "CANCELLED",
    Stage.DRAFT: "DRAFT",
}
QUEUED = 4
"""The event whose seats are all taken."""
TAKEN, SEATS, WAITING = 5, 30, 3
WORDS = {
    "en": ("Entry", "Supporter", "The same seat, and a drink at the bar."),
    "de": ("Eintritt", "Förderkarte", "Derselbe Platz, dazu ein Getränk an der Bar."),
    "ru": ("Вход", "Поддержка", "То же место и напиток в баре."),
}


def event_row(world: World, number: int) -> Row:
    meeting = gathering(world.size, number)
    starts = world.now + timedelta(days=meeting.days, hours=12)
    return {
        "id": demo_id("event", number),
        "host_id": demo_id("user", meeting.host),
        "status": STATUS[meeting.stage],
        "is_public": meeting.stage is not Stage.DRAFT,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "timezone": meeting.city.timezone,
    }


def is_sold(world: World, number: int) -> bool:
    """Every other event that is to come, or a draft, has tickets."""
    return number % 2 == 0 and gathering(world.size, number).stage in (Stage.UPCOMING, Stage.DRAFT)


def type_rows(world: World, number: int) -> Iterator[Row]:
    """A free seat and a dearer one; made one after the other, as they are listed."""
    free, dear, about = WORDS[gathering(world.size, number).city.language]
    made = world.now - timedelta(days=10)
    common = {"event_id": demo_id("event", number), "per_person_limit": 2}
    seats = TAKEN if number == QUEUED else SEATS
    for at, (name, described, price) in enumerate(((free, "", 0), (dear, about, 1250))):
        yield common | {
            "id": demo_id("ticket_type", 2 * number + at),
            "name": name,
            "description": described,
            "quantity": seats if at == 0 else 10,
            "price_minor": price,
            "currency": "EUR" if price else None,
            "created_at": made + timedelta(minutes=at),
            "updated_at": made,
        }


def registration_rows(world: World, number: int) -> Iterator[Row]:
    """Free seats of some who live there, in the order they came; where all are taken, others wait."""
    meeting, draw = gathering(world.size, number), demo_random("registration", number)
    local = people(world.size.users).by_language[meeting.city.language]
    wanted = TAKEN + WAITING if number == QUEUED else draw.randint(2, TAKEN)
    for at, guest in enumerate(draw.sample(local, min(wanted, len(local)))):
        waits = at >= TAKEN
        came = world.now - timedelta(days=5) + timedelta(hours=at)
        yield {
            "id": demo_id("registration", number * (TAKEN + WAITING) + at),
            "event_id": demo_id("event", number),
            "ticket_type_id": demo_id("ticket_type", 2 * number),
            "user_id": demo_id("user", guest),
            "status": "WAITLISTED" if waits else "CONFIRMED",
            "confirmation_code": "".join(draw.choices(ALPHABET, k=CONFIRMATION_CHARACTERS)),
            "price_minor": 0,
            "queue_number": at if waits else None,
            "created_at": came,
            "updated_at": came,
        }
