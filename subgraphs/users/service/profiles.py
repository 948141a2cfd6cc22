"""Profiles: who people are, as others see them."""

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
from subgraphs.users.repository.protocol import StatsRepository, UserRepository
from subgraphs.users.service.rules import check_profile
from subgraphs.users.values import Follow, ProfileChange, Reader, Stats, User, UserFilter, UserId, UserOrder


@dataclass(frozen=True, slots=True)
class Profiles:
    """`reader` sees what people show them, and not who is not there for them."""

    users: UserRepository
    stats: StatsRepository

    async def find_by_ids(self, ids: Sequence[UserId], reader: Reader) -> Mapping[UserId, User]:
        return await self.users.find_by_ids(ids, reader)

    async def find_by_usernames(self, names: Sequence[str], reader: Reader) -> Mapping[str, User]:
        return await self.users.find_by_usernames([name for name in names if is_storable(name)], reader)

    async def find_by_telegram_ids(self, ids: Sequence[int], reader: Reader) -> Mapping[int, User]:
        return await self.users.find_by_telegram_ids(ids, reader)

    async def list_users(
        self, order: UserOrder, wanted: UserFilter, reader: Reader, page: PageRequest
    ) -> Page[User]:
        return await self.users.list_users(order, wanted, reader, page)

    async def count_users(self, wanted: UserFilter, reader: Reader) -> int:
        return await self.users.count_users(wanted, reader)

    async def list_followers(
        self, users: Sequence[UserId], reader: Reader, page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self.users.list_followers(users, reader, page)

    async def list_following(
        self, users: Sequence[UserId], reader: Reader, page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self.users.list_following(users, reader, page)

    async def count_followers(self, users: Sequence[UserId], reader: Reader) -> Mapping[UserId, int]:
        return await self.users.count_followers(users, reader)

    async def count_following(self, users: Sequence[UserId], reader: Reader) -> Mapping[UserId, int]:
        return await self.users.count_following(users, reader)

    async def find_followed(self, viewer: Viewer, users: Sequence[UserId]) -> frozenset[UserId]:
        return await self.users.find_followed(UserId(viewer.id), users)

    async def find_requested(self, viewer: Viewer, users: Sequence[UserId]) -> frozenset[UserId]:
        return await self.users.find_requested(UserId(viewer.id), users)

    async def find_stats(self, ids: Sequence[UserId]) -> Mapping[UserId, Stats]:
        return await self.stats.find(ids)

    async def update(
        self, viewer: Viewer, columns: dict[str, str | None], checks: Checks, actor: Actor
    ) -> User:
        """Raises Refused: InvalidInput; NotFound when the viewer's account is gone."""
        change = ProfileChange(check_profile(viewer.id, columns, checks))
        user = await self.users.update(UserId(viewer.id), change, actor)
        if user is None:
            raise Refused(not_found("user"))
        return user
