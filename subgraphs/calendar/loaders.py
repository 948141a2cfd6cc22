"""The calendar domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from subgraphs.calendar.service import Changes, Lessons, Planning, TeachingHours
from subgraphs.calendar.values import (
    GroupId,
    Hours,
    Lesson,
    LessonFilter,
    LessonId,
    Participant,
    TelegramId,
    Unavailable,
)
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.number_reads import NumberReads, RequestReads
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request


@dataclass(frozen=True, slots=True)
class LessonLists:
    """Of one filter: who asks for the same lessons of many shares a statement."""

    given: Loader[tuple[TelegramId, PageRequest], Page[Lesson]]
    given_count: Loader[TelegramId, int | None]
    taken: Loader[tuple[TelegramId, PageRequest], Page[Lesson]]
    taken_count: Loader[TelegramId, int | None]
    of_group: Loader[tuple[GroupId, PageRequest], Page[Lesson]]
    group_count: Loader[GroupId, int | None]


@dataclass(frozen=True, slots=True)
class CalendarLoaders:
    by_id: Loader[LessonId, Lesson | None]
    participants: Loader[LessonId, tuple[Participant, ...] | None]
    hours: Loader[TelegramId, tuple[Hours, ...] | None]
    unavailable: Loader[TelegramId, tuple[Unavailable, ...] | None]


@dataclass(frozen=True, slots=True)
class CalendarContext:
    request: Request
    lessons: Lessons
    planning: Planning
    changes: Changes
    hours: TeachingHours
    loaders: CalendarLoaders
    reads: RequestReads
    _lists: dict[LessonFilter, LessonLists] = field(default_factory=dict)

    def lists(self, wanted: LessonFilter) -> LessonLists:
        if wanted not in self._lists:
            self._lists[wanted] = _lists_of(self.request, self.lessons, wanted)
        return self._lists[wanted]


def calendar_context(
    request: Request,
    lessons: Lessons,
    planning: Planning,
    changes: Changes,
    hours: TeachingHours,
    reads: NumberReads,
) -> CalendarContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[LessonId]) -> Mapping[LessonId, Lesson]:
        return await lessons.find_by_ids(ids, viewer)

    async def participants(ids: Sequence[LessonId]) -> Mapping[LessonId, tuple[Participant, ...]]:
        return await lessons.list_participants(ids, viewer)

    async def unavailable(
        teachers: Sequence[TelegramId],
    ) -> Mapping[TelegramId, tuple[Unavailable, ...]]:
        return await hours.list_unavailable(teachers, viewer)

    loaders = CalendarLoaders(
        by_id=loader(by_ids),
        participants=loader(participants),
        hours=loader(hours.list_hours),
        unavailable=loader(unavailable),
    )
    return CalendarContext(request, lessons, planning, changes, hours, loaders, reads.of(request))


def _lists_of(request: Request, lessons: Lessons, wanted: LessonFilter) -> LessonLists:
    viewer = request.known_viewer

    async def given(teachers: Sequence[TelegramId], page: PageRequest) -> Mapping[TelegramId, Page[Lesson]]:
        return await lessons.list_given(teachers, wanted, viewer, page)

    async def given_count(teachers: Sequence[TelegramId]) -> Mapping[TelegramId, int]:
        return await lessons.count_given(teachers, wanted, viewer)

    async def taken(students: Sequence[TelegramId], page: PageRequest) -> Mapping[TelegramId, Page[Lesson]]:
        return await lessons.list_taken(students, wanted, viewer, page)

    async def taken_count(students: Sequence[TelegramId]) -> Mapping[TelegramId, int]:
        return await lessons.count_taken(students, wanted, viewer)

    async def of_groups(groups: Sequence[GroupId], page: PageRequest) -> Mapping[GroupId, Page[Lesson]]:
        return await lessons.list_of_groups(groups, wanted, viewer, page)

    async def group_count(groups: Sequence[GroupId]) -> Mapping[GroupId, int]:
        return await lessons.count_of_groups(groups, wanted, viewer)

    return LessonLists(
        given=page_loader(given),
        given_count=loader(given_count),
        taken=page_loader(taken),
        taken_count=loader(taken_count),
        of_group=page_loader(of_groups),
        group_count=loader(group_count),
    )
