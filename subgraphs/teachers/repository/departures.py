"""What teachers does when somebody is gone, in the transaction of the message that told of it: they are a
teacher no longer, and the school's other services are told.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from db.postgres import WriteSession
from subgraphs.kit import outbox
from subgraphs.teachers.models import teachers
from subgraphs.teachers.repository.messages import gone_message


async def forget_person(session: WriteSession, user: UUID) -> None:
    gone = delete(teachers).where(teachers.c.user_id == user).returning(teachers.c.telegram_id)
    await outbox.add(session, *(gone_message(number) for number in (await session.execute(gone)).scalars()))
