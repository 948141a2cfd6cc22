"""What the catalog domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence

from db.clients import Stores
from subgraphs.catalog.repository.departures import forget_manager
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.repeats import forgetting
from subgraphs.kit.worker import Task


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    departures = Departures("catalog", {"UserDeleted": forget_manager}, stores.postgres, stores.redis)
    return [*departures.tasks(), forgetting(stores.postgres)]
