"""The users domain in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.kit.connections import After, Before, Connection, First, Last, connection
from subgraphs.kit.pages import page_request
from subgraphs.users import values
from subgraphs.users.loaders import UsersContext

UsersInfo: TypeAlias = Info[UsersContext, None]


@federation.type(keys=["id", "username", "telegramId"], description="A person with an account.")
class User:
    record: strawberry.Private[values.User]
    is_own: strawberry.Private[bool]
    """Known to be the asker's, who has just signed up or logged in."""
    id: strawberry.ID
    username: str
    telegram_id: strawberry.ID | None = strawberry.field(description="Their id on Telegram, when linked.")
    first_name: str | None
    last_name: str | None
    bio: str | None
    avatar_url: str | None
    is_verified: bool
    created_at: datetime
    updated_at: datetime

    @strawberry.field(description="First and last name as far as known, else the username.")
    def display_name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.username

    @strawberry.field(description="Only for the user and administrators; null for anyone else.")
    def email(self, info: UsersInfo) -> str | None:
        if self.is_own:
            return self.record.email
        viewer = info.context.request.viewer
        allowed = viewer is not None and (viewer.id == self.record.id or viewer.is_admin)
        return self.record.email if allowed else None

    @strawberry.field(description="What they may do: ROLE_USER, ROLE_ADMIN, ROLE_TEACHER, ROLE_STUDENT.")
    def roles(self) -> list[str]:
        return sorted(self.record.roles)

    @strawberry.field(description="Who follows them, newest first.")
    async def followers(
        self,
        info: UsersInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[User]:
        window = page_request(values.NEWEST_FOLLOWS, first=first, after=after, last=last, before=before)
        page = await info.context.loaders.followers.load((self.record.id, window))
        return connection(page, _followed, _follow_cursor)

    @strawberry.field(description="Whom they follow, newest first.")
    async def following(
        self,
        info: UsersInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[User]:
        window = page_request(values.NEWEST_FOLLOWS, first=first, after=after, last=last, before=before)
        page = await info.context.loaders.following.load((self.record.id, window))
        return connection(page, _followed, _follow_cursor)

    @strawberry.field
    async def follower_count(self, info: UsersInfo) -> int:
        return await info.context.loaders.follower_count.load(self.record.id) or 0

    @strawberry.field(description="Whether you follow them; null when you are not logged in.")
    async def viewer_follows(self, info: UsersInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return await info.context.loaders.followed_by_viewer.load(self.record.id)


@strawberry.type(
    description="A login: send the access token as `Authorization: Bearer …`, keep the refresh token safe."
)
class LoginPayload:
    user: User
    access_token: str
    access_token_expires_at: datetime
    refresh_token: str = strawberry.field(description="Good for one use of refreshLogin.")
    refresh_token_expires_at: datetime


def user_type(user: values.User, *, is_own: bool = False) -> User:
    return User(
        record=user,
        is_own=is_own,
        id=strawberry.ID(str(user.id)),
        username=user.username,
        telegram_id=None if user.telegram_id is None else strawberry.ID(str(user.telegram_id)),
        first_name=user.first_name,
        last_name=user.last_name,
        bio=user.bio,
        avatar_url=user.avatar_url,
        is_verified=user.is_verified,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )


def login_payload(login: values.LoginTokens) -> LoginPayload:
    return LoginPayload(
        user=user_type(login.user, is_own=True),
        access_token=login.access_token,
        access_token_expires_at=login.access_expires_at,
        refresh_token=login.refresh_token,
        refresh_token_expires_at=login.refresh_expires_at,
    )


def _followed(follow: values.Follow) -> User:
    return user_type(follow.user)


def _follow_cursor(follow: values.Follow) -> str:
    return values.NEWEST_FOLLOWS.cursor(follow.position)
