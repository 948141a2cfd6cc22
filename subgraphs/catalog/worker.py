"""What the catalog domain does when nobody asks: tells of its tracks, and hears that they can be played,
who blocks whom and who is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.catalog.repository.departures import forget_manager
from subgraphs.catalog.repository.hearing import hear_blocks
from subgraphs.catalog.repository.processed import hear_processed
from subgraphs.catalog.repository.releases import tell_releases
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.repeats import forgetting
from subgraphs.kit.worker import Task


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    return [
        Relay("catalog", database, redis),
        Consumer("catalog.processed", ["processing.job"], hear_processed, database, redis),
        Consumer("catalog.blocks", ["users.blocks"], hear_blocks, database, redis),
        *Departures("catalog", {"UserDeleted": forget_manager}, database, redis).tasks(),
        Periodic("releases", timedelta(minutes=1), tell_releases, database),
        forgetting(database),
    ]
