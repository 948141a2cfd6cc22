"""What the services ask of a store. Methods that take many keys answer with one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from subgraphs.kit.pages import Page, PageRequest
from subgraphs.users.values import (
    Credentials,
    FamilyId,
    Follow,
    NewRefreshToken,
    NewUser,
    ProfileChange,
    Rotation,
    User,
    UserId,
)


class UserRepository(Protocol):
    async def add(self, user: NewUser) -> User:
        """Raises UsernameTaken or EmailTaken; names and emails differ by more than case."""
        ...

    async def find_by_ids(self, ids: Sequence[UserId]) -> Mapping[UserId, User]: ...

    async def find_by_usernames(self, names: Sequence[str]) -> Mapping[str, User]:
        """Keyed by the lower-case name, which is also how they are looked up."""
        ...

    async def find_by_telegram_ids(self, ids: Sequence[int]) -> Mapping[int, User]: ...

    async def find_credentials(self, name_or_email: str) -> Credentials | None: ...

    async def list_newest(self, page: PageRequest) -> Page[User]: ...

    async def update(self, user_id: UserId, change: ProfileChange) -> User | None:
        """None when there is no such user."""
        ...

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None: ...

    async def follow(self, follower: UserId, followed: UserId) -> bool:
        """Idempotent. False when one of them does not exist."""
        ...

    async def unfollow(self, follower: UserId, followed: UserId) -> None: ...

    async def list_followers(
        self, users: Sequence[UserId], page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]: ...

    async def list_following(
        self, users: Sequence[UserId], page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]: ...

    async def count_followers(self, users: Sequence[UserId]) -> Mapping[UserId, int]: ...

    async def find_followed(self, follower: UserId, users: Sequence[UserId]) -> frozenset[UserId]:
        """Those of `users` that `follower` follows."""
        ...


class LoginRepository(Protocol):
    async def start(self, user_id: UserId, family: FamilyId, token: NewRefreshToken) -> None: ...

    async def rotate(self, token_hash: str, successor: NewRefreshToken, now: datetime) -> Rotation:
        """Spend a token and store its successor, atomically; a token that was spent before ends its
        family.
        """
        ...

    async def revoke_family(self, token_hash: str) -> None:
        """End the login this token belongs to; nothing happens when it is unknown."""
        ...

    async def revoke_all(self, user_id: UserId) -> int:
        """End every login of a user; how many tokens that ended."""
        ...
