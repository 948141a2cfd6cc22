"""Lessons and groups, which know people by their numbers on Telegram."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from subgraphs.kit.outbox import Message
from subgraphs.notifications.hearing.reading import facts, maybe, number, somebody
from subgraphs.notifications.values import Kind, Meaning, Notice, Subjects, TelegramId, Withdrawal

LESSONS = {
    "LessonsScheduled": Kind.LESSON_SCHEDULED,
    "LessonRescheduled": Kind.LESSON_MOVED,
    "LessonCancelled": Kind.LESSON_CANCELLED,
    "LessonSoon": Kind.LESSON_SOON,
}


def of_lessons(message: Message) -> Iterator[Meaning]:
    """For the teacher and the students, but who did it. A lesson may be moved again and again: each time is
    another notice. A series that is cancelled is one notification.
    """
    kind, told = LESSONS.get(message.type), message.payload
    if kind is None:
        return
    lesson = UUID(told["lesson_id"])
    about = Subjects(lesson_id=lesson, group_id=maybe(told, "group_id"))
    known = facts(told, "title", "starts_at", "ends_at", "timezone", "reason", "count", "every_weeks")
    key, by = f"lesson {lesson} {kind.value} {told['starts_at']}", somebody(told, "actor_id")
    group = f"series {told['series_id']} cancelled" if kind is Kind.LESSON_CANCELLED else key
    for each in {number(told, "teacher_telegram_id"), *map(TelegramId, told["student_telegram_ids"])}:
        yield Notice(kind, each, key, group, about=about, facts=known, by=by)
    if kind in (Kind.LESSON_MOVED, Kind.LESSON_CANCELLED):
        yield from _no_longer_soon(lesson, told.get("was_at"))


def _no_longer_soon(lesson: UUID, was_at: str | None) -> Iterator[Withdrawal]:
    if was_at is not None:
        yield Withdrawal(f"lesson {lesson} {Kind.LESSON_SOON.value} {was_at}")


def of_groups(message: Message) -> Iterator[Meaning]:
    told = message.payload
    student, group = number(told, "student_telegram_id"), UUID(told["group_id"])
    key = f"member {group} {student}"
    if message.type == "MemberJoined":
        about, teacher = Subjects(group_id=group), number(told, "teacher_telegram_id")
        yield Notice(Kind.GROUP_JOINED, teacher, key, f"members {group}", student, about=about)
    elif message.type == "MemberLeft":
        yield Withdrawal(key)
