"""Lessons as they are read: by who gives them, who is in them, and administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.calendar.repository.protocol import LessonRepository
from subgraphs.calendar.service.readers import reader_of
from subgraphs.calendar.values import (
    LESSONS_BY_START,
    GroupId,
    Lesson,
    LessonFilter,
    LessonId,
    Participant,
    TelegramId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import not_found

MOST_IN_A_FILE = 1000


@dataclass(frozen=True, slots=True)
class Lessons:
    lessons: LessonRepository

    async def find_by_ids(self, ids: Sequence[LessonId], viewer: Viewer | None) -> Mapping[LessonId, Lesson]:
        return await self.lessons.find_by_ids(ids, reader_of(viewer))

    async def list_lessons(self, wanted: LessonFilter, viewer: Viewer, page: PageRequest) -> Page[Lesson]:
        return await self.lessons.list_lessons(wanted, reader_of(viewer), page)

    async def count_lessons(self, wanted: LessonFilter, viewer: Viewer) -> int:
        return await self.lessons.count_lessons(wanted, reader_of(viewer))

    async def list_whole(self, wanted: LessonFilter, viewer: Viewer) -> Sequence[Lesson]:
        """What is no page: all of them, as far as there are so many."""
        whole = PageRequest(LESSONS_BY_START, MOST_IN_A_FILE)
        return (await self.lessons.list_lessons(wanted, reader_of(viewer), whole)).items

    async def list_given(
        self, teachers: Sequence[TelegramId], wanted: LessonFilter, viewer: Viewer | None, page: PageRequest
    ) -> Mapping[TelegramId, Page[Lesson]]:
        return await self.lessons.list_given(teachers, wanted, reader_of(viewer), page)

    async def count_given(
        self, teachers: Sequence[TelegramId], wanted: LessonFilter, viewer: Viewer | None
    ) -> Mapping[TelegramId, int]:
        return await self.lessons.count_given(teachers, wanted, reader_of(viewer))

    async def list_taken(
        self, students: Sequence[TelegramId], wanted: LessonFilter, viewer: Viewer | None, page: PageRequest
    ) -> Mapping[TelegramId, Page[Lesson]]:
        return await self.lessons.list_taken(students, wanted, reader_of(viewer), page)

    async def count_taken(
        self, students: Sequence[TelegramId], wanted: LessonFilter, viewer: Viewer | None
    ) -> Mapping[TelegramId, int]:
        return await self.lessons.count_taken(students, wanted, reader_of(viewer))

    async def list_of_groups(
        self, groups: Sequence[GroupId], wanted: LessonFilter, viewer: Viewer | None, page: PageRequest
    ) -> Mapping[GroupId, Page[Lesson]]:
        return await self.lessons.list_of_groups(groups, wanted, reader_of(viewer), page)

    async def count_of_groups(
        self, groups: Sequence[GroupId], wanted: LessonFilter, viewer: Viewer | None
    ) -> Mapping[GroupId, int]:
        return await self.lessons.count_of_groups(groups, wanted, reader_of(viewer))

    async def list_participants(
        self, ids: Sequence[LessonId], viewer: Viewer | None
    ) -> Mapping[LessonId, tuple[Participant, ...]]:
        return await self.lessons.list_participants(ids, reader_of(viewer))

    async def is_given_by(self, viewer: Viewer, lesson: LessonId) -> bool:
        """Or they are an administrator."""
        return lesson in await self.lessons.find_given([lesson], reader_of(viewer))

    async def require_seen(self, viewer: Viewer, lesson: LessonId) -> Lesson:
        """What cannot be seen does not exist. Raises Refused (NotFound)."""
        found = (await self.find_by_ids([lesson], viewer)).get(lesson)
        if found is None:
            raise Refused(not_found("lesson", "lessonId"))
        return found

    async def require_given(self, viewer: Viewer, lesson: LessonId) -> Lesson:
        """What is seen may be another's. Raises Refused (NotFound), Forbidden."""
        found = await self.require_seen(viewer, lesson)
        if not await self.is_given_by(viewer, lesson):
            raise Forbidden("Only who gives a lesson changes it.")
        return found
