"""When something may be sent: by the clock of whom it is for. Pure; times with an offset in and out.

A local time that the clock jumps over in spring is later by the jump, of one that comes twice in autumn it is
the first: nothing is sent before the quiet hours are over, and nobody waits an hour longer than they asked.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from subgraphs.notifications.values import (
    DAILY_AT,
    GATHERED,
    SOCIAL,
    Channel,
    Kind,
    MailTiming,
    Quiet,
    Settings,
)


def zone(name: str) -> ZoneInfo:
    """UTC for a zone that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")


def due(kind: Kind, channel: Channel, settings: Settings, now: datetime) -> datetime:
    """When a notification of this kind is to be sent."""
    moment = now + GATHERED if kind in SOCIAL else now
    if channel is Channel.MAIL and settings.mail_timing is MailTiming.DAILY:
        moment = _next(DAILY_AT, moment, zone(settings.timezone))
    return after_quiet(settings.quiet, moment, settings.timezone)


def after_quiet(quiet: Quiet | None, moment: datetime, timezone: str) -> datetime:
    """The moment itself, or the end of the quiet hours that it is in."""
    if quiet is None:
        return moment
    local = moment.astimezone(zone(timezone))
    if not is_within(quiet, local.time()):
        return moment
    return _next(quiet.until, moment, zone(timezone))


def is_within(quiet: Quiet, at: time) -> bool:
    """`since` is in, `until` is not."""
    if quiet.since < quiet.until:
        return quiet.since <= at < quiet.until
    return at >= quiet.since or at < quiet.until


def _next(at: time, moment: datetime, where: ZoneInfo) -> datetime:
    """The first time the clock there shows it, from the moment on."""
    day = moment.astimezone(where).date()
    for days in range(3):
        found = datetime.combine(day + timedelta(days=days), at, where).astimezone(UTC)
        if found >= moment:
            return found
    raise AssertionError("a day has a time")
