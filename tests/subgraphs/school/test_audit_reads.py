"""Whoever reads another's personal data is in the audit of the service that showed it, and nobody else is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import in_days, make_lesson
from tests.subgraphs.school.people import Member, administrator, student, teacher
from tests.support.postgres import SHARED, administer, sent_statements, shared_server

SERVICES = ("users", "teachers", "students", "groups", "calendar")
LAST = "SELECT coalesce(max(id), 0) FROM audit"
READS = """SELECT actor, entity, entity_id, changes->'read' FROM audit
    WHERE action = 'read' AND id > :after ORDER BY id"""
STUDENT = "query($id: ID!) { student(id: $id) { %s } }"
TEACHER = "query($id: ID!) { teacher(id: $id) { %s } }"
GOALS = "goals { title }"
ATTENDANCE = "lessons { nodes { participants { attendance note } } }"

Notes = set[tuple[str, str, str, str]]
"""(service, entity, whose, field)"""

OF_A_STUDENT = {
    "phone": {("students", "student", "id", "phone")},
    GOALS: {("students", "student", "id", "goals")},
    "languages { level }": {("students", "student", "id", "languages")},
    "progress(first: 1) { nodes { note } }": {("students", "student", "id", "progress")},
    "enrollments { enrolledAt }": {("students", "student", "id", "enrollments")},
    f"phone {GOALS} again: goals {{ id }}": {
        ("students", "student", "id", "phone"),
        ("students", "student", "id", "goals"),
    },
    "groups { nodes { name } }": {("groups", "student", "number", "groups")},
    "groups { nodes { members { edges { studentTelegramId } } } }": {
        ("groups", "student", "number", "groups")
    },
    "lessons { nodes { title } }": {("calendar", "student", "number", "lessons")},
    ATTENDANCE: {
        ("calendar", "student", "number", "lessons"),
        ("calendar", "student", "number", "attendance"),
    },
    "displayName timezone createdAt user { username }": set(),
}
OF_AN_ACCOUNT = {
    "user { email }": {("users", "user", "account", "email")},
    "user { telegramAccount { id } }": {("users", "user", "account", "telegramAccount")},
}
OF_A_TEACHER = {
    "phone": {("teachers", "teacher", "id", "phone")},
    "unavailable { reason }": {("calendar", "teacher", "number", "unavailable")},
    "displayName bio languages { level } schedule { opens } lessons { nodes { title } }": set(),
}


async def last_notes(mesh: Mesh) -> dict[str, int]:
    return {service: (await mesh.run(service, LAST))[0][0] for service in SERVICES}


async def notes_of(mesh: Mesh, reader: Member, whose: Member, query: str) -> Notes:
    """What is noted in the reader's name when they ask for somebody; whose id, number or account it is."""
    before = await last_notes(mesh)
    (found,) = (await reader.person.ask(query, id=whose.id)).values()
    assert found is not None
    names = {whose.id: "id", whose.number: "number", whose.person.id: "account"}
    noted: list[tuple[str, str, str, str]] = []
    for service in SERVICES:
        for actor, entity, entity_id, fields in await mesh.run(service, READS, after=before[service]):
            assert actor == reader.person.id
            noted += [(service, entity, names[entity_id], field) for field in fields]
    assert len(noted) == len(set(noted)), f"{query}: each once"
    return set(noted)


@dataclass(frozen=True)
class School:
    tess: Member
    stan: Member
    admin: Member


async def school(mesh: Mesh) -> School:
    """A teacher who is away at times, and a student of hers with everything that is personal."""
    tess, stan = await teacher(mesh, phone="+4930654321"), await student(mesh, phone="+4930123456")
    group = await make_group(tess)
    await join_group(tess, group, stan)
    own = {"studentId": stan.id}
    await stan.person.act("addStudentGoal", "student { id }", **own, title="Read")
    await stan.person.act("setLearnedLanguage", "student { id }", **own, language="en", level="A1")
    await tess.person.act("noteStudentProgress", "student { id }", **own, language="en", level="A2")
    lesson = (await make_lesson(tess, "one", in_days(2), groupId=group))["id"]
    await mesh.run("calendar", "UPDATE lessons SET starts_at = now()")
    came = {"lessonId": lesson, "studentTelegramId": stan.number, "status": "PRESENT", "note": "Late bus"}
    await tess.person.act("noteLessonAttendance", "lesson { id }", **came)
    away = {"startsAt": in_days(8).isoformat(), "endsAt": in_days(9).isoformat(), "reason": "Dentist"}
    await tess.person.act("addUnavailable", "teacher { unavailable { id } }", **away)
    return School(tess, stan, await administrator(mesh))


