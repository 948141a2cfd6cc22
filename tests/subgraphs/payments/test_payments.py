"""Payments: the provider's word in any order, money that goes back, and books that balance."""

from __future__ import annotations

import asyncio
import json
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.errors import StoreUnavailable
from plait.fake_psp import Chaos
from subgraphs.kit.acting import Acting, writing
from subgraphs.kit.ciphers import cipher_of
from subgraphs.payments.repository.jobs import ProviderJobs
from tests.subgraphs.payments.conftest import STATE, Till
from tests.subgraphs.support import Person, act, data, denied, refused

FINDINGS = "{ paymentFindings { totalCount nodes { kind detail } } }"


async def test_somebody_pays_and_the_others_hear_of_it(till: Till, ada: Person, host: Person) -> None:
    payment, intent = await till.begin(ada, host)
    assert await till.statuses() == ["PROCESSING"]
    till.psp.pay(intent, "succeed")
    await till.webhooks.deliver()
    seen = await data(till.subgraph, STATE, ada.headers, id=payment)
    assert seen["payment"] == {"status": "SUCCEEDED", "refunded": {"amountMinor": 0}, "refunds": []}
    assert await till.told() == ["PaymentSucceeded"]
    booked = "SELECT account, amount_cents FROM ledger_entries ORDER BY account"
    assert await till.run(booked) == [("ORGANIZER", -1250), ("PROVIDER", 1250)]


async def test_starting_twice_at_once_is_one_payment_at_the_provider(
    till: Till, ada: Person, host: Person
) -> None:
    registration = await till.owe(ada, host)
    made = await asyncio.gather(*(till.start(ada, registration) for _ in range(5)))
    assert len({each["checkoutUrl"] for each in made}) == 1
    assert len(till.psp.intents) == 1


async def test_only_who_registered_pays(till: Till, ada: Person, host: Person) -> None:
    registration = await till.owe(ada, host)
    given = {"registrationId": str(registration), "method": "CARD"}
    for other in (host, till.person()):
        errors = await refused(till.subgraph, "startPayment", other.headers, **given)
        assert errors == [("NOT_FOUND", "registrationId")]
    assert await denied(till.subgraph, "startPayment", **given) == "UNAUTHENTICATED"


async def test_a_payment_is_its_payers_and_the_organizers(till: Till, ada: Person, host: Person) -> None:
    payment = await till.paid(ada, host)
    for who in (ada, host):
        assert (await data(till.subgraph, STATE, who.headers, id=payment))["payment"] is not None
    for headers in (None, till.person().headers, till.person(tenant=uuid4()).headers):
        assert (await data(till.subgraph, STATE, headers, id=payment))["payment"] is None


@pytest.mark.parametrize(
    ("before", "code"), [("paid", "PAYMENT_CLOSED"), ("ended", "PAYMENT_CLOSED"), ("late", "PAYMENT_CLOSED")]
)
async def test_what_is_paid_ended_or_late_is_not_paid_again(
    before: str, code: str, till: Till, ada: Person, host: Person
) -> None:
    registration = await till.owe(ada, host)
    if before == "paid":
        made = await till.start(ada, registration)
        till.psp.pay(made["checkoutUrl"].rpartition("/")[2], "succeed")
        await till.webhooks.deliver()
    elif before == "ended":
        await till.tell(registration, "RegistrationExpired")
    else:
        await till.run("UPDATE payments SET due_until = now() - interval '1 s'")
    given = {"registrationId": str(registration), "method": "CARD"}
    errors = await refused(till.subgraph, "startPayment", ada.headers, **given)
    assert errors == [(code, "registrationId")]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_webhooks_come_in_any_order_and_twice(
    order: tuple[int, ...], till: Till, ada: Person, host: Person
) -> None:
    payment, intent = await till.begin(ada, host)
    till.psp.pay(intent, "decline")
    till.psp.pay(intent, "succeed")
    till.psp.refund({"payment_intent": intent, "amount": "1250"})
    bodies = [body for _, _, body in till.webhooks.waiting]
    for at in (*order, *order):
        assert await till.post(bodies[at], till.webhooks.headers(bodies[at])) == 204
    seen = (await data(till.subgraph, STATE, ada.headers, id=payment))["payment"]
    assert (seen["status"], seen["refunded"]) == ("REFUNDED", {"amountMinor": 1250})
    assert (await till.told()).count("PaymentSucceeded") == 1
    assert await till.balances()
    assert await till.run("SELECT count(*) FROM webhook_events") == [(3,)]


@pytest.mark.parametrize("wrong", ["no signature", "another secret", "changed", "old", "early", "garbage"])
async def test_what_is_not_the_providers_word_changes_nothing(
    wrong: str, till: Till, ada: Person, host: Person
) -> None:
    _, intent = await till.begin(ada, host)
    till.psp.pay(intent, "succeed")
    ((_, _, body),) = till.webhooks.waiting
    now = till.webhooks.clock()
    if wrong in ("old", "early"):
        till.webhooks.clock = lambda: now + (-301 if wrong == "old" else 310)
    if wrong == "another secret":
        till.webhooks.secret = "whsec_other"
    headers = dict(till.webhooks.headers(body if wrong != "garbage" else b"[]"))
    if wrong == "no signature":
        del headers["stripe-signature"]
    sent = {"changed": body.replace(b"1250", b"1251"), "garbage": b"[]"}.get(wrong, body)
    assert await till.post(sent, headers) == 400
    assert await till.statuses() == ["PROCESSING"]


