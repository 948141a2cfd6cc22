"""What one can ask the calendar domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

import strawberry

from subgraphs.calendar import values
from subgraphs.calendar.service.ics import ics_of
from subgraphs.calendar.types import (
    CalendarInfo,
    FreeSlot,
    From,
    Lesson,
    Until,
    lesson_connection,
    lesson_type,
    slot_type,
)
from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.demand import DEAR
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import parse_telegram_id


@strawberry.input(description="Whose time is searched, when and for how long.")
class FreeSlotSearch:
    teacher_telegram_ids: list[strawberry.ID] = strawberry.field(description="Of 1000 teachers at most.")
    starts_from: datetime = strawberry.field(description="The lesson starts then or later.")
    starts_before: datetime = strawberry.field(description="And ends by then; eight weeks later at most.")
    minutes: int = strawberry.field(default=60, description="How long it takes.")


Id = Annotated[strawberry.ID, strawberry.argument(description="The lesson's id.")]
Search = Annotated[FreeSlotSearch, strawberry.argument(description="What is searched.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A lesson that you give or are in; any for administrators.")
    async def lesson(self, info: CalendarInfo, id: Id) -> Lesson | None:
        lesson = await info.context.loaders.by_id.load(values.LessonId(parse_id(id)))
        return None if lesson is None else lesson_type(lesson)

    @strawberry.field(
        description="The lessons you may see, earliest first: those you give or are in, all for "
        "administrators."
    )
    @paged
    async def lessons(
        self,
        info: CalendarInfo,
        asked: PageArguments,
        starts_from: From = None,
        starts_before: Until = None,
    ) -> Connection[Lesson] | None:
        window = asked.of(values.LESSONS_BY_START)
        viewer = info.context.request.require_viewer()
        wanted, lessons = values.LessonFilter(starts_from, starts_before), info.context.lessons
        page = await lessons.list_lessons(wanted, viewer, window)
        return lesson_connection(page, partial(lessons.count_lessons, wanted, viewer))

    @strawberry.field(
        description="The first time each teacher has, earliest first. Who has none is left out. For the "
        "logged in.",
        directives=[DEAR],
    )
    async def free_slots(self, info: CalendarInfo, search: Search) -> list[FreeSlot] | None:
        info.context.request.require_viewer()
        numbers = [parse_telegram_id(each, "teacherTelegramIds") for each in search.teacher_telegram_ids]
        wanted = values.SlotSearch(
            tuple(values.TelegramId(each) for each in dict.fromkeys(numbers)),
            search.starts_from,
            search.starts_before,
            timedelta(minutes=min(max(search.minutes, 0), 10_000)),
        )
        return [slot_type(each) for each in await info.context.hours.find_slots(wanted)]

    @strawberry.field(
        description="The lessons you give or are in, 1000 at most, as an iCalendar file to import. For the "
        "logged in."
    )
    async def calendar_file(
        self, info: CalendarInfo, starts_from: From = None, starts_before: Until = None
    ) -> str | None:
        viewer = info.context.request.require_viewer()
        wanted = values.LessonFilter(starts_from, starts_before)
        return ics_of(await info.context.lessons.list_whole(wanted, viewer), datetime.now(UTC))
