"""Lessons that tests are not about, made through the graph."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.subgraphs.school.people import Member

LESSON = "lesson { id seriesId startsAt endsAt status }"
ALL = "SELECT starts_at FROM lessons ORDER BY starts_at"


def in_days(days: float, hour: int = 10) -> datetime:
    """So many days from now, at this hour in UTC."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days, hours=hour)


def lesson_of(key: str, starts: datetime, *students: Member, **given: Any) -> dict[str, Any]:
    """An input of createLesson."""
    numbers = [each.number for each in students]
    plan = {"clientKey": key, "title": "English", "startsAt": starts.isoformat()}
    return {**plan, "studentTelegramIds": numbers, **given}


async def make_lesson(by: Member, key: str, starts: datetime, *students: Member, **given: Any) -> Any:
    made = await by.person.act("createLesson", LESSON, **lesson_of(key, starts, *students, **given))
    return made["lesson"]
