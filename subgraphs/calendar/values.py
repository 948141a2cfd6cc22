"""What the calendar domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering

LessonId = NewType("LessonId", UUID)
SeriesId = NewType("SeriesId", UUID)
GroupId = NewType("GroupId", UUID)
UserId = NewType("UserId", UUID)
TelegramId = NewType("TelegramId", int)

LONGEST_LESSON = timedelta(hours=8)
LESSONS_BY_START = Ordering("lessons", (datetime, UUID))


class LessonStatus(Enum):
    SCHEDULED = "SCHEDULED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class AttendanceStatus(Enum):
    PRESENT = "PRESENT"
    LATE = "LATE"
    ABSENT = "ABSENT"
    EXCUSED = "EXCUSED"


class Busy(Enum):
    """Who cannot come, and why a time is taken."""

    TEACHER = "TEACHER"
    STUDENT = "STUDENT"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as the store needs to know it."""

    user_id: UserId | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """`status` is what it is at the moment of reading: scheduled and ended is completed."""

    id: LessonId
    series_id: SeriesId
    teacher_telegram_id: TelegramId
    group_id: GroupId | None
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    status: LessonStatus
    cancel_reason: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.starts_at, self.id)


@dataclass(frozen=True, slots=True)
class NewLessons:
    """What one request makes: `count` lessons, `every_weeks` apart on the clock of `timezone`."""

    teacher: TelegramId
    group_id: GroupId | None
    title: str
    starts_at: datetime
    lasts: timedelta
    timezone: str
    students: tuple[TelegramId, ...]
    count: int
    every_weeks: int
    created_by: UserId
    client_key: str
    fingerprint: str
    """Of everything else: another request may not have the same key."""


@dataclass(frozen=True, slots=True)
class Series:
    id: SeriesId
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Participant:
    student_telegram_id: TelegramId
    attendance: AttendanceStatus | None
    note: str


@dataclass(frozen=True, slots=True)
class LessonFilter:
    """Of a time: lessons that start in it. What is None does not matter."""

    starts_from: datetime | None = None
    starts_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """When a teacher has time, every week, on the clock of `timezone`. Monday is 1."""

    weekday: int
    opens: time
    closes: time
    timezone: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The first time that a teacher could give a lesson."""

    teacher_telegram_id: TelegramId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SlotSearch:
    teachers: tuple[TelegramId, ...]
    starts_from: datetime
    starts_before: datetime
    lasts: timedelta
