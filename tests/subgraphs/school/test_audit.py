"""Every write of the school is in its service's audit, in the name of who did it; a refused one is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import in_days, lesson_of, make_lesson
from tests.subgraphs.school.people import Member, administrator, join, student, teacher

SERVICES = ("teachers", "students", "groups", "calendar")
TOLD = "SELECT count(*), max(actor) FROM audit WHERE id > :after"
LAST = "SELECT coalesce(max(id), 0) FROM audit"


async def notes(mesh: Mesh, service: str, by: Member, mutation: str, **given: Any) -> None:
    """The mutation is done, and is one record in the name of who did it."""
    ((after,),) = await mesh.run(service, LAST)
    assert await by.person.refused(mutation, **given) == [], mutation
    assert await mesh.run(service, TOLD, after=after) == [(1, by.person.id)], mutation


async def test_every_write_is_one_record_in_the_name_of_who_did_it(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    sue, admin = await student(mesh, "sue", 202), await administrator(mesh)
    tom, sam = await join(mesh, "tom", 102, "ROLE_TEACHER"), await join(mesh, "sam", 203)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    mine, own = {"teacherId": tess.id}, {"studentId": stan.id}
    await notes(mesh, "teachers", tom, "createTeacher", displayName="Tom")
    await notes(mesh, "teachers", tess, "updateTeacher", **mine, bio="x")
    await notes(mesh, "teachers", tess, "setTaughtLanguage", **mine, language="en", level="C2")
    await notes(mesh, "teachers", tess, "removeTaughtLanguage", **mine, language="en")
    await notes(mesh, "students", sam, "createStudent", displayName="Sam")
    await notes(mesh, "students", stan, "updateStudent", **own, displayName="Stan")
    await notes(mesh, "students", stan, "setLearnedLanguage", **own, language="en", level="A1")
    await notes(mesh, "students", stan, "removeLearnedLanguage", **own, language="en")
    await notes(mesh, "students", stan, "addStudentGoal", **own, title="Read")
    ((goal,),) = await mesh.run("students", "SELECT id::text FROM goals")
    await notes(mesh, "students", stan, "reachStudentGoal", goalId=goal)
    await notes(mesh, "students", tess, "noteStudentProgress", **own, language="en", level="A2")
    details = {"name": "B1", "language": "en", "level": "B1"}
    await notes(mesh, "groups", tess, "createGroup", **details)
    await notes(mesh, "groups", tess, "updateGroup", groupId=group, name="B2")
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    await notes(mesh, "groups", tess, "createGroupInvitation", groupId=group, expiresAt=until)
    invitation = "SELECT id::text FROM group_invitations ORDER BY created_at DESC LIMIT 1"
    ((newest,),) = await mesh.run("groups", invitation)
    await notes(mesh, "groups", tess, "revokeGroupInvitation", invitationId=newest)
    member = {"groupId": group, "studentTelegramId": sue.number}
    await notes(mesh, "groups", admin, "addGroupMember", **member)
    await notes(mesh, "groups", tess, "removeGroupMember", **member)
    await notes(mesh, "groups", stan, "leaveGroup", groupId=group)
    await notes(mesh, "groups", tess, "noteGroupProgress", groupId=group, topic="x", percent=1)
    await join_group(tess, group, stan)
    await notes(mesh, "calendar", tess, "createLesson", **lesson_of("one", in_days(2), stan))
    lesson = (await make_lesson(tess, "two", in_days(3), stan))["id"]
    moved = in_days(4).isoformat()
    await notes(mesh, "calendar", tess, "rescheduleLesson", lessonId=lesson, startsAt=moved)
    await notes(mesh, "calendar", tess, "cancelLesson", lessonId=lesson)
    away = {"startsAt": in_days(8).isoformat(), "endsAt": in_days(9).isoformat()}
    await notes(mesh, "calendar", tess, "addUnavailable", **away)
    ((period,),) = await mesh.run("calendar", "SELECT id::text FROM teacher_unavailable")
    await notes(mesh, "calendar", tess, "removeUnavailable", unavailableId=period)
    await notes(mesh, "calendar", tess, "setTeachingHours", timezone="UTC", hours=[])
    await mesh.run("calendar", "UPDATE lessons SET starts_at = now() WHERE status = 'SCHEDULED'")
    ((begun,),) = await mesh.run("calendar", "SELECT id::text FROM lessons WHERE status = 'SCHEDULED'")
    came = {"lessonId": begun, "studentTelegramId": stan.number, "status": "PRESENT"}
    await notes(mesh, "calendar", tess, "noteLessonAttendance", **came)
    await notes(mesh, "groups", tess, "archiveGroup", groupId=group)


async def test_a_refused_write_leaves_no_record(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    before = {service: await mesh.run(service, LAST) for service in SERVICES}
    assert await stan.person.refused("updateTeacher", teacherId=stan.id, bio="x")
    assert await tess.person.refused("updateStudent", studentId=stan.id, displayName="x")
    assert await tess.person.refused("archiveGroup", groupId=stan.id)
    assert await tess.person.refused("cancelLesson", lessonId=stan.id)
    assert {service: await mesh.run(service, LAST) for service in SERVICES} == before


async def test_a_service_of_the_school_reaches_its_own_schema_alone(mesh: Mesh) -> None:
    may = "SELECT has_schema_privilege(:schema, 'USAGE')"
    for service in SERVICES:
        for schema in ("users", *SERVICES):
            assert await mesh.run(service, may, schema=schema) == [(schema == service,)], (service, schema)
