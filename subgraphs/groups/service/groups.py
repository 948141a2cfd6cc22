"""Teachers make groups, change and archive them, and note how far they have come. The repository's statements
decide; what is read here only says why one did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subgraphs.groups.errors import group_archived
from subgraphs.groups.repository.protocol import GroupRepository
from subgraphs.groups.service.readers import reader_of
from subgraphs.groups.values import (
    Group,
    GroupChange,
    GroupDetails,
    GroupFilter,
    GroupId,
    GroupStatus,
    Progress,
    TelegramId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.languages import checked_language
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks

DESCRIPTION_CHARACTERS, NOTE_CHARACTERS = 5000, 1000
MOST_MEMBERS = 500


@dataclass(frozen=True, slots=True)
class Groups:
    groups: GroupRepository

    async def find_by_ids(self, ids: Sequence[GroupId], viewer: Viewer | None) -> Mapping[GroupId, Group]:
        return await self.groups.find_by_ids(ids, reader_of(viewer))

    async def list_groups(self, wanted: GroupFilter, viewer: Viewer, page: PageRequest) -> Page[Group]:
        return await self.groups.list_groups(wanted, reader_of(viewer), page)

    async def count_groups(self, wanted: GroupFilter, viewer: Viewer) -> int:
        return await self.groups.count_groups(wanted, reader_of(viewer))

    async def list_taught(
        self, teachers: Sequence[TelegramId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[TelegramId, Page[Group]]:
        return await self.groups.list_taught(teachers, reader_of(viewer), page)

    async def count_taught(
        self, teachers: Sequence[TelegramId], viewer: Viewer | None
    ) -> Mapping[TelegramId, int]:
        return await self.groups.count_taught(teachers, reader_of(viewer))

    async def find_taught(self, ids: Sequence[GroupId], viewer: Viewer | None) -> Mapping[GroupId, bool]:
        taught = await self.groups.find_taught(ids, reader_of(viewer))
        return {group: group in taught for group in ids}

    async def list_progress(
        self, ids: Sequence[GroupId], page: PageRequest
    ) -> Mapping[GroupId, Page[Progress]]:
        return await self.groups.list_progress(ids, page)

    async def count_progress(self, ids: Sequence[GroupId]) -> Mapping[GroupId, int]:
        return await self.groups.count_progress(ids)

    async def create(
        self, request: Request, details: GroupDetails, teacher: TelegramId | None, checks: Checks
    ) -> Group:
        """The viewer's own; a named teacher's by administrators. Raises Refused (InvalidInput, NotFound),
        Forbidden.
        """
        viewer = request.require_viewer()
        if teacher is not None and not viewer.is_admin:
            raise Forbidden("Only administrators make a group for somebody else.")
        kept = _checked(checks, {name: getattr(details, name) for name in GroupDetails.__dataclass_fields__})
        checks.done()
        made = await self.groups.add(GroupDetails(**kept), teacher, reader_of(viewer), request.actor)
        if made is not None:
            return made
        if teacher is not None:
            raise Refused(not_found("teacher", "teacherTelegramId"))
        raise Forbidden("Only teachers make groups: createTeacher comes first.")

    async def update(
        self, request: Request, group: GroupId, columns: Mapping[str, object], checks: Checks
    ) -> Group:
        """Raises Refused (InvalidInput, NotFound, GroupArchived), Forbidden."""
        viewer = request.require_viewer()
        change = GroupChange(_checked(checks, columns))
        checks.done()
        changed = await self.groups.update(group, change, reader_of(viewer), request.actor)
        if changed is None:
            await self.require_open(viewer, group)
            raise Refused(invalid("More are in the group than that.", "maxMembers"))
        return changed

    async def archive(self, request: Request, group: GroupId, checks: Checks) -> Group:
        """An archived one stays so. Raises Refused (NotFound), Forbidden."""
        viewer = request.require_viewer()
        checks.done()
        archived = await self.groups.archive(group, reader_of(viewer), request.actor)
        return archived or await self.require_own(viewer, group)

    async def note_progress(
        self, request: Request, group: GroupId, topic: str, percent: int, note: str, checks: Checks
    ) -> Group:
        """Raises Refused (InvalidInput, NotFound, GroupArchived), Forbidden."""
        viewer = request.require_viewer()
        line = checks.line(topic, "topic", "A topic", least=1, most=200)
        prose = checks.prose(note, "note", "A note", most=NOTE_CHARACTERS)
        checks.require(0 <= percent <= 100, "percent", "Between 0 and 100.")
        checks.done()
        reader = reader_of(viewer)
        noted = await self.groups.note_progress(group, line, percent, prose, reader, request.actor)
        return noted or await self.require_open(viewer, group)

    async def require_own(self, viewer: Viewer, group: GroupId) -> Group:
        """What cannot be seen does not exist, what is seen may be another's."""
        found = (await self.find_by_ids([group], viewer)).get(group)
        if found is None:
            raise Refused(not_found("group", "groupId"))
        if group not in await self.groups.find_taught([group], reader_of(viewer)):
            raise Forbidden("Only who teaches a group changes it.")
        return found

    async def require_open(self, viewer: Viewer, group: GroupId) -> Group:
        found = await self.require_own(viewer, group)
        if found.status is not GroupStatus.ACTIVE:
            raise group_archived("groupId")
        return found


def _checked(checks: Checks, columns: Mapping[str, object]) -> dict[str, Any]:
    """The columns as they are stored."""
    kept: dict[str, Any] = dict(columns)
    if isinstance(name := columns.get("name"), str):
        kept["name"] = checks.line(name, "name", "The name", least=1, most=200)
    if isinstance(text := columns.get("description"), str):
        kept["description"] = checks.prose(
            text, "description", "The description", most=DESCRIPTION_CHARACTERS
        )
    if isinstance(code := columns.get("language"), str):
        kept["language"] = checked_language(checks, code, "language")
    if isinstance(most := columns.get("max_members"), int):
        checks.require(1 <= most <= MOST_MEMBERS, "maxMembers", f"Between 1 and {MOST_MEMBERS}.")
    return kept
