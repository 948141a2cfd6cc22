"""What the service needs of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.teachers.values import (
    NewTeacher,
    Reader,
    TaughtLanguage,
    Teacher,
    TeacherChange,
    TeacherFilter,
    TeacherId,
    TelegramId,
)


class TeacherRepository(Protocol):
    """Readers see teachers who are active, themselves, and all of them as administrators."""

    async def add(self, teacher: NewTeacher, actor: Actor) -> Teacher | None:
        """None when the person, or the account on Telegram, is a teacher already."""

    async def find_by_ids(self, ids: Sequence[TeacherId], reader: Reader) -> Mapping[TeacherId, Teacher]: ...

    async def find_by_telegram_ids(
        self, ids: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, Teacher]: ...

    async def list_teachers(self, wanted: TeacherFilter, request: PageRequest) -> Page[Teacher]: ...

    async def count_teachers(self, wanted: TeacherFilter) -> int: ...

    async def list_languages(
        self, teachers: Sequence[TeacherId]
    ) -> Mapping[TeacherId, tuple[TaughtLanguage, ...]]: ...

    async def update(
        self, teacher: TeacherId, change: TeacherChange, reader: Reader, actor: Actor
    ) -> Teacher | None:
        """None when there is no such teacher who is the reader, whom an administrator may be."""

    async def set_language(
        self, teacher: TeacherId, taught: TaughtLanguage, reader: Reader, actor: Actor, most: int
    ) -> Teacher | bool:
        """False: no such teacher of the reader's; True: they teach as many languages as they may."""

    async def remove_language(
        self, teacher: TeacherId, language: str, reader: Reader, actor: Actor
    ) -> Teacher | None: ...
