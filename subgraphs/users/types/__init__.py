"""The users domain in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.kit.audit_reads import Read
from subgraphs.kit.auth import Viewer
from subgraphs.kit.connections import Connection, Counter, PageArguments, connection, paged
from subgraphs.kit.enums import known
from subgraphs.kit.pages import Page
from subgraphs.kit.recorded import recorded
from subgraphs.kit.scalars import URL, EmailAddress
from subgraphs.users import enums as _described  # noqa: F401 -- before they are used
from subgraphs.users import values
from subgraphs.users.loaders import UsersContext
from subgraphs.users.types.choices import UserPrivacy, UserSettings, privacy_type, settings_type
from subgraphs.users.types.organizations import Membership, membership_type
from subgraphs.users.types.relations import (
    BlockConnection,
    FollowConnection,
    FollowRequestConnection,
    block_connection,
    follow_connection,
    request_connection,
)
from subgraphs.users.types.stats import UserStats, stats_type

UsersInfo: TypeAlias = Info[UsersContext, None]
Value = TypeVar("Value")
ADMINISTRATORS_NOTED = "That an administrator reads it is noted."


@strawberry.type(description="The account on Telegram that somebody linked.")
class TelegramAccount:
    id: strawberry.ID = strawberry.field(description="Their number on Telegram.")


@strawberry.type(description="A login that goes on, for its owner to recognise and to end.")
class Session:
    id: strawberry.ID = strawberry.field(description="Give it to endSession.")
    ip_address: str = strawberry.field(description="Where it was last refreshed from.")
    device: str | None = strawberry.field(description="What the program there calls itself.")
    created_at: datetime = strawberry.field(description="When it began.")
    last_seen_at: datetime = strawberry.field(
        description="When it was last refreshed: it may have been used since."
    )
    expires_at: datetime = strawberry.field(description="When it ends by itself, unless it is refreshed.")
    is_current: bool = strawberry.field(description="Whether it is the one that asks.")


@strawberry.type(description="A token for a program that acts for its owner.")
class ApiToken:
    id: strawberry.ID = strawberry.field(description="Give it to revokeApiToken.")
    name: str = strawberry.field(description="As its owner calls it.")
    scopes: list[values.ApiScope] = strawberry.field(description="What it may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    last_used_at: datetime | None = strawberry.field(description="When it was exchanged last.")


@strawberry.type(description="A token for a program, and its text.")
class ApiTokenSecret:
    token: str = strawberry.field(description="Keep it safe: nobody can show it again.")
    api_token: ApiToken = strawberry.field(description="What is known about it.")


@strawberry.type(description="What to send with each request.")
class Access:
    access_token: str = strawberry.field(description="As `Authorization: Bearer …`, for minutes.")
    access_token_expires_at: datetime = strawberry.field(
        description="Have another one made before then: refreshLogin, or exchangeApiToken."
    )


@recorded(
    id=lambda user: str(user.record.id),
    telegram_id=lambda user: None if user.record.telegram_id is None else str(user.record.telegram_id),
    updated_at=lambda user: user.record.updated_at if user.record.shown.profile else None,
)
@federation.type(keys=["id", "username", "telegramId"], description="A person with an account.")
class User:
    record: strawberry.Private[values.User]
    is_own: strawberry.Private[bool]
    """Known to be the asker's, who has just signed up or logged in."""
    id: strawberry.ID = strawberry.field(description="Theirs for good.")
    username: str = strawberry.field(description="Unique, upper and lower case being the same.")
    telegram_id: strawberry.ID | None = federation.field(
        inaccessible=True, description="Links the school's services to people; for other subgraphs only."
    )
    first_name: str | None = strawberry.field(description="As they give it, if they show it to you.")
    last_name: str | None = strawberry.field(description="As they give it, if they show it to you.")
    bio: str | None = strawberry.field(description="What they say about themselves, if they show it to you.")
    avatar_url: URL | None = strawberry.field(description="Their picture, if they show it to you.")
    is_verified: bool = strawberry.field(description="Whether they have proven that their address is theirs.")
    created_at: datetime = strawberry.field(description="When they joined.")
    updated_at: datetime | None = strawberry.field(
        description="When their account last changed; null when you may not see their profile."
    )
    is_private: bool = strawberry.field(
        description="Whether one follows them by their leave alone: followUser asks first."
    )

    def __init__(self, record: values.User, *, is_own: bool = False) -> None:
        self.record = record
        self.is_own = is_own

    @strawberry.field(description="First and last name as far as you may know them, else the username.")
    def display_name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.username

    @strawberry.field(
        description="For themselves, administrators, and, once it is proven, those they show it to; "
        f"null for anyone else. {ADMINISTRATORS_NOTED}"
    )
    def email(self, info: UsersInfo) -> EmailAddress | None:
        if self.record.email.endswith(values.NO_ADDRESS):
            return None
        address = EmailAddress(self.record.email)
        is_shown = self.record.shown.email and self.record.is_verified
        return address if is_shown else self._confided(info, "email", address)

    @strawberry.field(
        description="What they may do. For themselves and administrators; null for anyone else."
    )
    def roles(self, info: UsersInfo) -> list[values.Role] | None:
        if not self._is_open_to(info):
            return None
        return sorted(known(values.Role, self.record.roles), key=lambda role: role.name)

    @strawberry.field(
        description="When linked; for themselves and administrators, null for anyone else. "
        f"{ADMINISTRATORS_NOTED}"
    )
    def telegram_account(self, info: UsersInfo) -> TelegramAccount | None:
        if self.telegram_id is None:
            return None
        return self._confided(info, "telegramAccount", TelegramAccount(id=self.telegram_id))

    @strawberry.field(description="Who follows them, newest first; null when you may not see it.")
    @paged
    def followers(
        self,
        info: UsersInfo,
        asked: PageArguments,
    ) -> FollowConnection | None:
        if not self.record.shown.follows:
            return None
        window = asked.of(values.NEWEST_FOLLOWS)
        loaders, key = info.context.loaders, (self.record.id, window)
        count = partial(loaders.follower_count.load, self.record.id)
        return loaders.followers.answer(key, lambda page: follow_connection(page, count))

    @strawberry.field(description="Whom they follow, newest first; null when you may not see it.")
    @paged
    def following(
        self,
        info: UsersInfo,
        asked: PageArguments,
    ) -> FollowConnection | None:
        if not self.record.shown.follows:
            return None
        window = asked.of(values.NEWEST_FOLLOWS)
        loaders, key = info.context.loaders, (self.record.id, window)
        count = partial(loaders.following_count.load, self.record.id)
        return loaders.following.answer(key, lambda page: follow_connection(page, count))

    @strawberry.field(description="How many follow them; null when you may not see it.")
    def follower_count(self, info: UsersInfo) -> int | None:
        if not self.record.shown.follows:
            return None
        return info.context.loaders.follower_count.answer(self.record.id, lambda count: count or 0)

    @strawberry.field(description="How many they follow; null when you may not see it.")
    def following_count(self, info: UsersInfo) -> int | None:
        if not self.record.shown.follows:
            return None
        return info.context.loaders.following_count.answer(self.record.id, lambda count: count or 0)

    @strawberry.field(description="Whether you follow them; null when you are not logged in.")
    def viewer_follows(self, info: UsersInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.followed_by_viewer.answer(self.record.id)

    @strawberry.field(
        description="Whether you asked to follow them and wait; null when you are not logged in."
    )
    def viewer_has_requested(self, info: UsersInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.requested_by_viewer.answer(self.record.id)

    @strawberry.field(
        description="Who asked to follow them and waits, newest first. For themselves; null for anyone else."
    )
    @paged
    async def follow_requests(
        self,
        info: UsersInfo,
        asked: PageArguments,
    ) -> FollowRequestConnection | None:
        if (viewer := info.context.request.themselves(self.record.id)) is None:
            return None
        relations, ordering = info.context.services.relations, values.RECEIVED_REQUESTS
        window = asked.of(ordering)
        page = await relations.list_received(viewer, window)
        return request_connection(page, ordering, partial(relations.count_received, viewer))

    @strawberry.field(
        description="Whom they asked and who has not answered, newest first. "
        "For themselves; null for anyone else."
    )
    @paged
    async def sent_follow_requests(
        self,
        info: UsersInfo,
        asked: PageArguments,
    ) -> FollowRequestConnection | None:
        if (viewer := info.context.request.themselves(self.record.id)) is None:
            return None
        relations, ordering = info.context.services.relations, values.SENT_REQUESTS
        window = asked.of(ordering)
        page = await relations.list_sent(viewer, window)
        return request_connection(page, ordering, partial(relations.count_sent, viewer))

    @strawberry.field(description="Whom they block, newest first. For themselves; null for anyone else.")
    @paged
    async def blocked_users(
        self,
        info: UsersInfo,
        asked: PageArguments,
    ) -> BlockConnection | None:
        if (viewer := info.context.request.themselves(self.record.id)) is None:
            return None
        relations, ordering = info.context.services.relations, values.NEWEST_BLOCKS
        window = asked.of(ordering)
        page = await relations.list_blocks(viewer, window)
        return block_connection(page, partial(relations.count_blocks, viewer))

    @strawberry.field(
        description="What they have done, in numbers, some seconds old. "
        "Null when you may not see their profile."
    )
    def stats(self, info: UsersInfo) -> UserStats | None:
        if not self.record.shown.profile:
            return None
        return info.context.loaders.stats.found(self.record.id, stats_type)

    @strawberry.field(
        description="How they would like things. For themselves and administrators; null for anyone else."
    )
    def settings(self, info: UsersInfo) -> UserSettings | None:
        if not self._is_open_to(info):
            return None
        return info.context.loaders.settings.found(self.record.id, settings_type)

    @strawberry.field(
        description="Who sees what of them. For themselves and administrators; null for anyone else."
    )
    def privacy(self, info: UsersInfo) -> UserPrivacy | None:
        if not self._is_open_to(info):
            return None
        return info.context.loaders.privacy.found(self.record.id, privacy_type)

    @strawberry.field(
        description="Their logins that go on, the one seen last first, at most a hundred. "
        "For themselves; null for anyone else."
    )
    async def sessions(self, info: UsersInfo) -> list[Session] | None:
        if info.context.request.themselves(self.record.id) is None:
            return None
        found = await info.context.loaders.sessions.load(self.record.id)
        return [session_type(each, info) for each in found or ()]

    @strawberry.field(
        description="Their API tokens that are good, the newest first. For themselves; null for anyone else."
    )
    async def api_tokens(self, info: UsersInfo) -> list[ApiToken] | None:
        if (viewer := info.context.request.themselves(self.record.id)) is None:
            return None
        return [
            api_token_type(each)
            for each in await info.context.loaders.api_tokens.load(viewer_id(viewer)) or ()
        ]

    @strawberry.field(description="The organizations they belong to. For themselves; null for anyone else.")
    async def memberships(self, info: UsersInfo) -> list[Membership] | None:
        if (viewer := info.context.request.themselves(self.record.id)) is None:
            return None
        found = await info.context.services.organizations.list_memberships(viewer)
        return [membership_type(each) for each in found]

    def _is_open_to(self, info: UsersInfo) -> bool:
        viewer = info.context.request.known_viewer
        return self._is_themselves(info) or (viewer is not None and viewer.is_admin)

    def _is_themselves(self, info: UsersInfo) -> bool:
        return self.is_own or info.context.request.themselves(self.record.id) is not None

    def _confided(self, info: UsersInfo, field: str, value: Value) -> Value | None:
        """For themselves, and for administrators once it is noted that they read it."""
        if self._is_themselves(info):
            return value
        if not self._is_open_to(info):
            return None
        read = Read("user", str(self.record.id), field)
        return info.context.loaders.noted.answer(read, lambda _noted: value)


@strawberry.type(
    description="A login: send the access token as `Authorization: Bearer …`, keep the refresh token safe."
)
class Login:
    user: User = strawberry.field(description="Who is logged in.")
    access_token: str = strawberry.field(description="Proves who you are, for minutes.")
    access_token_expires_at: datetime = strawberry.field(description="Refresh before then.")
    refresh_token: str = strawberry.field(description="Good for one use of refreshLogin.")
    refresh_token_expires_at: datetime = strawberry.field(description="Log in again after that.")


user_type = User


def viewer_id(viewer: Viewer) -> values.UserId:
    return values.UserId(viewer.id)


def api_token_type(token: values.ApiToken) -> ApiToken:
    return ApiToken(
        id=strawberry.ID(str(token.id)),
        name=token.name,
        scopes=sorted(token.scopes, key=lambda scope: scope.name),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )


def session_type(session: values.Session, info: UsersInfo) -> Session:
    viewer = info.context.request.known_viewer
    return Session(
        id=strawberry.ID(str(session.id)),
        ip_address=session.ip_address,
        device=session.device,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        is_current=viewer is not None and viewer.session == str(session.id),
    )


def login_type(login: values.LoginTokens) -> Login:
    return Login(
        user=user_type(login.user, is_own=True),
        access_token=login.access_token,
        access_token_expires_at=login.access_expires_at,
        refresh_token=login.refresh_token,
        refresh_token_expires_at=login.refresh_expires_at,
    )


def user_connection(page: Page[values.User], order: values.UserOrder, counter: Counter) -> Connection[User]:
    cursor = values.USER_ORDERINGS[order].cursor
    return connection(page, user_type, lambda user: cursor(user.position(order)), counter)
