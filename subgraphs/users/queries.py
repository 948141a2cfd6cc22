"""What one can ask the users domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import strawberry

from subgraphs.kit.connections import After, Before, Connection, First, Last, connection
from subgraphs.kit.ids import parse_id
from subgraphs.kit.pages import page_request
from subgraphs.users.types import User, UsersInfo, user_type
from subgraphs.users.values import NEWEST_USERS, UserId


@strawberry.type
class Query:
    @strawberry.field(description="You; null when you are not logged in.")
    async def me(self, info: UsersInfo) -> User | None:
        viewer = info.context.request.viewer
        if viewer is None:
            return None
        user = await info.context.loaders.by_id.load(UserId(viewer.id))
        return None if user is None else user_type(user)

    @strawberry.field
    async def user(self, info: UsersInfo, id: strawberry.ID) -> User | None:
        user = await info.context.loaders.by_id.load(UserId(parse_id(id)))
        return None if user is None else user_type(user)

    @strawberry.field(description="By name; upper and lower case are the same.")
    async def user_by_username(self, info: UsersInfo, username: str) -> User | None:
        user = await info.context.loaders.by_username.load(username.lower())
        return None if user is None else user_type(user)

    @strawberry.field(description="Everybody, newest first.")
    async def users(
        self,
        info: UsersInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[User]:
        window = page_request(NEWEST_USERS, first=first, after=after, last=last, before=before)
        page = await info.context.profiles.list_newest(window)
        return connection(page, user_type, lambda user: NEWEST_USERS.cursor(user.position))
