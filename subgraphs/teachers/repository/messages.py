"""What teachers tells the other services of the school: who is a teacher, by the numbers they know."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.outbox import Message

TOPIC = "teachers.teacher"


def known_of(telegram_id: int, user_id: UUID) -> Message:
    said = {"telegram_id": telegram_id, "user_id": str(user_id)}
    return Message(TOPIC, str(telegram_id), "TeacherKnown", said)


def gone_message(telegram_id: int) -> Message:
    return Message(TOPIC, str(telegram_id), "TeacherGone", {"telegram_id": telegram_id})
