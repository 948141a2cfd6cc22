"""What is sold: by whom, to whom, when, for how much, and what comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.subgraphs.support import Person, act, code, data, denied, refused
from tests.subgraphs.tickets.conftest import Box

SOLD = """query($id: ID!, $code: String) { _entities(representations: [{__typename: "Event", id: $id}]) {
    ... on Event { ticketTypes(accessCode: $code) { name isHidden available price { amountMinor } } } } }"""
CREATE = "createTicketType"


async def sold(box: Box, event: UUID, who: Person | None = None, said: str | None = None) -> list[str]:
    headers = None if who is None else who.headers
    answer = await data(box.subgraph, SOLD, headers, id=str(event), code=said)
    return [each["name"] for each in answer["_entities"][0]["ticketTypes"]]


def at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def test_only_who_manages_the_event_sells_for_it(box: Box, host: Person, event: UUID) -> None:
    given = {"eventId": str(event), "name": "Seat", "quantity": 1}
    assert await denied(box.subgraph, CREATE, **given) == "UNAUTHENTICATED"
    assert await denied(box.subgraph, CREATE, box.person().headers, **given) == "FORBIDDEN"
    kind = await box.sell(host, event)
    for mutation in ("updateTicketType", "deleteTicketType"):
        assert await denied(box.subgraph, mutation, box.person().headers, ticketTypeId=kind) == "FORBIDDEN"
    assert await refused(box.subgraph, CREATE, host.headers, **given | {"eventId": str(uuid4())}) == [
        ("NOT_FOUND", "eventId")
    ]


async def test_a_host_needs_the_organizations_token_for_its_event(box: Box, host: Person) -> None:
    ours = uuid4()
    event = await box.hear_event(host.id, tenant=ours)
    given = {"eventId": str(event), "name": "Seat", "quantity": 1}
    assert await denied(box.subgraph, CREATE, host.headers, **given) == "FORBIDDEN"
    assert await box.sell(box.person(tenant=ours), event)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"quantity": 0}, "quantity"),
        ({"perPersonLimit": 0}, "perPersonLimit"),
        ({"priceMinor": 1}, "currency"),
        ({"priceMinor": 1, "currency": "EURO"}, "currency"),
        ({"priceMinor": 1, "currency": "XAU"}, "currency"),
        ({"refundPercent": 101}, "refundPercent"),
        ({"accessCode": "abc"}, "accessCode"),
        ({"salesStart": at(2), "salesEnd": at(1)}, "salesEnd"),
    ],
)
async def test_a_ticket_type_that_breaks_rules_says_which(
    given: dict[str, Any], path: str, box: Box, host: Person, event: UUID
) -> None:
    columns = {"eventId": str(event), "name": "Seat", "quantity": 1} | given
    assert await refused(box.subgraph, CREATE, host.headers, **columns) == [("INVALID_INPUT", path)]


@pytest.mark.parametrize("price", [-1, 2**53, 1.5, "1", True])
async def test_a_price_below_zero_or_past_what_json_keeps_exact_is_refused(
    price: object, box: Box, host: Person, event: UUID
) -> None:
    given = {"eventId": str(event), "name": "Seat", "quantity": 1, "priceMinor": price, "currency": "EUR"}
    assert await denied(box.subgraph, CREATE, host.headers, **given) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("currency", "shown"), [("JPY", "1250 JPY"), ("BHD", "1.250 BHD"), ("EUR", "12.50 EUR")]
)
async def test_a_price_is_written_with_its_currencys_digits(
    currency: str, shown: str, box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, priceMinor=1250, currency=currency)
    query = "query($id: ID!) { ticketType(id: $id) { price { amountMinor currency formatted } } }"
    price = (await data(box.subgraph, query, id=kind))["ticketType"]["price"]
    assert price == {"amountMinor": 1250, "currency": currency, "formatted": shown}


async def test_the_largest_price_is_kept_exactly(box: Box, host: Person, event: UUID) -> None:
    kind = await box.sell(host, event, priceMinor=2**53 - 1, currency="EUR")
    query = "query($id: ID!) { ticketType(id: $id) { price { amountMinor } } }"
    assert (await data(box.subgraph, query, id=kind))["ticketType"]["price"] == {"amountMinor": 2**53 - 1}


@pytest.mark.parametrize(("starts", "ends"), [(1, 2), (-2, -1)])
async def test_nothing_is_sold_outside_its_window(
    starts: float, ends: float, box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, salesStart=at(starts), salesEnd=at(ends))
    assert await refused(box.subgraph, "registerForEvent", box.person().headers, ticketTypeId=kind) == [
        ("SALES_CLOSED", "ticketTypeId")
    ]


@pytest.mark.parametrize("facts", [{"status": "DRAFT", "is_public": False}, {"hours": -3}])
async def test_nothing_is_sold_for_what_is_not_open(facts: dict[str, Any], box: Box, host: Person) -> None:
    event = await box.hear_event(host.id, **facts)
    kind = await box.sell(host, event)
    errors = await refused(box.subgraph, "registerForEvent", host.headers, ticketTypeId=kind)
    assert errors == [("SALES_CLOSED", "ticketTypeId")]


async def test_what_is_sold_for_a_draft_is_its_hosts_secret(box: Box, host: Person) -> None:
    event = await box.hear_event(host.id, status="DRAFT", is_public=False)
    kind = await box.sell(host, event)
    assert await sold(box, event, host) == ["Seat"]
    assert await sold(box, event, box.person()) == []
    errors = await refused(box.subgraph, "registerForEvent", box.person().headers, ticketTypeId=kind)
    assert errors == [("NOT_FOUND", "ticketTypeId")]


async def test_a_hidden_type_is_for_who_knows_its_code(box: Box, host: Person, event: UUID) -> None:
    await box.sell(host, event, name="Open")
    kind = await box.sell(host, event, name="Friends", accessCode="Ginger")
    ada = box.person()
    assert await sold(box, event, ada) == ["Open"]
    assert await sold(box, event, ada, "pepper") == ["Open"]
    assert await sold(box, event, ada, " ginger ") == ["Open", "Friends"]
    assert await sold(box, event, host) == ["Open", "Friends"]
    query = "query($id: ID!, $code: String) { ticketType(id: $id, accessCode: $code) { name } }"
    assert (await data(box.subgraph, query, ada.headers, id=kind))["ticketType"] is None
    for wrong in ({}, {"accessCode": "pepper"}):
        errors = await refused(box.subgraph, "registerForEvent", ada.headers, ticketTypeId=kind, **wrong)
        assert errors == [("NOT_FOUND", "ticketTypeId")]
    assert (await box.register(ada, kind, accessCode="GINGER"))["status"] == "CONFIRMED"
    assert await box.run("SELECT count(*) FROM ticket_types WHERE access_code_hash LIKE '%inger%'") == [(0,)]


async def test_whoever_guesses_codes_of_hidden_types_is_slowed_down(
    box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, accessCode="Ginger")
    ada = box.person()
    for number in range(10):
        given = {"ticketTypeId": kind, "accessCode": f"guess{number}"}
        await refused(box.subgraph, "registerForEvent", ada.headers, **given)
    given = {"ticketTypeId": kind, "accessCode": "Ginger"}
    assert await denied(box.subgraph, "registerForEvent", ada.headers, **given) == "RATE_LIMITED"
    for _ in range(10):
        await sold(box, event, None, "guess")
    assert await code(box.subgraph, SOLD, None, id=str(event), code="Ginger") == "RATE_LIMITED"


async def test_what_was_registered_for_is_not_deleted(box: Box, host: Person, event: UUID) -> None:
    kind, other = await box.sell(host, event), await box.sell(host, event)
    await box.register(box.person(), kind)
    assert await refused(box.subgraph, "deleteTicketType", host.headers, ticketTypeId=kind) == [
        ("CONFLICT", "ticketTypeId")
    ]
    gone = await act(
        box.subgraph, "deleteTicketType", host.headers, "deletedTicketTypeId", ticketTypeId=other
    )
    assert gone["deletedTicketTypeId"] == other


async def test_what_comes_back_is_what_the_type_says_and_everything_from_staff(
    box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, quantity=2, priceMinor=999, currency="EUR", refundPercent=50)
    ada, grace = box.person(), box.person()
    for who, by in ((ada, ada), (grace, host)):
        made = await box.register(who, kind)
        await box.pay(made["id"])
        ended = await box.cancel(by, made["id"])
        assert ended["registration"]["status"] == "CANCELLED"
    refunds = [facts["refund_minor"] for kind_, facts in await box.told() if kind_ == "RegistrationCancelled"]
    assert refunds == [499, 999]


async def test_it_is_too_late_to_give_it_up_after_the_types_deadline(
    box: Box, host: Person, event: UUID
) -> None:
    kind = await box.sell(host, event, cancellableUntil=at(-0.1))
    ada = box.person()
    made = await box.register(ada, kind)
    assert [error["code"] for error in (await box.cancel(ada, made["id"]))["errors"]] == ["NOT_CANCELLABLE"]
    by_staff = await box.cancel(host, made["id"])
    assert by_staff["registration"]["endReason"] == "BY_STAFF"
    assert (await box.cancel(ada, made["id"]))["errors"] == [], "it has ended: again changes nothing"


async def test_a_registration_is_its_owners_and_staffs(box: Box, host: Person, event: UUID) -> None:
    ada, eve = box.person(), box.person()
    made = await box.register(ada, await box.sell(host, event))
    query = "query($id: ID!) { registration(id: $id) { user { id } } }"
    for who in (ada, host):
        seen = await data(box.subgraph, query, who.headers, id=made["id"])
        assert seen["registration"] == {"user": {"id": str(ada.id)}}
    assert (await data(box.subgraph, query, eve.headers, id=made["id"]))["registration"] is None
    assert (await data(box.subgraph, query, id=made["id"]))["registration"] is None
    errors = await refused(box.subgraph, "cancelRegistration", eve.headers, registrationId=made["id"])
    assert errors == [("NOT_FOUND", "registrationId")]


async def test_every_write_leaves_who_did_it(box: Box, host: Person, event: UUID) -> None:
    ada = box.person()
    made = await box.register(ada, await box.sell(host, event))
    await box.cancel(ada, made["id"])
    kept = await box.run("SELECT actor, action, entity FROM audit ORDER BY id")
    assert kept == [
        (str(host.id), "create", "ticket_type"),
        (str(ada.id), "register", "registration"),
        (str(ada.id), "end", "registration"),
    ]
