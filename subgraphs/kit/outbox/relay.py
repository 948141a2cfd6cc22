"""From the outbox to the streams, in order. One batch is one transaction:

    lock ── select waiting ── XADD each ── mark published ── commit

Killed before the commit, the batch is sent again with the same ids.
"""

from __future__ import annotations

from redis.asyncio import Redis
from sqlalchemy import delete, func, select, update

from db.postgres import Database, WriteSession
from db.redis import RedisStore
from subgraphs.kit.outbox.message import KEPT, WRITTEN_AT, Message, stream
from subgraphs.kit.outbox.tables import outbox

BATCH = 200
LOCK_SPACE = 0x72656C


class Relay:
    """Of one domain. Several may run: one at a time does something."""

    name = "relay"
    writes_streams = True

    def __init__(self, domain: str, database: Database, redis: RedisStore) -> None:
        self._database = database
        self._redis = redis
        self._epoch = f"plait:{domain}:outbox:epoch"
        self._lock = func.pg_try_advisory_xact_lock(LOCK_SPACE, func.hashtext(domain))

    async def step(self) -> bool:
        """Send one batch; whether there was any. Raises StoreUnavailable."""
        async with self._database.write() as session:
            if not (await session.execute(select(self._lock))).scalar():
                return False
            known = await self._streams_are_known()
            if not known:
                await session.execute(update(outbox).values(published_at=None))
            numbers = await self._send_batch(session)
            if not numbers:
                await session.execute(delete(outbox).where(outbox.c.published_at < func.now() - KEPT))
        if not known:
            async with self._redis.use() as client:
                await client.set(self._epoch, b"1")
        return bool(numbers)

    async def _streams_are_known(self) -> bool:
        """The key goes with the streams: without it Redis is new, or has lost them. It is set after what that
        means is committed.
        """
        async with self._redis.use() as client:
            return bool(await client.exists(self._epoch))

    async def _send_batch(self, session: WriteSession) -> list[int]:
        waiting = select(outbox).where(outbox.c.published_at.is_(None)).order_by(outbox.c.id).limit(BATCH)
        rows = (await session.execute(waiting.with_for_update(skip_locked=True))).all()
        if not rows:
            return []
        async with self._redis.use() as client, client.pipeline(transaction=False) as sending:
            oldest = await _oldest_kept(client)
            for row in rows:
                headers = {WRITTEN_AT: row.created_at.isoformat(), **row.headers}
                message = Message(row.topic, row.key, row.type, row.payload, headers, row.message_id)
                sending.xadd(stream(row.topic), {"message": message.to_json()}, minid=oldest)
            await sending.execute()
        numbers = [row.id for row in rows]
        sent = (
            update(outbox).where(outbox.c.id == func.any(numbers)).values(published_at=func.clock_timestamp())
        )
        await session.execute(sent)
        return numbers


async def _oldest_kept(client: Redis) -> str:
    """The number of the oldest entry that stays in a stream. They are numbered by Redis's clock: ours, when
    it is ahead, would throw away what nobody has heard yet.
    """
    seconds, _ = await client.time()
    return f"{int(seconds - KEPT.total_seconds()) * 1000}-0"
