"""What the tickets domain does when nobody asks: seats that were held long enough are free again, and it
hears of events, payments and who is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.worker import Task
from subgraphs.tickets.repository.heard import expire, forget_person, hear_of_events, hear_of_payments

HELD_LOOKED_AT = timedelta(seconds=10)


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    return [
        Relay("tickets", database, redis),
        Consumer("tickets.events", ["events.event"], hear_of_events, database, redis),
        Consumer("tickets.payments", ["payments.payment"], hear_of_payments, database, redis),
        *Departures("tickets", {"UserDeleted": forget_person}, database, redis).tasks(),
        Periodic("held seats", HELD_LOOKED_AT, expire, database),
    ]
