"""Which time numbers are of, and the points of a series in somebody's time zone.

    since 2026-03-28T23:00Z, until 2026-03-30T22:00Z, days in Europe/Berlin
        2026-03-28T23:00Z   the 29th, of 23 hours
        2026-03-29T22:00Z   the 30th

A day begins with the first moment of its date there, an hour when the clock on the wall shows one: days of 23
and 25 hours, hours that come twice and zones half an hour apart come out right.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from subgraphs.analytics.values import QUARTER, Period, Unit
from subgraphs.kit.errors import BadUserInput

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)
LONGEST_BY_HOUR = timedelta(days=31)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def period_of(since: datetime | None, until: datetime | None, now: datetime) -> Period:
    """Whole quarters of an hour around what was asked for; the last 30 days where nothing was. Raises
    BadUserInput.
    """
    for name, given in (("since", since), ("until", until)):
        if given is not None and not FIRST <= given <= LAST:
            raise BadUserInput({name: f"A time from {FIRST.year} to {LAST.year}."})
    end = floor(now if until is None else until)
    end += QUARTER if until is None or end < until else timedelta(0)
    start = end - USUAL if since is None else floor(since)
    if start >= end:
        raise BadUserInput({"since": "It begins before it ends."})
    if end - start > LONGEST:
        raise BadUserInput({"since": f"At most {LONGEST.days} days at once."})
    return Period(start, end)


def edges_of(period: Period, unit: Unit, time_zone: str) -> list[datetime]:
    """Where the points begin, the first one with or before the period. Raises BadUserInput. O(points)."""
    zone = _zone(time_zone)
    if unit is Unit.HOUR and period.until - period.since > LONGEST_BY_HOUR:
        raise BadUserInput({"unit": f"At most {LONGEST_BY_HOUR.days} days by the hour."})
    edges = _hours(period, zone) if unit is Unit.HOUR else _days(period, zone)
    return list(dict.fromkeys(edges))


def _days(period: Period, zone: ZoneInfo) -> list[datetime]:
    first, last = period.since.astimezone(zone).date(), (period.until - QUARTER).astimezone(zone).date()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [datetime.combine(day, time(), zone).astimezone(UTC) for day in days]


def _hours(period: Period, zone: ZoneInfo) -> list[datetime]:
    at = period.since
    while at.astimezone(zone).minute:
        at -= QUARTER
    edges = []
    while at < period.until:
        if at.astimezone(zone).minute == 0:
            edges.append(at)
        at += QUARTER
    return edges


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise BadUserInput({"timeZone": "A time zone reads Europe/Berlin."}) from None


def floor(moment: datetime) -> datetime:
    return FIRST + (moment - FIRST) // QUARTER * QUARTER
