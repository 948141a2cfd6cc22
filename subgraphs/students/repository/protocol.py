"""What the services need of a store. A reader sees themselves, a teacher those in their groups, an
administrator all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.students.values import (
    Enrollment,
    Goal,
    GoalId,
    LearnedLanguage,
    NewProgress,
    NewStudent,
    Progress,
    Reader,
    Student,
    StudentChange,
    StudentFilter,
    StudentId,
    TelegramId,
)


class StudentRepository(Protocol):
    async def add(self, student: NewStudent, actor: Actor) -> Student | None:
        """None when the person, or the account on Telegram, is a student already."""

    async def find_by_ids(self, ids: Sequence[StudentId], reader: Reader) -> Mapping[StudentId, Student]: ...

    async def find_by_telegram_ids(
        self, ids: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, Student]: ...

    async def list_students(
        self, wanted: StudentFilter, reader: Reader, request: PageRequest
    ) -> Page[Student]: ...

    async def count_students(self, wanted: StudentFilter, reader: Reader) -> int: ...

    async def update(
        self, student: StudentId, change: StudentChange, reader: Reader, actor: Actor
    ) -> Student | None:
        """None when there is no such student who is the reader, whom an administrator may be."""


class LearningRepository(Protocol):
    async def list_languages(
        self, students: Sequence[StudentId]
    ) -> Mapping[StudentId, tuple[LearnedLanguage, ...]]: ...

    async def list_goals(self, students: Sequence[StudentId]) -> Mapping[StudentId, tuple[Goal, ...]]: ...

    async def list_enrollments(
        self, students: Sequence[TelegramId]
    ) -> Mapping[TelegramId, tuple[Enrollment, ...]]: ...

    async def list_progress(
        self, students: Sequence[StudentId], request: PageRequest
    ) -> Mapping[StudentId, Page[Progress]]: ...

    async def count_progress(self, students: Sequence[StudentId]) -> Mapping[StudentId, int]: ...

    async def set_language(
        self, student: StudentId, learned: LearnedLanguage, reader: Reader, actor: Actor, most: int
    ) -> Student | bool:
        """False: no such student who is the reader; True: they learn as many as they may."""

    async def remove_language(
        self, student: StudentId, language: str, reader: Reader, actor: Actor
    ) -> Student | None: ...

    async def add_goal(
        self, student: StudentId, title: str, due_on: date | None, reader: Reader, actor: Actor, most: int
    ) -> Student | bool:
        """As `set_language`."""

    async def reach_goal(self, goal: GoalId, reader: Reader, actor: Actor) -> Student | None:
        """None when no student of the reader's has it. Reached once, it stays so."""

    async def note_progress(
        self, student: StudentId, noted: NewProgress, reader: Reader, actor: Actor
    ) -> Student | None:
        """None when they are in no group of the reader's, who is no administrator either."""
