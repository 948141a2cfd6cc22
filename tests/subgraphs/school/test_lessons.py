"""Lessons: made, moved and cancelled, by whom, and when everybody has time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from subgraphs.kit.jobs import Periodic
from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import ALL, LESSON, in_days, lesson_of, make_lesson
from tests.subgraphs.school.people import Member, administrator, student, teacher

TOLD = "SELECT type, payload FROM outbox ORDER BY id"
PARTICIPANTS = "query($id: ID!) { lesson(id: $id) { participants { studentTelegramId attendance note } } }"


async def enrolled(mesh: Mesh) -> tuple[Member, Member, Member, str]:
    """A teacher, two students, and the group they are in."""
    tess, stan, sue = await teacher(mesh), await student(mesh), await student(mesh, "sue", 202)
    group = await make_group(tess)
    await join_group(tess, group, stan, sue)
    return tess, stan, sue, group


async def numbers_in(mesh: Mesh) -> list[int]:
    listed = "SELECT DISTINCT student_telegram_id FROM lesson_participants ORDER BY 1"
    return [number for (number,) in await mesh.run("calendar", listed)]


async def test_a_lesson_of_a_group_has_all_who_are_in_it(mesh: Mesh) -> None:
    tess, stan, _sue, group = await enrolled(mesh)
    lesson = await make_lesson(tess, "one", in_days(2), groupId=group)
    assert await numbers_in(mesh) == [201, 202]
    seen = (await tess.person.ask(PARTICIPANTS, id=lesson["id"]))["lesson"]["participants"]
    assert [each["studentTelegramId"] for each in seen] == ["201", "202"]
    mine = (await stan.person.ask(PARTICIPANTS, id=lesson["id"]))["lesson"]["participants"]
    assert [each["studentTelegramId"] for each in mine] == ["201"]
    ((kind, said),) = list(await mesh.run("calendar", TOLD))
    assert kind == "LessonsScheduled"
    assert (said["lesson_id"], said["student_telegram_ids"]) == (lesson["id"], [201, 202])
    assert (said["teacher_telegram_id"], said["count"]) == (101, 1)
    written = "SELECT actor, action FROM audit WHERE action <> 'read'"
    assert await mesh.run("calendar", written) == [(tess.person.id, "create")]


async def test_a_lesson_is_seen_by_who_gives_it_who_is_in_it_and_administrators(mesh: Mesh) -> None:
    tess, stan, sue, _ = await enrolled(mesh)
    tom, admin = await teacher(mesh, "tom", 102), await administrator(mesh)
    lesson = await make_lesson(tess, "one", in_days(2), stan)
    query = "query($id: ID!) { lesson(id: $id) { title } lessons { totalCount } }"
    everybody = (tess, stan, admin, tom, sue)
    seen = [await each.person.ask(query, id=lesson["id"]) for each in everybody]
    assert [each["lesson"] is not None for each in seen] == [True, True, True, False, False]
    assert [each["lessons"]["totalCount"] for each in seen] == [1, 1, 1, 0, 0]
    assert await mesh.ask("query($id: ID!) { lesson(id: $id) { title } }", id=lesson["id"]) == {
        "lesson": None
    }


async def test_the_same_request_makes_its_lessons_once_also_at_once(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    given = lesson_of("retry", in_days(2), stan)
    answers = await asyncio.gather(*(tess.person.act("createLesson", LESSON, **given) for _ in range(4)))
    assert len({each["lesson"]["id"] for each in answers}) == 1
    assert await mesh.run("calendar", "SELECT count(*) FROM lessons") == [(1,)]
    assert len(await mesh.run("calendar", TOLD)) == 1
    other = await tess.person.refused("createLesson", **given | {"title": "Another"})
    assert other == [("CONFLICT", "clientKey")]


async def test_nobody_is_in_two_lessons_at_once(mesh: Mesh) -> None:
    tess, stan, sue, _ = await enrolled(mesh)
    tom = await teacher(mesh, "tom", 102)
    await join_group(tom, await make_group(tom), stan)
    await make_lesson(tess, "one", in_days(2), stan)
    half = in_days(2) + timedelta(minutes=30)
    why = "errors { code path ... on TimeTaken { conflict } }"
    taken = {"code": "TIME_TAKEN", "path": ["startsAt"]}
    own = (await tess.person.try_to("createLesson", why, **lesson_of("two", half, sue)))["errors"]
    assert own == [{**taken, "conflict": "TEACHER"}]
    theirs = (await tom.person.try_to("createLesson", why, **lesson_of("two", half, stan)))["errors"]
    assert theirs == [{**taken, "conflict": "STUDENT"}]
    after = await make_lesson(tess, "three", in_days(2) + timedelta(hours=1), sue)
    assert after["status"] == "SCHEDULED"


async def test_of_teachers_who_take_a_students_time_at_once_one_gets_it(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    tom = await teacher(mesh, "tom", 102)
    await join_group(tom, await make_group(tom), stan)
    given = lesson_of("one", in_days(2), stan)
    answers = await asyncio.gather(*(each.person.try_to("createLesson", **given) for each in (tess, tom)))
    assert sorted(len(each["errors"]) for each in answers) == [0, 1]
    assert await mesh.run("calendar", "SELECT count(*) FROM lessons") == [(1,)]


async def test_a_cancelled_lesson_frees_its_time(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    lesson = await make_lesson(tess, "one", in_days(2), stan)
    for _ in range(2):
        gone = await tess.person.act("cancelLesson", LESSON, lessonId=lesson["id"], reason="Ill")
        assert gone["lesson"]["status"] == "CANCELLED"
    await make_lesson(tess, "two", in_days(2), stan)
    kinds = [kind for kind, _ in await mesh.run("calendar", TOLD)]
    assert kinds == ["LessonsScheduled", "LessonCancelled", "LessonsScheduled"]


async def test_a_series_is_cancelled_from_a_lesson_on(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    until = (in_days(2) + timedelta(weeks=5)).date().isoformat()
    await make_lesson(tess, "weekly", in_days(2), stan, repeat={"until": until})
    third = (await mesh.run("calendar", "SELECT id FROM lessons ORDER BY starts_at OFFSET 2 LIMIT 1"))[0][0]
    await tess.person.act("cancelLesson", LESSON, lessonId=str(third), andFollowing=True)
    left = "SELECT status, count(*) FROM lessons GROUP BY status ORDER BY status"
    assert await mesh.run("calendar", left) == [("CANCELLED", 4), ("SCHEDULED", 2)]
    live = "SELECT count(*) FROM lesson_participants WHERE is_live"
    assert await mesh.run("calendar", live) == [(2,)]


async def test_the_only_student_cancels_a_day_before_and_no_later(mesh: Mesh) -> None:
    tess, stan, sue, group = await enrolled(mesh)
    early = await make_lesson(tess, "early", in_days(3), stan)
    soon = await make_lesson(tess, "soon", datetime.now(UTC) + timedelta(hours=3), stan)
    both = await make_lesson(tess, "both", in_days(4), stan, sue)
    grouped = await make_lesson(tess, "grouped", in_days(5), groupId=group)
    gone = await stan.person.act("cancelLesson", LESSON, lessonId=early["id"])
    assert gone["lesson"]["status"] == "CANCELLED"
    why = "errors { code ... on TooLate { hoursBefore } }"
    late = (await stan.person.try_to("cancelLesson", why, lessonId=soon["id"]))["errors"]
    assert late == [{"code": "TOO_LATE", "hoursBefore": 24, "path": ["lessonId"]}]
    for lesson in (both, grouped):
        assert await stan.denied("cancelLesson", lessonId=lesson["id"]) == "FORBIDDEN"
    assert await sue.person.refused("cancelLesson", lessonId=soon["id"]) == [("NOT_FOUND", "lessonId")]


async def test_a_lesson_is_moved_where_everybody_has_time(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    first = await make_lesson(tess, "one", in_days(2), stan)
    await make_lesson(tess, "two", in_days(3), stan)
    moved = await tess.person.act(
        "rescheduleLesson", LESSON, lessonId=first["id"], startsAt=in_days(4).isoformat(), minutes=90
    )
    lasts = [datetime.fromisoformat(moved["lesson"][name]) for name in ("startsAt", "endsAt")]
    assert (lasts[0], lasts[1] - lasts[0]) == (in_days(4), timedelta(minutes=90))
    taken = {"lessonId": first["id"], "startsAt": in_days(3).isoformat()}
    assert await tess.person.refused("rescheduleLesson", **taken) == [("TIME_TAKEN", "startsAt")]
    assert await stan.denied("rescheduleLesson", **taken) == "FORBIDDEN"
    copied = "SELECT starts_at FROM lesson_participants WHERE lesson_id = CAST(:id AS uuid)"
    assert await mesh.run("calendar", copied, id=first["id"]) == [(in_days(4),)]
    await tess.person.act("cancelLesson", LESSON, lessonId=first["id"])
    assert await tess.person.refused("rescheduleLesson", **taken) == [("LESSON_CLOSED", "lessonId")]


async def test_who_joins_a_group_is_in_its_lessons_to_come_and_who_leaves_is_not(mesh: Mesh) -> None:
    tess, stan, _, group = await enrolled(mesh)
    await make_lesson(tess, "one", in_days(2), groupId=group)
    sam = await student(mesh, "sam", 203)
    await join_group(tess, group, sam)
    assert await numbers_in(mesh) == [201, 202, 203]
    await stan.person.act("leaveGroup", "leftGroupId", groupId=group)
    await mesh.settle()
    assert await numbers_in(mesh) == [202, 203]


async def test_attendance_is_noted_once_a_lesson_has_begun(mesh: Mesh) -> None:
    tess, stan, sue, _ = await enrolled(mesh)
    lesson = await make_lesson(tess, "now", datetime.now(UTC) + timedelta(minutes=1), stan)
    given = {"lessonId": lesson["id"], "studentTelegramId": stan.number, "status": "LATE", "note": "Bus"}
    assert await tess.person.refused("noteLessonAttendance", **given) == [("LESSON_CLOSED", "lessonId")]
    await mesh.run("calendar", "UPDATE lessons SET starts_at = now() - interval '5 minutes'")
    assert await stan.denied("noteLessonAttendance", **given) == "FORBIDDEN"
    for status in ("LATE", "PRESENT"):
        await tess.person.act("noteLessonAttendance", LESSON, **given | {"status": status})
    seen = (await stan.person.ask(PARTICIPANTS, id=lesson["id"]))["lesson"]["participants"]
    assert seen == [{"studentTelegramId": "201", "attendance": "PRESENT", "note": "Bus"}]
    other = await tess.person.refused("noteLessonAttendance", **given | {"studentTelegramId": sue.number})
    assert other == [("NOT_FOUND", "studentTelegramId")]


async def test_a_lesson_that_begins_within_the_hour_is_told_of_once(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    await make_lesson(tess, "soon", datetime.now(UTC) + timedelta(minutes=30), stan)
    await make_lesson(tess, "later", in_days(2), stan)
    (reminders,) = [task for task in mesh.tasks["calendar"] if task.name == "lesson reminders"]
    assert isinstance(reminders, Periodic)
    for _ in range(2):
        await reminders.step()
        await mesh.run("calendar", "UPDATE periodic_jobs SET last_run = now() - interval '1 day'")
    told = [said for kind, said in await mesh.run("calendar", TOLD) if kind == "LessonSoon"]
    assert [each["student_telegram_ids"] for each in told] == [[201]]


async def test_lessons_are_exported_as_an_icalendar_file(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    await make_lesson(tess, "one", in_days(2), stan, title="Grammar; past, tense")
    gone = await make_lesson(tess, "two", in_days(3), stan)
    await tess.person.act("cancelLesson", LESSON, lessonId=gone["id"])
    text = (await stan.person.ask("{ calendarFile }"))["calendarFile"]
    events: list[Any] = list(Calendar.from_ical(text).walk("VEVENT"))
    assert [(str(each["summary"]), str(each["status"])) for each in events] == [
        ("Grammar; past, tense", "CONFIRMED"),
        ("English", "CANCELLED"),
    ]
    assert events[0].decoded("dtstart") == in_days(2)
    assert events[1]["uid"] == f"{gone['id']}@lessons.plait"


async def test_what_is_wrong_with_a_lesson_is_said_at_once(mesh: Mesh) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    wrong = {
        "clientKey": " ",
        "title": "",
        "minutes": 1,
        "timezone": "Mars/Base",
        "startsAt": "2001-01-01T10:00:00Z",
        "repeat": {"everyWeeks": 0, "until": "2001-01-01"},
    }
    paths = [
        path for _, path in await tess.person.refused("createLesson", **lesson_of("x", in_days(1)) | wrong)
    ]
    assert sorted(paths) == ["clientKey", "minutes", "repeat.everyWeeks", "startsAt", "timezone", "title"]
    nobody = await tess.person.refused("createLesson", **lesson_of("x", in_days(1)))
    assert nobody == [("INVALID_INPUT", "studentTelegramIds")]
    assert await stan.denied("createLesson", **lesson_of("x", in_days(1), stan)) == "FORBIDDEN"
    other = lesson_of("x", in_days(1), stan, teacherTelegramId="999")
    assert await tess.denied("createLesson", **other) == "FORBIDDEN"


@pytest.mark.parametrize(("who", "left"), [("teacher", [("CANCELLED", 1)]), ("student", [("SCHEDULED", 0)])])
async def test_of_a_teacher_who_is_gone_lessons_are_cancelled_and_a_student_is_in_none(
    mesh: Mesh, who: str, left: list[tuple[str, int]]
) -> None:
    tess, stan, _, _ = await enrolled(mesh)
    await make_lesson(tess, "one", in_days(2), stan)
    gone = {"teacher": tess, "student": stan}[who]
    await gone.person.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    kept = "SELECT status, (SELECT count(*) FROM lesson_participants) FROM lessons"
    assert await mesh.run("calendar", kept) == left


async def test_a_year_of_lessons_is_made_in_as_many_statements_as_one(mesh: Mesh) -> None:
    from tests.support.postgres import sent_statements

    tess, stan, sue, _ = await enrolled(mesh)
    database = mesh.subgraphs["calendar"].ready.__self__  # type: ignore[attr-defined]
    counts = []
    for key, start, weeks in (("one", 2, 0), ("year", 3, 51)):
        until = (in_days(start) + timedelta(weeks=weeks)).date().isoformat()
        with sent_statements(database) as sent:
            await make_lesson(tess, key, in_days(start), stan, sue, repeat={"until": until})
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert len(await mesh.run("calendar", ALL)) == 1 + 52
