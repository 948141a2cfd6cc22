"""What the services need of a store. A reader sees the groups they teach and those they are in, and of
members those of the groups they teach, and themselves; an administrator sees all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from subgraphs.groups.values import (
    Group,
    GroupChange,
    GroupDetails,
    GroupFilter,
    GroupId,
    Invitation,
    InvitationId,
    Member,
    Membership,
    NoStudent,
    NotIn,
    Progress,
    Reader,
    TelegramId,
)
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest


class GroupRepository(Protocol):
    async def add(
        self, details: GroupDetails, teacher: TelegramId | None, reader: Reader, actor: Actor
    ) -> Group | None:
        """The reader's own, or by an administrator this teacher's. None when they are no teacher."""

    async def find_by_ids(self, ids: Sequence[GroupId], reader: Reader) -> Mapping[GroupId, Group]: ...

    async def list_groups(self, wanted: GroupFilter, reader: Reader, request: PageRequest) -> Page[Group]: ...

    async def count_groups(self, wanted: GroupFilter, reader: Reader) -> int: ...

    async def list_taught(
        self, teachers: Sequence[TelegramId], reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Group]]: ...

    async def count_taught(
        self, teachers: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, int]: ...

    async def update(self, group: GroupId, change: GroupChange, reader: Reader, actor: Actor) -> Group | None:
        """None when it is not the reader's, is archived, or has more members than may be."""

    async def archive(self, group: GroupId, reader: Reader, actor: Actor) -> Group | None: ...

    async def find_taught(self, groups: Sequence[GroupId], reader: Reader) -> frozenset[GroupId]:
        """Those of them that the reader may change."""

    async def note_progress(
        self, group: GroupId, topic: str, percent: int, note: str, reader: Reader, actor: Actor
    ) -> Group | None: ...

    async def list_progress(
        self, groups: Sequence[GroupId], request: PageRequest
    ) -> Mapping[GroupId, Page[Progress]]: ...

    async def count_progress(self, groups: Sequence[GroupId]) -> Mapping[GroupId, int]: ...


class MemberRepository(Protocol):
    async def list_members(
        self, groups: Sequence[GroupId], reader: Reader, request: PageRequest
    ) -> Mapping[GroupId, Page[Member]]: ...

    async def count_members(self, groups: Sequence[GroupId]) -> Mapping[GroupId, int]: ...

    async def list_memberships(
        self, students: Sequence[TelegramId], reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Membership]]: ...

    async def count_memberships(
        self, students: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, int]: ...

    async def add(
        self, group: GroupId, student: TelegramId, actor: Actor
    ) -> Group | NotIn | NoStudent | None:
        """For administrators. Who is in already stays so; None when there is no such group."""

    async def join(
        self, code_hash: str, reader: Reader, actor: Actor, now: datetime
    ) -> Group | NotIn | NoStudent | None:
        """The reader, by an invitation, of which a use is taken; None when there is none with this code."""

    async def remove(self, group: GroupId, student: TelegramId, reader: Reader, actor: Actor) -> Group | None:
        """By who teaches it, or an administrator. Whether they were in it or not; None: not the reader's."""

    async def leave(self, group: GroupId, reader: Reader, actor: Actor) -> Group | None:
        """None when the reader is not in it."""


class InvitationRepository(Protocol):
    async def add(
        self,
        group: GroupId,
        code_hash: str,
        expires_at: datetime,
        max_uses: int,
        reader: Reader,
        actor: Actor,
    ) -> Invitation | None:
        """None when it is not the reader's, or archived."""

    async def revoke(self, invitation: InvitationId, reader: Reader, actor: Actor) -> Invitation | None: ...

    async def list_invitations(
        self, groups: Sequence[GroupId], request: PageRequest
    ) -> Mapping[GroupId, Page[Invitation]]: ...

    async def count_invitations(self, groups: Sequence[GroupId]) -> Mapping[GroupId, int]: ...
