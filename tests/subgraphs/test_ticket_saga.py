"""Register, reserve, pay, confirm; or fail, and free the seat: tickets and payments over the router, and
each hearer killed at its last step.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import text

from db.config import DomainStore
from plait.fake_psp import Psp, Webhooks, fake_psp
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer
from subgraphs.payments import app, worker
from subgraphs.payments.app import WEBHOOKS
from subgraphs.payments.provider import StripeShapedProvider
from tests.subgraphs.mesh import Mesh, Person, meshed

KEY, SECRET = "sk_test", "whsec_test"
MINE = """{ me { registrations { nodes { status endReason ticket { status }
    payment { status amount { formatted } refunded { formatted } } } } } }"""
ROUNDS = 4
HEARERS = ("tickets.events", "payments.registrations", "tickets.payments")


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


@dataclass
class Stage:
    mesh: Mesh
    psp: Psp
    webhooks: Webhooks

    async def settle(self) -> None:
        """Until the three have heard everything, and the provider too: there, back, and once more."""
        tasks = [task for name in ("events", "tickets", "payments") for task in self.mesh.tasks[name]]
        for _ in range(ROUNDS):
            for task in tasks:
                while not isinstance(task, Periodic) and await task.step():
                    pass
            await self.webhooks.deliver(all_of_them=True)

    async def sell(self, host: Person) -> str:
        event = await host.publish("Concert")
        await self.settle()
        columns = {"eventId": event, "name": "Seat", "quantity": 1, "priceMinor": 1250, "currency": "EUR"}
        return str((await host.act("createTicketType", "ticketType { id }", **columns))["ticketType"]["id"])

    async def register(self, who: Person, kind: str) -> str:
        made = await who.act("registerForEvent", "registration { id }", ticketTypeId=kind, joinWaitlist=True)
        await self.settle()
        return str(made["registration"]["id"])

    async def pay(self, who: Person, registration: str, outcome: str = "succeed") -> None:
        given = {"registrationId": registration, "method": "CARD"}
        made = await who.act("startPayment", "payment { checkoutUrl }", **given)
        self.psp.pay(made["payment"]["checkoutUrl"].rpartition("/")[2], outcome)

    async def mine(self, who: Person) -> list[Any]:
        nodes: list[Any] = (await who.ask(MINE))["me"]["registrations"]["nodes"]
        return nodes

    async def run(self, domain: str, statement: str) -> list[Any]:
        async with writing(self.mesh.stores[domain].postgres, OFFICE) as session:
            return [tuple(row) for row in await session.execute(text(statement))]


@pytest.fixture
async def stage(
    stores: Mapping[str, DomainStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    paying: list[Any] = []

    async def post(body: bytes, headers: Mapping[str, str]) -> bool:
        transport = httpx.ASGITransport(app=paying[0].asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://payments") as client:
            return (await client.post(WEBHOOKS, content=body, headers=dict(headers))).is_success

    webhooks = Webhooks(SECRET, post)
    psp = Psp(webhooks.tell, "http://psp")
    transport = httpx.ASGITransport(app=fake_psp(psp, webhooks, KEY))
    async with httpx.AsyncClient(transport=transport, base_url="http://psp") as client:
        provider = StripeShapedProvider(client, KEY, SECRET)
        for module in (app, worker):
            monkeypatch.setattr(module, "provider_from", lambda _config: provider)
        build = app.build

        def remembered(config: Any, stores: Any) -> Any:
            paying.append(build(config, stores))
            return paying[0]

        monkeypatch.setattr(app, "build", remembered)
        async with meshed(stores, tmp_path) as mesh:
            yield Stage(mesh, psp, webhooks)


async def test_a_seat_is_reserved_paid_and_confirmed(stage: Stage) -> None:
    ada, grace = await stage.mesh.sign_up("ada"), await stage.mesh.sign_up("grace")
    registration = await stage.register(grace, await stage.sell(ada))
    assert await stage.mine(grace) == [
        {
            "status": "PENDING",
            "endReason": None,
            "ticket": None,
            "payment": {"status": "DUE", "amount": {"formatted": "12.50 EUR"}, "refunded": NOTHING},
        }
    ]
    await stage.pay(grace, registration)
    await stage.settle()
    (paid,) = await stage.mine(grace)
    assert (paid["status"], paid["ticket"], paid["payment"]["status"]) == (
        "CONFIRMED",
        {"status": "VALID"},
        "SUCCEEDED",
    )


NOTHING = {"formatted": "0.00 EUR"}


async def test_a_payment_that_fails_frees_the_seat_for_who_waits(stage: Stage) -> None:
    ada, grace, eve = [await stage.mesh.sign_up(name) for name in ("ada", "grace", "eve")]
    kind = await stage.sell(ada)
    registration = await stage.register(grace, kind)
    await stage.register(eve, kind)
    await stage.pay(grace, registration, "decline")
    await stage.settle()
    (failed,) = await stage.mine(grace)
    assert (failed["status"], failed["endReason"]) == ("CANCELLED", "PAYMENT_FAILED")
    (next_,) = await stage.mine(eve)
    assert (next_["status"], next_["payment"]["status"]) == ("PENDING", "DUE")


async def test_a_cancelled_event_gives_everything_back(stage: Stage) -> None:
    ada, grace = await stage.mesh.sign_up("ada"), await stage.mesh.sign_up("grace")
    registration = await stage.register(grace, await stage.sell(ada))
    await stage.pay(grace, registration)
    await stage.settle()
    ((event,),) = await stage.run("tickets", "SELECT id::text FROM events")
    await ada.act("cancelEvent", "event { id }", eventId=event)
    await stage.settle()
    (ended,) = await stage.mine(grace)
    assert (ended["status"], ended["payment"]["status"]) == ("CANCELLED", "REFUNDED")
    assert ended["payment"]["refunded"] == {"formatted": "12.50 EUR"}
    assert await stage.run("payments", "SELECT * FROM ledger_faults()") == []


async def test_a_payment_that_succeeds_after_the_seat_is_gone_goes_back(stage: Stage) -> None:
    ada, grace = await stage.mesh.sign_up("ada"), await stage.mesh.sign_up("grace")
    registration = await stage.register(grace, await stage.sell(ada))
    await stage.pay(grace, registration)
    await grace.act("cancelRegistration", "registration { status }", registrationId=registration)
    await stage.settle()
    (ended,) = await stage.mine(grace)
    assert (ended["status"], ended["payment"]["status"]) == ("CANCELLED", "REFUNDED")
    assert await stage.run("tickets", "SELECT sold_count FROM ticket_types") == [(0,)]


@pytest.mark.parametrize("hearer", HEARERS)
async def test_who_is_killed_at_the_last_step_does_it_once_the_next_time(stage: Stage, hearer: str) -> None:
    kill(stage, hearer)
    ada, grace = await stage.mesh.sign_up("ada"), await stage.mesh.sign_up("grace")
    kind = await stage.sell(ada) if hearer != "tickets.events" else await survive(stage, stage.sell(ada))
    if kind is None:
        kind = await stage.sell(ada)
    registration = await survive(stage, stage.register(grace, kind)) or await newest(stage)
    await stage.pay(grace, registration)
    await survive(stage, stage.settle())
    await stage.settle()
    (paid,) = await stage.mine(grace)
    assert (paid["status"], paid["payment"]["status"]) == ("CONFIRMED", "SUCCEEDED")
    told = "SELECT count(*) FROM outbox WHERE type = 'PaymentSucceeded'"
    assert await stage.run("payments", told) == [(1,)]
    steps = "SELECT action FROM audit WHERE entity IN ('registration', 'payment') ORDER BY at"
    assert [row[0] for row in await stage.run("tickets", steps)] == ["register", "confirm"]
    assert [row[0] for row in await stage.run("payments", steps)] == ["start", "move"]


def kill(stage: Stage, hearer: str) -> None:
    """The hearer dies the first time it has done what a message asks for, before the commit."""
    (found,) = [
        task
        for tasks in stage.mesh.tasks.values()
        for task in tasks
        if isinstance(task, Consumer) and task.name == hearer
    ]
    handle = found._handle

    async def dying(session: Any, message: Any) -> None:
        await handle(session, message)
        found._handle = handle
        raise Killed

    found._handle = dying


async def survive(stage: Stage, work: Any) -> Any:
    """Its outcome, or None when somebody died of it and everybody has gone on since."""
    try:
        return await work
    except Killed:
        await stage.settle()
        return None


async def newest(stage: Stage) -> str:
    ((registration,),) = await stage.run("tickets", "SELECT id::text FROM registrations")
    return str(registration)