async def test_a_webhook_that_is_replayed_is_heard_once(till: Till, ada: Person, host: Person) -> None:
    payment = await till.paid(ada, host)
    intent = next(iter(till.psp.intents.values()))
    body = json.dumps(
        {"id": "evt_x", "type": "payment_intent.succeeded", "data": {"object": intent}}
    ).encode()
    for _ in range(2):
        assert await till.post(body, till.webhooks.headers(body)) == 204
    assert await till.told() == ["PaymentSucceeded"]
    assert (await data(till.subgraph, STATE, ada.headers, id=payment))["payment"]["status"] == "SUCCEEDED"


async def test_an_amount_that_is_not_ours_pays_nothing_and_is_found(
    till: Till, ada: Person, host: Person
) -> None:
    _, intent = await till.begin(ada, host)
    till.psp.intents[intent]["amount"] = 1
    till.psp.pay(intent, "succeed")
    await till.webhooks.deliver()
    assert await till.statuses() == ["PROCESSING"]
    admin = till.person(roles=frozenset({"ROLE_ADMIN"}))
    found = (await data(till.subgraph, FINDINGS, admin.headers))["paymentFindings"]
    assert found["nodes"] == [{"kind": "AMOUNT_DIFFERS", "detail": "1 EUR instead of 1250 EUR"}]
    answer = await till.subgraph.execute(FINDINGS, {}, headers=ada.headers)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_parts_go_back_until_nothing_is_left(till: Till, ada: Person, host: Person) -> None:
    payment = await till.paid(ada, host)
    for number, amount in enumerate((300, 200)):
        assert (await till.refund(host, payment, f"part-{number:04}", amountMinor=amount))["errors"] == []
    await till.work()
    assert await till.statuses() == ["PARTIALLY_REFUNDED"]
    too_much = await till.refund(host, payment, "too-much", amountMinor=751)
    assert [error["code"] for error in too_much["errors"]] == ["REFUND_TOO_LARGE"]
    assert (await till.refund(host, payment, "the-rest"))["refund"]["amountMinor"] == 750
    await till.work()
    assert await till.statuses() == ["REFUNDED"]
    assert await till.run("SELECT sum(amount_cents) FROM ledger_entries WHERE account = 'PROVIDER'") == [(0,)]
    assert await till.balances()


async def test_of_many_refunds_at_once_no_more_goes_back_than_was_paid(
    till: Till, ada: Person, host: Person
) -> None:
    payment = await till.paid(ada, host)
    asked = await asyncio.gather(
        *(till.refund(host, payment, f"at-once-{number}", amountMinor=500) for number in range(8))
    )
    assert sorted(len(each["errors"]) for each in asked) == [0, 0, 1, 1, 1, 1, 1, 1]
    await till.work()
    assert await till.run("SELECT refunded_cents FROM payments") == [(1000,)]
    assert await till.balances()


async def test_the_same_refund_asked_for_twice_is_one(till: Till, ada: Person, host: Person) -> None:
    payment = await till.paid(ada, host)
    made = [(await till.refund(host, payment))["refund"] for _ in range(2)]
    await till.work()
    made.append((await till.refund(host, payment))["refund"])
    assert len({each["id"] for each in made}) == 1
    assert len(till.psp.refunds) == 1


async def test_only_who_manages_the_event_gives_back(till: Till, ada: Person, host: Person) -> None:
    payment = await till.paid(ada, host)
    given = {"paymentId": payment, "reason": "Because", "idempotencyKey": "key-1234"}
    assert await denied(till.subgraph, "refundPayment", ada.headers, **given) == "FORBIDDEN"
    stranger = till.person(tenant=uuid4())
    assert await refused(till.subgraph, "refundPayment", stranger.headers, **given) == [
        ("NOT_FOUND", "paymentId")
    ]
    unpaid, _ = await till.begin(ada, host)
    errors = await refused(till.subgraph, "refundPayment", host.headers, **given | {"paymentId": unpaid})
    assert errors == [("PAYMENT_CLOSED", "paymentId")]


async def test_a_registration_that_ends_while_somebody_pays_gives_back_what_comes(
    till: Till, ada: Person, host: Person
) -> None:
    registration = await till.owe(ada, host)
    made = await till.start(ada, registration)
    await till.tell(registration, "RegistrationCancelled")
    assert await till.statuses() == ["CANCELLED"]
    till.psp.pay(made["checkoutUrl"].rpartition("/")[2], "succeed")
    await till.work()
    assert await till.told() == ["PaymentFailed", "PaymentSucceeded"]
    for _ in range(2):
        await till.tell(registration, "RegistrationRefundDue", refund_minor=1250)
    await till.work()
    assert await till.statuses() == ["REFUNDED"]
    assert await till.balances()


