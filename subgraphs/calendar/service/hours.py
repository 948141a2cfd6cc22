"""When teachers have time: every week, not at all, and the first time that is free."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from subgraphs.calendar.repository.protocol import HoursRepository
from subgraphs.calendar.service.planning import SHORTEST
from subgraphs.calendar.service.readers import Clock, reader_of, utc_now
from subgraphs.calendar.values import (
    LONGEST_LESSON,
    Hours,
    Slot,
    SlotSearch,
    TelegramId,
    Unavailable,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import BadUserInput, Forbidden, Refused
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks

MOST_HOURS = 50
MOST_TEACHERS = 1000
MOST_SEARCHED = timedelta(weeks=8)
YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TeachingHours:
    hours: HoursRepository
    now: Clock = utc_now

    async def list_hours(self, teachers: Sequence[TelegramId]) -> Mapping[TelegramId, tuple[Hours, ...]]:
        return await self.hours.list_hours(teachers)

    async def list_unavailable(
        self, teachers: Sequence[TelegramId], viewer: Viewer | None
    ) -> Mapping[TelegramId, tuple[Unavailable, ...]]:
        return await self.hours.list_unavailable(teachers, reader_of(viewer))

    async def set_hours(
        self, request: Request, teacher: TelegramId, hours: Sequence[Hours], checks: Checks
    ) -> TelegramId:
        """In place of all there were. Raises Refused (InvalidInput), Forbidden."""
        viewer = request.require_viewer()
        checks.require(len(hours) <= MOST_HOURS, "hours", f"At most {MOST_HOURS}.")
        _check_hours(checks, hours[:MOST_HOURS])
        checks.done()
        if not await self.hours.set_hours(teacher, hours, reader_of(viewer), request.actor):
            raise Forbidden("Only a teacher says when they have time.")
        return teacher

    async def add_unavailable(
        self,
        request: Request,
        teacher: TelegramId,
        starts_at: datetime,
        ends_at: datetime,
        reason: str,
        checks: Checks,
    ) -> TelegramId:
        """Raises Refused (InvalidInput; Conflict when lessons are in that time), Forbidden."""
        viewer = request.require_viewer()
        said = checks.line(reason, "reason", "The reason", most=200)
        checks.require(starts_at < ends_at <= starts_at + YEAR, "endsAt", "After it starts, within a year.")
        checks.require(ends_at > self.now(), "endsAt", "Not in the past.")
        checks.done()
        reader, actor = reader_of(viewer), request.actor
        added = await self.hours.add_unavailable(teacher, starts_at, ends_at, said, reader, actor)
        if added is None:
            raise Forbidden("Only a teacher says when they have no time.")
        if not added:
            raise Refused(conflict("Lessons are in that time: move or cancel them first.", "startsAt"))
        return teacher

    async def remove_unavailable(self, request: Request, period: UUID, checks: Checks) -> TelegramId:
        """Raises Refused (InvalidInput, NotFound)."""
        viewer = request.require_viewer()
        checks.done()
        teacher = await self.hours.remove_unavailable(period, reader_of(viewer), request.actor)
        if teacher is None:
            raise Refused(not_found("absence", "unavailableId"))
        return teacher

    async def find_slots(self, search: SlotSearch) -> Sequence[Slot]:
        """The first of each teacher's who has one, earliest first. Raises BadUserInput."""
        problems = {}
        if len(search.teachers) > MOST_TEACHERS:
            problems["teacherTelegramIds"] = f"At most {MOST_TEACHERS} teachers are searched at once."
        if not search.starts_from < search.starts_before <= search.starts_from + MOST_SEARCHED:
            problems["startsBefore"] = "After startsFrom, by eight weeks at most."
        if not SHORTEST <= search.lasts <= LONGEST_LESSON:
            problems["minutes"] = "A lesson takes 5 minutes at least and 8 hours at most."
        if problems:
            raise BadUserInput(problems)
        return await self.hours.find_slots(search)


def _check_hours(checks: Checks, hours: Sequence[Hours]) -> None:
    """Each ends after it begins, no two of a day overlap, and all are on one clock. O(n log n)."""
    for at, each in enumerate(hours):
        checks.require(1 <= each.weekday <= 7, ("hours", at, "weekday"), "Monday is 1, Sunday 7.")
        checks.require(each.opens < each.closes, ("hours", at, "closes"), "After it opens.")
    ordered = sorted(enumerate(hours), key=lambda one: (one[1].weekday, one[1].opens))
    for (_, before), (at, after) in itertools.pairwise(ordered):
        apart = before.weekday != after.weekday or before.closes <= after.opens
        checks.require(apart, ("hours", at, "opens"), "Overlaps with other hours of the day.")
