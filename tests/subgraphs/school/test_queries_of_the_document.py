"""The queries of seed 003, as SQL in the services' own databases and as operations: the same rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import in_days, make_lesson
from tests.subgraphs.school.people import student, teacher

USER = "SELECT * FROM users WHERE telegram_id = 123456789"
TEACHER = "SELECT * FROM teachers WHERE telegram_id = 123456789"
STUDENT = "SELECT * FROM students WHERE telegram_id = 223456789"
GROUPS = """SELECT g.*, gm.student_telegram_id
    FROM groups g
    LEFT JOIN group_members gm ON g.id = gm.group_id
    WHERE g.teacher_telegram_id = 123456789"""
LESSONS = """SELECT l.*, lp.student_telegram_id
    FROM lessons l
    JOIN lesson_participants lp ON l.id = lp.lesson_id
    WHERE lp.student_telegram_id = 223456789"""
BY_NUMBER = """query($teacher: ID!) { user(telegramId: $teacher) { username }
    teacher(telegramId: $teacher) { displayName user { username } } }"""
TAUGHT = """query($n: ID!) { teacher(telegramId: $n) { groups { nodes { id name
    members { edges { studentTelegramId } } } } } }"""
WEEK = """query($n: ID!, $from: DateTime, $until: DateTime) { student(telegramId: $n) {
    lessons(startsFrom: $from, startsBefore: $until) { nodes { id title startsAt
        participants { studentTelegramId } } } } }"""


async def test_a_user_and_a_teacher_are_found_by_their_number(mesh: Mesh) -> None:
    tess = await teacher(mesh, number=123456789)
    found = await tess.person.ask(BY_NUMBER, teacher=tess.number)
    assert found["user"] == {"username": "tess"}
    assert found["teacher"] == {"displayName": "tess", "user": {"username": "tess"}}
    assert len(await mesh.run("users", USER)) == len(await mesh.run("teachers", TEACHER)) == 1
    other = await student(mesh)
    assert await other.person.ask(BY_NUMBER, teacher=tess.number) == {"user": None, "teacher": None}


async def test_a_teachers_groups_have_their_members(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh, number=123456789), await student(mesh, number=223456789)
    sue = await student(mesh, "sue", 202)
    first, second = await make_group(tess, name="One"), await make_group(tess, name="Two")
    await join_group(tess, first, stan, sue)
    groups = (await tess.person.ask(TAUGHT, n=tess.number))["teacher"]["groups"]["nodes"]
    seen = {
        (group["id"], group["name"], number)
        for group in groups
        for number in [int(each["studentTelegramId"]) for each in group["members"]["edges"]] or [None]
    }
    rows = await mesh.run("groups", f"SELECT q.id, q.name, q.student_telegram_id FROM ({GROUPS}) AS q")
    assert seen == {(str(group), name, number) for group, name, number in rows}
    assert seen == {(first, "One", 223456789), (first, "One", 202), (second, "Two", None)}
    assert len(await mesh.run("students", STUDENT)) == 1


async def test_a_students_lessons_of_a_week(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh, number=123456789), await student(mesh, number=223456789)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    for day in (1, 3, 9):
        await make_lesson(tess, f"day {day}", in_days(day), groupId=group, title=f"Day {day}")
    begin = in_days(1, 0)
    given = {"n": stan.number, "from": begin.isoformat(), "until": (begin + timedelta(days=7)).isoformat()}
    lessons = (await stan.person.ask(WEEK, **given))["student"]["lessons"]["nodes"]
    rows = await mesh.run("calendar", f"SELECT q.id, q.title, q.starts_at FROM ({LESSONS}) AS q ORDER BY 3")
    assert [each["title"] for each in lessons] == ["Day 1", "Day 3"]
    assert [(each["id"], each["title"], datetime.fromisoformat(each["startsAt"])) for each in lessons] == [
        (str(identifier), title, starts) for identifier, title, starts in rows[:2]
    ]
    assert {each["participants"][0]["studentTelegramId"] for each in lessons} == {"223456789"}
