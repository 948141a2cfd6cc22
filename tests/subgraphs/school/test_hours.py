"""When teachers have time: every week, not at all, and the first time that is free."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from subgraphs.calendar.repository.postgres_hours import FIRST_SLOTS, slot_values
from subgraphs.calendar.values import SlotSearch, TelegramId
from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import in_days, lesson_of, make_lesson
from tests.subgraphs.school.people import Member, student, teacher
from tests.support.postgres import SHARED, administer, shared_server

SCHEDULE = "teacher { schedule { weekday opens closes timezone } unavailable { id startsAt reason } }"
SLOTS = "query($s: FreeSlotSearch!) { freeSlots(search: $s) { teacherTelegramId startsAt endsAt } }"
BERLIN = "Europe/Berlin"


def next_monday() -> datetime:
    """Midnight in Berlin, three weeks from now or later."""
    day = datetime.now(ZoneInfo(BERLIN)) + timedelta(days=21)
    monday = (day + timedelta(days=-day.weekday() % 7)).date()
    return datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(BERLIN))


async def open_on_mondays(by: Member, opens: str = "09:00", closes: str = "12:00") -> None:
    hours = [{"weekday": 1, "opens": opens, "closes": closes}]
    await by.person.act("setTeachingHours", SCHEDULE, timezone=BERLIN, hours=hours)


async def first_slots(by: Member, *teachers: Member, days: int = 28, minutes: int = 60) -> Any:
    start = next_monday() - timedelta(days=1)
    search = {
        "teacherTelegramIds": [each.number for each in teachers],
        "startsFrom": start.isoformat(),
        "startsBefore": (start + timedelta(days=days)).isoformat(),
        "minutes": minutes,
    }
    found = (await by.person.ask(SLOTS, s=search))["freeSlots"]
    return [
        (each["teacherTelegramId"], datetime.fromisoformat(each["startsAt"]) - next_monday())
        for each in found
    ]


async def test_hours_are_set_as_a_whole_and_what_is_wrong_with_them_is_said(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    for opens in ("08:00", "09:00"):
        await open_on_mondays(tess, opens)
    seen = await stan.person.ask(f'{{ teacher(id: "{tess.id}") {{ schedule {{ weekday opens closes }} }} }}')
    assert seen["teacher"]["schedule"] == [{"weekday": 1, "opens": "09:00", "closes": "12:00"}]
    wrong = [
        {"weekday": 8, "opens": "09:00", "closes": "10:00"},
        {"weekday": 1, "opens": "9", "closes": "12:00"},
        {"weekday": 2, "opens": "10:00", "closes": "09:00"},
        {"weekday": 3, "opens": "09:00", "closes": "12:00"},
        {"weekday": 3, "opens": "11:00", "closes": "13:00"},
    ]
    paths = await tess.person.refused("setTeachingHours", timezone=BERLIN, hours=wrong)
    expected = ["hours.0.weekday", "hours.1.opens", "hours.2.closes", "hours.4.opens"]
    assert sorted(path for _, path in paths) == expected
    assert await stan.denied("setTeachingHours", timezone=BERLIN, hours=[]) == "FORBIDDEN"
    other = {"teacherTelegramId": tess.number, "timezone": BERLIN, "hours": []}
    assert await stan.denied("setTeachingHours", **other) == "FORBIDDEN"


async def test_an_absence_and_lessons_exclude_each_other(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    await join_group(tess, await make_group(tess), stan)
    away = {"startsAt": in_days(5, 0).isoformat(), "endsAt": in_days(6, 0).isoformat(), "reason": "Dentist"}
    added = await tess.person.act("addUnavailable", SCHEDULE, **away)
    (absence,) = added["teacher"]["unavailable"]
    assert absence["reason"] == "Dentist"
    assert await tess.person.refused("createLesson", **lesson_of("one", in_days(5), stan)) == [
        ("TIME_TAKEN", "startsAt")
    ]
    lesson = await make_lesson(tess, "two", in_days(7), stan)
    moved = {"lessonId": lesson["id"], "startsAt": in_days(5).isoformat()}
    assert await tess.person.refused("rescheduleLesson", **moved) == [("TIME_TAKEN", "startsAt")]
    over = {"startsAt": in_days(7, 0).isoformat(), "endsAt": in_days(8, 0).isoformat()}
    assert await tess.person.refused("addUnavailable", **over) == [("CONFLICT", "startsAt")]
    hidden = await stan.person.ask(f'{{ teacher(id: "{tess.id}") {{ unavailable {{ reason }} }} }}')
    assert hidden["teacher"]["unavailable"] == []
    removed = {"unavailableId": absence["id"]}
    assert await stan.person.refused("removeUnavailable", **removed) == [("NOT_FOUND", "unavailableId")]
    await tess.person.act("removeUnavailable", SCHEDULE, **removed)
    await make_lesson(tess, "three", in_days(5), stan)


async def test_the_first_free_time_is_between_lessons_and_absences_in_a_teachers_hours(mesh: Mesh) -> None:
    tess, tom, stan = await teacher(mesh), await teacher(mesh, "tom", 102), await student(mesh)
    await join_group(tess, await make_group(tess), stan)
    assert await first_slots(stan, tess, tom) == [], "nobody has said when"
    await open_on_mondays(tess)
    await open_on_mondays(tom, "10:30", "11:00")
    hour = timedelta(hours=1)
    assert await first_slots(stan, tess, tom) == [(tess.number, 9 * hour)], "Tom has half an hour"
    assert await first_slots(stan, tess, tom, minutes=30) == [
        (tess.number, 9 * hour),
        (tom.number, 10.5 * hour),
    ]
    await make_lesson(tess, "one", next_monday() + 9 * hour, stan)
    assert await first_slots(stan, tess) == [(tess.number, 10 * hour)]
    away = next_monday() + 10.5 * hour
    until = away + timedelta(hours=1)
    await tess.person.act("addUnavailable", SCHEDULE, startsAt=away.isoformat(), endsAt=until.isoformat())
    assert await first_slots(stan, tess, minutes=30) == [(tess.number, 10 * hour)]
    assert await first_slots(stan, tess) == [(tess.number, timedelta(days=7) + 9 * hour)], "a week later"
    assert await first_slots(stan, tess, days=5) == []


FILL = """
    INSERT INTO teacher_schedules (teacher_telegram_id, weekday, opens, closes, timezone)
    SELECT t, d, '09:00', '18:00', (ARRAY['Europe/Berlin', 'America/New_York', 'Asia/Tokyo'])[1 + t % 3]
    FROM generate_series(1, 1000) AS t, generate_series(1, 5) AS d"""
SERIES = (
    "INSERT INTO lesson_series (created_by, client_key, fingerprint) VALUES (gen_random_uuid(), 'x', 'x')"
)
LESSONS = """
    INSERT INTO lessons (series_id, teacher_telegram_id, title, starts_at, ends_at, timezone)
    SELECT (SELECT id FROM lesson_series), t, 'x', at, at + interval '1 hour', 'UTC'
    FROM generate_series(1, 1000) AS t,
    generate_series(CAST(:first AS timestamptz), CAST(:first AS timestamptz) + interval '7 days',
        interval '3 hours') AS at"""


async def test_a_search_of_a_thousand_teachers_and_four_weeks_reads_a_few_pages_of_each(
    mesh: Mesh,
) -> None:
    """A third of the first week is taken, 57,000 lessons, of which a few are read for each teacher."""
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    await mesh.run("calendar", FILL)
    await mesh.run("calendar", SERIES)
    await mesh.run("calendar", LESSONS, first=first)
    await administer(shared_server(), "ANALYZE calendar.lessons", database=SHARED)
    numbers = tuple(TelegramId(number) for number in range(1, 1001))
    search = SlotSearch(numbers, first, first + timedelta(days=28), timedelta(hours=1))
    async with mesh.stores["calendar"].postgres.write() as session:
        explained = text(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {FIRST_SLOTS.text}")
        for _ in range(2):
            plan = [str(row[0]) for row in await session.execute(explained, slot_values(search))]
        found = (await session.execute(FIRST_SLOTS, slot_values(search))).all()
    assert len(found) == 1000
    hit = re.search(r"shared hit=(\d+)", "\n".join(plan))
    assert hit is not None
    assert int(hit[1]) < 20_000, "\n".join(plan)
    assert not any("Seq Scan on lessons" in line for line in plan)
