"""What the services need of a store. A reader sees the lessons they give and those they are in, an
administrator all; lessons change by who gives them and by administrators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from subgraphs.calendar.values import (
    AttendanceStatus,
    Busy,
    GroupId,
    Hours,
    Lesson,
    LessonFilter,
    LessonId,
    NewLessons,
    Participant,
    Reader,
    Series,
    Slot,
    SlotSearch,
    TelegramId,
    Unavailable,
    UserId,
)
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest


class LessonRepository(Protocol):
    async def find_by_ids(self, ids: Sequence[LessonId], reader: Reader) -> Mapping[LessonId, Lesson]: ...

    async def find_given(self, ids: Sequence[LessonId], reader: Reader) -> frozenset[LessonId]:
        """Those of them that the reader may change."""

    async def list_lessons(
        self, wanted: LessonFilter, reader: Reader, request: PageRequest
    ) -> Page[Lesson]: ...

    async def count_lessons(self, wanted: LessonFilter, reader: Reader) -> int: ...

    async def list_given(
        self, teachers: Sequence[TelegramId], wanted: LessonFilter, reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Lesson]]: ...

    async def count_given(
        self, teachers: Sequence[TelegramId], wanted: LessonFilter, reader: Reader
    ) -> Mapping[TelegramId, int]: ...

    async def list_taken(
        self, students: Sequence[TelegramId], wanted: LessonFilter, reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Lesson]]: ...

    async def count_taken(
        self, students: Sequence[TelegramId], wanted: LessonFilter, reader: Reader
    ) -> Mapping[TelegramId, int]: ...

    async def list_of_groups(
        self, groups: Sequence[GroupId], wanted: LessonFilter, reader: Reader, request: PageRequest
    ) -> Mapping[GroupId, Page[Lesson]]: ...

    async def count_of_groups(
        self, groups: Sequence[GroupId], wanted: LessonFilter, reader: Reader
    ) -> Mapping[GroupId, int]: ...

    async def list_participants(
        self, lessons: Sequence[LessonId], reader: Reader
    ) -> Mapping[LessonId, tuple[Participant, ...]]:
        """All of them of a lesson that the reader gives, else themselves."""


class PlanningRepository(Protocol):
    async def number_of(self, teacher: UserId) -> TelegramId | None:
        """Of a teacher's account on Telegram."""

    async def find_series(self, created_by: UserId, client_key: str) -> Series | None: ...

    async def first_of(self, series: Series) -> Lesson: ...

    async def add(self, new: NewLessons, actor: Actor) -> Lesson | Busy | Series:
        """The first of the lessons; or why none was made, or the series that has the key already."""


class ChangeRepository(Protocol):
    async def reschedule(
        self,
        lesson: LessonId,
        starts_at: datetime,
        lasts: timedelta | None,
        reader: Reader,
        actor: Actor,
        now: datetime,
    ) -> Lesson | Busy | None:
        """None when it is not the reader's, or has begun."""

    async def cancel(
        self, lesson: LessonId, reason: str, following: bool, reader: Reader, actor: Actor, now: datetime
    ) -> Lesson | None:
        """With those of its series that follow, if `following`. None as in `reschedule`; but it may have
        begun.
        """

    async def cancel_as_student(
        self, lesson: LessonId, reason: str, reader: Reader, actor: Actor, before: datetime
    ) -> Lesson | None:
        """By the only one who is in it, when it is of no group and starts after `before`."""

    async def note_attendance(
        self,
        lesson: LessonId,
        student: TelegramId,
        status: AttendanceStatus,
        note: str,
        reader: Reader,
        actor: Actor,
        now: datetime,
    ) -> Lesson | bool:
        """False: not the reader's, not begun, or cancelled; True: the student is not in it."""


class HoursRepository(Protocol):
    async def list_hours(self, teachers: Sequence[TelegramId]) -> Mapping[TelegramId, tuple[Hours, ...]]: ...

    async def list_unavailable(
        self, teachers: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, tuple[Unavailable, ...]]:
        """What is not over; for others than themselves and administrators nothing."""

    async def set_hours(
        self, teacher: TelegramId, hours: Sequence[Hours], reader: Reader, actor: Actor
    ) -> bool:
        """In place of all there are; whether they are the reader's."""

    async def add_unavailable(
        self,
        teacher: TelegramId,
        starts_at: datetime,
        ends_at: datetime,
        reason: str,
        reader: Reader,
        actor: Actor,
    ) -> bool | None:
        """None: not the reader's; False: lessons are in that time."""

    async def remove_unavailable(self, period: UUID, reader: Reader, actor: Actor) -> TelegramId | None: ...

    async def find_slots(self, search: SlotSearch) -> Sequence[Slot]:
        """The first of each teacher's who has one, earliest first."""
