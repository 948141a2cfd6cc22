"""Profiles: who people are, as others see them, and who follows whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import BadUserInput, NotFound
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.validation import is_storable
from subgraphs.users.repository.protocol import UserRepository
from subgraphs.users.service.rules import check_profile
from subgraphs.users.values import Follow, ProfileChange, User, UserId


@dataclass(frozen=True, slots=True)
class Profiles:
    users: UserRepository

    async def find_by_ids(self, ids: Sequence[UserId]) -> Mapping[UserId, User]:
        return await self.users.find_by_ids(ids)

    async def find_by_usernames(self, names: Sequence[str]) -> Mapping[str, User]:
        return await self.users.find_by_usernames([name for name in names if is_storable(name)])

    async def find_by_telegram_ids(self, ids: Sequence[int]) -> Mapping[int, User]:
        return await self.users.find_by_telegram_ids(ids)

    async def list_newest(self, page: PageRequest) -> Page[User]:
        return await self.users.list_newest(page)

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

    async def find_followed(self, viewer: Viewer, users: Sequence[UserId]) -> frozenset[UserId]:
        return await self.users.find_followed(UserId(viewer.id), users)

    async def update(self, viewer: Viewer, columns: dict[str, str | None]) -> User:
        """Raises BadUserInput; NotFound when the viewer's account is gone."""
        check_profile(columns)
        user = await self.users.update(UserId(viewer.id), ProfileChange(columns))
        if user is None:
            raise NotFound("user", viewer.id)
        return user

    async def follow(self, viewer: Viewer, user_id: UserId) -> User:
        """Raises BadUserInput for oneself, NotFound."""
        if user_id == viewer.id:
            raise BadUserInput({"userId": "You cannot follow yourself."})
        if not await self.users.follow(UserId(viewer.id), user_id):
            raise NotFound("user", user_id)
        return await self._get(user_id)

    async def unfollow(self, viewer: Viewer, user_id: UserId) -> User:
        await self.users.unfollow(UserId(viewer.id), user_id)
        return await self._get(user_id)

    async def _get(self, user_id: UserId) -> User:
        user = (await self.users.find_by_ids([user_id])).get(user_id)
        if user is None:
            raise NotFound("user", user_id)
        return user
