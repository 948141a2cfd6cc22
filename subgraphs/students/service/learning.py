"""What students learn and want to reach, and what their teachers note about how far they have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.languages import checked_language
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.students.repository.protocol import LearningRepository
from subgraphs.students.service.readers import reader_of
from subgraphs.students.service.students import Students
from subgraphs.students.values import (
    Enrollment,
    Goal,
    GoalId,
    LearnedLanguage,
    NewProgress,
    Progress,
    Student,
    StudentId,
    TelegramId,
)

MOST_LANGUAGES, MOST_GOALS = 20, 100
NOTE_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Learning:
    learning: LearningRepository
    students: Students

    async def list_languages(
        self, ids: Sequence[StudentId]
    ) -> Mapping[StudentId, tuple[LearnedLanguage, ...]]:
        return await self.learning.list_languages(ids)

    async def list_goals(self, ids: Sequence[StudentId]) -> Mapping[StudentId, tuple[Goal, ...]]:
        return await self.learning.list_goals(ids)

    async def list_enrollments(
        self, numbers: Sequence[TelegramId]
    ) -> Mapping[TelegramId, tuple[Enrollment, ...]]:
        return await self.learning.list_enrollments(numbers)

    async def list_progress(
        self, ids: Sequence[StudentId], page: PageRequest
    ) -> Mapping[StudentId, Page[Progress]]:
        return await self.learning.list_progress(ids, page)

    async def count_progress(self, ids: Sequence[StudentId]) -> Mapping[StudentId, int]:
        return await self.learning.count_progress(ids)

    async def set_language(
        self, request: Request, student: StudentId, learned: LearnedLanguage, checks: Checks
    ) -> Student:
        """Added, or changed where they learn it. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer = request.require_viewer()
        code = checked_language(checks, learned.language, "language")
        checks.done()
        kept = LearnedLanguage(code, learned.level, learned.target_level)
        done = await self.learning.set_language(
            student, kept, reader_of(viewer), request.actor, MOST_LANGUAGES
        )
        if done is True:
            raise Refused(invalid(f"A student learns at most {MOST_LANGUAGES} languages.", "language"))
        return await self.students.why_not(viewer, student) if done is False else done

    async def remove_language(
        self, request: Request, student: StudentId, language: str, checks: Checks
    ) -> Student:
        """Whether they learned it or not. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer, code = request.require_viewer(), checked_language(checks, language, "language")
        checks.done()
        found = await self.learning.remove_language(student, code, reader_of(viewer), request.actor)
        return found or await self.students.why_not(viewer, student)

    async def add_goal(
        self, request: Request, student: StudentId, title: str, due_on: date | None, checks: Checks
    ) -> Student:
        """Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer = request.require_viewer()
        kept = checks.line(title, "title", "A goal", least=1, most=200)
        checks.done()
        reader = reader_of(viewer)
        done = await self.learning.add_goal(student, kept, due_on, reader, request.actor, MOST_GOALS)
        if done is True:
            raise Refused(invalid(f"A student has at most {MOST_GOALS} goals.", "title"))
        return await self.students.why_not(viewer, student) if done is False else done

    async def reach_goal(self, request: Request, goal: GoalId, checks: Checks) -> Student:
        """A goal that is reached stays so. Raises Refused (NotFound)."""
        viewer = request.require_viewer()
        checks.done()
        student = await self.learning.reach_goal(goal, reader_of(viewer), request.actor)
        if student is None:
            raise Refused(not_found("goal", "goalId"))
        return student

    async def note_progress(
        self, request: Request, student: StudentId, noted: NewProgress, checks: Checks
    ) -> Student:
        """By a teacher of theirs, or an administrator. Raises Refused (InvalidInput, NotFound), Forbidden."""
        viewer = request.require_viewer()
        code = checked_language(checks, noted.language, "language")
        note = checks.prose(noted.note, "note", "A note", most=NOTE_CHARACTERS)
        checks.done()
        kept = NewProgress(code, noted.level, note)
        found = await self.learning.note_progress(student, kept, reader_of(viewer), request.actor)
        if found is not None:
            return found
        if student in await self.students.find_by_ids([student], viewer):
            raise Forbidden("Only a teacher of theirs notes a student's progress.")
        raise Refused(not_found("student", "studentId"))
