"""The demo world's school: what its four services say of the same people fits together."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from subgraphs.calendar.demo import fill as calendar
from subgraphs.groups.demo import fill as groups
from subgraphs.kit.demo import DemoSize, World, demo_id
from subgraphs.kit.demo.people import Part
from subgraphs.kit.demo.school import courses, is_student, is_teacher, telegram_id
from subgraphs.students.demo import fill as students
from subgraphs.teachers.demo import fill as teachers
from subgraphs.users.demo.rows import user_rows

SIZE = DemoSize(users=400, posts=0, artists=0, events=0)
WORLD = World(SIZE, datetime(2031, 3, 25, tzinfo=UTC))
COURSES = list(courses(SIZE.users))


def test_everybody_of_the_school_is_on_telegram_with_the_same_number_everywhere() -> None:
    accounts = {row["id"]: row["telegram_id"] for row in user_rows(WORLD, "x")}
    school = [*teachers.teacher_rows(WORLD, teachers.teachers(400)), *students.student_rows(WORLD)]
    assert len(school) == 5 + 41
    assert all(accounts[row["user_id"]] == row["telegram_id"] is not None for row in school)
    assert demo_id("user", Part.TEACHER) in {row["user_id"] for row in school}
    assert demo_id("user", Part.STUDENT) in {row["user_id"] for row in school}


def test_enrollments_are_the_members_of_the_groups() -> None:
    members = {(row["group_id"], row["student_telegram_id"]) for row in groups.member_rows(WORLD, COURSES)}
    places = {
        (row["group_id"], row["student_telegram_id"]) for row in students.enrollment_rows(WORLD, COURSES)
    }
    assert members == places
    assert len(members) == len([number for number in range(400) if is_student(number)])


def test_lessons_are_at_their_hour_by_the_clock_and_nobody_is_in_two() -> None:
    lessons = list(calendar.lesson_rows(WORLD, COURSES))
    assert len(lessons) == calendar.planned(SIZE)
    hours = {
        (row["series_id"], row["starts_at"].astimezone(ZoneInfo(row["timezone"])).hour) for row in lessons
    }
    assert len(hours) == len(COURSES), "also across the change of the clocks"
    taken = Counter((row["teacher_telegram_id"], row["starts_at"]) for row in lessons)
    assert set(taken.values()) == {1}
    parts = Counter(
        (row["student_telegram_id"], row["starts_at"]) for row in calendar.participant_rows(WORLD, COURSES)
    )
    assert set(parts.values()) == {1}


def test_most_lessons_are_to_come_and_those_that_were_have_attendance() -> None:
    lessons = {row["id"]: row["starts_at"] for row in calendar.lesson_rows(WORLD, COURSES)}
    came = {row["lesson_id"] for row in calendar.attendance_rows(WORLD, COURSES)}
    assert came == {each for each, starts in lessons.items() if starts + timedelta(hours=1) < WORLD.now}
    assert 0 < len(came) < len(lessons) / 2


def test_a_number_on_telegram_is_one_persons() -> None:
    numbers = [number for each in range(400) if (number := telegram_id(each)) is not None]
    assert len(numbers) == len(set(numbers))
    assert not any(is_teacher(each) and is_student(each) for each in range(400))
