"""What the teachers domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType
from uuid import UUID

from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.pages import Ordering

TeacherId = NewType("TeacherId", UUID)
UserId = NewType("UserId", UUID)
TelegramId = NewType("TelegramId", int)

NEWEST_TEACHERS = Ordering("teachers", (datetime, UUID), descending=True)
TEACHER_ROLE = "ROLE_TEACHER"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as the store needs to know it."""

    user_id: UserId | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class NewTeacher:
    id: TeacherId
    user_id: UserId
    telegram_id: TelegramId
    display_name: str
    bio: str
    timezone: str
    phone: bytes | None
    """Encrypted."""


@dataclass(frozen=True, slots=True)
class Teacher(NewTeacher):
    is_active: bool
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class TaughtLanguage:
    """A rate is in hundredths of its currency, for an hour; None when it is to be agreed on."""

    language: str
    level: LanguageLevel
    hourly_rate_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class TeacherChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TeacherFilter:
    language: str | None = None
