"""A lesson is made, or a year of them: the input is checked, then the school is asked, then the store decides
whether everybody has time. The same request sent again is answered with what it made.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from subgraphs.calendar.errors import time_taken
from subgraphs.calendar.repository.protocol import PlanningRepository
from subgraphs.calendar.service.readers import Clock, utc_now
from subgraphs.calendar.service.school import School, SchoolGroup
from subgraphs.calendar.values import (
    LONGEST_LESSON,
    Busy,
    GroupId,
    Lesson,
    NewLessons,
    Series,
    TelegramId,
    UserId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.kit.validation import Checks

SHORTEST = timedelta(minutes=5)
MOST_STUDENTS = 100
YEAR = timedelta(days=366)
AHEAD = timedelta(days=3 * 366)
PATIENCE = timedelta(minutes=5)
"""A lesson may start "now", said by a clock that is a little behind."""


@dataclass(frozen=True, slots=True)
class Repeat:
    every_weeks: int
    until: date
    """On the clock of the lesson's time zone; that day is included."""


@dataclass(frozen=True, slots=True)
class Plan:
    client_key: str
    title: str
    teacher: TelegramId | None
    group_id: GroupId | None
    students: tuple[TelegramId, ...]
    starts_at: datetime
    minutes: int
    timezone: str
    repeat: Repeat | None


@dataclass(frozen=True, slots=True)
class Planning:
    lessons: PlanningRepository
    school: School
    now: Clock = utc_now

    async def create(self, request: Request, plan: Plan, checks: Checks) -> Lesson:
        """The first of the lessons. Raises Refused (InvalidInput, NotFound, Conflict, TimeTaken, PeerFailed),
        Forbidden.
        """
        viewer = request.require_viewer()
        if plan.teacher is not None and not viewer.is_admin:
            raise Forbidden("Only administrators make lessons for somebody else.")
        count = self._check(checks, plan)
        kept = replace(
            plan,
            title=checks.line(plan.title, "title", "The title", least=1, most=200),
            client_key=checks.line(plan.client_key, "clientKey", "The key", least=1, most=100),
        )
        checks.done()
        maker, seal = UserId(viewer.id), _fingerprint(kept)
        series = await self.lessons.find_series(maker, kept.client_key)
        if series is not None:
            return await self._again(series, seal)
        teacher = plan.teacher or await self.own_number(viewer)
        students = await self._checked_in_school(request, kept, teacher)
        every = 1 if kept.repeat is None else kept.repeat.every_weeks
        new = NewLessons(
            teacher=teacher,
            group_id=kept.group_id,
            title=kept.title,
            starts_at=kept.starts_at,
            lasts=timedelta(minutes=kept.minutes),
            timezone=kept.timezone,
            students=students,
            count=count,
            every_weeks=every,
            created_by=maker,
            client_key=kept.client_key,
            fingerprint=seal,
        )
        made = await self.lessons.add(new, request.actor)
        if isinstance(made, Busy):
            raise time_taken(made)
        return await self._again(made, seal) if isinstance(made, Series) else made

    async def own_number(self, viewer: Viewer) -> TelegramId:
        """A teacher's on Telegram. Raises Forbidden for anybody else."""
        number = await self.lessons.number_of(UserId(viewer.id))
        if number is None:
            raise Forbidden("Only teachers have lessons and hours: createTeacher comes first.")
        return number

    async def _again(self, series: Series, seal: str) -> Lesson:
        if series.fingerprint != seal:
            raise Refused(conflict("Something else was made with this key: take a new one.", "clientKey"))
        return await self.lessons.first_of(series)

    async def _checked_in_school(
        self, request: Request, plan: Plan, teacher: TelegramId
    ) -> tuple[TelegramId, ...]:
        """Who will be in it. Teacher and group are asked for at once, then the students."""
        there, group = await self._teacher_and_group(request, teacher, plan.group_id)
        if not there:
            raise Refused(not_found("teacher who teaches at present", "teacherTelegramId"))
        students = plan.students
        if plan.group_id is not None:
            if group is None:
                raise Refused(not_found("group", "groupId"))
            if group.teacher != teacher or not group.is_active:
                raise Refused(invalid("It is another teacher's group, or it is over.", "groupId"))
            if group.has_more:
                raise Refused(invalid(f"A lesson has at most {MOST_STUDENTS} students.", "groupId"))
            students = tuple(dict.fromkeys((*group.members, *plan.students)))
        if not students:
            raise Refused(invalid("A lesson has a student.", "studentTelegramIds"))
        if len(students) > MOST_STUDENTS:
            problem = f"A lesson has at most {MOST_STUDENTS} students."
            raise Refused(invalid(problem, "studentTelegramIds"))
        known = await self.school.known_students(request, students)
        unknown = [
            not_found("student", "studentTelegramIds", at)
            for at, each in enumerate(plan.students)
            if each not in known
        ]
        if unknown:
            raise Refused(*unknown)
        return tuple(each for each in students if each in known)

    async def _teacher_and_group(
        self, request: Request, teacher: TelegramId, group_id: GroupId | None
    ) -> tuple[bool, SchoolGroup | None]:
        """Both are heard out before either's failure is told: no question goes on behind an answer."""
        if group_id is None:
            return await self.school.has_teacher(request, teacher), None
        there, group = await asyncio.gather(
            self.school.has_teacher(request, teacher),
            self.school.find_group(request, group_id),
            return_exceptions=True,
        )
        for answer in (there, group):
            if isinstance(answer, BaseException):
                raise answer
        return bool(there), group if isinstance(group, SchoolGroup) else None

    def _check(self, checks: Checks, plan: Plan) -> int:
        """How many lessons it makes."""
        now, lasts = self.now(), timedelta(minutes=min(max(plan.minutes, 0), 10_000))
        in_time = now - PATIENCE <= plan.starts_at <= now + AHEAD
        checks.require(in_time, "startsAt", "Not in the past, and within three years.")
        fits = SHORTEST <= lasts <= LONGEST_LESSON
        checks.require(fits, "minutes", "A lesson takes 5 minutes at least and 8 hours at most.")
        checks.time_zone(plan.timezone, "timezone")
        many = len(plan.students) <= MOST_STUDENTS
        checks.require(many, "studentTelegramIds", f"A lesson has at most {MOST_STUDENTS} students.")
        once = len(set(plan.students)) == len(plan.students)
        checks.require(once, "studentTelegramIds", "Name each student once.")
        if plan.repeat is None:
            return 1
        return _count(checks, plan, plan.repeat)


def _count(checks: Checks, plan: Plan, repeat: Repeat) -> int:
    checks.require(1 <= repeat.every_weeks <= 52, ("repeat", "everyWeeks"), "Between 1 and 52.")
    try:
        first = plan.starts_at.astimezone(ZoneInfo(plan.timezone)).date()
    except (ValueError, OSError, KeyError, OverflowError):
        return 1
    in_time = first <= repeat.until and repeat.until - first <= YEAR
    checks.require(in_time, ("repeat", "until"), "On the first day or later, and within a year of it.")
    if not in_time or not 1 <= repeat.every_weeks <= 52:
        return 1
    return (repeat.until - first).days // (7 * repeat.every_weeks) + 1


def _fingerprint(plan: Plan) -> str:
    told = repr([getattr(plan, name) for name in Plan.__dataclass_fields__ if name != "client_key"])
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()
