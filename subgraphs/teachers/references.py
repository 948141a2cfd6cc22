"""Teachers by id or by their number on Telegram; people by their number, who need no lookup to carry
our field."""

from __future__ import annotations

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import parse_telegram_id
from subgraphs.teachers.loaders import TeachersContext
from subgraphs.teachers.types import Teacher, User, teacher_type
from subgraphs.teachers.values import TeacherId, TelegramId


def resolve_teacher(representation: Representation, context: TeachersContext) -> Teacher | None:
    if (text := key_text(representation, "id")) is not None:
        return context.loaders.by_id.found(TeacherId(parse_id(text)), teacher_type)
    number = parse_telegram_id(key_text(representation, "telegramId") or "")
    return context.loaders.by_telegram_id.found(TelegramId(number), teacher_type)


def resolve_user(representation: Representation, _context: TeachersContext) -> User:
    """Without a number for somebody who has linked none: they are no teacher."""
    number = key_text(representation, "telegramId")
    known = None if number is None else strawberry.ID(str(parse_telegram_id(number)))
    return User(telegram_id=known)


REFERENCES = {"Teacher": resolve_teacher, "User": resolve_user}
