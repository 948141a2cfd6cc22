"""What the mutations of the calendar domain are given."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from subgraphs.calendar import enums as _described  # noqa: F401 -- before they are used
from subgraphs.calendar import values
from subgraphs.kit.scalars import TimeZone

OWN_LESSON = "One that you give; any for administrators."
NUMBER = "Their number on Telegram."
WHOSE = "Whose it is, for administrators; absent: yours."
MINUTES = "How long it takes: 5 minutes to 8 hours."


@strawberry.input(description="That it takes place every so many weeks, at the same time by the clock.")
class LessonRepeatInput:
    every_weeks: int = strawberry.field(default=1, description="1 is every week, 52 the most.")
    until: date = strawberry.field(
        description="The last day, by the clock of the time zone: within a year of the first."
    )


@strawberry.input(description="A new lesson, or a series of them.")
class CreateLessonInput:
    client_key: str = strawberry.field(
        description="Of your making, up to 100 characters: sent again with the same, nothing new is made."
    )
    title: str = strawberry.field(description="Up to 200 characters.")
    starts_at: datetime = strawberry.field(description="Not in the past; the first of them in a series.")
    minutes: int = strawberry.field(default=60, description=MINUTES)
    timezone: TimeZone = strawberry.field(
        default=TimeZone("UTC"), description="By whose clock a series goes, and for showing local times."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None, description="A group of the teacher's: all who are in it are in the lesson."
    )
    student_telegram_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Students, beside those of the group: their numbers on Telegram."
    )
    teacher_telegram_id: strawberry.ID | None = strawberry.field(default=None, description=WHOSE)
    repeat: LessonRepeatInput | None = strawberry.field(default=None, description="Absent: it is one lesson.")


@strawberry.input(description="Another time for a lesson that has not begun.")
class RescheduleLessonInput:
    lesson_id: strawberry.ID = strawberry.field(description=OWN_LESSON)
    starts_at: datetime = strawberry.field(description="In the future.")
    minutes: int | None = strawberry.field(default=None, description=f"{MINUTES} Absent: as long as it did.")


@strawberry.input(description="What does not take place.")
class CancelLessonInput:
    lesson_id: strawberry.ID = strawberry.field(
        description="One that you give; or that you alone are in, a day before it starts."
    )
    reason: str = strawberry.field(default="", description="Up to 500 characters.")
    and_following: bool = strawberry.field(
        default=False, description="Those of its series after it, too. For who gives it."
    )


@strawberry.input(description="Whether somebody came to a lesson that has begun.")
class NoteLessonAttendanceInput:
    lesson_id: strawberry.ID = strawberry.field(description=OWN_LESSON)
    student_telegram_id: strawberry.ID = strawberry.field(description=NUMBER)
    status: values.AttendanceStatus = strawberry.field(description="Whether they came.")
    note: str = strawberry.field(default="", description="Up to 500 characters.")


@strawberry.input(description="Some hours of a weekday.")
class TeachingHoursInput:
    weekday: int = strawberry.field(description="1 is Monday, 7 is Sunday.")
    opens: str = strawberry.field(description="By the clock: 09:00.")
    closes: str = strawberry.field(description="By the clock: 17:30.")


@strawberry.input(description="When a teacher has time, every week.")
class SetTeachingHoursInput:
    teacher_telegram_id: strawberry.ID | None = strawberry.field(default=None, description=WHOSE)
    timezone: TimeZone = strawberry.field(description="Whose clock it is.")
    hours: list[TeachingHoursInput] = strawberry.field(
        description="All of them, 50 at most: they replace those there are."
    )


@strawberry.input(description="A time that a teacher has none in.")
class AddUnavailableInput:
    teacher_telegram_id: strawberry.ID | None = strawberry.field(default=None, description=WHOSE)
    starts_at: datetime = strawberry.field(description="From when.")
    ends_at: datetime = strawberry.field(description="Until when: within a year.")
    reason: str = strawberry.field(default="", description="Up to 200 characters.")


@strawberry.input(description="A time that a teacher has again.")
class RemoveUnavailableInput:
    unavailable_id: strawberry.ID = strawberry.field(description="One of yours; any for administrators.")
