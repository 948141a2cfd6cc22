"""Deliveries that were given up: they wait again when somebody says so."""

from __future__ import annotations

from sqlalchemy import func, select, tuple_, update

from db.postgres import Database
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.notifications.models import notification_deliveries
from subgraphs.notifications.repository.deliveries import ring
from subgraphs.notifications.values import Channel, PersonId

DELIVERY = notification_deliveries.c


class PostgresDeadRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def revive(self, most: int, actor: Actor) -> int:
        """The oldest first, from now on; how many."""
        keys = (DELIVERY.notification_id, DELIVERY.channel)
        dead = select(*keys).where(DELIVERY.status == "DEAD").order_by(DELIVERY.created_at).limit(most)
        fresh = {"status": "WAITING", "attempts": 0, "due_at": func.now(), "created_at": func.now()}
        async with self._database.write() as session:
            some = dead.with_for_update(skip_locked=True)
            revived = update(notification_deliveries).where(tuple_(*keys).in_(some)).values(fresh)
            told = (DELIVERY.recipient_id, DELIVERY.channel, DELIVERY.due_at)
            rows = (await session.execute(revived.returning(*told))).all()
            for user, channel, at in sorted({tuple(row) for row in rows}):
                await ring(session, PersonId(user), Channel(channel), at)
            await audit.record(session, actor, "revive", "notification deliveries", len(rows))
        return len(rows)
