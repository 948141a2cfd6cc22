"""What one can ask the teachers domain."""

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
from subgraphs.kit.text import is_storable
from subgraphs.teachers import values
from subgraphs.teachers.types import Teacher, TeachersInfo, teacher_connection, teacher_type


@strawberry.input(description="Which teachers are listed; what is absent does not matter.")
class TeacherFilter:
    language: str | None = strawberry.field(
        default=None, description="Only who teaches this: its code of ISO 639."
    )


ById = Annotated[strawberry.ID | None, strawberry.argument(description="The teacher's id.")]
ByNumber = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Their number on Telegram. For themselves and administrators."),
]
Filter = Annotated[TeacherFilter | None, strawberry.argument(description="Which teachers.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A teacher, by id or by number: give one of the two.")
    async def teacher(
        self, info: TeachersInfo, id: ById = None, telegram_id: ByNumber = None
    ) -> Teacher | None:
        if (id is None) == (telegram_id is None):
            raise BadUserInput({"id": "Give id or telegramId: one of the two."})
        loaders = info.context.loaders
        if id is not None:
            found = await loaders.by_id.load(values.TeacherId(parse_id(id)))
            return None if found is None else teacher_type(found)
        number = values.TelegramId(parse_telegram_id(telegram_id or ""))
        teacher = await loaders.by_telegram_id.load(number)
        viewer = info.context.request.known_viewer
        if teacher is None or viewer is None:
            return None
        return teacher_type(teacher) if viewer.is_admin or viewer.id == teacher.user_id else None

    @strawberry.field(description="Who teaches at present, newest first.")
    @paged
    async def teachers(
        self, info: TeachersInfo, asked: PageArguments, filter: Filter = None
    ) -> Connection[Teacher] | None:
        window = asked.of(values.NEWEST_TEACHERS)
        language = None if filter is None else filter.language
        if language is not None and not is_storable(language):
            raise BadUserInput({"filter.language": "A language reads en, de or ru (ISO 639)."})
        wanted = values.TeacherFilter(None if language is None else language.strip().lower())
        page = await info.context.teachers.list_teachers(wanted, window)
        return teacher_connection(page, partial(info.context.teachers.count_teachers, wanted))
