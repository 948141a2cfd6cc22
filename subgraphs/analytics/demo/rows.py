"""What happened around a demo event: some looked, fewer registered, most of those came and some paid.

Of what is to come, the seats that the demo's tickets have; of what is over, more. Everything lies within the
weeks before the present, or before the event if that was earlier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from subgraphs.analytics.values import Kind
from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.gatherings import Gathering, Stage, gathering

WEEKS, DAYS = 3, 55
"""Before the event, and before the present."""
MOST_EVENTS = 2_000
PRICE, CURRENCY = 1250, "EUR"
PAY, COME = 4, 5
"""One in so many pays; all but one in so many come."""


@dataclass(frozen=True, slots=True)
class Happened:
    kind: Kind
    at: datetime
    is_first: bool = False
    amount_minor: int = 0
    currency: str = ""


def known_event_row(world: World, number: int) -> Row:
    meeting = gathering(world.size, number)
    return {
        "id": demo_id("event", number),
        "host_id": demo_id("user", meeting.host),
        "is_public": meeting.stage is not Stage.DRAFT,
        "starts_at": _starts(world, meeting),
        "timezone": meeting.city.timezone,
        "updated_at": world.now,
    }


def event_rows(world: World, number: int) -> list[Row]:
    """The raw events of one demo event."""
    event = demo_id("event", number)
    return [_row(event, number, at, each) for at, each in enumerate(_happened(world, number))]


def _row(event: UUID, number: int, at: int, each: Happened) -> Row:
    return {
        "source_id": demo_id("analytics", number * 1000 + at),
        "kind": each.kind.value,
        "event_id": event,
        "is_first": each.is_first,
        "amount_minor": each.amount_minor,
        "currency": each.currency,
        "occurred_at": each.at,
        "received_at": each.at,
    }


def _happened(world: World, number: int) -> Iterator[Happened]:
    meeting, draw = gathering(world.size, number), demo_random("analytics", number)
    if meeting.stage is Stage.DRAFT:
        return
    starts = _starts(world, meeting)
    end = min(world.now, starts)
    begin = max(end - timedelta(weeks=WEEKS), world.now - timedelta(days=DAYS))

    def moment() -> datetime:
        return begin + (end - begin) * draw.random()

    registered = _registered(meeting, number)
    for _ in range(registered * 4 + draw.randint(10, 40)):
        yield Happened(Kind.VIEW, moment(), is_first=draw.random() < 0.7)
    for guest in range(registered):
        yield Happened(Kind.REGISTERED, moment())
        if meeting.stage is not Stage.PAST:
            continue
        if guest % PAY == 0:
            yield Happened(Kind.PAID, moment(), False, PRICE, CURRENCY)
        if guest % COME:
            yield Happened(Kind.CHECKED_IN, starts - timedelta(minutes=draw.randint(0, 30)))


def _registered(meeting: Gathering, number: int) -> int:
    if meeting.stage is Stage.PAST:
        return demo_random("came", number).randint(8, 30)
    is_sold = number % 2 == 0 and meeting.stage is Stage.UPCOMING
    return demo_random("registration", number).randint(2, 5) if is_sold else 0


def _starts(world: World, meeting: Gathering) -> datetime:
    return world.now + timedelta(days=meeting.days, hours=12)
