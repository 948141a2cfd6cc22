"""The students domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.audit_reads import Noting, ReadNotes, noting
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.students.service import Learning, Students
from subgraphs.students.values import (
    Enrollment,
    Goal,
    LearnedLanguage,
    Progress,
    Student,
    StudentId,
    TelegramId,
)


@dataclass(frozen=True, slots=True)
class StudentLoaders:
    by_id: Loader[StudentId, Student | None]
    by_telegram_id: Loader[TelegramId, Student | None]
    languages: Loader[StudentId, tuple[LearnedLanguage, ...] | None]
    goals: Loader[StudentId, tuple[Goal, ...] | None]
    enrollments: Loader[TelegramId, tuple[Enrollment, ...] | None]
    progress: Loader[tuple[StudentId, PageRequest], Page[Progress]]
    progress_count: Loader[StudentId, int | None]
    noted: Noting


@dataclass(frozen=True, slots=True)
class StudentsContext:
    request: Request
    students: Students
    learning: Learning
    loaders: StudentLoaders


def students_context(
    request: Request, students: Students, learning: Learning, notes: ReadNotes
) -> StudentsContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[StudentId]) -> Mapping[StudentId, Student]:
        return await students.find_by_ids(ids, viewer)

    async def by_telegram_ids(ids: Sequence[TelegramId]) -> Mapping[TelegramId, Student]:
        return await students.find_by_telegram_ids(ids, viewer)

    loaders = StudentLoaders(
        by_id=loader(by_ids),
        by_telegram_id=loader(by_telegram_ids),
        languages=loader(learning.list_languages),
        goals=loader(learning.list_goals),
        enrollments=loader(learning.list_enrollments),
        progress=page_loader(learning.list_progress),
        progress_count=loader(learning.count_progress),
        noted=noting(notes, request),
    )
    return StudentsContext(request, students, learning, loaders)
