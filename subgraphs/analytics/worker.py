"""What the analytics domain does when nobody asks: hears of everything, adds it up, and drops what is old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.analytics.hearing import READERS, hear
from subgraphs.analytics.repository.keeping import RollUp, drop_old, forget_host, make_months, recount_job
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import BatchConsumer
from subgraphs.kit.worker import Task

DAILY = timedelta(days=1)


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    return [
        BatchConsumer("analytics.facts", list(READERS), hear, database, redis),
        *Departures("analytics", {"UserDeleted": forget_host}, database, redis).tasks(),
        RollUp(database),
        Periodic("months of events", DAILY, make_months, database),
        Periodic("old events", DAILY, drop_old, database),
        Periodic("recount of rollups", DAILY, recount_job, database),
    ]
