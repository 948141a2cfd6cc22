"""What groups does when it hears who teaches and learns: it notes whose numbers those are. Of a teacher who
is gone the groups are archived, a student who is gone leaves all of them.
"""

from __future__ import annotations

from db.postgres import WriteSession
from subgraphs.groups.models import known_students, known_teachers
from subgraphs.groups.repository.postgres_groups import archive_all_of
from subgraphs.groups.repository.postgres_members import forget_student
from subgraphs.groups.values import TelegramId
from subgraphs.kit.copies import Copied
from subgraphs.kit.outbox import Message

TEACHERS = Copied(known_teachers, "TeacherKnown", "TeacherGone")
STUDENTS = Copied(known_students, "StudentKnown", "StudentGone")


async def hear_of_teacher(session: WriteSession, message: Message) -> None:
    await TEACHERS.hear(session, message)
    if message.type == TEACHERS.gone:
        await archive_all_of(session, TelegramId(message.payload["telegram_id"]))


async def hear_of_student(session: WriteSession, message: Message) -> None:
    await STUDENTS.hear(session, message)
    if message.type == STUDENTS.gone:
        await forget_student(session, TelegramId(message.payload["telegram_id"]))
