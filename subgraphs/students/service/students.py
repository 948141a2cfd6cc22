"""Somebody becomes a student, and is seen by themselves, their teachers and administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from subgraphs.kit.auth import Viewer
from subgraphs.kit.encryption import Cipher
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.peers import Peers
from subgraphs.kit.phones import opened_phone, sealed_phone
from subgraphs.kit.request import Request
from subgraphs.kit.telegram_account import telegram_account
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks
from subgraphs.students.repository.protocol import StudentRepository
from subgraphs.students.service.readers import reader_of
from subgraphs.students.values import (
    NewStudent,
    Student,
    StudentChange,
    StudentFilter,
    StudentId,
    TelegramId,
    UserId,
)

PHONE_COLUMN = "students.phone"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a student says about themselves."""

    display_name: str
    timezone: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Students:
    students: StudentRepository
    peers: Peers
    cipher: Cipher

    async def find_by_ids(
        self, ids: Sequence[StudentId], viewer: Viewer | None
    ) -> Mapping[StudentId, Student]:
        return await self.students.find_by_ids(ids, reader_of(viewer))

    async def find_by_telegram_ids(
        self, ids: Sequence[TelegramId], viewer: Viewer | None
    ) -> Mapping[TelegramId, Student]:
        return await self.students.find_by_telegram_ids(ids, reader_of(viewer))

    async def list_students(self, wanted: StudentFilter, viewer: Viewer, page: PageRequest) -> Page[Student]:
        return await self.students.list_students(wanted, reader_of(viewer), page)

    async def count_students(self, wanted: StudentFilter, viewer: Viewer) -> int:
        return await self.students.count_students(wanted, reader_of(viewer))

    async def create(self, request: Request, user_id: UserId, profile: Profile, checks: Checks) -> Student:
        """Themselves, or anybody by an administrator; users says which account on Telegram is theirs. Raises
        Refused (InvalidInput, NotFound, Conflict, PeerFailed), Forbidden.
        """
        viewer = request.require_viewer()
        if not viewer.is_admin and user_id != viewer.id:
            raise Forbidden("Only administrators make somebody else a student.")
        given = {name: getattr(profile, name) for name in Profile.__dataclass_fields__}
        student_id = StudentId(uuid4())
        kept = self._checked(checks, given, student_id)
        checks.done()
        telegram_id = TelegramId(await telegram_account(self.peers, request, user_id))
        made = await self.students.add(NewStudent(student_id, user_id, telegram_id, **kept), request.actor)
        if made is None:
            raise Refused(conflict("They are a student already.", "userId"))
        return made

    async def update(
        self, request: Request, student: StudentId, columns: Mapping[str, object], checks: Checks
    ) -> Student:
        """For themselves and administrators. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer = request.require_viewer()
        change = StudentChange(self._checked(checks, columns, student))
        checks.done()
        changed = await self.students.update(student, change, reader_of(viewer), request.actor)
        return changed or await self.why_not(viewer, student)

    def phone_of(self, student: Student) -> str | None:
        return opened_phone(self.cipher, student.phone, PHONE_COLUMN, student.id)

    async def why_not(self, viewer: Viewer, student: StudentId) -> Student:
        """What cannot be seen does not exist."""
        if student in await self.find_by_ids([student], viewer):
            raise Forbidden("Only a student changes what is said about them.")
        raise Refused(not_found("student", "studentId"))

    def _checked(self, checks: Checks, columns: Mapping[str, object], student: StudentId) -> dict[str, Any]:
        """The columns as they are stored."""
        kept: dict[str, Any] = dict(columns)
        if isinstance(name := columns.get("display_name"), str):
            kept["display_name"] = checks.line(name, "displayName", "The name", least=1, most=100)
        if isinstance(zone := columns.get("timezone"), str):
            kept["timezone"] = checks.time_zone(zone, "timezone")
        if isinstance(phone := columns.get("phone"), str):
            kept["phone"] = sealed_phone(checks, self.cipher, phone, PHONE_COLUMN, student)
        return kept
