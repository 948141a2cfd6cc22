"""What one can ask the users domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.demand import DEAR
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.ids import parse_id
from subgraphs.kit.report_types import FOR_MODERATORS, ReportConnection, report_connection
from subgraphs.kit.reports import OLDEST_CASES
from subgraphs.kit.scalars import JSON
from subgraphs.kit.search import HOW, SearchText, search_connection
from subgraphs.kit.telegram import parse_telegram_id
from subgraphs.users import values
from subgraphs.users.organization_values import OrganizationId
from subgraphs.users.types import User, UsersInfo, user_connection, user_type
from subgraphs.users.types.organizations import Organization, organization_type


@strawberry.input(description="Which people are listed; what is absent does not matter.")
class UserFilter:
    joined_after: datetime | None = strawberry.field(default=None, description="Only who joined after this.")
    joined_before: datetime | None = strawberry.field(
        default=None, description="Only who joined before this."
    )


ById = Annotated[strawberry.ID | None, strawberry.argument(description="Their id.")]
ByName = Annotated[
    str | None, strawberry.argument(description="Their username; upper and lower case are the same.")
]
ByNumber = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Their number on Telegram. For themselves and administrators."),
]
OrganizationById = Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")]
BySlug = Annotated[
    str | None, strawberry.argument(description="Its slug; upper and lower case are the same.")
]
Order = Annotated[values.UserOrder, strawberry.argument(description="Who comes first.")]
Filter = Annotated[UserFilter | None, strawberry.argument(description="Which people.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="You; null when you are not logged in.")
    async def me(self, info: UsersInfo) -> User | None:
        viewer = info.context.request.viewer
        if viewer is None:
            return None
        user = await info.context.loaders.by_id.load(values.UserId(viewer.id))
        return None if user is None else user_type(user)

    @strawberry.field(
        description="Everything that is kept about you, by table, and by service where it is another's: "
        "yours to take away. Null when you are not logged in.",
        directives=[DEAR],
    )
    async def account_export(self, info: UsersInfo) -> JSON | None:
        request = info.context.request
        told = None if request.viewer is None else await info.context.services.departure.export(request)
        return None if told is None else JSON(told)

    @strawberry.field(description="Somebody, by id, by username or by number: give one of the three.")
    async def user(
        self,
        info: UsersInfo,
        id: ById = None,
        username: ByName = None,
        telegram_id: ByNumber = None,
    ) -> User | None:
        if [id, username, telegram_id].count(None) != 2:
            raise BadUserInput({"id": "Give id, username or telegramId: one of the three."})
        loaders = info.context.loaders
        if telegram_id is not None:
            number = parse_telegram_id(telegram_id)
            found = await loaders.by_telegram_id.load(number)
            return None if found is None or not _may_know(info, found) else user_type(found)
        if id is not None:
            user = await loaders.by_id.load(values.UserId(parse_id(id)))
        else:
            user = await loaders.by_username.load((username or "").lower())
        return None if user is None else user_type(user)

    @strawberry.field(description=f"People who were reported, undecided. {FOR_MODERATORS}")
    @paged
    async def reported_users(self, info: UsersInfo, asked: PageArguments) -> ReportConnection[User] | None:
        viewer, reporting = info.context.request.require_viewer(), info.context.services.reporting
        page = await reporting.list_open(viewer, asked.of(OLDEST_CASES))
        ids = [values.UserId(case.subject_id) for case in page.items]
        found = await info.context.loaders.by_id.load_many(ids)
        nodes: dict[UUID, User] = {user.id: user_type(user) for user in found if user is not None}
        return report_connection(page, nodes, reporting.count_open)

    @strawberry.field(description="An organization, by id or by slug: give one of the two.")
    async def organization(
        self, info: UsersInfo, id: OrganizationById = None, slug: BySlug = None
    ) -> Organization | None:
        if (id is None) == (slug is None):
            raise BadUserInput({"id": "Give id or slug: one of the two."})
        loaders = info.context.loaders
        if id is not None:
            found = await loaders.organization_by_id.load(OrganizationId(parse_id(id)))
        else:
            found = await loaders.organization_by_slug.load((slug or "").lower())
        return None if found is None else organization_type(found)

    @strawberry.field(description="Everybody who wants to be listed.")
    @paged
    async def users(
        self,
        info: UsersInfo,
        asked: PageArguments,
        order_by: Order = values.UserOrder.NEWEST,
        filter: Filter = None,
    ) -> Connection[User] | None:
        ordering = values.USER_ORDERINGS[order_by]
        window = asked.of(ordering)
        wanted = _wanted(filter)
        profiles, reader = info.context.profiles, info.context.reader
        page = await profiles.list_users(order_by, wanted, reader, window)
        return user_connection(page, order_by, partial(profiles.count_users, wanted, reader))

    @strawberry.field(description=f"People who want to be listed and whose username is like the text. {HOW}")
    @paged
    async def search_users(
        self,
        info: UsersInfo,
        asked: PageArguments,
        text: SearchText,
        filter: Filter = None,
    ) -> Connection[User] | None:
        names = info.context.services.people_named(info.context.reader).narrowed(_wanted(filter))
        return await search_connection(names, text, info.context.loaders.by_id.load_many, user_type, asked)


def _wanted(filter: UserFilter | None) -> values.UserFilter:
    return values.UserFilter() if filter is None else values.UserFilter(**vars(filter))


def _may_know(info: UsersInfo, user: values.User) -> bool:
    """Whose number on Telegram it is."""
    viewer = info.context.request.known_viewer
    return viewer is not None and (viewer.is_admin or viewer.id == user.id)
