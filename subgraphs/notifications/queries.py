"""What one can ask the notifications domain. All of it needs a login."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from typing import Annotated

import strawberry

from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.ids import parse_id
from subgraphs.kit.scalars import JSON
from subgraphs.notifications import values
from subgraphs.notifications.types import (
    CHOSEN,
    LISTED,
    UNREAD,
    Notification,
    NotificationSettings,
    NotificationsInfo,
    NotificationTemplate,
    listed,
    notification_type,
    settings_type,
    template_type,
)


@strawberry.input(description="Which notifications; what is absent does not matter.")
class NotificationFilter:
    is_read: bool | None = strawberry.field(default=None, description="Those that are read, or that are not.")
    kinds: list[values.Kind] | None = strawberry.field(default=None, description="Of these kinds.")


Wanted = Annotated[NotificationFilter | None, strawberry.argument(description="Which of them.")]
OfKind = Annotated[values.Kind, strawberry.argument(description="Of which kind.")]
Key = Annotated[strawberry.ID, strawberry.argument(description="The notification's id.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description=f"{LISTED} For the logged in.")
    @paged
    async def notifications(
        self, info: NotificationsInfo, asked: PageArguments, filter: Wanted = None
    ) -> Connection[Notification] | None:
        window = asked.of(values.NEWEST)
        info.context.request.require_viewer()
        return await listed(info, _wanted(filter), window)

    @strawberry.field(description="One of your notifications.")
    def notification(self, info: NotificationsInfo, id: Key) -> Notification | None:
        info.context.request.require_viewer()
        key = values.NotificationId(parse_id(id))
        return info.context.loaders.by_id.found(key, notification_type)

    @strawberry.field(description=f"{UNREAD} For the logged in.")
    async def unread_notification_count(self, info: NotificationsInfo) -> int | None:
        viewer = info.context.request.require_viewer()
        return await info.context.services.inbox.count_unread(viewer)

    @strawberry.field(description=f"{CHOSEN} For the logged in.")
    async def notification_settings(self, info: NotificationsInfo) -> NotificationSettings | None:
        viewer = info.context.request.require_viewer()
        return settings_type(await info.context.services.choices.get_own(viewer))

    @strawberry.field(
        description="Everything that is kept about you here, by table: yours to take away. "
        "Null when you are not logged in."
    )
    async def notification_export(self, info: NotificationsInfo) -> JSON | None:
        viewer = info.context.request.viewer
        return None if viewer is None else JSON(await info.context.services.inbox.export(viewer))

    @strawberry.field(description="What notifications of a kind say. For administrators.")
    async def notification_templates(
        self, info: NotificationsInfo, kind: OfKind
    ) -> list[NotificationTemplate] | None:
        viewer = info.context.request.require_viewer()
        found = await info.context.services.wording.list_in_force(viewer, kind)
        return [template_type(each) for each in found]


def _wanted(filter: NotificationFilter | None) -> values.Filter:
    if filter is None:
        return values.Filter()
    unread = None if filter.is_read is None else not filter.is_read
    return values.Filter(unread, None if filter.kinds is None else tuple(filter.kinds))
