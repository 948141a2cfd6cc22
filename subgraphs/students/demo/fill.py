"""Putting the demo students into the store, with their places in groups and their teachers as messages would
have told them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Row, Told, World, demo_id, demo_random
from subgraphs.kit.demo.people import people
from subgraphs.kit.demo.school import LANGUAGES, Course, courses, teachers, telegram_id
from subgraphs.kit.demo.school import students as numbers_of
from subgraphs.students.models import (
    goals,
    group_enrollments,
    known_teachers,
    progress,
    student_languages,
    students,
)

TARGET = {"A1": "A2", "A2": "B1", "B1": "B2", "B2": "C1"}
JOINED_DAYS = 60


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return len(numbers_of(size.users))


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many students that were."""
    held = list(courses(world.size.users))
    added = await add_missing(database.write, students, student_rows(world), told=told)
    await add_missing(database.write, known_teachers, teacher_rows(world))
    await add_missing(database.write, group_enrollments, enrollment_rows(world, held))
    await add_missing(database.write, student_languages, language_rows(held))
    await add_missing(database.write, goals, goal_rows(world, held))
    await add_missing(database.write, progress, progress_rows(world, held))
    return added


def student_rows(world: World) -> Iterator[Row]:
    everybody = people(world.size.users)
    for number in numbers_of(world.size.users):
        person = everybody[number]
        since = world.now - timedelta(days=demo_random("student", number).randint(70, 300))
        yield {
            "id": demo_id("student", number),
            "user_id": demo_id("user", number),
            "telegram_id": telegram_id(number),
            "display_name": f"{person.given} {person.family}",
            "timezone": person.city.timezone,
            "created_at": since,
            "updated_at": since,
        }


def teacher_rows(world: World) -> Iterator[Row]:
    for number in teachers(world.size.users):
        yield {"telegram_id": telegram_id(number), "user_id": demo_id("user", number)}


def enrollment_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        for student in course.students:
            yield {
                "group_id": demo_id("group", course.number),
                "student_telegram_id": telegram_id(student),
                "teacher_telegram_id": telegram_id(course.teacher),
                "enrolled_at": world.now - timedelta(days=JOINED_DAYS),
            }


def language_rows(held: list[Course]) -> Iterator[Row]:
    for course in held:
        for student in course.students:
            yield {
                "student_id": demo_id("student", student),
                "language": course.language,
                "level": course.level,
                "target_level": TARGET[course.level],
            }


def goal_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        for student in course.students:
            yield {
                "id": demo_id("goal", student),
                "student_id": demo_id("student", student),
                "title": f"{LANGUAGES[course.language]} {TARGET[course.level]}",
                "due_on": (world.now + timedelta(days=120)).date(),
                "created_at": world.now - timedelta(days=JOINED_DAYS),
            }


def progress_rows(world: World, held: list[Course]) -> Iterator[Row]:
    for course in held:
        for student in course.students:
            yield {
                "id": demo_id("progress", student),
                "student_id": demo_id("student", student),
                "language": course.language,
                "level": course.level,
                "note": "Speaks more freely than a month ago; the past tense needs practice.",
                "noted_by": demo_id("user", course.teacher),
                "noted_at": world.now - timedelta(days=demo_random("progress", student).randint(1, 20)),
            }
