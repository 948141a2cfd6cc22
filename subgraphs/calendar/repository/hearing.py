"""What calendar does when it hears who teaches, learns, and comes into groups and leaves them.

Of a teacher who is gone what is to come is cancelled, a student who is gone is in no lesson. Who joins a
group is in its lessons to come, but for those at a time when they are in another; who leaves it is in none.
"""

from __future__ import annotations

from sqlalchemy import and_, delete, func, text

from db.postgres import WriteSession
from subgraphs.calendar.models import (
    known_students,
    known_teachers,
    lesson_participants,
    lessons,
    teacher_schedules,
    teacher_unavailable,
)
from subgraphs.calendar.repository.postgres_changes import cancel_where
from subgraphs.calendar.repository.rows import PART
from subgraphs.kit.audit import Actor
from subgraphs.kit.copies import Copied
from subgraphs.kit.outbox import Message

TEACHERS = Copied(known_teachers, "TeacherKnown", "TeacherGone")
STUDENTS = Copied(known_students, "StudentKnown", "StudentGone")
HEARING = Actor("job:calendar hears")
GONE = "The teacher left."
JOINS = text("""
    INSERT INTO lesson_participants (lesson_id, student_telegram_id, starts_at, ends_at, is_live)
    SELECT id, :student, starts_at, ends_at, true FROM lessons
    WHERE group_id = CAST(:group AS uuid) AND status = 'SCHEDULED' AND starts_at > now()
    ON CONFLICT DO NOTHING""")
LEAVES = text("""
    DELETE FROM lesson_participants p USING lessons l WHERE l.id = p.lesson_id
    AND p.student_telegram_id = :student AND l.group_id = CAST(:group AS uuid) AND l.starts_at > now()""")


async def hear_of_teacher(session: WriteSession, message: Message) -> None:
    await TEACHERS.hear(session, message)
    if message.type == TEACHERS.gone:
        teacher = int(message.payload["telegram_id"])
        to_come = and_(lessons.c.teacher_telegram_id == teacher, lessons.c.starts_at > func.now())
        await cancel_where(session, to_come, GONE, HEARING)
        for table in (teacher_schedules, teacher_unavailable):
            await session.execute(delete(table).where(table.c.teacher_telegram_id == teacher))


async def hear_of_student(session: WriteSession, message: Message) -> None:
    await STUDENTS.hear(session, message)
    if message.type == STUDENTS.gone:
        student = int(message.payload["telegram_id"])
        await session.execute(delete(lesson_participants).where(PART.student_telegram_id == student))


async def hear_of_member(session: WriteSession, message: Message) -> None:
    done = {"MemberJoined": JOINS, "MemberLeft": LEAVES}.get(message.type)
    if done is not None:
        said = message.payload
        given = {"student": int(said["student_telegram_id"]), "group": said["group_id"]}
        await session.execute(done, given)
