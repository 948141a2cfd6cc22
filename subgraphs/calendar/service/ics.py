"""Lessons as entries of an iCalendar file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from subgraphs.calendar.values import Lesson, LessonStatus
from subgraphs.kit import ics
from subgraphs.kit.ics import Entry


def ics_of(lessons: Sequence[Lesson], now: datetime) -> str:
    return ics.ics_of("School", map(_entry, lessons), now)


def _entry(lesson: Lesson) -> Entry:
    return Entry(
        uid=f"{lesson.id}@lessons.plait",
        title=lesson.title,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        changed_at=lesson.updated_at,
        is_off=lesson.status is LessonStatus.CANCELLED,
    )
