"""Putting the demo teachers into the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Row, Told, World, demo_id, demo_random
from subgraphs.kit.demo.people import people
from subgraphs.kit.demo.school import LANGUAGES, teachers, telegram_id
from subgraphs.teachers.models import teacher_languages
from subgraphs.teachers.models import teachers as table

OFFERED = "I teach {language}, with much talking and little grammar, to groups and to one at a time."


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return len(teachers(size.users))


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many teachers that were."""
    numbers = teachers(world.size.users)
    added = await add_missing(database.write, table, list(teacher_rows(world, numbers)), told=told)
    await add_missing(database.write, teacher_languages, list(language_rows(world, numbers)))
    return added


def teacher_rows(world: World, numbers: list[int]) -> Iterator[Row]:
    everybody = people(world.size.users)
    for number in numbers:
        person = everybody[number]
        since = world.now - timedelta(days=demo_random("teacher", number).randint(100, 600))
        yield {
            "id": demo_id("teacher", number),
            "user_id": demo_id("user", number),
            "telegram_id": telegram_id(number),
            "display_name": f"{person.given} {person.family}",
            "bio": OFFERED.format(language=LANGUAGES[person.language]),
            "timezone": person.city.timezone,
            "created_at": since,
            "updated_at": since,
        }


def language_rows(world: World, numbers: list[int]) -> Iterator[Row]:
    everybody = people(world.size.users)
    for number in numbers:
        yield {
            "teacher_id": demo_id("teacher", number),
            "language": everybody[number].language,
            "level": "NATIVE",
            "hourly_rate_cents": demo_random("rate", number).randrange(1500, 5000, 100),
            "currency": "EUR",
        }
