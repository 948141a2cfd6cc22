"""What the teachers domain does: somebody becomes a teacher, says what they teach, and is found by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from subgraphs.kit.auth import Viewer
from subgraphs.kit.encryption import Cipher
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.languages import LanguageLevel, checked_language
from subgraphs.kit.money import check_currency
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.peers import Peers
from subgraphs.kit.phones import opened_phone, sealed_phone
from subgraphs.kit.request import Request
from subgraphs.kit.telegram_account import telegram_account
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.teachers.repository.protocol import TeacherRepository
from subgraphs.teachers.values import (
    TEACHER_ROLE,
    NewTeacher,
    Reader,
    TaughtLanguage,
    Teacher,
    TeacherChange,
    TeacherFilter,
    TeacherId,
    TelegramId,
    UserId,
)

BIO_CHARACTERS = 5000
MOST_LANGUAGES = 20
MOST_MINOR = 100_000_000
PHONE_COLUMN = "teachers.phone"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a teacher says about themselves."""

    display_name: str
    bio: str
    timezone: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Teachers:
    teachers: TeacherRepository
    peers: Peers
    cipher: Cipher

    async def find_by_ids(
        self, ids: Sequence[TeacherId], viewer: Viewer | None
    ) -> Mapping[TeacherId, Teacher]:
        return await self.teachers.find_by_ids(ids, reader_of(viewer))

    async def find_by_telegram_ids(
        self, ids: Sequence[TelegramId], viewer: Viewer | None
    ) -> Mapping[TelegramId, Teacher]:
        return await self.teachers.find_by_telegram_ids(ids, reader_of(viewer))

    async def list_teachers(self, wanted: TeacherFilter, page: PageRequest) -> Page[Teacher]:
        return await self.teachers.list_teachers(wanted, page)

    async def count_teachers(self, wanted: TeacherFilter) -> int:
        return await self.teachers.count_teachers(wanted)

    async def list_languages(
        self, ids: Sequence[TeacherId]
    ) -> Mapping[TeacherId, tuple[TaughtLanguage, ...]]:
        return await self.teachers.list_languages(ids)

    async def create(self, request: Request, user_id: UserId, profile: Profile, checks: Checks) -> Teacher:
        """Themselves with the role of a teacher, or anybody by an administrator; users says which account on
        Telegram is theirs. Raises Refused (InvalidInput, NotFound, Conflict, PeerFailed), Forbidden.
        """
        viewer = request.require_viewer()
        if not viewer.is_admin and (user_id != viewer.id or TEACHER_ROLE not in viewer.roles):
            raise Forbidden("Only who has the role of a teacher becomes one, and administrators make one.")
        given = {name: getattr(profile, name) for name in Profile.__dataclass_fields__}
        teacher_id = TeacherId(uuid4())
        kept = self._checked(checks, given, teacher_id)
        checks.done()
        telegram_id = TelegramId(await telegram_account(self.peers, request, user_id))
        made = await self.teachers.add(NewTeacher(teacher_id, user_id, telegram_id, **kept), request.actor)
        if made is None:
            raise Refused(conflict("They are a teacher already.", "userId"))
        return made

    async def update(
        self, request: Request, teacher: TeacherId, columns: Mapping[str, object], checks: Checks
    ) -> Teacher:
        """For themselves and administrators. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer = request.require_viewer()
        change = TeacherChange(self._checked(checks, columns, teacher))
        checks.done()
        changed = await self.teachers.update(teacher, change, reader_of(viewer), request.actor)
        return changed or await self._why_not(viewer, teacher)

    async def set_language(
        self, request: Request, teacher: TeacherId, taught: TaughtLanguage, checks: Checks
    ) -> Teacher:
        """Added, or changed where they teach it. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer = request.require_viewer()
        kept = _checked_language(checks, taught)
        checks.done()
        reader = reader_of(viewer)
        done = await self.teachers.set_language(teacher, kept, reader, request.actor, MOST_LANGUAGES)
        if done is True:
            raise Refused(invalid(f"A teacher teaches at most {MOST_LANGUAGES} languages.", "language"))
        return await self._why_not(viewer, teacher) if done is False else done

    async def remove_language(
        self, request: Request, teacher: TeacherId, language: str, checks: Checks
    ) -> Teacher:
        """Whether they taught it or not. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer, code = request.require_viewer(), checked_language(checks, language, "language")
        checks.done()
        found = await self.teachers.remove_language(teacher, code, reader_of(viewer), request.actor)
        return found or await self._why_not(viewer, teacher)

    def phone_of(self, teacher: Teacher) -> str | None:
        return opened_phone(self.cipher, teacher.phone, PHONE_COLUMN, teacher.id)

    async def _why_not(self, viewer: Viewer, teacher: TeacherId) -> Teacher:
        if teacher in await self.find_by_ids([teacher], viewer):
            raise Forbidden("Only a teacher changes what is said about them.")
        raise Refused(not_found("teacher", "teacherId"))

    def _checked(self, checks: Checks, columns: Mapping[str, object], teacher: TeacherId) -> dict[str, Any]:
        """The columns as they are stored."""
        kept: dict[str, Any] = dict(columns)
        if isinstance(name := columns.get("display_name"), str):
            kept["display_name"] = checks.line(name, "displayName", "The name", least=1, most=100)
        if isinstance(bio := columns.get("bio"), str):
            kept["bio"] = checks.prose(bio, "bio", "The text", most=BIO_CHARACTERS)
        if isinstance(zone := columns.get("timezone"), str):
            kept["timezone"] = checks.time_zone(zone, "timezone")
        if isinstance(phone := columns.get("phone"), str):
            kept["phone"] = sealed_phone(checks, self.cipher, phone, PHONE_COLUMN, teacher)
        return kept


def reader_of(viewer: Viewer | None) -> Reader:
    return Reader() if viewer is None else Reader(UserId(viewer.id), viewer.is_admin)


def _checked_language(checks: Checks, taught: TaughtLanguage) -> TaughtLanguage:
    code, minor, currency = taught.language, taught.hourly_rate_minor, taught.currency
    both = (minor is None) == (currency is None)
    checks.require(both, "currency", "A rate has a currency, and a currency a rate.")
    fits = minor is None or 0 <= minor <= MOST_MINOR
    checks.require(fits, "hourlyRateMinor", f"A rate is between 0 and {MOST_MINOR}.")
    if currency is not None:
        check_currency(checks, currency, "currency")
    return TaughtLanguage(
        checked_language(checks, code, "language"), LanguageLevel(taught.level), minor, currency
    )
