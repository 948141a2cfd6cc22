"""What students does when somebody is gone, in the transaction of the message that told of it: nothing is
left of who learned, and the school's other services are told.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from db.postgres import WriteSession
from subgraphs.kit import outbox
from subgraphs.students.models import group_enrollments, students
from subgraphs.students.repository.messages import gone_message


async def forget_person(session: WriteSession, user: UUID) -> None:
    gone = delete(students).where(students.c.user_id == user).returning(students.c.telegram_id)
    numbers = list((await session.execute(gone)).scalars())
    places = group_enrollments.c.student_telegram_id.in_(numbers)
    await session.execute(delete(group_enrollments).where(places))
    await outbox.add(session, *map(gone_message, numbers))
