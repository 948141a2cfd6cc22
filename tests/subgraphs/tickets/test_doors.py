"""Tickets: their codes, who may see them, handing them on, and the door."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from subgraphs.tickets.codes import CONTEXT, AttendanceCodes
from tests.subgraphs.support import Person, act, data, denied, refused
from tests.subgraphs.tickets.conftest import Box

TICKETS = """query($id: ID!) { _entities(representations: [{__typename: "User", id: $id}]) {
    ... on User { tickets { totalCount nodes { id status attendanceCode qrCode
        checkIn { scannedAt } } } } } }"""
KEYS = "{ attendanceKeys { algorithm publicKey } }"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


async def held(box: Box, who: Person) -> list[dict[str, Any]]:
    answer = await data(box.subgraph, TICKETS, who.headers, id=str(who.id))
    nodes: list[dict[str, Any]] = answer["_entities"][0]["tickets"]["nodes"]
    return nodes


async def a_ticket(box: Box, host: Person, event: UUID, who: Person) -> tuple[str, str]:
    """Its id and its code."""
    await box.register(who, await box.sell(host, event))
    (ticket,) = await held(box, who)
    return ticket["id"], ticket["attendanceCode"]


async def enter(box: Box, staff: Person, event: UUID, code: str, at: datetime | None = None) -> Any:
    given = {"eventId": str(event), "code": code} | ({} if at is None else {"scannedAt": at.isoformat()})
    payload = await act(
        box.subgraph, "checkInTicket", staff.headers, "ticket { checkIn { scannedAt } }", **given
    )
    return [error["code"] for error in payload["errors"]]


async def test_a_ticket_has_a_code_that_a_scanner_without_a_network_can_tell(
    box: Box, host: Person, event: UUID
) -> None:
    ada = box.person()
    ticket, code = await a_ticket(box, host, event, ada)
    (key,) = (await data(box.subgraph, KEYS))["attendanceKeys"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["publicKey"] + "="))
    packed = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    public.verify(packed[18:], CONTEXT + packed[:18])
    assert UUID(bytes=packed[:16]) == UUID(ticket)
    with pytest.raises(InvalidSignature):
        public.verify(packed[18:], CONTEXT + UUID(ticket).bytes + b"\0\2")


async def test_the_qr_code_is_an_image_to_inline(box: Box, host: Person, event: UUID) -> None:
    ada = box.person()
    await a_ticket(box, host, event, ada)
    (ticket,) = await held(box, ada)
    image = ElementTree.fromstring(ticket["qrCode"])
    assert image.tag == "{http://www.w3.org/2000/svg}svg"
    assert "viewBox" in image.attrib


async def test_tickets_are_shown_to_who_holds_them_alone(box: Box, host: Person, event: UUID) -> None:
    ada, eve = box.person(), box.person()
    ticket, _ = await a_ticket(box, host, event, ada)
    query = "query($id: ID!) { ticket(id: $id) { status attendanceCode qrCode } }"
    assert (await data(box.subgraph, query, eve.headers, id=ticket))["ticket"] is None
    assert (await data(box.subgraph, query, id=ticket))["ticket"] is None
    for_staff = (await data(box.subgraph, query, host.headers, id=ticket))["ticket"]
    assert for_staff == {"status": "VALID", "attendanceCode": None, "qrCode": None}
    others = await data(box.subgraph, TICKETS, eve.headers, id=str(ada.id))
    assert others["_entities"] == [{"tickets": None}]


async def test_a_ticket_opens_the_door_once(box: Box, host: Person, event: UUID) -> None:
    ada = box.person()
    _, code = await a_ticket(box, host, event, ada)
    tries = await asyncio.gather(*(enter(box, host, event, code) for _ in range(6)))
    assert sorted(map(len, tries)) == [0, 1, 1, 1, 1, 1]
    assert {each for codes in tries for each in codes} == {"ALREADY_CHECKED_IN"}
    assert await box.run("SELECT count(*) FROM check_ins") == [(1,)]
    (ticket,) = await held(box, ada)
    assert ticket["checkIn"] is not None


async def test_a_scan_that_is_sent_twice_is_one(box: Box, host: Person, event: UUID) -> None:
    ada, at = box.person(), datetime.now(UTC) - timedelta(hours=3)
    _, code = await a_ticket(box, host, event, ada)
    await box.hear_event(host.id, event=event, hours=-4)
    assert await enter(box, host, event, code, at) == []
    assert await enter(box, host, event, code, at) == []
    assert await enter(box, host, event, code, at + timedelta(seconds=1)) == ["ALREADY_CHECKED_IN"]
    (ticket,) = await held(box, ada)
    assert datetime.fromisoformat(ticket["checkIn"]["scannedAt"]) == at


@pytest.mark.parametrize(("hours", "problem"), [(0.5, "future"), (-50, "long ago")])
async def test_a_scanner_whose_clock_is_wrong_is_told(
    hours: float, problem: str, box: Box, host: Person, event: UUID
) -> None:
    _, code = await a_ticket(box, host, event, box.person())
    assert await enter(box, host, event, code, datetime.now(UTC) + timedelta(hours=hours)) == [
        "INVALID_INPUT"
    ]


async def test_a_code_that_was_changed_or_made_up_opens_nothing(box: Box, host: Person, event: UUID) -> None:
    _, code = await a_ticket(box, host, event, box.person())
    other = AttendanceCodes(box.config.keys / "other.pem")
    changed = [code[:at] + BASE64[(BASE64.index(code[at]) + 1) % 64] + code[at + 1 :] for at in (0, 23, 60)]
    for wrong in ["", "x" * 110, code[:-2], str(uuid4()), other.public_key, "ABCDEFGHJKLM", *changed]:
        assert await enter(box, host, event, wrong) == ["TICKET_NOT_VALID"], wrong


async def test_whoever_tries_codes_is_slowed_down_and_a_good_one_is_not(
    box: Box, host: Person, event: UUID
) -> None:
    _, code = await a_ticket(box, host, event, box.person())
    for _ in range(20):
        assert await enter(box, host, event, "ABCDEFGHJKLM") == ["TICKET_NOT_VALID"]
    given = {"eventId": str(event), "code": "ABCDEFGHJKLM"}
    assert await denied(box.subgraph, "checkInTicket", host.headers, **given) == "RATE_LIMITED"
    assert await enter(box, host, event, code) == []


async def test_the_confirmation_code_is_said_where_a_camera_does_not_help(
    box: Box, host: Person, event: UUID
) -> None:
    made = await box.register(box.person(), await box.sell(host, event))
    code = made["confirmationCode"]
    said = f"{code[:4].lower()}-{code[4:8]} {code[8:]}"
    other = await box.hear_event(host.id)
    assert await enter(box, host, other, said) == ["TICKET_NOT_VALID"]
    assert await enter(box, host, event, said) == []


async def test_staff_of_another_organization_opens_no_door(box: Box) -> None:
    ours, theirs = uuid4(), uuid4()
    manager = box.person(tenant=ours)
    event = await box.hear_event(uuid4(), tenant=ours)
    _, code = await a_ticket(box, manager, event, box.person())
    given = {"eventId": str(event), "code": code}
    for stranger in (box.person(tenant=theirs), box.person()):
        assert await denied(box.subgraph, "checkInTicket", stranger.headers, **given) == "FORBIDDEN"
    assert await enter(box, manager, event, code) == []


async def test_a_ticket_that_is_handed_on_has_another_code_and_another_holder(
    box: Box, host: Person, event: UUID
) -> None:
    ada, grace = box.person(), box.person()
    ticket, old = await a_ticket(box, host, event, ada)
    given = {"ticketId": ticket, "userId": str(grace.id)}
    assert (await act(box.subgraph, "transferTicket", ada.headers, "ticket { id }", **given))["errors"] == []
    assert await held(box, ada) == []
    (hers,) = await held(box, grace)
    assert await refused(box.subgraph, "transferTicket", ada.headers, **given) == [("NOT_FOUND", "ticketId")]
    assert await enter(box, host, event, old) == ["TICKET_NOT_VALID"]
    assert await enter(box, host, event, hers["attendanceCode"]) == []
    back = {"ticketId": ticket, "userId": str(ada.id)}
    used = await refused(box.subgraph, "transferTicket", grace.headers, **back)
    assert used == [("TICKET_NOT_VALID", "ticketId")]


async def test_of_two_who_get_one_ticket_at_once_one_has_it(box: Box, host: Person, event: UUID) -> None:
    ada, others = box.person(), [box.person() for _ in range(5)]
    ticket, _ = await a_ticket(box, host, event, ada)
    answers = await asyncio.gather(
        *(
            refused(box.subgraph, "transferTicket", ada.headers, ticketId=ticket, userId=str(each.id))
            for each in others
        )
    )
    assert sorted(map(len, answers)) == [0, 1, 1, 1, 1]
    assert sum([len(await held(box, each)) for each in others]) == 1


async def test_a_void_ticket_opens_nothing_and_who_is_in_keeps_theirs(
    box: Box, host: Person, event: UUID
) -> None:
    ada, kind = box.person(), await box.sell(host, event, quantity=2, perPersonLimit=2)
    first, second = await box.register(ada, kind), await box.register(ada, kind)
    codes = {each["id"]: each["attendanceCode"] for each in await held(box, ada)}
    await box.cancel(ada, first["id"])
    assert await enter(box, host, event, codes[first["ticket"]["id"]]) == ["TICKET_NOT_VALID"]
    assert await enter(box, host, event, codes[second["ticket"]["id"]]) == []
    for who in (ada, host):
        payload = await box.cancel(who, second["id"])
        assert [error["code"] for error in payload["errors"]] == ["NOT_CANCELLABLE"]
    undone = await act(
        box.subgraph,
        "undoCheckIn",
        host.headers,
        "ticket { checkIn { scannedAt } }",
        ticketId=second["ticket"]["id"],
    )
    assert undone["ticket"] == {"checkIn": None}
    told = await box.run("SELECT type, payload FROM outbox ORDER BY id DESC LIMIT 2")
    (undoing, undone_facts), (entering, entered_facts) = [tuple(row) for row in told]
    assert (undoing, entering) == ("TicketCheckInUndone", "TicketCheckedIn")
    assert undone_facts == entered_facts, "which check-in, whose"
    assert (undone_facts["event_id"], undone_facts["user_id"]) == (str(event), str(ada.id))


async def test_doors_open_half_a_day_before(box: Box, host: Person) -> None:
    event = await box.hear_event(host.id, hours=13)
    _, code = await a_ticket(box, host, event, box.person())
    assert await enter(box, host, event, code) == ["TICKET_NOT_VALID"]
    await box.hear_event(host.id, event=event, hours=11)
    assert await enter(box, host, event, code) == []


async def test_who_manages_the_event_sees_how_many_are_in(box: Box, host: Person, event: UUID) -> None:
    _, code = await a_ticket(box, host, event, box.person())
    await enter(box, host, event, code)
    query = """query($id: ID!) { _entities(representations: [{__typename: "Event", id: $id}]) {
        ... on Event { checkInCount registrations(status: CONFIRMED) { totalCount nodes { status } } } } }"""
    seen = await data(box.subgraph, query, host.headers, id=str(event))
    assert seen["_entities"] == [
        {"checkInCount": 1, "registrations": {"totalCount": 1, "nodes": [{"status": "CONFIRMED"}]}}
    ]
    others = await data(box.subgraph, query, box.person().headers, id=str(event))
    assert others["_entities"] == [{"checkInCount": None, "registrations": None}]
