"""The users domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from subgraphs.kit.audit_reads import Noting, ReadNotes, noting
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.search import NameSearch
from subgraphs.users.limits import Limits
from subgraphs.users.organization_values import Organization, OrganizationId
from subgraphs.users.service import (
    Accounts,
    ApiTokens,
    Choices,
    Credentials,
    Departure,
    Logins,
    Organizations,
    Profiles,
    Relations,
    Reporting,
    Roles,
    Telegram,
)
from subgraphs.users.service.readers import reader_of
from subgraphs.users.values import (
    ApiToken,
    Follow,
    Privacy,
    Reader,
    Session,
    Settings,
    Stats,
    User,
    UserId,
)


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
    requested_by_viewer: Loader[UserId, bool | None]
    stats: Loader[UserId, Stats | None]
    settings: Loader[UserId, Settings | None]
    privacy: Loader[UserId, Privacy | None]
    sessions: Loader[UserId, list[Session] | None]
    api_tokens: Loader[UserId, list[ApiToken] | None]
    organization_by_id: Loader[OrganizationId, Organization | None]
    organization_by_slug: Loader[str, Organization | None]
    noted: Noting


@dataclass(frozen=True, slots=True)
class Services:
    accounts: Accounts
    logins: Logins
    profiles: Profiles
    relations: Relations
    choices: Choices
    credentials: Credentials
    departure: Departure
    roles: Roles
    api_tokens: ApiTokens
    organizations: Organizations
    telegram: Telegram
    limits: Limits
    reporting: Reporting
    read_notes: ReadNotes
    people_named: Callable[[Reader], NameSearch]


@dataclass(frozen=True, slots=True)
class UsersContext:
    request: Request
    reader: Reader
    services: Services
    loaders: UserLoaders

    @property
    def accounts(self) -> Accounts:
        return self.services.accounts

    @property
    def logins(self) -> Logins:
        return self.services.logins

    @property
    def profiles(self) -> Profiles:
        return self.services.profiles


def users_context(request: Request, services: Services) -> UsersContext:
    profiles, reader = services.profiles, reader_of(request.known_viewer)

    async def followed(users: Sequence[UserId]) -> Mapping[UserId, bool]:
        known = await profiles.find_followed(request.require_viewer(), users)
        return {user: user in known for user in users}

    async def requested(users: Sequence[UserId]) -> Mapping[UserId, bool]:
        known = await profiles.find_requested(request.require_viewer(), users)
        return {user: user in known for user in users}

    async def followers(users: Sequence[UserId], page: PageRequest) -> Mapping[UserId, Page[Follow]]:
        return await profiles.list_followers(users, reader, page)

    async def following(users: Sequence[UserId], page: PageRequest) -> Mapping[UserId, Page[Follow]]:
        return await profiles.list_following(users, reader, page)

    loaders = UserLoaders(
        by_id=loader(partial(profiles.find_by_ids, reader=reader)),
        by_username=loader(partial(profiles.find_by_usernames, reader=reader)),
        by_telegram_id=loader(partial(profiles.find_by_telegram_ids, reader=reader)),
        followers=page_loader(followers),
        following=page_loader(following),
        follower_count=loader(partial(profiles.count_followers, reader=reader)),
        following_count=loader(partial(profiles.count_following, reader=reader)),
        followed_by_viewer=loader(followed),
        requested_by_viewer=loader(requested),
        stats=loader(profiles.find_stats),
        settings=loader(services.choices.find_settings),
        privacy=loader(services.choices.find_privacy),
        sessions=loader(services.logins.list_live),
        api_tokens=loader(services.api_tokens.list_good),
        organization_by_id=loader(services.organizations.find_by_ids),
        organization_by_slug=loader(services.organizations.find_by_slugs),
        noted=noting(services.read_notes, request),
    )
    return UsersContext(request, reader, services, loaders)
