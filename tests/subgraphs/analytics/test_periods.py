"""Points of a series where clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from subgraphs.analytics.service.periods import edges_of, period_of
from subgraphs.analytics.values import Period, Unit


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "zone", "hours"),
    [
        ("2026-03-28T23:00", "2026-03-30T22:00", "Europe/Berlin", [23, 24]),
        ("2026-10-24T22:00", "2026-10-26T23:00", "Europe/Berlin", [25, 24]),
        ("2026-04-23T22:00", "2026-04-25T21:00", "Africa/Cairo", [23, 24]),  # from midnight to one
        ("2026-11-01T04:00", "2026-11-03T05:00", "America/Havana", [25, 24]),  # midnight comes twice
        ("2026-04-03T13:00", "2026-04-05T13:30", "Australia/Lord_Howe", [24, 24.5]),
        ("2026-01-01T18:15", "2026-01-03T18:15", "Asia/Kathmandu", [24, 24]),
    ],
)
def test_days_are_as_long_as_they_are_there(since: str, until: str, zone: str, hours: list[float]) -> None:
    period = Period(at(since), at(until))
    edges = [*edges_of(period, Unit.DAY, zone), period.until]
    assert edges[0] == period.since
    lengths = [(after - before).total_seconds() / 3600 for before, after in pairwise(edges)]
    assert lengths == hours


def test_an_hour_begins_when_the_clock_on_the_wall_shows_one() -> None:
    across = Period(at("2026-04-04T13:00"), at("2026-04-04T16:30"))  # at 15:00Z back by half an hour
    edges = edges_of(across, Unit.HOUR, "Australia/Lord_Howe")
    assert [f"{edge:%H:%M}" for edge in edges] == ["13:00", "14:00", "15:30"]
    twice = Period(at("2026-10-25T00:00"), at("2026-10-25T02:00"))
    assert len(edges_of(twice, Unit.HOUR, "Europe/Berlin")) == 2


def test_a_period_is_whole_quarters_around_what_is_asked_for() -> None:
    now = at("2026-05-01T10:07")
    assert period_of(None, None, now) == Period(at("2026-04-01T10:15"), at("2026-05-01T10:15"))
    asked = period_of(at("2026-04-01T10:20"), at("2026-04-01T10:31"), now)
    assert asked == Period(at("2026-04-01T10:15"), at("2026-04-01T10:45"))
    assert period_of(now - timedelta(days=366), at("2026-05-01T10:00"), now).since == at("2025-04-30T10:00")
