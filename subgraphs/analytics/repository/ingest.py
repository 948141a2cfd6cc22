"""Facts in, in one transaction and one statement:

    given ──► fresh (receipts: each source once) ──► timed ──► judged ─┬─► analytics_events
                                                      │                └─► pending_rollups, for the job
                                                      └─► visitor_days: who was there today already

A time that cannot be (ahead of our clock by more than `AHEAD`, or older than anything that is still told) is
when we heard of it: a clock that is wrong loses nothing and makes no months of its own. O(facts).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from db.postgres import WriteSession
from subgraphs.analytics.values import Fact, Kind

AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=31)
"""Messages are kept for seven days; what is older has a wrong clock behind it."""
MOMENTS = ARRAY(DateTime(timezone=True))

BELIEVED = "{0} > now() - CAST(:oldest AS interval) AND {0} < now() + CAST(:ahead AS interval)"
MAKE_MONTHS = text(
    f"""SELECT make_analytics_months(
        ARRAY(SELECT t FROM unnest(:times) t WHERE {BELIEVED.format("t")}) || now())"""  # noqa: S608
).bindparams(bindparam("times", type_=MOMENTS))
INGEST = text(
    f"""
    WITH given AS (
        SELECT DISTINCT ON (g.source_id) g.*
        FROM unnest(CAST(:sources AS uuid[]), CAST(:kinds AS text[]), CAST(:events AS uuid[]),
            CAST(:times AS timestamptz[]), CAST(:visitors AS bytea[]), CAST(:amounts AS bigint[]),
            CAST(:currencies AS text[]))
            AS g (source_id, kind, event_id, told_at, visitor, amount_minor, currency)
        ORDER BY g.source_id
    ), fresh AS (
        INSERT INTO receipts (source_id) SELECT source_id FROM given ORDER BY source_id
        ON CONFLICT DO NOTHING RETURNING source_id
    ), timed AS MATERIALIZED (
        SELECT g.*, CASE WHEN {BELIEVED.format("g.told_at")} THEN g.told_at ELSE now() END AS occurred_at
        FROM given g JOIN fresh USING (source_id)
    ), met AS (
        INSERT INTO visitor_days (event_id, day, visitor)
        SELECT DISTINCT event_id, (occurred_at AT TIME ZONE 'UTC')::date AS day, visitor FROM timed
        WHERE visitor IS NOT NULL ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING RETURNING event_id, day, visitor
    ), judged AS MATERIALIZED (
        SELECT t.*, m.visitor IS NOT NULL AND row_number() OVER (
            PARTITION BY m.event_id, m.day, m.visitor ORDER BY t.occurred_at, t.source_id) = 1 AS is_first
        FROM timed t LEFT JOIN met m ON m.event_id = t.event_id AND m.visitor = t.visitor
            AND m.day = (t.occurred_at AT TIME ZONE 'UTC')::date
    ), kept AS (
        INSERT INTO analytics_events
            (source_id, kind, event_id, visitor, is_first, amount_minor, currency, occurred_at)
        SELECT source_id, kind, event_id, visitor, is_first, amount_minor, currency, occurred_at
        FROM judged ORDER BY occurred_at, source_id
    ), noted AS (
        INSERT INTO pending_rollups (event_id, quarter, kind, currency, number, amount_minor)
        SELECT j.event_id, date_bin('15 minutes', j.occurred_at, '2000-01-01Z'), k.kind, j.currency, count(*),
            sum(j.amount_minor)
        FROM judged j, LATERAL (SELECT j.kind UNION ALL SELECT '{Kind.VISITOR.value}' WHERE j.is_first) k
        GROUP BY 1, 2, 3, 4
    )
    SELECT count(*) FROM fresh"""  # noqa: S608
)


async def ingest(session: WriteSession, facts: Sequence[Fact]) -> int:
    """How many were new. A month without a partition gets it."""
    if not facts:
        return 0
    times = [fact.occurred_at for fact in facts]
    believed = {"ahead": AHEAD, "oldest": OLDEST}
    told = sorted({time for time in times if time is not None})
    await session.execute(MAKE_MONTHS, {"times": told, **believed})
    given: dict[str, Any] = {
        "sources": [fact.source_id for fact in facts],
        "kinds": [fact.kind.value for fact in facts],
        "events": [fact.event_id for fact in facts],
        "times": times,
        "visitors": [fact.visitor for fact in facts],
        "amounts": [fact.amount_minor for fact in facts],
        "currencies": [fact.currency for fact in facts],
        **believed,
    }
    return int((await session.execute(INGEST, given)).scalar_one())
