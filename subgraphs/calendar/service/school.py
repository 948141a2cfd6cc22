"""What the other services of the school are asked before a lesson is made: is there such a teacher, such a
group of theirs, are there such students. Asked in the name of who makes it, who sees only what is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subgraphs.calendar.values import GroupId, TelegramId
from subgraphs.kit.asking import ask_for
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request

TEACHER = "query LessonTeacher($number: ID!) { teacher(telegramId: $number) { isActive } }"
GROUP = """query LessonGroup($id: ID!) { group(id: $id) { status teacherTelegramId
    members(first: 100) { edges { studentTelegramId } pageInfo { hasNextPage } } } }"""
STUDENTS = """query LessonStudents($numbers: [ID!]!) {
    students(filter: {telegramIds: $numbers}, first: 100) { nodes { telegramId } } }"""


@dataclass(frozen=True, slots=True)
class SchoolGroup:
    is_active: bool
    teacher: TelegramId
    members: tuple[TelegramId, ...]
    has_more: bool
    """Than a lesson may have."""


@dataclass(frozen=True, slots=True)
class School:
    """Each raises Refused (PeerFailed), which says whom."""

    peers: Peers

    async def has_teacher(self, request: Request, teacher: TelegramId) -> bool:
        given = {"number": str(teacher)}
        return await ask_for(self.peers, "teachers", TEACHER, given, request, _is_active)

    async def find_group(self, request: Request, group: GroupId) -> SchoolGroup | None:
        return await ask_for(self.peers, "groups", GROUP, {"id": str(group)}, request, _group)

    async def known_students(
        self, request: Request, students: tuple[TelegramId, ...]
    ) -> frozenset[TelegramId]:
        given = {"numbers": [str(each) for each in students]}
        return await ask_for(self.peers, "students", STUDENTS, given, request, _numbers)


def _is_active(data: Mapping[str, Any]) -> bool:
    teacher = data["teacher"]
    return teacher is not None and bool(teacher["isActive"])


def _group(data: Mapping[str, Any]) -> SchoolGroup | None:
    group = data["group"]
    if group is None:
        return None
    members = group["members"]
    return SchoolGroup(
        group["status"] == "ACTIVE",
        TelegramId(int(group["teacherTelegramId"])),
        tuple(TelegramId(int(edge["studentTelegramId"])) for edge in members["edges"]),
        bool(members["pageInfo"]["hasNextPage"]),
    )


def _numbers(data: Mapping[str, Any]) -> frozenset[TelegramId]:
    return frozenset(TelegramId(int(each["telegramId"])) for each in data["students"]["nodes"])
