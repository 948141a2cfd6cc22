"""The groups domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.groups.service import Groups, Invitations, Members
from subgraphs.groups.values import Group, GroupId, Invitation, Member, Membership, Progress, TelegramId
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.number_reads import NumberReads, RequestReads
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request


@dataclass(frozen=True, slots=True)
class GroupLoaders:
    by_id: Loader[GroupId, Group | None]
    taught: Loader[tuple[TelegramId, PageRequest], Page[Group]]
    taught_count: Loader[TelegramId, int | None]
    members: Loader[tuple[GroupId, PageRequest], Page[Member]]
    member_count: Loader[GroupId, int | None]
    memberships: Loader[tuple[TelegramId, PageRequest], Page[Membership]]
    membership_count: Loader[TelegramId, int | None]
    invitations: Loader[tuple[GroupId, PageRequest], Page[Invitation]]
    invitation_count: Loader[GroupId, int | None]
    is_taught: Loader[GroupId, bool | None]
    """By who asks, or they are an administrator."""
    progress: Loader[tuple[GroupId, PageRequest], Page[Progress]]
    progress_count: Loader[GroupId, int | None]


@dataclass(frozen=True, slots=True)
class GroupsContext:
    request: Request
    groups: Groups
    members: Members
    invitations: Invitations
    loaders: GroupLoaders
    reads: RequestReads


def groups_context(
    request: Request, groups: Groups, members: Members, invitations: Invitations, reads: NumberReads
) -> GroupsContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[GroupId]) -> Mapping[GroupId, Group]:
        return await groups.find_by_ids(ids, viewer)

    async def taught(teachers: Sequence[TelegramId], page: PageRequest) -> Mapping[TelegramId, Page[Group]]:
        return await groups.list_taught(teachers, viewer, page)

    async def taught_count(teachers: Sequence[TelegramId]) -> Mapping[TelegramId, int]:
        return await groups.count_taught(teachers, viewer)

    async def is_taught(ids: Sequence[GroupId]) -> Mapping[GroupId, bool]:
        return await groups.find_taught(ids, viewer)

    async def of_groups(ids: Sequence[GroupId], page: PageRequest) -> Mapping[GroupId, Page[Member]]:
        return await members.list_members(ids, viewer, page)

    async def of_students(
        students: Sequence[TelegramId], page: PageRequest
    ) -> Mapping[TelegramId, Page[Membership]]:
        return await members.list_memberships(students, viewer, page)

    async def of_students_count(students: Sequence[TelegramId]) -> Mapping[TelegramId, int]:
        return await members.count_memberships(students, viewer)

    loaders = GroupLoaders(
        by_id=loader(by_ids),
        taught=page_loader(taught),
        taught_count=loader(taught_count),
        members=page_loader(of_groups),
        member_count=loader(members.count_members),
        memberships=page_loader(of_students),
        membership_count=loader(of_students_count),
        invitations=page_loader(invitations.list_invitations),
        invitation_count=loader(invitations.count_invitations),
        is_taught=loader(is_taught),
        progress=page_loader(groups.list_progress),
        progress_count=loader(groups.count_progress),
    )
    return GroupsContext(request, groups, members, invitations, loaders, reads.of(request))
