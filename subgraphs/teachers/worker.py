"""What the teachers domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence

from db.clients import Stores
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.outbox import Relay
from subgraphs.kit.worker import Task
from subgraphs.teachers.repository.departures import forget_person


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    """The school hears who teaches; who is gone teaches no longer."""
    database, redis = stores.postgres, stores.redis
    gone = Departures("teachers", {"UserDeleted": forget_person}, database, redis)
    return [Relay("teachers", database, redis), *gone.tasks()]
