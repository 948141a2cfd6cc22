"""What the streaming domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from db.postgres import WriteSession
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer
from subgraphs.kit.worker import Task
from subgraphs.streaming.repository.keeping import (
    delete_old_receipts,
    flag_shared_addresses,
    forget_listener,
    make_partitions,
)
from subgraphs.streaming.repository.postgres_tracks import hear_of_tracks


def tasks(config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis

    async def flag_shared(session: WriteSession) -> None:
        await flag_shared_addresses(session, config.streaming.most_accounts)

    return [
        Consumer("streaming.tracks", ["catalog.track"], hear_of_tracks, database, redis),
        *Departures("streaming", {"UserDeleted": forget_listener}, database, redis).tasks(),
        Periodic("months of plays", timedelta(days=1), make_partitions, database),
        Periodic("shared addresses", timedelta(minutes=10), flag_shared, database),
        Periodic("old receipts", timedelta(days=1), delete_old_receipts, database),
    ]
