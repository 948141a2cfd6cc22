"""What somebody has to be at, as an iCalendar file (RFC 5545), for calendars that people have already.

    ics_of("School", [Entry(f"{lesson.id}@lessons.plait", lesson.title, …)], now)

Times are in UTC, which every program shows in its own zone: the file needs no rules of daylight saving.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """`uid` is its own for good: a program that has it already changes it. One that is off says so, and
    disappears where it was imported.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    is_off: bool = False
    description: str = ""
    place: str = ""
    point: tuple[float, float] | None = None
    """Latitude and longitude."""


def ics_of(product: str, entries: Iterable[Entry], now: datetime) -> str:
    """O(entries)."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Plait//{product}//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return str(calendar.to_ical(), "utf-8")


def _event(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", entry.title)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    for name, value in (("description", entry.description), ("location", entry.place), ("geo", entry.point)):
        if value:
            event.add(name, value)
    return event
