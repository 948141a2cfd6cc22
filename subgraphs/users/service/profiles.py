"""Profiles: who people are, as others see them, and who follows whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.text import is_storable
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.users.repository.protocol import UserRepository
from subgraphs.users.service.rules import check_profile
from subgraphs.users.values import Follow, ProfileChange, User, UserFilter, UserId, UserOrder


@dataclass(frozen=True, slots=True)
class Profiles:
    users: UserRepository

    async def find_by_ids(self, ids: Sequence[UserId]) -> Mapping[UserId, User]:
        return await self.users.find_by_ids(ids)

    async def find_by_usernames(self, names: Sequence[str]) -> Mapping[str, User]:
        return await self.users.find_by_usernames([name for name in names if is_storable(name)])

    async def find_by_telegram_ids(self, ids: Sequence[int]) -> Mapping[int, User]:
        return await self.users.find_by_telegram_ids(ids)

    async def list_users(self, order: UserOrder, wanted: UserFilter, page: PageRequest) -> Page[User]:
        return await self.users.list_users(order, wanted, page)

    async def count_users(self, wanted: UserFilter) -> int:
        return await self.users.count_users(wanted)

    async def list_followers(
        self, users: Sequence[UserId], page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self.users.list_followers(users, page)

    async def list_following(
        self, users: Sequence[UserId], page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self.users.list_following(users, page)

    async def count_followers(self, users: Sequence[UserId]) -> Mapping[UserId, int]:
        return await self.users.count_followers(users)

    async def count_following(self, users: Sequence[UserId]) -> Mapping[UserId, int]:
        return await self.users.count_following(users)

    async def find_followed(self, viewer: Viewer, users: Sequence[UserId]) -> frozenset[UserId]:
        return await self.users.find_followed(UserId(viewer.id), users)

    async def update(
        self, viewer: Viewer, columns: dict[str, str | None], checks: Checks, actor: Actor
    ) -> User:
        """Raises Refused: InvalidInput; NotFound when the viewer's account is gone."""
        change = ProfileChange(check_profile(columns, checks))
        user = await self.users.update(UserId(viewer.id), change, actor)
        if user is None:
            raise Refused(not_found("user"))
        return user

    async def follow(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: InvalidInput for oneself, NotFound."""
        checks.require(user_id != viewer.id, "userId", "You cannot follow yourself.")
        checks.done()
        return _found(await self.users.follow(UserId(viewer.id), user_id, actor))

    async def unfollow(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: NotFound."""
        checks.done()
        return _found(await self.users.unfollow(UserId(viewer.id), user_id, actor))


def _found(user: User | None) -> User:
    if user is None:
        raise Refused(not_found("user", "userId"))
    return user
