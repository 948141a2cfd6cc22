"""Entities by key: our groups, and other subgraphs' teachers and students, who need no lookup to carry our
fields.
"""

from __future__ import annotations

import strawberry

from subgraphs.groups.loaders import GroupsContext
from subgraphs.groups.types import Group, Student, Teacher, group_type
from subgraphs.groups.values import GroupId
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import parse_telegram_id


def resolve_group(representation: Representation, context: GroupsContext) -> Group | None:
    key = GroupId(parse_id(key_text(representation, "id") or ""))
    return context.loaders.by_id.found(key, group_type)


def resolve_teacher(representation: Representation, _context: GroupsContext) -> Teacher:
    return Teacher(telegram_id=_number(representation))


def resolve_student(representation: Representation, _context: GroupsContext) -> Student:
    return Student(telegram_id=_number(representation))


def _number(representation: Representation) -> strawberry.ID:
    return strawberry.ID(str(parse_telegram_id(key_text(representation, "telegramId") or "")))


REFERENCES = {"Group": resolve_group, "Teacher": resolve_teacher, "Student": resolve_student}
