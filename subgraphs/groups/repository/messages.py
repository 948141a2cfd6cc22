"""What groups tells the other services of the school: who is in which group (decision 30)."""

from __future__ import annotations

from datetime import datetime

from subgraphs.groups.values import Group, TelegramId
from subgraphs.kit.outbox import Message

TOPIC = "groups.member"


def joined_message(group: Group, student: TelegramId, joined_at: datetime) -> Message:
    said = {
        "group_id": str(group.id),
        "student_telegram_id": student,
        "teacher_telegram_id": group.teacher_telegram_id,
        "enrolled_at": joined_at.isoformat(),
    }
    return Message(TOPIC, f"{group.id} {student}", "MemberJoined", said)


def left_message(group: Group, student: TelegramId) -> Message:
    said = {"group_id": str(group.id), "student_telegram_id": student}
    return Message(TOPIC, f"{group.id} {student}", "MemberLeft", said)
