"""Registrations, payments, invitations, events and lessons, as those hear of them whom they concern."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from subgraphs.notifications.repository.seats import remind
from tests.subgraphs.notifications.alone import NOON, Alone

EVENT = uuid4()


async def event(
    alone: Alone,
    starts: datetime,
    kind: str = "EventUpdated",
    status: str = "PUBLISHED",
    title: str = "Concert",
) -> None:
    facts = {"host_id": alone.id("host"), "status": status, "title": title, "timezone": "UTC"}
    await alone.tell("events.event", EVENT, kind, starts_at=starts.isoformat(), **facts)


async def registration(alone: Alone, name: str, kind: str, key: UUID | None = None, **more: Any) -> UUID:
    key = key or uuid4()
    facts = {
        "event_id": str(EVENT),
        "host_id": alone.id("host"),
        "user_id": alone.id(name),
        "amount_minor": 0,
    }
    await alone.tell("tickets.registration", key, kind, **(facts | more))
    return key


async def seated(alone: Alone, *people: str, starts: datetime = NOON) -> list[UUID]:
    for name in ("host", *people):
        await alone.know(name)
    await event(alone, starts)
    return [await registration(alone, name, "RegistrationConfirmed") for name in people]


async def test_a_registration_is_told_to_who_made_it_and_to_the_host(alone: Alone) -> None:
    await seated(alone, "ada", "eve")
    assert await alone.texts("ada") == ["Your seat at Concert is confirmed: 2036-03-02 12:00."]
    assert await alone.texts("host") == ["eve and ada registered for Concert."]


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("RegistrationWaitlisted", {}, "Concert is full. You get the next free seat in your turn."),
        ("RegistrationReserved", {}, None),
        (
            "RegistrationReserved",
            {"was": "WAITLISTED", "held_until": "2036-03-03T10:00:00+00:00"},
            "There is a seat for you at Concert. Pay until 2036-03-03 10:00 to keep it.",
        ),
        ("RegistrationCancelled", {"reason": "CANCELLED"}, None),
        ("RegistrationCancelled", {"reason": "BY_STAFF"}, "Your registration for Concert has ended."),
        ("RegistrationCancelled", {"reason": "EVENT_CANCELLED"}, "Concert does not take place."),
        ("RegistrationExpired", {"reason": "NOT_PAID_IN_TIME"}, "Your registration for Concert has ended."),
    ],
)
async def test_what_becomes_of_a_registration_is_told(
    alone: Alone, kind: str, more: dict[str, Any], said: str | None
) -> None:
    await seated(alone)
    await registration(alone, "ada", kind, **more)
    assert await alone.texts("ada") == ([] if said is None else [said])


async def test_a_payment_is_told_once_and_each_refund_of_it(alone: Alone) -> None:
    await seated(alone)
    payment, registered = uuid4(), str(uuid4())
    facts = {
        "registration_id": registered,
        "event_id": str(EVENT),
        "user_id": alone.id("ada"),
        "currency": "EUR",
    }
    for kind, amount in (
        ("PaymentFailed", 1250),
        ("PaymentSucceeded", 1250),
        ("PaymentSucceeded", 1250),
        ("RefundSucceeded", 250),
        ("RefundSucceeded", 1000),
    ):
        await alone.tell("payments.payment", payment, kind, amount_minor=amount, **facts)
    assert await alone.texts("ada") == [
        "10.00 EUR for Concert goes back to you.",
        "2.50 EUR for Concert goes back to you.",
        "Your payment of 12.50 EUR for Concert has arrived.",
        "Your payment of 12.50 EUR for Concert did not succeed.",
    ]


async def test_an_event_that_moves_is_told_to_those_with_a_seat_and_not_to_the_host(alone: Alone) -> None:
    await seated(alone, "ada", "host")
    await event(alone, NOON, title="The concert")
    assert len(await alone.texts("ada")) == 1, "another title is no other time"
    await event(alone, NOON + timedelta(hours=1))
    assert (await alone.texts("ada"))[0] == "Concert is at another time: 2036-03-02 13:00."
    assert not [text for text in await alone.texts("host") if "another time" in text]


async def test_who_has_a_seat_is_reminded_a_day_before_once_and_again_when_it_moves(alone: Alone) -> None:
    ((now,),) = await alone.sql("SELECT now()")
    ada, _ = await seated(alone, "ada", "eve", starts=now + timedelta(hours=30))

    async def reminders(name: str) -> int:
        async with alone.stores.postgres.write() as session:
            await remind(session)
        return len(await alone.nodes(name, filter={"kinds": ["EVENT_SOON"]}))

    assert await reminders("ada") == 0
    await event(alone, now + timedelta(hours=20))
    assert [await reminders("ada"), await reminders("ada"), await reminders("eve")] == [1, 1, 1]
    await event(alone, now + timedelta(hours=21))
    assert await reminders("ada") == 1, "of the new time alone"
    await registration(alone, "ada", "RegistrationCancelled", ada, reason="CANCELLED")
    assert [await reminders("ada"), await reminders("eve")] == [0, 1]
    await event(alone, now + timedelta(hours=22), "EventCancelled", "CANCELLED")
    await alone.sql("UPDATE seats SET reminded_for = NULL")
    assert await reminders("eve") == 1


async def test_who_said_they_come_is_reminded_once_also_with_a_ticket_and_told_when_it_moves(
    alone: Alone,
) -> None:
    ((now,),) = await alone.sql("SELECT now()")
    (seat,) = await seated(alone, "ada", starts=now + timedelta(hours=20))
    answers = dict.fromkeys(("ada", "eve", "max"), "GOING") | {"zoe": "INTERESTED"}

    async def answer(name: str, status: str) -> None:
        row = {"event_id": str(EVENT), "user_id": alone.id(name), "status": status}
        await alone.rows("events.attendees", "AttendeesTold", row)

    async def reminders(name: str) -> int:
        async with alone.stores.postgres.write() as session:
            await remind(session)
        return len(await alone.nodes(name, filter={"kinds": ["EVENT_SOON"]}))

    for name, status in answers.items():
        await alone.know(name)
        await answer(name, status)
    assert [await reminders(name) for name in answers] == [1, 1, 1, 0]
    await registration(alone, "ada", "RegistrationCancelled", seat, reason="CANCELLED")
    await answer("max", "DECLINED")
    assert [await reminders(name) for name in answers] == [1, 1, 0, 0], "ada comes without a ticket"
    await event(alone, now + timedelta(hours=21))
    assert [await reminders(name) for name in answers] == [1, 1, 0, 0], "of the new time alone"
    assert [text for text in await alone.texts("eve") if "another time" in text]


async def test_a_ticket_that_is_given_is_told_and_its_new_holder_has_the_seat(alone: Alone) -> None:
    (seat,) = await seated(alone, "ada")
    await alone.know("eve")
    given = {"ticket_id": str(uuid4()), "event_id": str(EVENT)}
    people = {"from_id": alone.id("ada"), "to_id": alone.id("eve")}
    await alone.tell("tickets.registration", seat, "TicketTransferred", **given, **people)
    assert await alone.texts("eve") == ["ada gave you a ticket for Concert."]
    await event(alone, NOON + timedelta(hours=1))
    assert (await alone.texts("eve"))[0].startswith("Concert is at another time")
    assert len(await alone.texts("ada")) == 1


async def test_an_invitation_is_told_until_it_is_answered_and_then_to_who_sent_it(alone: Alone) -> None:
    await seated(alone, "ada")
    row = {
        "id": str(uuid4()),
        "event_id": str(EVENT),
        "inviter_id": alone.id("host"),
        "invitee_id": alone.id("eve"),
    }
    await alone.know("eve")
    await alone.rows("events.invitations", "InvitationsTold", row | {"status": "PENDING"})
    assert await alone.texts("eve") == ["host invites you to Concert."]
    await alone.rows("events.invitations", "InvitationsTold", row | {"status": "ACCEPTED"})
    assert await alone.texts("eve") == []
    assert (await alone.texts("host"))[0] == "eve comes to Concert."
    await alone.rows(
        "events.invitations", "InvitationsTold", row | {"id": str(uuid4()), "status": "DECLINED"}
    )
    assert await alone.texts("eve") == []


async def lesson(
    alone: Alone, kind: str, starts: datetime, series: UUID, by: str | None = "tess", **more: Any
) -> None:
    facts = {
        "lesson_id": str(uuid4()),
        "title": "English",
        "starts_at": starts.isoformat(),
        "timezone": "UTC",
        "teacher_telegram_id": 1,
        "student_telegram_ids": [2, 3],
        "actor_id": None if by is None else alone.id(by),
    }
    await alone.tell("calendar.lesson", series, kind, series_id=str(series), **(facts | more))


async def school(alone: Alone) -> None:
    for number, name in enumerate(("tess", "ada", "eve"), 1):
        await alone.know(name, telegram=number)


async def test_a_lesson_is_told_to_all_of_it_but_to_who_made_moved_or_cancelled_it(alone: Alone) -> None:
    await school(alone)
    series, one = uuid4(), {"lesson_id": str(uuid4())}
    await lesson(alone, "LessonsScheduled", NOON, series, **one)
    assert await alone.texts("ada") == await alone.texts("eve") == ["English begins at 2036-03-02 12:00."]
    assert await alone.texts("tess") == []
    was = {"was_at": NOON.isoformat()}
    await lesson(alone, "LessonRescheduled", NOON + timedelta(days=1), series, **one, **was)
    assert (await alone.texts("ada"))[0] == "English is at another time: 2036-03-03 12:00."
    await lesson(alone, "LessonCancelled", NOON + timedelta(days=1), series, by="ada", **one)
    assert await alone.texts("tess") == ["English at 2036-03-03 12:00 does not take place."]
    assert len(await alone.texts("ada")) == 2


async def test_a_series_that_is_cancelled_is_one_notification(alone: Alone) -> None:
    await school(alone)
    series = uuid4()
    for week in range(5):
        await lesson(alone, "LessonCancelled", NOON + timedelta(weeks=week), series)
    (told,) = await alone.nodes("ada")
    assert told["text"] == "English at 2036-03-02 12:00 and 4 more times does not take place."
    assert (told["actors"], told["actorCount"]) == ([], 0)


async def test_a_lesson_that_is_soon_is_told_to_the_teacher_too_and_not_after_it_moved(alone: Alone) -> None:
    await school(alone)
    series, one = uuid4(), {"lesson_id": str(uuid4())}
    await lesson(alone, "LessonSoon", NOON, series, by=None, **one)
    assert await alone.texts("tess") == await alone.texts("ada") == ["English begins at 2036-03-02 12:00."]
    moved = {"was_at": NOON.isoformat()}
    await lesson(alone, "LessonRescheduled", NOON + timedelta(days=1), series, **one, **moved)
    assert await alone.texts("tess") == []


async def test_a_teacher_hears_who_joins_a_group_until_they_leave(alone: Alone) -> None:
    await school(alone)
    group = uuid4()
    for number in (2, 3):
        said = {"group_id": str(group), "student_telegram_id": number, "teacher_telegram_id": 1}
        await alone.tell("groups.member", f"{group} {number}", "MemberJoined", **said)
    assert await alone.texts("tess") == ["eve and ada joined your group."]
    left = {"group_id": str(group), "student_telegram_id": 2}
    await alone.tell("groups.member", f"{group} 2", "MemberLeft", **left)
    assert await alone.texts("tess") == ["eve joined your group."]


async def test_questions_are_told_to_the_host_and_answers_to_who_asked_until_they_are_gone(
    alone: Alone,
) -> None:
    for name in ("host", "ada", "eve"):
        await alone.know(name)
    await event(alone, NOON)
    asked = {name: uuid4() for name in ("ada", "eve")}
    for name, question in asked.items():
        facts = {"event_id": str(EVENT), "user_id": alone.id(name), "host_id": alone.id("host")}
        await alone.tell("events.question", question, "QuestionAsked", **facts)
    assert await alone.texts("host") == ["eve and ada ask something about Concert."]
    facts = {"event_id": str(EVENT), "user_id": alone.id("ada"), "answered_by": alone.id("host")}
    for _ in range(2):
        await alone.tell("events.question", asked["ada"], "QuestionAnswered", **facts)
    assert await alone.texts("ada") == ["host answered your question about Concert."]
    for name, kind in (("eve", "QuestionGone"), ("ada", "QuestionUnanswered")):
        await alone.tell("events.question", asked[name], kind)
    assert await alone.texts("host") == ["ada asks something about Concert."]
    assert await alone.texts("ada") == []
