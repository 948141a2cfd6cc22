"""What a month's funnel reads among 100,000 rollups of 20,000 events and 100,000 raw events."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from tests.subgraphs.analytics.conftest import ASK, Analysis
from tests.subgraphs.support import Person, build_over, data
from tests.support.postgres import SHARED, administer, sent_statements, shared_server

ME, OURS = UUID(int=7), UUID(int=8)
FILL = (
    f"""INSERT INTO analytics.known_events (id, tenant_id, host_id, is_public, starts_at, timezone)
        SELECT md5('e' || g)::uuid, CASE WHEN g <= 5 THEN '{OURS}'::uuid END, md5('u' || g)::uuid, true,
            now(), 'UTC' FROM generate_series(1, 20000) g""",
    f"""INSERT INTO analytics.known_events (id, host_id, is_public, starts_at, timezone)
        VALUES ('{ME}', '{ME}', true, now(), 'UTC')""",
    f"""INSERT INTO analytics.rollups
        SELECT CASE WHEN g % 200 = 0 THEN '{ME}' ELSE md5('e' || g % 20000)::uuid END,
            date_bin('15 minutes', now() - g / 5 * interval '15 minutes', '2000-01-01Z'),
            (ARRAY['VIEW', 'VISITOR', 'REGISTERED', 'PAID', 'CHECKED_IN'])[1 + g % 5], 'EUR', 1, 5
        FROM generate_series(1, 100000) g ON CONFLICT DO NOTHING""",
    """INSERT INTO analytics.analytics_events (source_id, kind, event_id, occurred_at)
        SELECT gen_random_uuid(), 'VIEW', md5('e' || g % 20000)::uuid, now()
        FROM generate_series(1, 100000) g""",
    "VACUUM ANALYZE analytics.rollups, analytics.known_events, analytics.analytics_events",
)
AS = "SELECT set_config('app.user_id', '{}', true), set_config('app.tenant_id', '{}', true)"
READ = {"rollups", "known_events"}


@pytest.mark.timeout(300)
async def test_a_months_funnel_reads_its_rollups_and_no_raw_event(analysis: Analysis) -> None:
    await administer(shared_server(), *FILL, database=SHARED)
    subgraph = build_over(analysis.database, "analytics", analysis.config)
    for kind, subject, tenant in (("Event", ME, None), ("Organization", OURS, OURS)):
        who = Person(analysis.config, id=ME, tenant=tenant)
        with sent_statements(analysis.database) as sent:
            represented = [{"__typename": kind, "id": str(subject)}]
            answer = await data(subgraph, ASK, who.headers, r=represented)
        assert answer["_entities"][0]["analytics"]["funnel"]["views"] >= 0
        funnels = [each for each in sent if "rollups" in each[0]]
        assert len(funnels) == 2
        for statement, values in funnels:
            plan = await explained(analysis, statement, values, AS.format(ME, tenant or ""))
            assert relations(plan) <= READ
            assert "Seq Scan" not in json.dumps(plan)
            assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 1000, plan


async def explained(analysis: Analysis, statement: str, values: Any, acting: str) -> dict[str, Any]:
    async with analysis.database.primary.begin() as connection:
        await connection.exec_driver_sql(acting)
        asked = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
        plan = (await connection.exec_driver_sql(asked, values)).scalar_one()
    (top,) = plan if isinstance(plan, list) else json.loads(plan)
    found: dict[str, Any] = top["Plan"]
    return found


def relations(plan: dict[str, Any]) -> set[str]:
    """The tables that a plan reads, at any depth."""
    below = (relations(each) for each in plan.get("Plans", ()))
    return set().union(*below) | ({plan["Relation Name"]} if "Relation Name" in plan else set())
