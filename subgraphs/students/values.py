"""What the students domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.pages import Ordering

StudentId = NewType("StudentId", UUID)
UserId = NewType("UserId", UUID)
GoalId = NewType("GoalId", UUID)
TelegramId = NewType("TelegramId", int)

NEWEST_STUDENTS = Ordering("students", (datetime, UUID), descending=True)
NEWEST_PROGRESS = Ordering("progress", (datetime, UUID), descending=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as the store needs to know it."""

    user_id: UserId | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class NewStudent:
    id: StudentId
    user_id: UserId
    telegram_id: TelegramId
    display_name: str
    timezone: str
    phone: bytes | None
    """Encrypted."""


@dataclass(frozen=True, slots=True)
class Student(NewStudent):
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class LearnedLanguage:
    language: str
    level: LanguageLevel
    target_level: LanguageLevel | None


@dataclass(frozen=True, slots=True)
class Goal:
    id: GoalId
    title: str
    due_on: date | None
    reached_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewProgress:
    """How far somebody has come, as their teacher sees it."""

    language: str
    level: LanguageLevel
    note: str


@dataclass(frozen=True, slots=True)
class Progress(NewProgress):
    id: UUID
    noted_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.noted_at, self.id)


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A place in a group, as the groups service last told."""

    group_id: UUID
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class StudentChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StudentFilter:
    telegram_ids: tuple[TelegramId, ...] | None = None
