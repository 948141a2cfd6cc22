"""What one can ask the students domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import parse_telegram_id
from subgraphs.students import values
from subgraphs.students.types import Student, StudentsInfo, student_connection, student_type

MOST_NUMBERS = 100


@strawberry.input(description="Which students are listed; what is absent does not matter.")
class StudentFilter:
    telegram_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only those with these numbers on Telegram: at most 100."
    )


ById = Annotated[strawberry.ID | None, strawberry.argument(description="The student's id.")]
ByNumber = Annotated[
    strawberry.ID | None, strawberry.argument(description="The student's number on Telegram.")
]
Filter = Annotated[StudentFilter | None, strawberry.argument(description="Which students.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(
        description="Yourself, a student in your groups, or anybody for administrators, by id or by number."
    )
    async def student(
        self, info: StudentsInfo, id: ById = None, telegram_id: ByNumber = None
    ) -> Student | None:
        if (id is None) == (telegram_id is None):
            raise BadUserInput({"id": "Give id or telegramId: one of the two."})
        loaders = info.context.loaders
        if id is not None:
            found = await loaders.by_id.load(values.StudentId(parse_id(id)))
        else:
            number = values.TelegramId(parse_telegram_id(telegram_id or ""))
            found = await loaders.by_telegram_id.load(number)
        return None if found is None else student_type(found)

    @strawberry.field(
        description="The students you may see, newest first: yours for teachers, all for administrators."
    )
    @paged
    async def students(
        self, info: StudentsInfo, asked: PageArguments, filter: Filter = None
    ) -> Connection[Student] | None:
        window = asked.of(values.NEWEST_STUDENTS)
        viewer, wanted = info.context.request.require_viewer(), _wanted(filter)
        students = info.context.students
        page = await students.list_students(wanted, viewer, window)
        return student_connection(page, partial(students.count_students, wanted, viewer))


def _wanted(filter: StudentFilter | None) -> values.StudentFilter:
    if filter is None or filter.telegram_ids is None:
        return values.StudentFilter()
    name = "filter.telegramIds"
    if len(filter.telegram_ids) > MOST_NUMBERS:
        raise BadUserInput({name: f"{name} has at most {MOST_NUMBERS} numbers."})
    return values.StudentFilter(
        tuple(values.TelegramId(parse_telegram_id(each, name)) for each in filter.telegram_ids)
    )
