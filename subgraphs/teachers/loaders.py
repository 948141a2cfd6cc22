"""The teachers domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.audit_reads import Noting, ReadNotes, noting
from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request
from subgraphs.teachers.service import Teachers
from subgraphs.teachers.values import TaughtLanguage, Teacher, TeacherId, TelegramId


@dataclass(frozen=True, slots=True)
class TeacherLoaders:
    by_id: Loader[TeacherId, Teacher | None]
    by_telegram_id: Loader[TelegramId, Teacher | None]
    languages: Loader[TeacherId, tuple[TaughtLanguage, ...] | None]
    noted: Noting


@dataclass(frozen=True, slots=True)
class TeachersContext:
    request: Request
    teachers: Teachers
    loaders: TeacherLoaders


def teachers_context(request: Request, teachers: Teachers, notes: ReadNotes) -> TeachersContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[TeacherId]) -> Mapping[TeacherId, Teacher]:
        return await teachers.find_by_ids(ids, viewer)

    async def by_telegram_ids(ids: Sequence[TelegramId]) -> Mapping[TelegramId, Teacher]:
        return await teachers.find_by_telegram_ids(ids, viewer)

    loaders = TeacherLoaders(
        by_id=loader(by_ids),
        by_telegram_id=loader(by_telegram_ids),
        languages=loader(teachers.list_languages),
        noted=noting(notes, request),
    )
    return TeachersContext(request, teachers, loaders)
