"""The rows of demo events, their venues and who comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from subgraphs.events.demo.plans import PLANS, Kind, Plan
from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.gatherings import SHOWN, Gathering, Stage, gathering
from subgraphs.kit.demo.people import people
from subgraphs.kit.demo.places import CITIES, City
from subgraphs.kit.demo.texts import read_texts

VENUES_OF_A_KIND = 3
MOST_ATTENDEES = 14
INVITED = 3
"""To an event that is to come."""
KNOWN_DAYS = (400, 900)
STATUS = {
    Stage.UPCOMING: "PUBLISHED",
    Stage.PAST: "COMPLETED",
    Stage.CANCELLED: "CANCELLED",
    Stage.DRAFT: "DRAFT",
}
KINDS = tuple(Kind)


def event_rows(world: World, numbers: range) -> Iterator[tuple[int, Row]]:
    """Each with the number of its venue."""
    for number in numbers:
        draw, meeting = demo_random("event", number), gathering(world.size, number)
        category, *plans = PLANS[meeting.topic]
        variant = _variant(number, plans, draw)
        plan = plans[variant]
        starts, city = _starts(world, meeting, plan), meeting.city
        venue = _venue_number(city, plan.kind, draw.randrange(VENUES_OF_A_KIND))
        created = min(starts, world.now) - timedelta(days=draw.randint(20, 40), minutes=draw.randrange(1440))
        title, description = _text(meeting, variant, plan, draw)
        yield (
            venue,
            {
                "id": demo_id("event", number),
                "host_id": demo_id("user", meeting.host),
                "title": title,
                "description": description,
                "category": category.value,
                "status": STATUS[meeting.stage],
                "starts_at": starts,
                "ends_at": starts + plan.lasts,
                "timezone": city.timezone,
                "venue_id": demo_id("venue", venue),
                "max_attendees": plan.most,
                "published_at": None if meeting.stage is Stage.DRAFT else created,
                "created_at": created,
                "updated_at": created,
            },
        )


def venue_row(world: World, number: int) -> Row:
    place, serial = divmod(number, VENUES_OF_A_KIND)
    city, kind = CITIES[place // len(KINDS)], KINDS[place % len(KINDS)]
    draw = demo_random("venue", number)
    known = world.now - timedelta(days=draw.randint(*KNOWN_DAYS))
    return {
        "id": demo_id("venue", number),
        "name": _file("venues")[kind.name.lower()][city.language][serial],
        "address": city.address(draw.randrange(100), draw.randint(2, 98)),
        "city": city.name,
        "latitude": round(city.latitude + draw.uniform(-0.02, 0.02), 6),
        "longitude": round(city.longitude + draw.uniform(-0.03, 0.03), 6),
        "capacity": kind.capacity,
        "created_at": known,
        "updated_at": known,
    }


def attendee_rows(world: World, numbers: range, rows: list[Row]) -> Iterator[Row]:
    """Nobody comes to a draft; where places are few, no more say they will come."""
    for number, event in zip(numbers, rows, strict=True):
        meeting, draw = gathering(world.size, number), demo_random("attendee", number)
        if meeting.stage is Stage.DRAFT:
            continue
        latest = min(event["starts_at"], world.now)
        for guest in _guests(world, meeting, event["max_attendees"] or MOST_ATTENDEES, draw):
            answered = event["created_at"] + (latest - event["created_at"]) * draw.random()
            yield {
                "event_id": event["id"],
                "user_id": demo_id("user", guest),
                "status": "GOING" if draw.random() < 0.8 else "INTERESTED",
                "answered_at": answered,
                "created_at": answered,
                "updated_at": answered,
            }


def invitation_rows(world: World, numbers: range, rows: list[Row]) -> Iterator[Row]:
    """Hosts ask a few to what is to come; some have said no."""
    for number, event in zip(numbers, rows, strict=True):
        if event["status"] != "PUBLISHED":
            continue
        meeting, draw = gathering(world.size, number), demo_random("invitation", number)
        local = people(world.size.users).by_language[meeting.city.language]
        for at, guest in enumerate(draw.sample(local, min(INVITED, len(local)))):
            if guest == meeting.host:
                continue
            asked = event["created_at"] + (world.now - event["created_at"]) * draw.random()
            declined = draw.random() < 0.3
            yield {
                "id": demo_id("invitation", number * INVITED + at),
                "event_id": event["id"],
                "inviter_id": event["host_id"],
                "invitee_id": demo_id("user", guest),
                "status": "DECLINED" if declined else "PENDING",
                "created_at": asked,
                "answered_at": asked + (world.now - asked) / 2 if declined else None,
            }


def _guests(world: World, meeting: Gathering, most: int, draw: Random) -> list[int]:
    """Of those who live there if there are enough, else of those who understand."""
    everybody = people(world.size.users)
    wanted = draw.randint(3, min(most, MOST_ATTENDEES))
    local = everybody.by_city[meeting.city.name]
    among = local if len(local) > wanted else everybody.by_language[meeting.city.language]
    drawn = draw.sample(among, min(wanted, len(among)))
    return [guest for guest in drawn if guest != meeting.host]


def _variant(number: int, plans: list[Plan], draw: Random) -> int:
    """The first events must not wait for a certain day of the week."""
    variant = draw.randrange(2)
    return 1 - variant if number < SHOWN and plans[variant].weekday is not None else variant


def _starts(world: World, meeting: Gathering, plan: Plan) -> datetime:
    """On the day, or the next of the plan's weekday, by the clock of the city."""
    day = world.now.date() + timedelta(days=meeting.days)
    if plan.weekday is not None:
        day = _same_weekday(day, plan.weekday, forward=meeting.days > 0)
    local = datetime.combine(day, plan.starts, meeting.city.clock)
    return local.astimezone(world.now.tzinfo)


def _same_weekday(day: date, weekday: int, *, forward: bool) -> date:
    later = (weekday - day.weekday()) % 7
    return day + timedelta(days=later if forward or later == 0 else later - 7)


def _text(meeting: Gathering, variant: int, plan: Plan, draw: Random) -> tuple[str, str]:
    language = meeting.city.language
    written = _file(meeting.topic)[language][variant]
    where = "outdoors" if plan.kind.capacity is None else "indoors"
    note = draw.choice([*_file("notes")["anywhere"][language], *_file("notes")[where][language]])
    return meeting.city.fill(written["title"]), f"{meeting.city.fill(written['description'])} {note}"


def _venue_number(city: City, kind: Kind, serial: int) -> int:
    return (CITIES.index(city) * len(KINDS) + KINDS.index(kind)) * VENUES_OF_A_KIND + serial


@cache
def _file(name: str) -> dict[str, Any]:
    return dict(read_texts(__package__, name))
