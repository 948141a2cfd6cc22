"""Seats: never more than there are, in the order of the queue, and what is held is paid or free again."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from tests.subgraphs.support import Person, act, data, refused
from tests.subgraphs.tickets.conftest import Box

EUR = {"priceMinor": 1250, "currency": "EUR"}


async def test_sixty_buyers_of_twelve_seats_get_twelve(box: Box, host: Person, event: UUID) -> None:
    kind = await box.sell(host, event, quantity=12)
    tries = await asyncio.gather(*(box.try_register(box.person(), kind) for _ in range(60)))
    codes = [error["code"] for each in tries for error in each["errors"]]
    assert codes == ["SOLD_OUT"] * 48
    assert await box.statuses(kind) == ["CONFIRMED"] * 12
    assert await box.run("SELECT sold_count, (SELECT count(*) FROM tickets) FROM ticket_types") == [(12, 12)]


async def test_who_asks_and_gives_back_at_once_leaves_no_seat_free_while_somebody_waits(
    box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, quantity=3)

    async def come_and_go(number: int) -> None:
        who = box.person()
        made = await box.register(who, kind, joinWaitlist=True)
        if number % 2:
            await box.cancel(who, made["id"])

    await asyncio.gather(*(come_and_go(number) for number in range(24)))
    statuses = await box.statuses(kind)
    assert statuses.count("CONFIRMED") == 3
    assert statuses.count("CANCELLED") == 12
    assert statuses.count("WAITLISTED") == 9
    assert await box.run("SELECT sold_count FROM ticket_types") == [(3,)]


async def test_a_seat_that_is_given_back_goes_to_who_waits_longest(
    box: Box, host: Person, event: UUID
) -> None:
    kind, people = await box.sell(host, event), [box.person() for _ in range(4)]
    made = [await box.register(who, kind, joinWaitlist=True) for who in people]
    assert [each["status"] for each in made] == ["CONFIRMED", "WAITLISTED", "WAITLISTED", "WAITLISTED"]
    assert [each["placeInQueue"] for each in made] == [None, 1, 2, 3]
    await box.cancel(people[1], made[1]["id"])
    await box.cancel(people[0], made[0]["id"])
    assert await box.statuses(kind) == ["CANCELLED", "CANCELLED", "CONFIRMED", "WAITLISTED"]
    last = await data(box.subgraph, READ, people[3].headers, id=made[3]["id"])
    assert last["registration"]["placeInQueue"] == 1


READ = "query($id: ID!) { registration(id: $id) { status placeInQueue heldUntil } }"


async def test_more_seats_are_for_who_waits(box: Box, host: Person, event: UUID) -> None:
    kind = await box.sell(host, event)
    for _ in range(4):
        await box.register(box.person(), kind, joinWaitlist=True)
    shown = "ticketType { soldCount available }"
    more = await act(box.subgraph, "updateTicketType", host.headers, shown, ticketTypeId=kind, quantity=3)
    assert more["ticketType"] == {"soldCount": 3, "available": 0}
    assert await box.statuses(kind) == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "WAITLISTED"]
    less = await refused(box.subgraph, "updateTicketType", host.headers, ticketTypeId=kind, quantity=2)
    assert less == [("INVALID_INPUT", "quantity")]


async def test_what_costs_is_held_until_it_is_paid(box: Box, host: Person, event: UUID) -> None:
    ada, kind = box.person(), await box.sell(host, event, **EUR)
    made = await box.register(ada, kind)
    assert (made["status"], made["ticket"]) == ("PENDING", None)
    assert made["heldUntil"] is not None
    payment = await box.pay(made["id"])
    await box.pay(made["id"], payment=payment)
    paid = await data(box.subgraph, PAID, ada.headers, id=made["id"])
    assert paid["registration"] == {
        "status": "CONFIRMED",
        "heldUntil": None,
        "ticket": {"status": "VALID"},
        "price": {"amountMinor": 1250, "currency": "EUR", "formatted": "12.50 EUR"},
    }
    assert [kind for kind, _ in await box.told()] == ["RegistrationReserved", "RegistrationConfirmed"]


PAID = """query($id: ID!) { registration(id: $id) {
    status heldUntil ticket { status } price { amountMinor currency formatted } } }"""


@pytest.mark.parametrize(("how", "status"), [("late", "EXPIRED"), ("failed", "CANCELLED")])
async def test_what_is_not_paid_frees_the_seat_for_who_waits(
    how: str, status: str, box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, **EUR)
    made = await box.register(box.person(), kind)
    await box.register(box.person(), kind, joinWaitlist=True)
    if how == "late":
        await box.time_is_over()
    else:
        await box.pay(made["id"], "PaymentFailed")
    assert await box.statuses(kind) == [status, "PENDING"]
    assert await box.run("SELECT count(*) FROM registrations WHERE held_until > now() + interval '23 h'") == [
        (1,)
    ], "who waited has a day"


async def test_a_payment_that_comes_too_late_goes_back_and_opens_nothing(
    box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, **EUR)
    made = await box.register(box.person(), kind)
    await box.time_is_over()
    payment = await box.pay(made["id"])
    assert await box.statuses(kind) == ["EXPIRED"]
    last, facts = (await box.told())[-1]
    assert last == "RegistrationRefundDue"
    assert facts == {"payment_id": str(payment), "refund_minor": 1250}


async def test_a_cancelled_event_ends_every_registration_and_gives_back_everything(
    box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, quantity=1, refundPercent=0, **EUR)
    made = await box.register(box.person(), kind)
    await box.pay(made["id"])
    await box.register(box.person(), kind, joinWaitlist=True)
    await box.hear_event(host.id, event=event, status="CANCELLED")
    assert await box.statuses(kind) == ["CANCELLED", "CANCELLED"]
    ended = [facts for type_, facts in await box.told() if type_ == "RegistrationCancelled"]
    assert sorted(each["refund_minor"] for each in ended) == [0, 1250]
    assert await box.run("SELECT status FROM tickets") == [("VOID",)]
    again = (await box.try_register(box.person(), kind))["errors"]
    assert [each["code"] for each in again] == ["SALES_CLOSED"]


async def test_who_registers_while_the_event_is_cancelled_has_no_seat_afterwards(
    box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, quantity=20)
    await asyncio.gather(
        *(box.try_register(box.person(), kind) for _ in range(10)),
        box.hear_event(host.id, event=event, status="CANCELLED"),
        *(box.try_register(box.person(), kind) for _ in range(10)),
    )
    assert set(await box.statuses(kind)) <= {"CANCELLED"}
    assert await box.run("SELECT sold_count FROM ticket_types") == [(0,)]


async def test_one_person_has_no_more_than_the_limit_however_often_they_ask(
    box: Box, host: Person, event: UUID
) -> None:
    ada, kind = box.person(), await box.sell(host, event, quantity=10, perPersonLimit=2)
    tries = await asyncio.gather(*(box.try_register(ada, kind) for _ in range(8)))
    codes = [error["code"] for each in tries for error in each["errors"]]
    assert codes == ["TICKET_LIMIT_REACHED"] * 6
    assert await box.statuses(kind) == ["CONFIRMED"] * 2


async def test_nothing_that_costs_is_confirmed_without_a_payment(box: Box, host: Person, event: UUID) -> None:
    kind = await box.sell(host, event, **EUR)
    await box.register(box.person(), kind)
    with pytest.raises(IntegrityError, match="registrations_paid"):
        await box.run("UPDATE registrations SET status = 'CONFIRMED'")
