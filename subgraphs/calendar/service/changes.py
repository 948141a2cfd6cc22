"""Lessons are moved and cancelled, and who came is noted. The repository's statements decide; what is read
here only says why one did not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from subgraphs.calendar.errors import lesson_closed, time_taken, too_late
from subgraphs.calendar.repository.protocol import ChangeRepository
from subgraphs.calendar.service.lessons import Lessons
from subgraphs.calendar.service.planning import AHEAD, SHORTEST
from subgraphs.calendar.service.readers import Clock, reader_of, utc_now
from subgraphs.calendar.values import (
    LONGEST_LESSON,
    AttendanceStatus,
    Busy,
    Lesson,
    LessonId,
    LessonStatus,
    TelegramId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

REASON_CHARACTERS, NOTE_CHARACTERS = 500, 500
HOURS_BEFORE = 24
"""A student cancels no later than this before a lesson starts."""


@dataclass(frozen=True, slots=True)
class Changes:
    changes: ChangeRepository
    lessons: Lessons
    now: Clock = utc_now

    async def reschedule(
        self, request: Request, lesson: LessonId, starts_at: datetime, minutes: int | None, checks: Checks
    ) -> Lesson:
        """One that has not begun. Raises Refused (InvalidInput, NotFound, TimeTaken, LessonClosed),
        Forbidden.
        """
        viewer, now = request.require_viewer(), self.now()
        lasts = None if minutes is None else timedelta(minutes=min(max(minutes, 0), 10_000))
        fits = lasts is None or SHORTEST <= lasts <= LONGEST_LESSON
        checks.require(fits, "minutes", "A lesson takes 5 minutes at least and 8 hours at most.")
        in_time = now <= starts_at <= now + AHEAD
        checks.require(in_time, "startsAt", "In the future, and within three years.")
        checks.done()
        reader = reader_of(viewer)
        moved = await self.changes.reschedule(lesson, starts_at, lasts, reader, request.actor, now)
        if isinstance(moved, Busy):
            raise time_taken(moved)
        return moved or await self._why_not(viewer, lesson)

    async def cancel(
        self, request: Request, lesson: LessonId, reason: str, following: bool, checks: Checks
    ) -> Lesson:
        """By who gives it until it is over; by the only student of it a day before. A cancelled one stays so.
        Raises Refused (InvalidInput, NotFound, LessonClosed, TooLate), Forbidden.
        """
        viewer, now = request.require_viewer(), self.now()
        why = checks.prose(reason, "reason", "The reason", most=REASON_CHARACTERS)
        checks.done()
        reader, actor = reader_of(viewer), request.actor
        gone = await self.changes.cancel(lesson, why, following, reader, actor, now)
        if gone is None and not following:
            before = now + timedelta(hours=HOURS_BEFORE)
            gone = await self.changes.cancel_as_student(lesson, why, reader, actor, before)
        if gone is not None:
            return gone
        found = await self.lessons.require_seen(viewer, lesson)
        if found.status is LessonStatus.CANCELLED:
            return found
        if found.status is LessonStatus.SCHEDULED and await self._is_theirs_alone(viewer, found):
            raise too_late(HOURS_BEFORE)
        return await self._why_not(viewer, lesson)

    async def note_attendance(
        self,
        request: Request,
        lesson: LessonId,
        student: TelegramId,
        status: AttendanceStatus,
        note: str,
        checks: Checks,
    ) -> Lesson:
        """Once it has begun; noted again, it is what was noted last. Raises Refused (InvalidInput, NotFound,
        LessonClosed), Forbidden.
        """
        viewer = request.require_viewer()
        said = checks.prose(note, "note", "A note", most=NOTE_CHARACTERS)
        checks.done()
        reader, actor = reader_of(viewer), request.actor
        noted = await self.changes.note_attendance(lesson, student, status, said, reader, actor, self.now())
        if noted is True:
            raise Refused(not_found("participant", "studentTelegramId"))
        return await self._why_not(viewer, lesson) if noted is False else noted

    async def _is_theirs_alone(self, viewer: Viewer, lesson: Lesson) -> bool:
        """A student's own lesson, of no group: what they could have cancelled in time."""
        if lesson.group_id is not None or await self.lessons.is_given_by(viewer, lesson.id):
            return False
        return lesson.starts_at <= self.now() + timedelta(hours=HOURS_BEFORE)

    async def _why_not(self, viewer: Viewer, lesson: LessonId) -> Lesson:
        found = await self.lessons.require_given(viewer, lesson)
        raise lesson_closed(found.status)
