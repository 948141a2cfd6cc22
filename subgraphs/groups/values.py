"""What the groups domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.pages import Ordering

GroupId = NewType("GroupId", UUID)
InvitationId = NewType("InvitationId", UUID)
UserId = NewType("UserId", UUID)
TelegramId = NewType("TelegramId", int)

GROUPS_BY_AGE = Ordering("groups", (datetime, UUID))
MEMBERS_BY_JOINING = Ordering("group-members", (datetime, UUID))
MEMBERSHIPS_BY_JOINING = Ordering("memberships", (datetime, UUID))
NEWEST_INVITATIONS = Ordering("group-invitations", (datetime, UUID), descending=True)
NEWEST_PROGRESS = Ordering("group-progress", (datetime, UUID), descending=True)


class GroupStatus(Enum):
    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class InvitationState(Enum):
    OPEN = "OPEN"
    EXPIRED = "EXPIRED"
    USED_UP = "USED_UP"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as the store needs to know it."""

    user_id: UserId | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """What a teacher decides about a group."""

    name: str
    description: str
    language: str
    level: LanguageLevel
    max_members: int


@dataclass(frozen=True, slots=True)
class Group:
    id: GroupId
    teacher_telegram_id: TelegramId
    name: str
    description: str
    language: str
    level: LanguageLevel
    max_members: int
    status: GroupStatus
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class Member:
    """A student's place in a group."""

    id: UUID
    student_telegram_id: TelegramId
    joined_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.joined_at, self.id)


@dataclass(frozen=True, slots=True)
class Membership:
    """A group that a student is in."""

    member_id: UUID
    group: Group
    joined_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.joined_at, self.member_id)


@dataclass(frozen=True, slots=True)
class Invitation:
    id: InvitationId
    group_id: GroupId
    expires_at: datetime
    max_uses: int
    uses: int
    revoked_at: datetime | None
    created_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)

    def state(self, now: datetime) -> InvitationState:
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        if self.expires_at <= now:
            return InvitationState.EXPIRED
        return InvitationState.USED_UP if self.uses >= self.max_uses else InvitationState.OPEN


@dataclass(frozen=True, slots=True)
class Progress:
    id: UUID
    topic: str
    percent: int
    note: str
    noted_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.noted_at, self.id)


@dataclass(frozen=True, slots=True)
class GroupChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupFilter:
    status: GroupStatus | None = None
    teacher_telegram_id: TelegramId | None = None


@dataclass(frozen=True, slots=True)
class NotIn:
    """Why somebody did not join: exactly one is said."""

    group: Group
    state: InvitationState | None = None
    """Of the invitation, when that is why."""
    is_full: bool = False


class NoStudent(Enum):
    """Who would join, or be added, is no student."""

    NO_STUDENT = "NO_STUDENT"