async def test_a_registration_that_ends_before_somebody_pays_cannot_be_paid_at_the_provider(
    till: Till, ada: Person, host: Person
) -> None:
    registration = await till.owe(ada, host)
    made = await till.start(ada, registration)
    await till.tell(registration, "RegistrationExpired")
    await till.work()
    assert till.psp.get(made["checkoutUrl"].rpartition("/")[2])["status"] == "canceled"


async def test_what_a_cancelled_registration_paid_goes_back_as_far_as_it_is_left(
    till: Till, ada: Person, host: Person
) -> None:
    registration = await till.owe(ada, host)
    made = await till.start(ada, registration)
    till.psp.pay(made["checkoutUrl"].rpartition("/")[2], "succeed")
    await till.webhooks.deliver()
    await till.refund(host, made["id"], amountMinor=1000)
    for _ in range(2):
        await till.tell(registration, "RegistrationCancelled", refund_minor=625)
    await till.work()
    amounts = "SELECT amount_cents FROM refunds ORDER BY created_at"
    assert await till.run(amounts) == [(1000,), (250,)]


async def test_a_provider_that_is_away_for_an_hour_refunds_when_it_is_back(
    till: Till, ada: Person, host: Person
) -> None:
    payment = await till.paid(ada, host)
    await till.refund(host, payment)
    till.webhooks.chaos = Chaos(failing_percent=100)
    for _ in range(12):
        with pytest.raises(StoreUnavailable):
            await till.work()
        await till.run("UPDATE jobs SET due_at = now()")
    assert await till.run("SELECT failures, dead FROM jobs") == [(0, False)]
    registration = await till.owe(ada, host)
    given = {"registrationId": str(registration), "method": "CARD"}
    assert await denied(till.subgraph, "startPayment", ada.headers, **given) == "SERVICE_UNAVAILABLE"
    till.webhooks.chaos = Chaos()
    await till.work()
    assert (await data(till.subgraph, STATE, ada.headers, id=payment))["payment"]["status"] == "REFUNDED"


@pytest.mark.parametrize("chaos", [Chaos(lost_percent=100)])
async def test_a_payment_whose_webhook_was_lost_is_asked_for(till: Till, ada: Person, host: Person) -> None:
    _, intent = await till.begin(ada, host)
    till.psp.pay(intent, "succeed")
    assert till.webhooks.waiting == []
    async with till.database.write() as session:
        await ProviderJobs(till.provider).reconcile(session)
    assert await till.statuses() == ["SUCCEEDED"]


async def test_books_that_were_forged_are_found(till: Till, ada: Person, host: Person) -> None:
    payment = await till.paid(ada, host)
    till.psp.intents.clear()
    async with till.database.write() as session:
        await ProviderJobs(till.provider).reconcile(session)
        await ProviderJobs(till.provider).reconcile(session)
    found = await till.run("SELECT kind, payment_id FROM findings")
    assert found == [("NOT_PAID_THERE", UUID(payment))]


async def test_the_ledger_takes_nothing_that_does_not_balance_and_is_never_changed(
    till: Till, ada: Person, host: Person
) -> None:
    await till.paid(ada, host)
    alone = """INSERT INTO ledger_entries (transaction_id, payment_id, account, amount_cents, currency)
        SELECT gen_random_uuid(), id, 'PROVIDER', 5, 'EUR' FROM payments"""
    with pytest.raises(IntegrityError, match="does not balance"):
        await till.run(alone)
    for change in ("UPDATE ledger_entries SET amount_cents = 1", "DELETE FROM ledger_entries"):
        with pytest.raises(DBAPIError, match="only added"):
            await till.run(change)
    again = alone.replace("gen_random_uuid(), id", "id, id")
    with pytest.raises(IntegrityError, match="ledger_once"):
        await till.run(again)


async def test_how_somebody_paid_is_not_readable_in_the_store(till: Till, ada: Person, host: Person) -> None:
    headers = dict(ada.headers) | {"user-agent": "Ada's telephone", "x-forwarded-for": "203.0.113.7"}
    registration = await till.owe(ada, host)
    given = {"registrationId": str(registration), "method": "CARD"}
    await act(till.subgraph, "startPayment", headers, **given)
    ((payment, kept),) = await till.run("SELECT id, metadata FROM payments")
    assert b"telephone" not in kept
    assert b"203.0.113.7" not in kept
    told = json.loads(cipher_of(till.config).decrypt(kept, "payments.metadata", payment))
    assert told == {"address": "203.0.113.7", "device": "Ada's telephone", "method": "CARD"}


async def test_who_pays_cannot_say_that_they_paid(till: Till, ada: Person, host: Person) -> None:
    await till.begin(ada, host)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with writing(till.database, Acting(ada.id)) as session:
            await session.execute(text("UPDATE payments SET status = 'SUCCEEDED'"))
