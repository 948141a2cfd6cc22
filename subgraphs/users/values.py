"""What the users domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

import msgspec

from subgraphs.kit.pages import Ordering

UserId = NewType("UserId", UUID)
LoginId = NewType("LoginId", UUID)
"""A login is also a family of refresh tokens, and a session in Redis."""

ROLE_USER = "ROLE_USER"
NO_ADDRESS = "@unverified.invalid"
"""How the address of an account ends that holds none."""


class Role(Enum):
    """Roles are rows; these are the ones this version of the code knows."""

    USER = "ROLE_USER"
    ADMIN = "ROLE_ADMIN"
    TEACHER = "ROLE_TEACHER"
    STUDENT = "ROLE_STUDENT"
    MODERATOR = "ROLE_MODERATOR"


class ApiScope(Enum):
    """What a program may do in its owner's name."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class ProofKind(Enum):
    """What somebody proves who has a token that was sent by mail."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    CHANGE_EMAIL = "CHANGE_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 -- a kind of proof


class Audience(Enum):
    """Who sees a part of a person, beside themselves and administrators."""

    EVERYONE = "EVERYONE"
    FOLLOWERS = "FOLLOWERS"
    NOBODY = "NOBODY"


class Language(Enum):
    EN = "EN"
    DE = "DE"
    RU = "RU"


class Theme(Enum):
    SYSTEM = "SYSTEM"
    LIGHT = "LIGHT"
    DARK = "DARK"


class UserOrder(Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    USERNAME = "USERNAME"


USER_ORDERINGS = {
    UserOrder.NEWEST: Ordering("users", (datetime, UUID), descending=True),
    UserOrder.OLDEST: Ordering("oldest-users", (datetime, UUID)),
    UserOrder.USERNAME: Ordering("users-by-name", (str, UUID)),
}
NEWEST_FOLLOWS = Ordering("follows", (datetime, UUID), descending=True)
RECEIVED_REQUESTS = Ordering("follow-requests", (datetime, UUID), descending=True)
SENT_REQUESTS = Ordering("sent-follow-requests", (datetime, UUID), descending=True)
NEWEST_BLOCKS = Ordering("blocks", (datetime, UUID), descending=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who will see an answer, as the store needs to know it. Administrators see everything and everybody."""

    user_id: UserId | None = None
    sees_all: bool = False


class Shown(msgspec.Struct, frozen=True):
    """The parts of a person that a reader sees. Without their profile they are a name alone."""

    profile: bool = True
    email: bool = False
    follows: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """How somebody would like things; only they and administrators see it."""

    language: Language = Language.EN
    theme: Theme = Theme.SYSTEM
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Stats:
    """What other domains count of somebody, as they told last."""

    posts: int = 0
    hosted_events: int = 0
    attended_events: int = 0
    invitations_sent: int = 0
    invitations_accepted: int = 0


@dataclass(frozen=True, slots=True)
class Privacy:
    """Who sees what of somebody. A private account is `FOLLOWERS` at most, for profile and follows, and its
    followers are those it has let in.
    """

    is_private: bool = False
    is_listed: bool = True
    profile_audience: Audience = Audience.EVERYONE
    email_audience: Audience = Audience.NOBODY
    follows_audience: Audience = Audience.EVERYONE


class User(msgspec.Struct, frozen=True):
    id: UserId
    username: str
    email: str
    created_at: datetime
    updated_at: datetime
    telegram_id: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    bio: str | None = None
    avatar_url: str | None = None
    is_verified: bool = False
    roles: frozenset[str] = frozenset({ROLE_USER})
    is_private: bool = False
    shown: Shown = Shown()

    def position(self, order: UserOrder) -> tuple[object, ...]:
        if order is UserOrder.USERNAME:
            return (self.username.lower(), self.id)
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Only those who joined in a span of time."""

    joined_after: datetime | None = None
    joined_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to be made; the rules of `service.rules` hold already."""

    id: UserId
    username: str
    email: str
    password_hash: str
    first_name: str | None = None
    last_name: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follow:
    """Somebody on the other end of a follow, and since when."""

    user: User
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.user.id)


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """Somebody on the other end of a request to follow, and since when."""

    user: User
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.user.id)


@dataclass(frozen=True, slots=True)
class Block:
    """Somebody who is blocked, and since when. Of them only the name is shown."""

    user: User
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.user.id)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login is checked against."""

    user: User
    password_hash: str


@dataclass(frozen=True, slots=True)
class NewRefreshToken:
    """A refresh token as stored: only the SHA-256 of what the client holds."""

    token_hash: str
    ip_address: str
    device_info: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A login as its owner sees it."""

    id: LoginId
    user_id: UserId
    ip_address: str
    device: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    acting_for: UUID | None = None
    """The organization it acts for."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token for a program; its text is not kept. Its id is also that of its session."""

    id: LoginId
    user_id: UserId
    name: str
    scopes: frozenset[ApiScope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RoleChange:
    """Somebody as they are now, and their sessions that end for it."""

    user: User
    ended: frozenset[LoginId]


@dataclass(frozen=True, slots=True)
class LastOfRole:
    """Nobody else has it: it cannot be taken."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """The old token is spent, its successor is stored in the same login."""

    user: User
    login: LoginId
    acting_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reused:
    """A token that was spent a while ago came back: somebody has a copy. The whole family is revoked."""

    user_id: UserId
    login: LoginId


@dataclass(frozen=True, slots=True)
class Unusable:
    """Unknown, or past its date."""


Rotation = Rotated | Reused | Unusable


@dataclass(frozen=True, slots=True)
class LoginTokens:
    """What a client gets for logging in."""

    user: User
    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime
