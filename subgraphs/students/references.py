"""Students by id or by their number on Telegram; people by their number, who need no lookup to carry
our field."""

from __future__ import annotations

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import parse_telegram_id
from subgraphs.students.loaders import StudentsContext
from subgraphs.students.types import Student, User, student_type
from subgraphs.students.values import StudentId, TelegramId


def resolve_student(representation: Representation, context: StudentsContext) -> Student | None:
    if (text := key_text(representation, "id")) is not None:
        return context.loaders.by_id.found(StudentId(parse_id(text)), student_type)
    number = parse_telegram_id(key_text(representation, "telegramId") or "")
    return context.loaders.by_telegram_id.found(TelegramId(number), student_type)


def resolve_user(representation: Representation, _context: StudentsContext) -> User:
    """Without a number for somebody who has linked none: they are no student."""
    number = key_text(representation, "telegramId")
    known = None if number is None else strawberry.ID(str(parse_telegram_id(number)))
    return User(telegram_id=known)


REFERENCES = {"Student": resolve_student, "User": resolve_user}
