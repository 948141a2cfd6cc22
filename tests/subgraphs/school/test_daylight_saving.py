"""A weekly lesson stays at its time by the clock when the clocks change; what no clock shows is moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import ALL, lesson_of
from tests.subgraphs.school.people import Member, student, teacher


def next_change(zone: str, *, forward: bool) -> date:
    """The next day on which the clocks there go forward, or back."""
    there, day = ZoneInfo(zone), datetime.now(UTC).date() + timedelta(days=21)
    while True:
        before, after = (
            datetime(one.year, one.month, one.day, 12, tzinfo=there).utcoffset()
            for one in (day - timedelta(days=1), day)
        )
        assert before is not None
        assert after is not None
        if before != after and (after > before) == forward:
            return day
        day += timedelta(days=1)


async def weekly(mesh: Mesh, first: datetime, zone: str, weeks: int = 2) -> list[datetime]:
    """The starts of lessons made from a first one, by the clock of the zone."""
    tess, stan = await enrolled(mesh)
    until = (first.astimezone(ZoneInfo(zone)).date() + timedelta(weeks=weeks)).isoformat()
    given: dict[str, Any] = {"timezone": zone, "repeat": {"until": until}}
    plan = lesson_of("weekly", first, stan, **given)
    await tess.person.act("createLesson", "lesson { id }", **plan)
    return [start.astimezone(ZoneInfo(zone)) for (start,) in await mesh.run("calendar", ALL)]


async def enrolled(mesh: Mesh) -> tuple[Member, Member]:
    tess, stan = await teacher(mesh), await student(mesh)
    await join_group(tess, await make_group(tess), stan)
    return tess, stan


@pytest.mark.parametrize("forward", [True, False], ids=["spring", "autumn"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
async def test_a_weekly_lesson_stays_at_its_time_by_the_clock(mesh: Mesh, zone: str, forward: bool) -> None:
    change = next_change(zone, forward=forward)
    first = datetime(change.year, change.month, change.day, 17, tzinfo=ZoneInfo(zone)) - timedelta(days=7)
    starts = await weekly(mesh, first, zone)
    assert [(each.hour, each.minute) for each in starts] == [(17, 0)] * 3
    assert [each.date() for each in starts] == [first.date() + timedelta(days=7 * n) for n in range(3)]
    assert len({each.utcoffset() for each in starts}) == 2, "the clocks changed in between"


async def test_a_time_that_the_clock_jumps_over_is_later_by_the_jump(mesh: Mesh) -> None:
    change, there = next_change("Europe/Berlin", forward=True), ZoneInfo("Europe/Berlin")
    first = datetime(change.year, change.month, change.day, 2, 30, tzinfo=there) - timedelta(days=7)
    starts = await weekly(mesh, first, "Europe/Berlin")
    assert [(each.hour, each.minute) for each in starts] == [(2, 30), (3, 30), (2, 30)]


async def test_of_a_time_that_comes_twice_it_is_the_second(mesh: Mesh) -> None:
    change, there = next_change("Europe/Berlin", forward=False), ZoneInfo("Europe/Berlin")
    first = datetime(change.year, change.month, change.day, 2, 30, tzinfo=there) - timedelta(days=7)
    starts = await weekly(mesh, first, "Europe/Berlin")
    assert [(each.hour, each.minute, each.fold) for each in starts] == [(2, 30, 0), (2, 30, 1), (2, 30, 0)]
    assert starts[1].astimezone(UTC).hour == 1


async def test_the_last_day_is_of_the_zones_calendar(mesh: Mesh) -> None:
    zone = "Pacific/Auckland"
    evening = (datetime.now(UTC) + timedelta(days=20)).replace(hour=20, minute=0, second=0, microsecond=0)
    starts = await weekly(mesh, evening, zone, weeks=1)
    assert [each.date() for each in starts] == [
        evening.astimezone(ZoneInfo(zone)).date() + timedelta(days=7 * n) for n in range(2)
    ]
    assert starts[0].date() != evening.date(), "it is the next day there"
