"""Putting the demo groups into the store, with the teachers and students as messages would have told them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.groups.models import group_members, group_progress, groups, known_students, known_teachers
from subgraphs.kit.demo import DemoSize, Row, Told, World, demo_id, demo_random
from subgraphs.kit.demo.school import (
    COURSES_OF_A_TEACHER,
    LANGUAGES,
    Course,
    courses,
    students,
    teachers,
    telegram_id,
)

JOINED_DAYS = 60
TOPICS = ("Introducing yourself", "Directions", "Shopping", "The past tense", "Telling a story")


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return COURSES_OF_A_TEACHER * len(teachers(size.users))


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many groups that were."""
    held, count = list(courses(world.size.users)), world.size.users
    await add_missing(database.write, known_teachers, _known(teachers(count)))
    await add_missing(database.write, known_students, _known(students(count)))
    added = await add_missing(database.write, groups, group_rows(world, held), told=told)
    await add_missing(database.write, group_members, member_rows(world, held))
    await add_missing(database.write, group_progress, progress_rows(world, held))
    return added


def _known(numbers: list[int]) -> Iterator[Row]:
    for number in numbers:
        yield {"telegram_id": telegram_id(number), "user_id": demo_id("user", number)}


def group_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        since = world.now - timedelta(days=JOINED_DAYS + 10)
        yield {
            "id": demo_id("group", course.number),
            "teacher_telegram_id": telegram_id(course.teacher),
            "name": course.name,
            "description": f"{LANGUAGES[course.language]} twice a week, in a small circle.",
            "language": course.language,
            "level": course.level,
            "max_members": max(8, len(course.students)),
            "created_at": since,
            "updated_at": since,
        }


def member_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        for student in course.students:
            yield {
                "id": demo_id("group member", student),
                "group_id": demo_id("group", course.number),
                "student_telegram_id": telegram_id(student),
                "joined_at": world.now - timedelta(days=JOINED_DAYS),
            }


def progress_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        draw = demo_random("group progress", course.number)
        yield {
            "id": demo_id("group progress", course.number),
            "group_id": demo_id("group", course.number),
            "topic": draw.choice(TOPICS),
            "percent": draw.randrange(10, 100, 10),
            "noted_at": world.now - timedelta(days=draw.randint(1, 20)),
        }
