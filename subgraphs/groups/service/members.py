"""Who comes into a group and who leaves it: students join by invitation, administrators add them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.groups.errors import group_archived, group_full, invitation_unusable
from subgraphs.groups.repository.protocol import MemberRepository
from subgraphs.groups.service.groups import Groups
from subgraphs.groups.service.invitations import hashed
from subgraphs.groups.service.readers import Clock, reader_of, utc_now
from subgraphs.groups.values import Group, GroupId, Member, Membership, NoStudent, NotIn, TelegramId
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks


@dataclass(frozen=True, slots=True)
class Members:
    members: MemberRepository
    groups: Groups
    now: Clock = utc_now

    async def list_members(
        self, ids: Sequence[GroupId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[GroupId, Page[Member]]:
        return await self.members.list_members(ids, reader_of(viewer), page)

    async def count_members(self, ids: Sequence[GroupId]) -> Mapping[GroupId, int]:
        return await self.members.count_members(ids)

    async def list_memberships(
        self, students: Sequence[TelegramId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[TelegramId, Page[Membership]]:
        return await self.members.list_memberships(students, reader_of(viewer), page)

    async def count_memberships(
        self, students: Sequence[TelegramId], viewer: Viewer | None
    ) -> Mapping[TelegramId, int]:
        return await self.members.count_memberships(students, reader_of(viewer))

    async def add(self, request: Request, group: GroupId, student: TelegramId, checks: Checks) -> Group:
        """Raises Refused (InvalidInput, NotFound, GroupFull, GroupArchived), Forbidden."""
        if not request.require_viewer().is_admin:
            raise Forbidden("Only administrators add students; teachers invite them.")
        checks.done()
        added = await self.members.add(group, student, request.actor)
        if added is None:
            raise Refused(not_found("group", "groupId"))
        if isinstance(added, NoStudent):
            raise Refused(not_found("student", "studentTelegramId"))
        return _in(added, "groupId")

    async def join(self, request: Request, code: str) -> Group:
        """By an invitation's code. Raises Refused (NotFound, InvitationUnusable, GroupFull, GroupArchived),
        Forbidden.
        """
        reader = reader_of(request.require_viewer())
        joined = await self.members.join(hashed(code), reader, request.actor, self.now())
        if joined is None:
            raise Refused(not_found("invitation", "code"))
        if isinstance(joined, NoStudent):
            raise Forbidden("Only students join groups: createStudent comes first.")
        return _in(joined, "code")

    async def remove(self, request: Request, group: GroupId, student: TelegramId, checks: Checks) -> Group:
        """Whether they were in it or not. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer = request.require_viewer()
        checks.done()
        removed = await self.members.remove(group, student, reader_of(viewer), request.actor)
        return removed or await self.groups.require_own(viewer, group)

    async def leave(self, request: Request, group: GroupId, checks: Checks) -> GroupId:
        """Raises Refused (InvalidInput; NotFound, too, for one that the viewer is not in)."""
        viewer = request.require_viewer()
        checks.done()
        if await self.members.leave(group, reader_of(viewer), request.actor) is None:
            raise Refused(not_found("group", "groupId"))
        return group


def _in(joined: Group | NotIn, at: str) -> Group:
    if isinstance(joined, Group):
        return joined
    if joined.state is not None:
        raise invitation_unusable(joined.state, at)
    raise group_full(joined.group.max_members, at) if joined.is_full else group_archived(at)
