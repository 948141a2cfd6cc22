"""The payments subgraph over its store, a provider over HTTP without a socket, and what tickets tells."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from sqlalchemy import text

from db.clients import Stores
from db.config import DomainStore
from db.postgres import Database, connect
from db.redis import connect as connect_redis
from plait.fake_psp import Chaos, Psp, Webhooks, fake_psp
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.config import ProviderConfig, SubgraphConfig
from subgraphs.kit.jobs import Queue
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from subgraphs.payments import app, worker
from subgraphs.payments.app import WEBHOOKS
from subgraphs.payments.provider import PaymentProvider, StripeShapedProvider
from subgraphs.payments.repository.heard import hear_of_registrations
from subgraphs.payments.repository.jobs import ProviderJobs
from tests.subgraphs.support import Person, act, config_in

KEY, SECRET = "sk_test", "whsec_test"
SHOWN = "payment { id status checkoutUrl }"
STATE = """query($id: ID!) { payment(id: $id) { status refunded { amountMinor }
    refunds { status amountMinor reason } } }"""


@dataclass
class Till:
    """The domain, its provider, and what passes between them."""

    subgraph: Subgraph
    database: Database
    config: SubgraphConfig
    psp: Psp
    webhooks: Webhooks
    provider: PaymentProvider

    async def tell(self, registration: UUID, kind: str, **facts: Any) -> None:
        told = {"refund_minor": 0, "amount_minor": 0, "held_until": None} | facts
        message = Message("tickets.registration", str(registration), kind, told)
        async with self.database.write() as session:
            await hear_of_registrations(session, message)

    async def owe(self, who: Person, host: Person, tenant: UUID | None = None, amount: int = 1250) -> UUID:
        """Somebody registered for what costs; the registration's id."""
        registration = uuid4()
        facts = {
            "tenant_id": None if tenant is None else str(tenant),
            "host_id": str(host.id),
            "event_id": str(uuid4()),
            "user_id": str(who.id),
            "amount_minor": amount,
            "currency": "EUR",
            "held_until": (datetime.now(UTC) + timedelta(minutes=15)).isoformat(),
        }
        await self.tell(registration, "RegistrationReserved", **facts)
        return registration

    async def start(self, who: Person, registration: UUID) -> Any:
        given = {"registrationId": str(registration), "method": "CARD"}
        payload = await act(self.subgraph, "startPayment", who.headers, SHOWN, **given)
        assert payload["errors"] == [], payload["errors"]
        return payload["payment"]

    async def begin(self, who: Person, host: Person, **facts: Any) -> tuple[str, str]:
        """A payment that waits for somebody to pay: its id, and the provider's."""
        made = await self.start(who, await self.owe(who, host, **facts))
        return made["id"], made["checkoutUrl"].rpartition("/")[2]

    async def paid(self, who: Person, host: Person, **facts: Any) -> str:
        payment, intent = await self.begin(who, host, **facts)
        self.psp.pay(intent, "succeed")
        await self.webhooks.deliver(all_of_them=True)
        return payment

    async def refund(self, who: Person, payment: str, key: str = "key-1234", **given: Any) -> Any:
        columns = {"paymentId": payment, "reason": "Because", "idempotencyKey": key} | given
        return await act(self.subgraph, "refundPayment", who.headers, "refund { id amountMinor }", **columns)

    async def work(self) -> None:
        """The jobs that are due, each once."""
        jobs = ProviderJobs(self.provider)
        queues = (worker.REFUND_QUEUE, jobs.refund), (worker.CANCEL_QUEUE, jobs.cancel)
        for name, handle in queues:
            while await Queue(name, handle, self.database).step():
                pass
        await self.webhooks.deliver(all_of_them=True)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        transport = httpx.ASGITransport(app=self.subgraph.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://payments") as client:
            return int((await client.post(WEBHOOKS, content=body, headers=dict(headers))).status_code)

    async def run(self, statement: str, **given: Any) -> list[Any]:
        async with writing(self.database, OFFICE) as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []

    async def statuses(self) -> list[str]:
        return [row[0] for row in await self.run("SELECT status FROM payments ORDER BY created_at")]

    async def told(self) -> list[str]:
        return [row[0] for row in await self.run("SELECT type FROM outbox ORDER BY id")]

    async def balances(self) -> bool:
        """Nothing is wrong with the books."""
        return await self.run("SELECT * FROM ledger_faults()") == []

    def person(self, **facts: Any) -> Person:
        return Person(self.config, **facts)


@pytest.fixture
def chaos() -> Chaos:
    return Chaos()


@pytest.fixture
async def till(
    stores: Mapping[str, DomainStore], tmp_path: Path, chaos: Chaos, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Till]:
    till: Till

    async def post(body: bytes, headers: Mapping[str, str]) -> bool:
        return await till.post(body, headers) < 300

    webhooks = Webhooks(SECRET, post, chaos)
    psp = Psp(webhooks.tell, "http://psp")
    transport = httpx.ASGITransport(app=fake_psp(psp, webhooks, KEY))
    config = replace(config_in(tmp_path), payment_provider=ProviderConfig("http://psp", KEY, SECRET))
    database, redis = connect(stores["payments"]), connect_redis(stores["payments"].redis or "")
    async with httpx.AsyncClient(transport=transport, base_url="http://psp") as client:
        provider = StripeShapedProvider(client, KEY, SECRET)
        monkeypatch.setattr(app, "provider_from", lambda _config: provider)
        subgraph = app.build(config, Stores("payments", database, opened_redis=redis))
        till = Till(subgraph, database, config, psp, webhooks, provider)
        yield till
    await database.close()
    await redis.close()


@pytest.fixture
def ada(till: Till) -> Person:
    return till.person()


@pytest.fixture
def host(till: Till) -> Person:
    return till.person()
