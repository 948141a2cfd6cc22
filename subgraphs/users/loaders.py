"""The users domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from subgraphs.kit.audit_reads import Noting, ReadNotes, noting
from subgraphs.kit.loading import Loader, loader, made_once, page_loader
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


class UserLoaders:
    """Each is made when it is first asked for."""

    def __init__(self, request: Request, reader: Reader, services: Services) -> None:
        self._request = request
        self._reader = reader
        self._services = services
        self._profiles = services.profiles

    @made_once
    def by_id(self) -> Loader[UserId, User | None]:
        return loader(partial(self._profiles.find_by_ids, reader=self._reader))

    @made_once
    def by_username(self) -> Loader[str, User | None]:
        return loader(partial(self._profiles.find_by_usernames, reader=self._reader))

    @made_once
    def by_telegram_id(self) -> Loader[int, User | None]:
        return loader(partial(self._profiles.find_by_telegram_ids, reader=self._reader))

    @made_once
    def followers(self) -> Loader[tuple[UserId, PageRequest], Page[Follow]]:
        return page_loader(self._followers)

    @made_once
    def following(self) -> Loader[tuple[UserId, PageRequest], Page[Follow]]:
        return page_loader(self._following)

    @made_once
    def follower_count(self) -> Loader[UserId, int | None]:
        return loader(partial(self._profiles.count_followers, reader=self._reader))

    @made_once
    def following_count(self) -> Loader[UserId, int | None]:
        return loader(partial(self._profiles.count_following, reader=self._reader))

    @made_once
    def followed_by_viewer(self) -> Loader[UserId, bool | None]:
        return loader(self._followed)

    @made_once
    def requested_by_viewer(self) -> Loader[UserId, bool | None]:
        return loader(self._requested)

    @made_once
    def stats(self) -> Loader[UserId, Stats | None]:
        return loader(self._profiles.find_stats)

    @made_once
    def settings(self) -> Loader[UserId, Settings | None]:
        return loader(self._services.choices.find_settings)

    @made_once
    def privacy(self) -> Loader[UserId, Privacy | None]:
        return loader(self._services.choices.find_privacy)

    @made_once
    def sessions(self) -> Loader[UserId, list[Session] | None]:
        return loader(self._services.logins.list_live)

    @made_once
    def api_tokens(self) -> Loader[UserId, list[ApiToken] | None]:
        return loader(self._services.api_tokens.list_good)

    @made_once
    def organization_by_id(self) -> Loader[OrganizationId, Organization | None]:
        return loader(self._services.organizations.find_by_ids)

    @made_once
    def organization_by_slug(self) -> Loader[str, Organization | None]:
        return loader(self._services.organizations.find_by_slugs)

    @made_once
    def noted(self) -> Noting:
        return noting(self._services.read_notes, self._request)

    async def _followers(self, users: Sequence[UserId], page: PageRequest) -> Mapping[UserId, Page[Follow]]:
        return await self._profiles.list_followers(users, self._reader, page)

    async def _following(self, users: Sequence[UserId], page: PageRequest) -> Mapping[UserId, Page[Follow]]:
        return await self._profiles.list_following(users, self._reader, page)

    async def _followed(self, users: Sequence[UserId]) -> Mapping[UserId, bool]:
        known = await self._profiles.find_followed(self._request.require_viewer(), users)
        return {user: user in known for user in users}

    async def _requested(self, users: Sequence[UserId]) -> Mapping[UserId, bool]:
        known = await self._profiles.find_requested(self._request.require_viewer(), users)
        return {user: user in known for user in users}


class UsersContext(msgspec.Struct, frozen=True):
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
    reader = reader_of(request.known_viewer)
    return UsersContext(request, reader, services, UserLoaders(request, reader, services))
