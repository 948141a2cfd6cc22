"""The tickets subgraph over its store, an event that it has heard of, and who is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from subgraphs.tickets.repository.heard import expire, hear_of_events, hear_of_payments
from tests.subgraphs.support import Person, act, config_in

SHOWN = "registration { id status endReason confirmationCode heldUntil placeInQueue ticket { id status } }"


@dataclass(frozen=True)
class Box:
    """The domain, and what others tell it."""

    subgraph: Subgraph
    database: Database
    config: SubgraphConfig

    async def hear_event(
        self, host: UUID, *, event: UUID | None = None, tenant: UUID | None = None, **facts: Any
    ) -> UUID:
        event = event or uuid4()
        starts = datetime.now(UTC) + timedelta(hours=facts.pop("hours", 1))
        told = {
            "tenant_id": None if tenant is None else str(tenant),
            "host_id": str(host),
            "status": "PUBLISHED",
            "title": "Concert",
            "is_public": True,
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=2)).isoformat(),
            "timezone": "UTC",
        }
        message = Message("events.event", str(event), "EventUpdated", told | facts)
        async with self.database.write() as session:
            await hear_of_events(session, message)
        return event

    async def pay(
        self, registration: str, kind: str = "PaymentSucceeded", payment: UUID | None = None
    ) -> UUID:
        """Payments says that it was paid, or not."""
        payment = payment or uuid4()
        message = Message("payments.payment", str(payment), kind, {"registration_id": registration})
        async with self.database.write() as session:
            await hear_of_payments(session, message)
        return payment

    async def time_is_over(self) -> None:
        """What is held was held long enough."""
        await self.run(
            "UPDATE registrations SET held_until = now() - interval '1 s' WHERE status = 'PENDING'"
        )
        async with self.database.write() as session:
            await expire(session)

    async def run(self, statement: str, **given: Any) -> list[Any]:
        async with writing(self.database, OFFICE) as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []

    async def told(self) -> list[tuple[str, Any]]:
        """The messages in the order they were written."""
        return [tuple(row) for row in await self.run("SELECT type, payload FROM outbox ORDER BY id")]

    async def sell(self, host: Person, event: UUID, **given: Any) -> str:
        """A ticket type of one free seat, unless something else is given; its id."""
        columns = {"eventId": str(event), "name": "Seat", "quantity": 1} | given
        made = await act(self.subgraph, "createTicketType", host.headers, "ticketType { id }", **columns)
        assert made["errors"] == [], made["errors"]
        return str(made["ticketType"]["id"])

    async def try_register(self, who: Person, kind: str, **given: Any) -> Any:
        return await act(self.subgraph, "registerForEvent", who.headers, SHOWN, ticketTypeId=kind, **given)

    async def register(self, who: Person, kind: str, **given: Any) -> Any:
        payload = await self.try_register(who, kind, **given)
        assert payload["errors"] == [], payload["errors"]
        return payload["registration"]

    async def cancel(self, who: Person, registration: str) -> Any:
        return await act(self.subgraph, "cancelRegistration", who.headers, SHOWN, registrationId=registration)

    async def statuses(self, kind: str) -> list[str]:
        """Of all registrations of a type, in the order they were made."""
        query = """SELECT status FROM registrations WHERE ticket_type_id = CAST(:kind AS uuid)
            ORDER BY queue_number NULLS FIRST, created_at"""
        return [row[0] for row in await self.run(query, kind=kind)]

    def person(self, **facts: Any) -> Person:
        return Person(self.config, **facts)


@pytest.fixture
async def box(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Box]:
    config, database = config_in(tmp_path), connect(stores["tickets"])
    async with build_domain("tickets", config, stores["tickets"]) as subgraph:
        yield Box(subgraph, database, config)
    await database.close()


@pytest.fixture
def host(box: Box) -> Person:
    return box.person()


@pytest.fixture
async def event(box: Box, host: Person) -> UUID:
    return await box.hear_event(host.id)
