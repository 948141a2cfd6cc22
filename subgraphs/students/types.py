"""The students domain in GraphQL. `User` and `Group` are other subgraphs' entities, `User` with our field."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TypeAlias

import strawberry
from strawberry import federation
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.types import Info

from subgraphs.kit.audit_reads import NOTED, Read
from subgraphs.kit.connections import Connection, Counter, PageArguments, connection, paged
from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.pages import Page
from subgraphs.kit.scalars import TimeZone
from subgraphs.students import values
from subgraphs.students.loaders import StudentsContext

StudentsInfo: TypeAlias = Info[StudentsContext, None]
NUMBER = "Links the school's services to people; for other subgraphs only."


@strawberry.type(description="A language that somebody learns.")
class LearnedLanguage:
    language: str = strawberry.field(description="Its code of ISO 639: en, de, ru.")
    level: LanguageLevel = strawberry.field(description="How well they know it.")
    target_level: LanguageLevel | None = strawberry.field(description="How well they want to know it.")


@strawberry.type(description="Something a student wants to reach.")
class StudentGoal:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    title: str = strawberry.field(description="What it is, in a line.")
    due_on: date | None = strawberry.field(description="Until when, if they said so.")
    reached_at: datetime | None = strawberry.field(description="When it was reached.")
    created_at: datetime = strawberry.field(description="When they set it.")


@strawberry.type(description="How far a student had come, as a teacher saw it.")
class StudentProgress:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    language: str = strawberry.field(description="The code of the language: en, de, ru.")
    level: LanguageLevel = strawberry.field(description="How well they knew it.")
    note: str = strawberry.field(description="What the teacher wrote; may be empty.")
    noted_at: datetime = strawberry.field(description="When.")


@federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], description="People who learn together."
)
class Group:
    id: strawberry.ID = strawberry.field(description="Its own for good.")


@strawberry.type(description="A student's place in a group, as the groups service last told.")
class GroupEnrollment:
    group: Group | None = strawberry.field(description="Which group.")
    enrolled_at: datetime = strawberry.field(description="Since when.")


@federation.type(keys=["telegramId"], description="A person with an account.")
class User:
    telegram_id: strawberry.ID | None = federation.field(inaccessible=True, description=NUMBER)

    @strawberry.field(
        description="What they learn; null when they are no student, or not one whom you may see."
    )
    def student(self, info: StudentsInfo) -> Student | None:
        if self.telegram_id is None:
            return None
        number = values.TelegramId(int(self.telegram_id))
        return info.context.loaders.by_telegram_id.found(number, student_type)


@federation.type(
    keys=["id", "telegramId"],
    description="Somebody who learns languages.",
)
class Student:
    record: strawberry.Private[values.Student]
    id: strawberry.ID = strawberry.field(description="Theirs for good.")
    telegram_id: strawberry.ID = federation.field(inaccessible=True, description=NUMBER)
    user: User | None = strawberry.field(description="The person.")
    display_name: str = strawberry.field(description="As their teachers know them.")
    timezone: TimeZone = strawberry.field(description="Where they are: for showing local times.")
    created_at: datetime = strawberry.field(description="Since when they are a student here.")
    updated_at: datetime = strawberry.field(description="When what is said here last changed.")

    @strawberry.field(description=f"What they learn, by the languages' codes. {NOTED}")
    async def languages(self, info: StudentsInfo) -> list[LearnedLanguage]:
        await _noted(info, self.record, "languages")
        return _learned_types(await info.context.loaders.languages.load(self.record.id))

    @strawberry.field(description=f"What they want to reach, in the order they said so. {NOTED}")
    async def goals(self, info: StudentsInfo) -> list[StudentGoal]:
        await _noted(info, self.record, "goals")
        return _goal_types(await info.context.loaders.goals.load(self.record.id))

    @strawberry.field(description=f"The groups they are in, in the order they joined. {NOTED}")
    async def enrollments(self, info: StudentsInfo) -> list[GroupEnrollment]:
        await _noted(info, self.record, "enrollments")
        return _enrollment_types(await info.context.loaders.enrollments.load(self.record.telegram_id))

    @strawberry.field(
        description=f"How far they have come, as their teachers noted it, newest first. {NOTED}"
    )
    @paged
    async def progress(self, info: StudentsInfo, asked: PageArguments) -> Connection[StudentProgress]:
        window = asked.of(values.NEWEST_PROGRESS)
        loaders, student = info.context.loaders, self.record.id
        count = partial(loaders.progress_count.load, student)
        await _noted(info, self.record, "progress")
        return _progress_connection(await loaders.progress.load((student, window)), count)

    @strawberry.field(description=f"For themselves, their teachers and administrators. {NOTED}")
    async def phone(self, info: StudentsInfo) -> str | None:
        if info.context.request.known_viewer is None or self.record.phone is None:
            return None
        await _noted(info, self.record, "phone")
        return info.context.students.phone_of(self.record)


async def _noted(info: StudentsInfo, student: values.Student, field: str) -> None:
    """Whoever reads it of somebody else is in the audit before they are answered."""
    if info.context.request.themselves(student.user_id) is None:
        await info.context.loaders.noted.load(Read("student", str(student.id), field))


def student_type(student: values.Student) -> Student:
    number = strawberry.ID(str(student.telegram_id))
    return Student(
        record=student,
        id=strawberry.ID(str(student.id)),
        telegram_id=number,
        user=User(telegram_id=number),
        display_name=student.display_name,
        timezone=TimeZone(student.timezone),
        created_at=student.created_at,
        updated_at=student.updated_at,
    )


def student_connection(page: Page[values.Student], counter: Counter) -> Connection[Student]:
    cursor = values.NEWEST_STUDENTS.cursor
    return connection(page, student_type, lambda student: cursor(student.position), counter)


def _progress_connection(page: Page[values.Progress], counter: Counter) -> Connection[StudentProgress]:
    cursor = values.NEWEST_PROGRESS.cursor
    return connection(page, _progress_type, lambda noted: cursor(noted.position), counter)


def _progress_type(noted: values.Progress) -> StudentProgress:
    return StudentProgress(
        id=strawberry.ID(str(noted.id)),
        language=noted.language,
        level=noted.level,
        note=noted.note,
        noted_at=noted.noted_at,
    )


def _learned_types(learned: tuple[values.LearnedLanguage, ...] | None) -> list[LearnedLanguage]:
    return [
        LearnedLanguage(language=each.language, level=each.level, target_level=each.target_level)
        for each in learned or ()
    ]


def _goal_types(goals: tuple[values.Goal, ...] | None) -> list[StudentGoal]:
    return [
        StudentGoal(
            id=strawberry.ID(str(each.id)),
            title=each.title,
            due_on=each.due_on,
            reached_at=each.reached_at,
            created_at=each.created_at,
        )
        for each in goals or ()
    ]


def _enrollment_types(places: tuple[values.Enrollment, ...] | None) -> list[GroupEnrollment]:
    return [
        GroupEnrollment(group=Group(id=strawberry.ID(str(each.group_id))), enrolled_at=each.enrolled_at)
        for each in places or ()
    ]
