"""What the worker does to plays: months ahead, addresses that too many share, old receipts, who is gone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, text

from db.postgres import WriteSession
from subgraphs.streaming.values import Flag

MONTHS_AHEAD = 3
RECEIPTS_KEPT_DAYS = 30
LOOKED_BACK_HOURS = 26

SHARED = text(
    f"""
    INSERT INTO play_flags (play_id, "timestamp", reason)
    SELECT p.id, p."timestamp", '{Flag.SHARED_ADDRESS.value}' FROM playback_history p
    JOIN (SELECT ip_address, date_trunc('hour', "timestamp", 'UTC') AS hour FROM playback_history
            WHERE "timestamp" > now() - {LOOKED_BACK_HOURS} * interval '1 hour' AND ip_address IS NOT NULL
            GROUP BY 1, 2 HAVING count(DISTINCT user_id) > :most) shared
        ON p.ip_address = shared.ip_address AND p."timestamp" >= shared.hour
        AND p."timestamp" < shared.hour + interval '1 hour'
    WHERE p.is_counted ON CONFLICT DO NOTHING"""  # noqa: S608
)
OLD_RECEIPTS = text(
    f"DELETE FROM play_receipts WHERE received_at < now() - {RECEIPTS_KEPT_DAYS} * interval '1 day'"  # noqa: S608
)


async def make_partitions(session: WriteSession) -> None:
    await session.execute(select(func.make_playback_partitions(MONTHS_AHEAD)))


async def flag_shared_addresses(session: WriteSession, most_accounts: int) -> None:
    """Plays from an address with more than `most_accounts` accounts within an hour. O(plays of a day)."""
    await session.execute(SHARED, {"most": most_accounts})


async def delete_old_receipts(session: WriteSession) -> None:
    """A player that tells of a play later than that is refused for its age."""
    await session.execute(OLD_RECEIPTS)


async def forget_listener(session: WriteSession, user: UUID) -> None:
    """Their plays stay and are nobody's: artists were paid for them."""
    await session.execute(select(func.forget_listener(user)))
