"""When something that comes again takes place: a rule of RFC 5545 (section 3.3.10), and the moments it means.

Days are counted on the clock of the time zone, so that eight in the evening stays eight in the evening when
the clocks change. As the RFC says: a time that the clock jumps over is as much later as the jump is long, of
one that comes twice it is the first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

MOST_OCCURRENCES = 200
AHEAD = timedelta(days=2 * 366)
"""Of the first one."""
MOST_CHARACTERS = 200
PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,2}",
    "UNTIL": r"\d{8}(T\d{6}Z)?",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
    "BYDAY": r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTHDAY": r"-?\d{1,2}(,-?\d{1,2})*",
    "BYMONTH": r"\d{1,2}(,\d{1,2})*",
    "BYSETPOS": r"-?\d{1,3}(,-?\d{1,3})*",
}
AGES = 19 * 400
"""Years after which every date falls on the same day of the week again (400 of them are 20871 weeks). Rules
are worked out that much later: dateutil looks for the next date until the year 9999, and one that never comes
(the 30th of February) would keep it busy for seconds.
"""


class BadRule(ValueError):
    """Says what is wrong, for who wrote the rule."""


def occurrences(rule: str, starts_at: datetime, zone: str) -> list[datetime]:
    """In UTC, the first of them `starts_at`. Raises BadRule. O(days until the last)."""
    parts = _parts(rule)
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise BadRule("A rule ends: give it a COUNT or an UNTIL.")
    here = ZoneInfo(zone)
    local = starts_at.astimezone(here).replace(tzinfo=None, fold=0)
    last = _last(parts.pop("UNTIL", None), local, here)
    count = int(parts.pop("COUNT", MOST_OCCURRENCES + 1))
    if count > MOST_OCCURRENCES + 1:
        raise BadRule(TOO_MANY)
    found = _dates(parts, local, min(count, MOST_OCCURRENCES + 1), last)
    if len(found) > MOST_OCCURRENCES:
        raise BadRule(TOO_MANY)
    if not found or found[0] != local:
        raise BadRule("It starts on a day that the rule does not name.")
    return [starts_at.astimezone(UTC), *(each.replace(tzinfo=here).astimezone(UTC) for each in found[1:])]


TOO_MANY = f"A series has at most {MOST_OCCURRENCES} events, within two years."


def _parts(rule: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in rule.upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name not in PARTS or name in given or not re.fullmatch(PARTS[name], value, re.ASCII):
            raise BadRule("A rule reads FREQ=WEEKLY;BYDAY=TU;COUNT=10 (RFC 5545).")
        given[name] = value
    if "FREQ" not in given:
        raise BadRule("A rule names its FREQ: DAILY, WEEKLY, MONTHLY or YEARLY.")
    return given


def _last(until: str | None, local: datetime, here: ZoneInfo) -> datetime:
    """On the clock of the time zone. A rule that goes on for longer has too many."""
    most = local + AHEAD
    if until is None:
        return most
    try:
        if len(until) == len("20300101"):
            last = datetime.strptime(until, "%Y%m%d") + timedelta(days=1, microseconds=-1)
        else:
            moment = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            last = moment.astimezone(here).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise BadRule("UNTIL reads 20301231 or 20301231T220000Z.") from error
    if last > most:
        raise BadRule(TOO_MANY)
    return last


def _dates(parts: dict[str, str], local: datetime, count: int, last: datetime) -> list[datetime]:
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        later = local.replace(year=local.year + AGES)
        rule = rrulestr(f"{text};COUNT={count}", dtstart=later)
        found: list[datetime] = []
        for each in rule:
            date = each.replace(year=each.year - AGES)
            if date > last:
                break
            found.append(date)
    except (ValueError, OverflowError) as error:
        raise BadRule("A rule reads FREQ=WEEKLY;BYDAY=TU;COUNT=10 (RFC 5545).") from error
    if len(found) < count <= MOST_OCCURRENCES and last == local + AHEAD:
        raise BadRule(TOO_MANY)
    return found
