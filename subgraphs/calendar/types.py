"""The calendar domain in GraphQL. `Teacher`, `Student` and `Group` are other subgraphs' entities with our
fields on them.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.calendar import enums as _described  # noqa: F401 -- before they are used
from subgraphs.calendar import values
from subgraphs.calendar.loaders import CalendarContext, LessonLists
from subgraphs.kit.audit_reads import NOTED
from subgraphs.kit.connections import Connection, Counter, PageArguments, connection, paged
from subgraphs.kit.pages import Page
from subgraphs.kit.scalars import TimeZone

CalendarInfo: TypeAlias = Info[CalendarContext, None]
NUMBER = "Links the school's services to people; for other subgraphs only."
From = Annotated[datetime | None, strawberry.argument(description="Only what starts then or later.")]
Until = Annotated[datetime | None, strawberry.argument(description="Only what starts before then.")]


@strawberry.type(description="When a teacher has time, every week.")
class TeachingHours:
    weekday: int = strawberry.field(description="1 is Monday, 7 is Sunday.")
    opens: str = strawberry.field(description="On the clock of the time zone: 09:00.")
    closes: str = strawberry.field(description="On the clock of the time zone: 17:30.")
    timezone: TimeZone = strawberry.field(description="Whose clock it is.")


@strawberry.type(description="A time that a teacher has none in.")
class TeacherUnavailable:
    id: strawberry.ID = strawberry.field(description="Give it to removeUnavailable.")
    starts_at: datetime = strawberry.field(description="From when.")
    ends_at: datetime = strawberry.field(description="Until when.")
    reason: str = strawberry.field(description="What the teacher wrote; may be empty.")


@federation.type(keys=["telegramId"], description="Somebody who teaches languages.")
class Teacher:
    telegram_id: strawberry.ID = federation.field(inaccessible=True, description=NUMBER)

    @strawberry.field(description="The lessons they give, earliest first, as far as you may see them.")
    @paged
    def lessons(
        self,
        info: CalendarInfo,
        asked: PageArguments,
        starts_from: From = None,
        starts_before: Until = None,
    ) -> Connection[Lesson] | None:
        window = asked.of(values.LESSONS_BY_START)
        lists, teacher = _lists(info, starts_from, starts_before), _number(self.telegram_id)
        count = partial(lists.given_count.load, teacher)
        return lists.given.answer((teacher, window), lambda page: lesson_connection(page, count))

    @strawberry.field(description="When they have time, every week.")
    def schedule(self, info: CalendarInfo) -> list[TeachingHours] | None:
        return info.context.loaders.hours.answer(_number(self.telegram_id), _hours_types)

    @strawberry.field(
        description="When they have no time, earliest first, what is over left out. For themselves and "
        f"administrators; empty for anyone else. {NOTED}"
    )
    async def unavailable(self, info: CalendarInfo) -> list[TeacherUnavailable] | None:
        number = _number(self.telegram_id)
        periods = await info.context.loaders.unavailable.load(number)
        await info.context.reads.note("teacher", [number] if periods else [], "unavailable")
        return _unavailable_types(periods)


@federation.type(keys=["telegramId"], description="Somebody who learns languages.")
class Student:
    telegram_id: strawberry.ID = federation.field(inaccessible=True, description=NUMBER)

    @strawberry.field(
        description=f"The lessons they are in, earliest first, as far as you may see them. {NOTED}"
    )
    @paged
    async def lessons(
        self,
        info: CalendarInfo,
        asked: PageArguments,
        starts_from: From = None,
        starts_before: Until = None,
    ) -> Connection[Lesson] | None:
        window = asked.of(values.LESSONS_BY_START)
        lists, student = _lists(info, starts_from, starts_before), _number(self.telegram_id)
        count = partial(lists.taken_count.load, student)
        page = await lists.taken.load((student, window))
        await info.context.reads.note("student", [student] if page.items else [], "lessons")
        return lesson_connection(page, count)


@federation.type(keys=["id"], description="People who learn together.")
class Group:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(description="Its lessons, earliest first, as far as you may see them.")
    @paged
    def lessons(
        self,
        info: CalendarInfo,
        asked: PageArguments,
        starts_from: From = None,
        starts_before: Until = None,
    ) -> Connection[Lesson] | None:
        window = asked.of(values.LESSONS_BY_START)
        lists, group = _lists(info, starts_from, starts_before), values.GroupId(uuid_of(self.id))
        count = partial(lists.group_count.load, group)
        return lists.of_group.answer((group, window), lambda page: lesson_connection(page, count))


@strawberry.type(description="Somebody who is in a lesson.")
class LessonParticipant:
    record: strawberry.Private[values.Participant]
    student: Student | None = strawberry.field(description="Who it is.")
    student_telegram_id: strawberry.ID = strawberry.field(description="Their number on Telegram.")

    @strawberry.field(description=f"Whether they came; null until that is said. {NOTED}")
    async def attendance(self, info: CalendarInfo) -> values.AttendanceStatus | None:
        await _attendance_noted(info, self.record)
        return self.record.attendance

    @strawberry.field(description=f"What the teacher wrote about it; may be empty. {NOTED}")
    async def note(self, info: CalendarInfo) -> str:
        await _attendance_noted(info, self.record)
        return self.record.note


@federation.type(keys=["id"], description="A time at which somebody teaches somebody.")
class Lesson:
    record: strawberry.Private[values.Lesson]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    series_id: strawberry.ID = strawberry.field(description="The same for all that were made at once.")
    title: str = strawberry.field(description="What it is about, in a line.")
    teacher: Teacher | None = strawberry.field(description="Who gives it.")
    teacher_telegram_id: strawberry.ID = strawberry.field(description="Their number on Telegram.")
    group: Group | None = strawberry.field(description="Whose it is, when it is a group's.")
    starts_at: datetime = strawberry.field(description="When it starts.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    timezone: TimeZone = strawberry.field(description="On whose clock it was made.")
    status: values.LessonStatus = strawberry.field(description="What it is at the moment.")
    cancel_reason: str | None = strawberry.field(description="Why it was cancelled, if somebody said so.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @strawberry.field(
        description="Who is in it. Who gives it and administrators see all of them, a student themselves. "
        f"{NOTED}"
    )
    async def participants(self, info: CalendarInfo) -> list[LessonParticipant]:
        listed = await info.context.loaders.participants.load(self.record.id) or ()
        numbers = (each.student_telegram_id for each in listed)
        await info.context.reads.note("student", numbers, "lessons")
        return _participant_types(listed)


@strawberry.type(description="The first time at which a teacher could give a lesson.")
class FreeSlot:
    teacher: Teacher | None = strawberry.field(description="Who has time.")
    teacher_telegram_id: strawberry.ID = strawberry.field(description="Their number on Telegram.")
    starts_at: datetime = strawberry.field(description="When it would start.")
    ends_at: datetime = strawberry.field(description="When it would end.")


def lesson_type(lesson: values.Lesson) -> Lesson:
    number = strawberry.ID(str(lesson.teacher_telegram_id))
    group = None if lesson.group_id is None else Group(id=strawberry.ID(str(lesson.group_id)))
    return Lesson(
        record=lesson,
        id=strawberry.ID(str(lesson.id)),
        series_id=strawberry.ID(str(lesson.series_id)),
        title=lesson.title,
        teacher=Teacher(telegram_id=number),
        teacher_telegram_id=number,
        group=group,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        timezone=TimeZone(lesson.timezone),
        status=lesson.status,
        cancel_reason=lesson.cancel_reason,
        created_at=lesson.created_at,
        updated_at=lesson.updated_at,
    )


def lesson_connection(page: Page[values.Lesson], counter: Counter) -> Connection[Lesson]:
    cursor = values.LESSONS_BY_START.cursor
    return connection(page, lesson_type, lambda lesson: cursor(lesson.position), counter)


def slot_type(slot: values.Slot) -> FreeSlot:
    number = strawberry.ID(str(slot.teacher_telegram_id))
    return FreeSlot(
        teacher=Teacher(telegram_id=number),
        teacher_telegram_id=number,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )


def _lists(info: CalendarInfo, starts_from: datetime | None, starts_before: datetime | None) -> LessonLists:
    return info.context.lists(values.LessonFilter(starts_from, starts_before))


def _number(text: str) -> values.TelegramId:
    return values.TelegramId(int(text))


def _hours_types(hours: tuple[values.Hours, ...] | None) -> list[TeachingHours]:
    return [
        TeachingHours(
            weekday=each.weekday,
            opens=each.opens.isoformat("minutes"),
            closes=each.closes.isoformat("minutes"),
            timezone=TimeZone(each.timezone),
        )
        for each in hours or ()
    ]


def _unavailable_types(periods: tuple[values.Unavailable, ...] | None) -> list[TeacherUnavailable]:
    return [
        TeacherUnavailable(
            id=strawberry.ID(str(each.id)),
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            reason=each.reason,
        )
        for each in periods or ()
    ]


async def _attendance_noted(info: CalendarInfo, participant: values.Participant) -> None:
    """Nothing is read where nothing was said."""
    said = [] if participant.attendance is None else [participant.student_telegram_id]
    await info.context.reads.note("student", said, "attendance")


def _participant_types(listed: tuple[values.Participant, ...]) -> list[LessonParticipant]:
    return [
        LessonParticipant(
            record=each,
            student=Student(telegram_id=strawberry.ID(str(each.student_telegram_id))),
            student_telegram_id=strawberry.ID(str(each.student_telegram_id)),
        )
        for each in listed
    ]
