"""Lessons as an iCalendar file (RFC 5545), for calendars that people have already.

Times are in UTC, which every program shows in its own zone: the file needs no rules of daylight saving.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from subgraphs.calendar.values import Lesson, LessonStatus

PRODUCT = "-//Plait//School//EN"


def ics_of(lessons: Sequence[Lesson], now: datetime) -> str:
    """One entry for each; a cancelled one says so, and keeps its id: it disappears where it was imported."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for lesson in lessons:
        calendar.add_component(_event(lesson, now))
    return str(calendar.to_ical(), "utf-8")


def _event(lesson: Lesson, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{lesson.id}@lessons.plait")
    event.add("summary", lesson.title)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", lesson.starts_at.astimezone(UTC))
    event.add("dtend", lesson.ends_at.astimezone(UTC))
    event.add("last-modified", lesson.updated_at.astimezone(UTC))
    is_off = lesson.status is LessonStatus.CANCELLED
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    return event
