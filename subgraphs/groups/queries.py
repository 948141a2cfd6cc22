"""What one can ask the groups domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from subgraphs.groups import values
from subgraphs.groups.types import Group, GroupsInfo, group_connection, group_type
from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import parse_telegram_id


@strawberry.input(description="Which groups are listed; what is absent does not matter.")
class GroupFilter:
    status: values.GroupStatus | None = strawberry.field(default=None, description="Only those that are so.")
    teacher_telegram_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those whom the teacher with this number on Telegram teaches."
    )


Id = Annotated[strawberry.ID, strawberry.argument(description="The group's id.")]
Filter = Annotated[GroupFilter | None, strawberry.argument(description="Which groups.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A group that you teach or are in; any for administrators.")
    async def group(self, info: GroupsInfo, id: Id) -> Group | None:
        group = await info.context.loaders.by_id.load(values.GroupId(parse_id(id)))
        return None if group is None else group_type(group)

    @strawberry.field(
        description="The groups you may see, oldest first: those you teach or are in, all for administrators."
    )
    @paged
    async def groups(
        self, info: GroupsInfo, asked: PageArguments, filter: Filter = None
    ) -> Connection[Group] | None:
        window = asked.of(values.GROUPS_BY_AGE)
        viewer, wanted = info.context.request.require_viewer(), _wanted(filter)
        page = await info.context.groups.list_groups(wanted, viewer, window)
        return group_connection(page, partial(info.context.groups.count_groups, wanted, viewer))


def _wanted(filter: GroupFilter | None) -> values.GroupFilter:
    if filter is None:
        return values.GroupFilter()
    text = filter.teacher_telegram_id
    number = None if text is None else parse_telegram_id(text, "filter.teacherTelegramId")
    return values.GroupFilter(filter.status, None if number is None else values.TelegramId(number))
