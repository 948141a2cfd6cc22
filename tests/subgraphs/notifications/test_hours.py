"""When something may be sent, by the clock of whom it is for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subgraphs.notifications.hours import after_quiet, due, is_within, zone
from subgraphs.notifications.values import Channel, Kind, MailTiming, PersonId, Quiet, Settings

NIGHT = Quiet(time(22), time(7))
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        ("2026-03-02T20:59", "2026-03-02T20:59"),
        ("2026-03-02T21:00", "2026-03-03T06:00"),
        ("2026-03-03T05:59", "2026-03-03T06:00"),
        ("2026-03-03T06:00", "2026-03-03T06:00"),
        ("2026-03-28T23:00", "2026-03-29T05:00"),  # the night that is an hour shorter
        ("2026-10-24T22:00", "2026-10-25T06:00"),  # and the one that is longer
    ],
)
def test_what_comes_at_night_waits_for_the_morning_by_the_clock_of_the_zone(moment: str, sent: str) -> None:
    assert after_quiet(NIGHT, at(moment), "Europe/Berlin") == at(sent)


def test_an_end_that_the_clock_jumps_over_is_later_by_the_jump() -> None:
    quiet = Quiet(time(23), time(2, 30))
    assert after_quiet(quiet, at("2026-03-28T23:00"), "Europe/Berlin") == at("2026-03-29T01:30")


def test_an_end_that_comes_twice_is_the_first() -> None:
    quiet = Quiet(time(23), time(2, 30))
    assert after_quiet(quiet, at("2026-10-24T22:00"), "Europe/Berlin") == at("2026-10-25T00:30")


def test_a_zone_that_is_not_known_here_is_utc() -> None:
    assert zone("Mars/Olympus").key == zone("../../etc/passwd").key == "UTC"


TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))


@given(
    since=TIMES,
    until=TIMES,
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
    name=st.sampled_from(ZONES),
)
def test_what_is_sent_is_sent_after_it_came_within_a_day_and_never_in_quiet_hours(
    since: time, until: time, moment: datetime, name: str
) -> None:
    quiet, moment = Quiet(since, until), moment.replace(tzinfo=UTC)
    assume(since != until)
    sent = after_quiet(quiet, moment, name)
    assert moment <= sent <= moment + timedelta(hours=25)
    if sent == moment:
        assert not is_within(quiet, moment.astimezone(zone(name)).time())
    else:
        assert sent.astimezone(zone(name)).time() >= until or sent.astimezone(zone(name)).time() < since


def test_what_can_wait_is_gathered_and_a_daily_mail_comes_at_eight() -> None:
    now, plain = at("2026-03-02T12:00"), Settings(PersonId(uuid4()))
    assert due(Kind.LESSON_SOON, Channel.MAIL, plain, now) == now
    assert due(Kind.POST_COMMENTED, Channel.MAIL, plain, now) == now + timedelta(minutes=5)
    daily = Settings(plain.user_id, mail_timing=MailTiming.DAILY, timezone="Europe/Berlin")
    assert due(Kind.LESSON_SOON, Channel.MAIL, daily, now) == at("2026-03-03T07:00")
    assert due(Kind.LESSON_SOON, Channel.TELEGRAM, daily, now) == now
    late = Settings(plain.user_id, Quiet(time(6), time(9)), MailTiming.DAILY)
    assert due(Kind.LESSON_SOON, Channel.MAIL, late, now) == at("2026-03-03T09:00")
