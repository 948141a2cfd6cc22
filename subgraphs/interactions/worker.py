"""What the interactions domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from db.clients import Stores
from db.postgres import WriteSession
from subgraphs.interactions.repository import Counters, Hearing, interactions_in
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.reports import forget_reporter
from subgraphs.kit.worker import Task

RECOUNTED = timedelta(days=1)


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    interactions, own = interactions_in(stores)
    hearing = Hearing(interactions, Counters(redis))

    async def forget_person(session: WriteSession, user: UUID) -> None:
        await interactions.forget_person(session, user)
        await forget_reporter(session, user)

    gone = {"UserDeleted": forget_person}
    return [
        *own,
        Relay("interactions", database, redis),
        Consumer("interactions.posts", ["posts.posts"], hearing.of_posts, database, redis),
        Consumer("interactions.blocks", ["users.blocks"], hearing.of_blocks, database, redis),
        Consumer("interactions.counters", ["interactions.post"], hearing.of_ourselves, database, redis),
        *Departures("interactions", gone, database, redis).tasks(),
        Periodic("recount post_counts", RECOUNTED, interactions.recount, database),
    ]
