"""Demo events: in demo venues, hosted and attended by the demo users."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from db.bulk import insert_missing
from db.postgres import Database
from subgraphs.events.models import event_attendees, events, venues
from subgraphs.events.repository.rows import writing
from subgraphs.events.values import EventCategory, Reader
from subgraphs.kit.demo import NOW, DemoSize, demo_faker, demo_id, demo_random

EVENTS_PER_VENUE = 4
MOST_ATTENDEES = 12
CATEGORIES = [category.value for category in EventCategory if category is not EventCategory.OTHER]
KINDS_OF_VENUE = ("Hall", "Café", "Library", "Club", "Gallery", "Park", "Studio")


async def seed(database: Database, size: DemoSize) -> int:
    """Add what is missing; how many events that were."""
    async with writing(database, Reader(is_admin=True)) as session:
        await insert_missing(session, venues, venue_rows(size))
        added = await insert_missing(session, events, event_rows(size))
        await insert_missing(session, event_attendees, _attendee_rows(size))
    return added


def venue_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    fake, draw = demo_faker("venue"), demo_random("venue")
    for number in range(_venues(size)):
        latitude, longitude, city, _country, _timezone = _place(number)
        name = f"{fake.last_name()} {draw.choice(KINDS_OF_VENUE)}"
        yield {
            "id": demo_id("venue", number),
            "name": name,
            "address": fake.street_address(),
            "city": city,
            "latitude": float(latitude),
            "longitude": float(longitude),
            "capacity": draw.randrange(40, 600, 20),
        }


def event_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    """Event n is hosted by user n + 1 as long as there are users, then by anyone."""
    fake, draw = demo_faker("event"), demo_random("event")
    for number in range(size.events):
        venue = draw.randrange(_venues(size))
        mood, category = fake.word(part_of_speech="adjective").title(), draw.choice(CATEGORIES)
        starts = NOW + timedelta(days=draw.randint(-60, 240), hours=draw.randint(-3, 8))
        host = (number + 1) % size.users if number < size.users else draw.randrange(size.users)
        created = min(starts, NOW) - timedelta(days=draw.randint(10, 60))
        yield {
            "id": demo_id("event", number),
            "host_id": demo_id("user", host),
            "title": f"{mood} {category.title()} in {_place(venue)[2]}",
            "description": fake.paragraph(nb_sentences=4),
            "category": category,
            "published_at": created,
            "status": "COMPLETED" if starts < NOW else "CANCELLED" if number % 19 == 18 else "PUBLISHED",
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=draw.randint(1, 5)),
            "timezone": _place(venue)[4],
            "venue_id": demo_id("venue", venue),
            "max_attendees": draw.choice((None, 20, 50, 100)),
            "created_at": created,
            "updated_at": created,
        }


def _venues(size: DemoSize) -> int:
    return max(1, size.events // EVENTS_PER_VENUE)


@cache
def _place(venue: int) -> tuple[str, ...]:
    """A real city, always the same for a venue: latitude, longitude, name, country, time zone."""
    return demo_faker(f"place {venue}").location_on_land()


def _attendee_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    draw = demo_random("attendee")
    for event in event_rows(size):
        users = draw.sample(range(size.users), min(draw.randint(0, MOST_ATTENDEES), size.users))
        for user in users:
            answered = event["created_at"] + timedelta(minutes=draw.randint(10, 14_000))
            yield {
                "event_id": event["id"],
                "user_id": demo_id("user", user),
                "status": "GOING" if draw.random() < 0.8 else "INTERESTED",
                "answered_at": answered,
                "created_at": answered,
                "updated_at": answered,
            }
