"""The users domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.users.service import Accounts, Profiles
from subgraphs.users.values import Follow, User, UserId


@dataclass(frozen=True, slots=True)
class UserLoaders:
    by_id: Loader[UserId, User | None]
    by_username: Loader[str, User | None]
    by_telegram_id: Loader[int, User | None]
    followers: Loader[tuple[UserId, PageRequest], Page[Follow]]
    following: Loader[tuple[UserId, PageRequest], Page[Follow]]
    follower_count: Loader[UserId, int | None]
    following_count: Loader[UserId, int | None]
    followed_by_viewer: Loader[UserId, bool | None]


@dataclass(frozen=True, slots=True)
class UsersContext:
    request: Request
    accounts: Accounts
    profiles: Profiles
    loaders: UserLoaders


def users_context(request: Request, accounts: Accounts, profiles: Profiles) -> UsersContext:
    async def followed(users: Sequence[UserId]) -> Mapping[UserId, bool]:
        known = await profiles.find_followed(request.require_viewer(), users)
        return {user: user in known for user in users}

    loaders = UserLoaders(
        by_id=loader(profiles.find_by_ids),
        by_username=loader(profiles.find_by_usernames),
        by_telegram_id=loader(profiles.find_by_telegram_ids),
        followers=page_loader(profiles.list_followers),
        following=page_loader(profiles.list_following),
        follower_count=loader(profiles.count_followers),
        following_count=loader(profiles.count_following),
        followed_by_viewer=loader(followed),
    )
    return UsersContext(request, accounts, profiles, loaders)
