"""Who is behind notifications, and what they are about as it is now: one statement for a page of them.

The latest three people are named, all are counted: O(causes of each notification), read from an index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import text

from db.postgres import ReadSession
from subgraphs.notifications.values import NAMED_ACTORS, Cast, NotificationId, PersonId

CASTS = text("""
    SELECT n.id, c.actors, c.names, c.times, c.comment_id, e.title, e.starts_at
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id)
    JOIN notifications n ON n.id = wanted.id
    LEFT JOIN known_events e ON e.id = n.event_id
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(latest.actor_id ORDER BY latest.at DESC)
                FILTER (WHERE latest.place <= :named), '{}') AS actors,
            coalesce(array_agg(names.username ORDER BY latest.at DESC)
                FILTER (WHERE latest.place <= :named), '{}') AS names,
            CASE WHEN count(latest.actor_id) > 0 THEN count(latest.actor_id) ELSE (
                SELECT count(*) FROM notification_causes o
                WHERE o.notification_id = n.id AND o.withdrawn_at IS NULL) END AS times,
            (SELECT newest.comment_id FROM notification_causes newest
                WHERE newest.notification_id = n.id AND newest.withdrawn_at IS NULL
                ORDER BY newest.created_at DESC LIMIT 1) AS comment_id
        FROM (
            SELECT actor_id, max(created_at) AS at,
                row_number() OVER (ORDER BY max(created_at) DESC, actor_id) AS place
            FROM notification_causes
            WHERE notification_id = n.id AND withdrawn_at IS NULL AND actor_id IS NOT NULL
            GROUP BY actor_id
        ) AS latest LEFT JOIN names ON names.id = latest.actor_id
    ) AS c""")


async def casts_of(session: ReadSession, ids: Sequence[NotificationId]) -> Mapping[NotificationId, Cast]:
    rows = await session.execute(CASTS, {"ids": list(ids), "named": NAMED_ACTORS})
    return {
        NotificationId(row.id): Cast(
            tuple(map(PersonId, row.actors)),
            tuple(row.names),
            row.times,
            row.comment_id,
            {} if row.starts_at is None else {"title": row.title, "starts_at": row.starts_at},
        )
        for row in rows
    }
