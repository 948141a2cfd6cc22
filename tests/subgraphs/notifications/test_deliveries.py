"""What leaves the house: when, to whom, how often, and what becomes of what cannot be sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from db.errors import StoreUnavailable
from subgraphs.kit.mail import BadMail, Mail
from subgraphs.kit.telegram_bot import BadChat, Said
from tests.subgraphs.notifications.alone import NOON, Alone
from tests.subgraphs.support import Person, denied, refused

TOPIC = "calendar.lesson"
LOG = "SELECT channel, outcome, detail, template_version FROM notification_logs ORDER BY id"
STATES = "SELECT channel, status FROM notification_deliveries ORDER BY channel"


async def lesson(alone: Alone, *students: int, kind: str = "LessonsScheduled", **more: Any) -> None:
    told = {
        "lesson_id": str(uuid4()),
        "series_id": str(uuid4()),
        "title": "English",
        "starts_at": (NOON + timedelta(days=1)).isoformat(),
        "timezone": "UTC",
        "teacher_telegram_id": 1,
        "student_telegram_ids": list(students),
    } | more
    await alone.tell(TOPIC, told["series_id"], kind, **told)


@dataclass
class Troubled:
    """A mailer and a bot that raise what they are told to."""

    error: Exception | None = None
    sent: list[Mail | Said] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        await self.say(mail)

    async def say(self, said: Mail | Said) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(said)


async def test_a_lesson_is_told_by_mail_and_telegram_in_the_language_and_by_the_clock_of_each(
    alone: Alone,
) -> None:
    await alone.know("ada", telegram=201, language="DE", timezone="Europe/Berlin")
    await alone.know("eve", language="RU")
    await alone.know("grace", telegram=202)
    await lesson(alone, 201, 202, 999)
    await alone.deliver()
    said = "English beginnt um 2036-03-03 13:00."
    assert alone.mails() == [
        ("ada@plait.example", "Eine neue Stunde", said),
        ("grace@plait.example", "A new lesson", "English begins at 2036-03-03 12:00."),
    ]
    assert alone.said()[0] == (201, f"Eine neue Stunde\n\n{said}")
    assert (await alone.sql("SELECT count(*) FROM notifications WHERE recipient_telegram_id = 201")) == [(1,)]
    assert [row[:2] + row[3:] for row in await alone.sql(LOG)].count(("MAIL", "SENT", 1)) == 2


async def test_likes_are_mailed_by_who_wants_it_once_for_all_of_some_minutes(alone: Alone) -> None:
    for name in ("ada", "grace", "eve"):
        await alone.know(name)
    post = await alone.post("ada")
    await alone.like(post, "grace", "ada")
    await alone.deliver(NOON + timedelta(hours=1))
    assert alone.mails() == [], "nobody is mailed about likes who has not asked for it"
    choice = {"kind": "POST_LIKED", "channel": "MAIL", "isOn": True}
    await alone.act("ada", "updateNotificationSettings", choices=[choice])
    alone.now = NOON
    another = await alone.post("ada")
    for name in ("grace", "eve"):
        await alone.like(another, name, "ada")
    await alone.deliver(NOON + timedelta(minutes=4))
    assert alone.mails() == []
    await alone.deliver(NOON + timedelta(minutes=6))
    assert alone.mails() == [("ada@plait.example", "Likes", "eve and grace like your post.")]


async def test_what_is_turned_off_everywhere_is_not_kept_and_elsewhere_not_listed(alone: Alone) -> None:
    await alone.know("ada", telegram=201)
    off = [{"kind": "LESSON_SCHEDULED", "channel": name, "isOn": False} for name in ("IN_APP", "MAIL")]
    shown = "settings { choices { kind channel isOn } }"
    told = await alone.act("ada", "updateNotificationSettings", shown, choices=off)
    assert [
        each for each in told["settings"]["choices"] if not each["isOn"] and "LESSON" in each["kind"]
    ] == off
    await lesson(alone, 201)
    await alone.deliver()
    assert (alone.mails(), len(alone.said())) == ([], 1)
    assert await alone.nodes("ada") == []
    assert await alone.unread("ada") == 0
    last = [{"kind": "LESSON_SCHEDULED", "channel": "TELEGRAM", "isOn": False}]
    await alone.act("ada", "updateNotificationSettings", choices=last)
    await lesson(alone, 201)
    assert await alone.sql("SELECT count(*) FROM notifications") == [(1,)]


async def test_what_comes_in_quiet_hours_is_sent_together_when_they_are_over(alone: Alone) -> None:
    await alone.know("ada", telegram=201, timezone="America/New_York")
    await alone.act("ada", "updateNotificationSettings", quietFrom="22:00", quietUntil="07:00")
    alone.now = datetime(2036, 3, 2, 4, tzinfo=UTC)  # 23:00 there
    for _ in range(2):
        await lesson(alone, 201)
    await alone.deliver(datetime(2036, 3, 2, 11, 59, tzinfo=UTC))
    assert (alone.mails(), alone.said()) == ([], [])
    await alone.deliver(datetime(2036, 3, 2, 12, 0, tzinfo=UTC))
    ((to, title, body),) = alone.mails()
    assert (to, title) == ("ada@plait.example", "2 notifications")
    assert body.count("• English begins at 2036-03-03 07:00.") == 2
    assert len(alone.said()) == 1


async def test_hours_that_became_quiet_since_hold_too(alone: Alone) -> None:
    await alone.know("ada")
    await lesson(alone, teacher_telegram_id=1)
    await alone.know("ada", telegram=201)
    await lesson(alone, 201)
    await alone.act("ada", "updateNotificationSettings", quietFrom="11:00", quietUntil="13:00")
    await alone.deliver()
    assert alone.mails() == []
    await alone.deliver(NOON + timedelta(hours=1))
    assert len(alone.mails()) == 1


async def test_who_wants_one_mail_a_day_gets_it_at_eight_by_their_clock(alone: Alone) -> None:
    await alone.know("ada", telegram=201, timezone="Europe/Berlin")
    await alone.act("ada", "updateNotificationSettings", mailTiming="DAILY")
    for _ in range(3):
        await lesson(alone, 201)
    await alone.deliver(datetime(2036, 3, 3, 6, 59, tzinfo=UTC))
    assert (alone.mails(), len(alone.said())) == ([], 1)
    await alone.deliver(datetime(2036, 3, 3, 7, 0, tzinfo=UTC))
    assert [title for _, title, _ in alone.mails()] == ["3 notifications"]


@pytest.mark.parametrize("why", ["read", "withdrawn", "turned off", "begun", "unlinked"])
async def test_what_is_of_no_use_any_longer_is_not_sent(alone: Alone, why: str) -> None:
    await alone.know("ada", telegram=201)
    key = str(uuid4())
    starts = NOON + timedelta(minutes=50)
    again = {"lesson_id": key, "series_id": key, "starts_at": starts.isoformat()}
    await lesson(alone, 201, kind="LessonSoon", **again)
    now = NOON
    match why:
        case "read":
            await alone.act("ada", "markAllNotificationsRead")
        case "withdrawn":
            moved = {"was_at": starts.isoformat(), "starts_at": (starts + timedelta(days=3)).isoformat()}
            await lesson(alone, 202, kind="LessonRescheduled", **(again | moved))
        case "turned off":
            off = [{"kind": "LESSON_SOON", "channel": name, "isOn": False} for name in ("MAIL", "TELEGRAM")]
            await alone.act("ada", "updateNotificationSettings", choices=off)
        case "begun":
            now = starts
        case "unlinked":
            who = {"id": alone.id("ada"), "email": "ada@plait.example", "telegram_id": None}
            await alone.rows("users.contacts", "ContactsTold", who | {"is_verified": False})
    await alone.deliver(now)
    assert (alone.mails(), alone.said()) == ([], [])
    assert await alone.sql(STATES) == [("MAIL", "SKIPPED"), ("TELEGRAM", "SKIPPED")]
    assert len({detail for _, _, detail, _ in await alone.sql(LOG)}) == 1


async def test_a_channel_that_is_away_is_tried_again_and_the_other_is_not_held_up(alone: Alone) -> None:
    await alone.know("ada", telegram=201)
    away = Troubled(StoreUnavailable("mail.example", "refused", "SMTP"))
    alone.mailer = away
    await lesson(alone, 201)
    await alone.deliver()
    assert len(alone.said()) == 1
    await alone.deliver(NOON + timedelta(seconds=10))
    assert [row[1] for row in await alone.sql(LOG) if row[0] == "MAIL"] == ["FAILED"], "15 seconds first"
    for minutes in (1, 2, 4, 8, 60, 120):
        await alone.deliver(NOON + timedelta(minutes=minutes))
    assert away.sent == []
    away.error = None
    await alone.deliver(NOON + timedelta(hours=4))
    assert len(away.sent) == 1
    assert await alone.sql(STATES) == [("MAIL", "SENT"), ("TELEGRAM", "SENT")]
    assert len(alone.said()) == 1


async def test_what_cannot_be_sent_for_a_day_or_is_refused_is_dead_until_somebody_revives_it(
    alone: Alone,
) -> None:
    await alone.know("ada", telegram=201)
    mailer, bot = Troubled(StoreUnavailable("mail.example", "refused", "SMTP")), Troubled(BadChat("blocked"))
    alone.mailer, alone.bot = mailer, bot
    await lesson(alone, 201)
    await alone.sql("UPDATE notification_deliveries SET created_at = :then", then=NOON - timedelta(hours=23))
    await alone.deliver()
    assert await alone.sql(STATES) == [("MAIL", "WAITING"), ("TELEGRAM", "DEAD")]
    await alone.deliver(NOON + timedelta(hours=2))
    assert await alone.sql(STATES) == [("MAIL", "DEAD"), ("TELEGRAM", "DEAD")]
    mailer.error = bot.error = None
    admin = Person(alone.config, roles=frozenset({"ROLE_ADMIN"}))
    alone.people["admin"] = admin
    told = await alone.act("admin", "reviveNotificationDeliveries", "revivedCount")
    assert told["revivedCount"] == 2
    await alone.deliver()
    assert (len(mailer.sent), len(bot.sent)) == (1, 1)
    headers = alone.person("ada").headers
    assert await denied(alone.subgraph, "reviveNotificationDeliveries", headers) == "FORBIDDEN"


async def test_an_address_that_is_none_is_dead_at_once(alone: Alone) -> None:
    await alone.know("ada", telegram=201)
    alone.mailer = Troubled(BadMail("no such address"))
    await lesson(alone, 201)
    await alone.deliver()
    assert ("MAIL", "DEAD", "refused: no such address", None) in await alone.sql(LOG)


async def test_two_workers_send_it_once(alone: Alone) -> None:
    await alone.know("ada", telegram=201)
    counting = Troubled()
    alone.mailer = alone.bot = counting
    await lesson(alone, 201)
    await asyncio.gather(*(alone.deliver() for _ in range(4)))
    assert len(counting.sent) == 2, "a mail and a message"


async def test_an_unproven_address_gets_no_mail(alone: Alone) -> None:
    await alone.know("ada", telegram=201)
    row = {"id": alone.id("ada"), "email": "else@plait.example", "is_verified": False, "telegram_id": 201}
    await alone.rows("users.contacts", "ContactsTold", row)
    await lesson(alone, 201)
    await alone.deliver()
    assert (alone.mails(), len(alone.said())) == ([], 1)


async def test_settings_that_make_no_sense_are_refused_where_they_are_wrong(alone: Alone) -> None:
    headers, change = alone.person("ada").headers, "updateNotificationSettings"
    for given, at in (
        ({"quietFrom": "22:00"}, "quietUntil"),
        ({"quietFrom": "22:00", "quietUntil": None}, "quietUntil"),
        ({"quietFrom": "22:00", "quietUntil": "22:00"}, "quietUntil"),
        ({"quietFrom": "24:00", "quietUntil": "07:00"}, "quietFrom"),
        ({"quietFrom": "٢٢:00", "quietUntil": "07:00"}, "quietFrom"),
        ({"mailTiming": None}, "mailTiming"),
    ):
        assert await refused(alone.subgraph, change, headers, **given) == [("INVALID_INPUT", at)]
    shown = "settings { quietFrom quietUntil mailTiming }"
    kept = (await alone.act("ada", change, shown, quietFrom="22:00", quietUntil="07:00"))["settings"]
    assert kept == {"quietFrom": "22:00", "quietUntil": "07:00", "mailTiming": "AT_ONCE"}
    gone = (await alone.act("ada", change, shown, quietFrom=None, quietUntil=None))["settings"]
    assert gone["quietFrom"] is None
    assert await alone.sql("SELECT count(*) FROM audit") == [(2,)]
