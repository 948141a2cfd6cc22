"""What one can do in the calendar domain. All of it needs a login."""

from __future__ import annotations

from datetime import time

import strawberry

from subgraphs.calendar import inputs, values
from subgraphs.calendar.service import Plan, Repeat
from subgraphs.calendar.types import CalendarInfo, Lesson, Teacher, lesson_type
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.telegram import checked_telegram_id
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

GIVES = "For who gives it and administrators."
HOURS = "For the teacher and administrators."


@payload
class CreateLessonPayload:
    lesson: Lesson | None = outcome("The new lesson, the first of a series.")
    errors: list[UserError] = problems()


@payload
class RescheduleLessonPayload:
    lesson: Lesson | None = outcome("The lesson at its new time.")
    errors: list[UserError] = problems()


@payload
class CancelLessonPayload:
    lesson: Lesson | None = outcome("The lesson, cancelled.")
    errors: list[UserError] = problems()


@payload
class NoteLessonAttendancePayload:
    lesson: Lesson | None = outcome("The lesson with what was noted.")
    errors: list[UserError] = problems()


@payload
class SetTeachingHoursPayload:
    teacher: Teacher | None = outcome("Who has time then.")
    errors: list[UserError] = problems()


@payload
class AddUnavailablePayload:
    teacher: Teacher | None = outcome("Who has no time then.")
    errors: list[UserError] = problems()


@payload
class RemoveUnavailablePayload:
    teacher: Teacher | None = outcome("Who has time again.")
    errors: list[UserError] = problems()


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        CreateLessonPayload,
        description="For teachers, and administrators for one. The school's other services are asked whether "
        "there are such people; nobody is in two lessons at once.",
    )
    async def create_lesson(
        self, info: CalendarInfo, input: inputs.CreateLessonInput
    ) -> CreateLessonPayload | None:
        request, checks = info.context.request, Checks()
        request.require_viewer()
        lesson = await info.context.planning.create(request, _plan(checks, input), checks)
        return CreateLessonPayload(lesson=lesson_type(lesson))

    @mutation(RescheduleLessonPayload, description=f"{GIVES} Everybody must have time then.")
    async def reschedule_lesson(
        self, info: CalendarInfo, input: inputs.RescheduleLessonInput
    ) -> RescheduleLessonPayload | None:
        request, checks, changes = info.context.request, Checks(), info.context.changes
        lesson_id = _lesson_id(checks, input.lesson_id)
        lesson = await changes.reschedule(request, lesson_id, input.starts_at, input.minutes, checks)
        return RescheduleLessonPayload(lesson=lesson_type(lesson))

    @mutation(
        CancelLessonPayload,
        description=f"{GIVES} The only student of a lesson cancels it a day before. Doing it again changes "
        "nothing.",
    )
    async def cancel_lesson(
        self, info: CalendarInfo, input: inputs.CancelLessonInput
    ) -> CancelLessonPayload | None:
        request, checks, changes = info.context.request, Checks(), info.context.changes
        lesson_id = _lesson_id(checks, input.lesson_id)
        lesson = await changes.cancel(request, lesson_id, input.reason, input.and_following, checks)
        return CancelLessonPayload(lesson=lesson_type(lesson))

    @mutation(NoteLessonAttendancePayload, description=f"{GIVES} What is noted last counts.")
    async def note_lesson_attendance(
        self, info: CalendarInfo, input: inputs.NoteLessonAttendanceInput
    ) -> NoteLessonAttendancePayload | None:
        request, checks, changes = info.context.request, Checks(), info.context.changes
        lesson_id = _lesson_id(checks, input.lesson_id)
        student = _number(checks, input.student_telegram_id, "studentTelegramId")
        said = (input.status, input.note)
        lesson = await changes.note_attendance(request, lesson_id, student, *said, checks)
        return NoteLessonAttendancePayload(lesson=lesson_type(lesson))

    @mutation(SetTeachingHoursPayload, description=HOURS)
    async def set_teaching_hours(
        self, info: CalendarInfo, input: inputs.SetTeachingHoursInput
    ) -> SetTeachingHoursPayload | None:
        request, checks = info.context.request, Checks()
        teacher = await _teacher(info, checks, input.teacher_telegram_id)
        zone = checks.time_zone(input.timezone, "timezone")
        hours = [
            values.Hours(
                each.weekday,
                _clock(checks, each.opens, ("hours", at, "opens")),
                _clock(checks, each.closes, ("hours", at, "closes")),
                zone,
            )
            for at, each in enumerate(input.hours)
        ]
        number = await info.context.hours.set_hours(request, teacher, hours, checks)
        return SetTeachingHoursPayload(teacher=_teacher_type(number))

    @mutation(AddUnavailablePayload, description=f"{HOURS} No lessons are in that time.")
    async def add_unavailable(
        self, info: CalendarInfo, input: inputs.AddUnavailableInput
    ) -> AddUnavailablePayload | None:
        request, checks = info.context.request, Checks()
        teacher = await _teacher(info, checks, input.teacher_telegram_id)
        during = (input.starts_at, input.ends_at)
        number = await info.context.hours.add_unavailable(request, teacher, *during, input.reason, checks)
        return AddUnavailablePayload(teacher=_teacher_type(number))

    @mutation(RemoveUnavailablePayload, description=HOURS)
    async def remove_unavailable(
        self, info: CalendarInfo, input: inputs.RemoveUnavailableInput
    ) -> RemoveUnavailablePayload | None:
        request, checks = info.context.request, Checks()
        period = checks.id(input.unavailable_id, "unavailableId")
        number = await info.context.hours.remove_unavailable(request, period, checks)
        return RemoveUnavailablePayload(teacher=_teacher_type(number))


def _plan(checks: Checks, input: inputs.CreateLessonInput) -> Plan:
    group, teacher, repeat = input.group_id, input.teacher_telegram_id, input.repeat
    return Plan(
        client_key=input.client_key,
        title=input.title,
        teacher=None if teacher is None else _number(checks, teacher, "teacherTelegramId"),
        group_id=None if group is None else values.GroupId(checks.id(group, "groupId")),
        students=tuple(
            values.TelegramId(checked_telegram_id(checks, each, ("studentTelegramIds", at)))
            for at, each in enumerate(input.student_telegram_ids)
        ),
        starts_at=input.starts_at,
        minutes=input.minutes,
        timezone=input.timezone,
        repeat=None if repeat is None else Repeat(repeat.every_weeks, repeat.until),
    )


async def _teacher(info: CalendarInfo, checks: Checks, number: str | None) -> values.TelegramId:
    """The viewer, unless another is named."""
    viewer = info.context.request.require_viewer()
    if number is not None:
        return _number(checks, number, "teacherTelegramId")
    return await info.context.planning.own_number(viewer)


def _clock(checks: Checks, text: str, at: tuple[str | int, ...]) -> time:
    """A time of the day; midnight when it is none, which `done` refuses."""
    try:
        if len(text) == len("09:00"):
            return time.fromisoformat(text)
    except ValueError:
        pass
    checks.require(False, at, "A time reads 09:00.")
    return time()


def _teacher_type(number: values.TelegramId) -> Teacher:
    return Teacher(telegram_id=strawberry.ID(str(number)))


def _lesson_id(checks: Checks, text: str) -> values.LessonId:
    return values.LessonId(checks.id(text, "lessonId"))


def _number(checks: Checks, text: str, at: str) -> values.TelegramId:
    return values.TelegramId(checked_telegram_id(checks, text, at))
