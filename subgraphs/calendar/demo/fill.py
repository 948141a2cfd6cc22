"""Putting the demo lessons into the store, with teachers and students as messages would have told them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.calendar.models import (
    known_students,
    known_teachers,
    lesson_attendance,
    lesson_participants,
    lesson_series,
    lessons,
    teacher_schedules,
)
from subgraphs.kit.demo import DemoSize, Row, Told, World, demo_id, demo_random
from subgraphs.kit.demo.people import people
from subgraphs.kit.demo.school import (
    COURSES_OF_A_TEACHER,
    LESSON,
    Course,
    courses,
    meetings,
    students,
    teachers,
    telegram_id,
)

WEEKS = range(-3, 8)
MEETINGS_A_WEEK = 2
PLANNED = timedelta(days=40)
"""So long ago."""
CAME = ("PRESENT", "PRESENT", "PRESENT", "LATE", "ABSENT")


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return COURSES_OF_A_TEACHER * len(teachers(size.users)) * MEETINGS_A_WEEK * len(WEEKS)


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many lessons that were."""
    held, count = list(courses(world.size.users)), world.size.users
    await add_missing(database.write, known_teachers, _known(teachers(count)))
    await add_missing(database.write, known_students, _known(students(count)))
    await add_missing(database.write, teacher_schedules, hours_rows(world))
    await add_missing(database.write, lesson_series, series_rows(world, held))
    added = await add_missing(database.write, lessons, lesson_rows(world, held), told=told)
    await add_missing(database.write, lesson_participants, participant_rows(world, held))
    await add_missing(database.write, lesson_attendance, attendance_rows(world, held))
    return added


def _known(numbers: list[int]) -> Iterator[Row]:
    for number in numbers:
        yield {"telegram_id": telegram_id(number), "user_id": demo_id("user", number)}


def hours_rows(world: World) -> Iterator[Row]:
    everybody = people(world.size.users)
    for at, number in enumerate(teachers(world.size.users)):
        for weekday in range(1, 6):
            yield {
                "id": demo_id("teaching hours", at * 7 + weekday),
                "teacher_telegram_id": telegram_id(number),
                "weekday": weekday,
                "opens": time(9),
                "closes": time(19),
                "timezone": everybody[number].city.timezone,
            }


def series_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        yield {
            "id": demo_id("series", course.number),
            "created_by": demo_id("user", course.teacher),
            "client_key": f"demo course {course.number}",
            "fingerprint": "demo",
            "created_at": world.now - PLANNED,
        }


def lesson_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        for number, starts in numbered(world, course):
            yield {
                "id": demo_id("lesson", number),
                "series_id": demo_id("series", course.number),
                "teacher_telegram_id": telegram_id(course.teacher),
                "group_id": demo_id("group", course.number),
                "title": course.name,
                "starts_at": starts,
                "ends_at": starts + LESSON,
                "timezone": course.timezone,
                "created_at": world.now - PLANNED,
                "updated_at": world.now - PLANNED,
            }


def participant_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        for number, starts in numbered(world, course):
            for student in course.students:
                yield {
                    "lesson_id": demo_id("lesson", number),
                    "student_telegram_id": telegram_id(student),
                    "starts_at": starts,
                    "ends_at": starts + LESSON,
                    "is_live": True,
                }


def attendance_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        for number, starts in numbered(world, course):
            draw = demo_random("attendance", number)
            for student in course.students if starts + LESSON < world.now else ():
                yield {
                    "lesson_id": demo_id("lesson", number),
                    "student_telegram_id": telegram_id(student),
                    "status": draw.choice(CAME),
                    "noted_at": starts + LESSON,
                }


def numbered(world: World, course: Course) -> Iterator[tuple[int, datetime]]:
    """Each of its lessons has a number that no other course's has."""
    first = course.number * MEETINGS_A_WEEK * len(WEEKS)
    for at, starts in enumerate(meetings(course, world.now, WEEKS)):
        yield first + at, starts.astimezone(UTC)
