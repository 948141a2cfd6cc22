"""What the events domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.events.repository import complete_ended
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.worker import Task

EVERY = timedelta(minutes=1)


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    """Events that are over are marked so, a minute later at most."""
    return [Periodic("ended events", EVERY, complete_ended, stores.postgres)]