async def test_whoever_reads_anothers_personal_data_is_noted_and_who_reads_their_own_is_not(
    mesh: Mesh,
) -> None:
    there = await school(mesh)
    tess, stan, admin = there.tess, there.stan, there.admin
    for selection, expected in (OF_A_STUDENT | OF_AN_ACCOUNT).items():
        query = STUDENT % selection
        assert await notes_of(mesh, stan, stan, query) == set(), selection
        assert await notes_of(mesh, admin, stan, query) == expected, selection
    for selection, expected in OF_A_STUDENT.items():
        assert await notes_of(mesh, tess, stan, STUDENT % selection) == expected, selection
    for selection in OF_AN_ACCOUNT:
        assert await notes_of(mesh, tess, stan, STUDENT % selection) == set(), "a teacher is shown nothing"
    for selection, expected in (OF_A_TEACHER | OF_AN_ACCOUNT).items():
        query = TEACHER % selection
        assert await notes_of(mesh, tess, tess, query) == set(), selection
        assert await notes_of(mesh, stan, tess, query) == set(), "a student is shown nothing of it"
        assert await notes_of(mesh, admin, tess, query) == expected, selection


async def test_an_address_that_its_owner_shows_is_read_without_a_note(mesh: Mesh) -> None:
    stan, admin = await student(mesh), await administrator(mesh)
    await mesh.run("users", "UPDATE users SET is_verified = true WHERE username = 'stan'")
    await stan.person.act("updatePrivacy", "privacy { emailAudience }", emailAudience="EVERYONE")
    query = STUDENT % "user { email }"
    assert (await admin.person.ask(query, id=stan.id))["student"]["user"] == {"email": "stan@plait.example"}
    assert await notes_of(mesh, admin, stan, query) == set()


MEMBERS = "query($id: ID!) { group(id: $id) { members(first: 100) { edges { studentTelegramId } } } }"


async def test_a_page_of_people_is_noted_in_one_statement_with_a_record_for_each(mesh: Mesh) -> None:
    tess = await teacher(mesh)
    group = await make_group(tess)
    people = [await student(mesh, f"stan{number}", 200 + number) for number in range(3)]
    database = mesh.subgraphs["groups"].ready.__self__  # type: ignore[attr-defined]
    for member in (people[:1], people[1:]):
        await join_group(tess, group, *member)
        before = await last_notes(mesh)
        with sent_statements(database) as sent:
            await tess.person.ask(MEMBERS, id=group)
        assert len([text for text, _ in sent if "INSERT INTO audit" in text]) == 1
    noted = await mesh.run("groups", READS, after=before["groups"])
    assert [(who, number) for who, _, number, _ in noted] == [
        (tess.person.id, each.number) for each in people
    ]


async def test_a_service_that_asks_in_somebodys_name_is_noted_as_that_person(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    before = await last_notes(mesh)
    await make_lesson(tess, "one", in_days(2), groupId=group)
    noted = await mesh.run("groups", READS, after=before["groups"])
    assert noted == [(tess.person.id, "student", stan.number, ["groups"])]


@asynccontextmanager
async def no_audit(mesh: Mesh, service: str) -> AsyncIterator[None]:
    """The service's audit takes no records."""
    ((role,),) = await mesh.run(service, "SELECT quote_ident(current_user)")
    server = shared_server()
    await administer(server, f"REVOKE INSERT ON {service}.audit FROM {role}", database=SHARED)
    try:
        yield
    finally:
        await administer(server, f"GRANT INSERT ON {service}.audit TO {role}", database=SHARED)


UNNOTED: Sequence[tuple[str, str, tuple[str, ...]]] = [
    ("students", GOALS, ("student",)),
    ("groups", "groups { nodes { name } }", ("student", "groups")),
    ("calendar", "lessons { nodes { title } }", ("student", "lessons")),
    ("users", "user { telegramAccount { id } }", ("student", "user", "telegramAccount")),
]


@pytest.mark.parametrize(("service", "selection", "path"), UNNOTED)
async def test_what_cannot_be_noted_is_not_shown(
    mesh: Mesh, service: str, selection: str, path: tuple[str, ...]
) -> None:
    there = await school(mesh)
    operation = {"query": STUDENT % selection, "variables": {"id": there.stan.id}}
    async with no_audit(mesh, service):
        answer = await mesh.router.execute(operation, headers=dict(there.admin.headers))
        own = await mesh.router.execute(operation, headers=dict(there.stan.headers))
    assert answer["errors"]
    found: Any = answer["data"]
    for name in path:
        found = None if found is None else found[name]
    assert found is None
    assert "errors" not in own, "of oneself nothing is noted"
