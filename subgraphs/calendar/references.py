"""Entities by key: our lessons, and other subgraphs' teachers, students and groups, who need no lookup to
carry our fields.
"""

from __future__ import annotations

import strawberry

from subgraphs.calendar.loaders import CalendarContext
from subgraphs.calendar.types import Group, Lesson, Student, Teacher, lesson_type
from subgraphs.calendar.values import LessonId
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import parse_telegram_id


def resolve_lesson(representation: Representation, context: CalendarContext) -> Lesson | None:
    key = LessonId(parse_id(key_text(representation, "id") or ""))
    return context.loaders.by_id.found(key, lesson_type)


def resolve_teacher(representation: Representation, _context: CalendarContext) -> Teacher:
    return Teacher(telegram_id=_number(representation))


def resolve_student(representation: Representation, _context: CalendarContext) -> Student:
    return Student(telegram_id=_number(representation))


def resolve_group(representation: Representation, _context: CalendarContext) -> Group:
    return Group(id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))))


def _number(representation: Representation) -> strawberry.ID:
    return strawberry.ID(str(parse_telegram_id(key_text(representation, "telegramId") or "")))


REFERENCES = {
    "Lesson": resolve_lesson,
    "Teacher": resolve_teacher,
    "Student": resolve_student,
    "Group": resolve_group,
}
