"""Analytics over a store, with messages as the other domains would have told them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.analytics.hearing import hear
from subgraphs.analytics.repository.keeping import RollUp
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in, data
from tests.support.postgres import SHARED, shared_server

NOON = datetime.now(UTC).replace(hour=12, minute=7, second=0, microsecond=0) - timedelta(days=2)
"""Within the time that is believed."""
FUNNEL = """views visitors reservations waitlisted registrations cancellations expirations checkIns
    paid { amountMinor currency } refunded { amountMinor currency }"""
ASK = f"""query($r: [_Any!]!, $since: DateTime, $until: DateTime, $unit: SeriesUnit! = DAY,
        $zone: TimeZone! = "UTC") {{
    _entities(representations: $r) {{
        ... on Event {{ analytics(since: $since, until: $until) {{ since until funnel {{ {FUNNEL} }}
            series(unit: $unit, timeZone: $zone) {{ startsAt funnel {{ {FUNNEL} }} }} }} }}
        ... on Organization {{ analytics(since: $since, until: $until) {{ since until funnel {{ {FUNNEL} }}
            series(unit: $unit, timeZone: $zone) {{ startsAt funnel {{ {FUNNEL} }} }} }} }} }} }}"""
SUMS = """SELECT coalesce(s.subject_id, '00000000-0000-0000-0000-000000000000'), quarter, kind, currency,
        sum(number)::bigint, sum(amount)::bigint
    FROM (SELECT event_id, date_bin('15 minutes', occurred_at, '2000-01-01Z') AS quarter, kind, currency,
                1 AS number, amount_minor AS amount FROM analytics.analytics_events
            UNION ALL SELECT event_id, date_bin('15 minutes', occurred_at, '2000-01-01Z'), 'VISITOR', '', 1, 0
                FROM analytics.analytics_events WHERE is_first) raw,
        LATERAL (SELECT raw.event_id AS subject_id WHERE raw.event_id IS NOT NULL UNION ALL SELECT NULL) s
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"""


@dataclass(frozen=True)
class Analysis:
    subgraph: Subgraph
    database: Database
    config: SubgraphConfig

    def person(self, **given: Any) -> Person:
        return Person(self.config, **given)

    async def hear(self, *messages: Message) -> None:
        async with self.database.write() as session:
            await hear(session, messages)

    async def roll_up(self) -> None:
        while await RollUp(self.database).step():
            pass

    async def event(self, host: UUID | None = None, tenant: UUID | None = None, **facts: Any) -> UUID:
        event = uuid4()
        told = {"tenant_id": tenant, "host_id": host or uuid4(), "is_public": True, "status": "PUBLISHED"}
        rest = {"starts_at": NOON.isoformat(), "timezone": "UTC"} | facts
        payload = {name: str(each) if isinstance(each, UUID) else each for name, each in told.items()} | rest
        await self.hear(told_at(NOON, "events.event", "EventUpdated", payload, key=event))
        return event

    async def shown(self, who: Person | None, kind: str, subject: UUID, **given: Any) -> Any:
        """`analytics` of an Event or Organization."""
        represented = [{"__typename": kind, "id": str(subject)}]
        answer = await data(self.subgraph, ASK, who.headers if who else None, r=represented, **given)
        return answer["_entities"][0]["analytics"]

    async def view(self, who: Person | None, *views: Mapping[str, Any], **headers: str) -> Mapping[str, Any]:
        shown = "views { recorded known unknownEventIds }"
        sent = {
            **(who.headers if who else {}),
            **{name.replace("_", "-"): each for name, each in headers.items()},
        }
        payload = await act(self.subgraph, "recordEventViews", sent, shown, views=list(views))
        assert payload["errors"] == []
        recorded: Mapping[str, Any] = payload["views"]
        return recorded

    async def rolled(self) -> list[tuple[Any, ...]]:
        listed = """SELECT subject_id, quarter, kind, currency, number, amount_minor::bigint FROM rollups
            WHERE number <> 0 ORDER BY 1, 2, 3, 4"""
        async with writing(self.database, OFFICE) as session:
            return [tuple(row) for row in await session.execute(text(listed))]


async def raw(statement: str = SUMS) -> list[tuple[Any, ...]]:
    """As the owner of the server: the service does not read the raw events."""
    import asyncpg

    connection = await asyncpg.connect(shared_server().url(SHARED))
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


def told_at(
    when: datetime | None, topic: str, kind: str, payload: Mapping[str, Any], *, key: object = None
) -> Message:
    headers = {} if when is None else {"written-at": when.isoformat()}
    return Message(topic, str(key or uuid4()), kind, payload, headers)


def registered(
    event: UUID, kind: str = "RegistrationConfirmed", when: datetime = NOON, **facts: Any
) -> Message:
    told = {"event_id": str(event), "user_id": str(uuid4()), "amount_minor": 0, "currency": None, **facts}
    return told_at(when, "tickets.registration", kind, told)


def paid(
    event: UUID, amount: int, kind: str = "PaymentSucceeded", currency: str = "EUR", when: datetime = NOON
) -> Message:
    told = {"event_id": str(event), "user_id": str(uuid4()), "amount_minor": amount, "currency": currency}
    return told_at(when, "payments.payment", kind, told)


def seen(event: UUID, minutes_ago: float = 10, **given: Any) -> dict[str, Any]:
    when = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return {"clientId": str(uuid4()), "eventId": str(event), "viewedAt": when.isoformat()} | given


def around(moment: datetime, hours: float = 12) -> dict[str, str]:
    return {
        "since": (moment - timedelta(hours=hours)).isoformat(),
        "until": (moment + timedelta(hours=hours)).isoformat(),
    }


def rows(found: Sequence[Mapping[str, Any]], name: str) -> list[tuple[str, int]]:
    return [(each["startsAt"], each["funnel"][name]) for each in found]


@pytest.fixture
async def analysis(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Analysis]:
    config, database = config_in(tmp_path), connect(stores["analytics"])
    async with build_domain("analytics", config, stores["analytics"]) as subgraph:
        yield Analysis(subgraph, database, config)
    await database.close()
