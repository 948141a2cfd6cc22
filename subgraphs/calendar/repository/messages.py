"""What calendar tells the other services: lessons were made, moved, cancelled, or are about to begin. Each
says whom it concerns, by their numbers on Telegram, and by whose account it was done (`actor_id`; null: by
none). Those of a series come in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from subgraphs.calendar.values import Lesson, NewLessons, TelegramId
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message

TOPIC = "calendar.lesson"


def scheduled_message(first: Lesson, new: NewLessons, actor: Actor) -> Message:
    """One for a whole series."""
    said = {"count": new.count, "every_weeks": new.every_weeks}
    return _about(first, "LessonsScheduled", new.students, actor_id=_account(actor), **said)


def rescheduled_message(
    lesson: Lesson, students: Sequence[TelegramId], actor: Actor, was_at: datetime
) -> Message:
    said = {"actor_id": _account(actor), "was_at": was_at.isoformat()}
    return _about(lesson, "LessonRescheduled", students, **said)


def cancelled_message(lesson: Lesson, students: Sequence[TelegramId], actor: Actor) -> Message:
    said = {"actor_id": _account(actor), "was_at": lesson.starts_at.isoformat()}
    return _about(lesson, "LessonCancelled", students, reason=lesson.cancel_reason, **said)


def reminder_message(lesson: Lesson, students: Sequence[TelegramId]) -> Message:
    return _about(lesson, "LessonSoon", students)


def _about(lesson: Lesson, kind: str, students: Sequence[TelegramId], **more: object) -> Message:
    said = {
        "lesson_id": str(lesson.id),
        "series_id": str(lesson.series_id),
        "group_id": None if lesson.group_id is None else str(lesson.group_id),
        "title": lesson.title,
        "starts_at": lesson.starts_at.isoformat(),
        "ends_at": lesson.ends_at.isoformat(),
        "timezone": lesson.timezone,
        "teacher_telegram_id": lesson.teacher_telegram_id,
        "student_telegram_ids": list(students),
    }
    return Message(TOPIC, str(lesson.series_id), kind, said | more)


def _account(actor: Actor) -> str | None:
    """A job is nobody's."""
    return None if actor.id is None or ":" in actor.id else actor.id
