"""The same repositories in memory: for tests of what is above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from subgraphs.kit.pages import Page, PageRequest, window
from subgraphs.users.errors import EmailTaken, UsernameTaken
from subgraphs.users.values import (
    Credentials,
    FamilyId,
    Follow,
    NewRefreshToken,
    NewUser,
    ProfileChange,
    Reused,
    Rotated,
    Rotation,
    Unusable,
    User,
    UserId,
)


@dataclass(slots=True)
class InMemoryUserRepository:
    users: dict[UserId, User] = field(default_factory=dict)
    hashes: dict[UserId, str] = field(default_factory=dict)
    follows: dict[tuple[UserId, UserId], datetime] = field(default_factory=dict)

    async def add(self, user: NewUser) -> User:
        for other in self.users.values():
            if other.username.lower() == user.username.lower():
                raise UsernameTaken(user.username)
            if other.email.lower() == user.email.lower():
                raise EmailTaken
        now = datetime.now(UTC)
        self.hashes[user.id] = user.password_hash
        self.users[user.id] = User(
            user.id, user.username, user.email, now, now, first_name=user.first_name, last_name=user.last_name
        )
        return self.users[user.id]

    async def find_by_ids(self, ids: Sequence[UserId]) -> Mapping[UserId, User]:
        return {user_id: self.users[user_id] for user_id in ids if user_id in self.users}

    async def find_by_usernames(self, names: Sequence[str]) -> Mapping[str, User]:
        wanted = {name.lower() for name in names}
        return {u.username.lower(): u for u in self.users.values() if u.username.lower() in wanted}

    async def find_by_telegram_ids(self, ids: Sequence[int]) -> Mapping[int, User]:
        known = {u.telegram_id: u for u in self.users.values() if u.telegram_id is not None}
        return {telegram_id: known[telegram_id] for telegram_id in ids if telegram_id in known}

    async def find_credentials(self, name_or_email: str) -> Credentials | None:
        wanted = name_or_email.lower()
        for user in self.users.values():
            if wanted in {user.username.lower(), user.email.lower()}:
                return Credentials(user, self.hashes[user.id])
        return None

    async def list_newest(self, page: PageRequest) -> Page[User]:
        return window(list(self.users.values()), page, lambda user: user.position)

    async def update(self, user_id: UserId, change: ProfileChange) -> User | None:
        user = self.users.get(user_id)
        if user is None:
            return None
        changes: dict[str, object] = {**change.columns, "updated_at": datetime.now(UTC)}
        self.users[user_id] = replace(user, **changes)  # type: ignore[arg-type]
        return self.users[user_id]

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        self.hashes[user_id] = password_hash

    async def follow(self, follower: UserId, followed: UserId) -> bool:
        if follower not in self.users or followed not in self.users:
            return False
        self.follows.setdefault((follower, followed), datetime.now(UTC))
        return True

    async def unfollow(self, follower: UserId, followed: UserId) -> None:
        self.follows.pop((follower, followed), None)

    async def list_followers(
        self, users: Sequence[UserId], page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return {
            user: self._follows(page, [(a, at) for (a, b), at in self.follows.items() if b == user])
            for user in users
        }

    async def list_following(
        self, users: Sequence[UserId], page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return {
            user: self._follows(page, [(b, at) for (a, b), at in self.follows.items() if a == user])
            for user in users
        }

    async def count_followers(self, users: Sequence[UserId]) -> Mapping[UserId, int]:
        return {user: sum(followed == user for _, followed in self.follows) for user in users}

    async def find_followed(self, follower: UserId, users: Sequence[UserId]) -> frozenset[UserId]:
        return frozenset(user for user in users if (follower, user) in self.follows)

    def _follows(self, page: PageRequest, others: list[tuple[UserId, datetime]]) -> Page[Follow]:
        found = [Follow(self.users[other], since) for other, since in others]
        return window(found, page, lambda follow: follow.position)


@dataclass(slots=True)
class StoredToken:
    user_id: UserId
    family: FamilyId
    token: NewRefreshToken
    revoked: bool = False


@dataclass(slots=True)
class InMemoryLoginRepository:
    tokens: dict[str, StoredToken] = field(default_factory=dict)

    async def start(self, user_id: UserId, family: FamilyId, token: NewRefreshToken) -> None:
        self.tokens[token.token_hash] = StoredToken(user_id, family, token)

    async def rotate(self, token_hash: str, successor: NewRefreshToken, now: datetime) -> Rotation:
        stored = self.tokens.get(token_hash)
        if stored is None:
            return Unusable()
        if stored.revoked:
            self._revoke(stored.family)
            return Reused(stored.user_id, stored.family)
        if stored.token.expires_at <= now:
            return Unusable()
        stored.revoked = True
        await self.start(stored.user_id, stored.family, successor)
        return Rotated(stored.user_id)

    async def revoke_family(self, token_hash: str) -> None:
        stored = self.tokens.get(token_hash)
        if stored is not None:
            self._revoke(stored.family)

    async def revoke_all(self, user_id: UserId) -> int:
        live = [stored for stored in self.tokens.values() if stored.user_id == user_id and not stored.revoked]
        for stored in live:
            stored.revoked = True
        return len(live)

    def _revoke(self, family: FamilyId) -> None:
        for stored in self.tokens.values():
            if stored.family == family:
                stored.revoked = True
