"""Organizations as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering
from subgraphs.users.values import LoginId, User, UserId

OrganizationId = NewType("OrganizationId", UUID)
InvitationId = NewType("InvitationId", UUID)

MEMBERS_IN_ORDER = Ordering("members", (datetime, UUID))
INVITATIONS_IN_ORDER = Ordering("organization-invitations", (datetime, UUID), descending=True)


class MemberRole(Enum):
    OWNER = "OWNER"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"


class InvitationStatus(Enum):
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Acting:
    """Who writes or reads, as row-level security sees it: all of it from a verified token, or the token of an
    invitation.
    """

    user_id: UserId | None = None
    tenant: str | None = None
    invitation: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    id: OrganizationId
    owner_id: UserId
    name: str
    slug: str
    description: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewOrganization:
    id: OrganizationId
    name: str
    slug: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    organization: Organization
    role: MemberRole
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    user: User
    role: MemberRole
    joined_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.joined_at, self.user.id)


@dataclass(frozen=True, slots=True)
class Invitation:
    id: InvitationId
    organization_id: OrganizationId
    email: str
    role: MemberRole
    status: InvitationStatus
    created_at: datetime
    expires_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


class Denied(Enum):
    """Why a member may not do something."""

    NO_MEMBER = "You are no member of this organization."
    ROLE = "Your role in this organization does not allow this."


@dataclass(frozen=True, slots=True)
class Parted:
    """Somebody is no member any longer; these sessions acted for the organization and end."""

    user_id: UserId
    ended: frozenset[LoginId]
