"""What the feed domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from db.clients import Stores
from db.postgres import WriteSession
from subgraphs.feed.repository import FeedPages, Hearing, PostgresFeedRepository
from subgraphs.feed.repository.hearing import DROP, FAN_OUT
from subgraphs.feed.values import CROWD
from subgraphs.kit import jobs
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Queue
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.worker import Task


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    feed, hearing = PostgresFeedRepository(database), Hearing(FeedPages(redis), CROWD)

    async def forget_person(session: WriteSession, user: UUID) -> None:
        await feed.forget_person(session, user)
        await jobs.enqueue(session, DROP, {"users": [str(user)]})

    return [
        Relay("feed", database, redis),
        Consumer("feed.posts", ["posts.posts"], hearing.of_posts, database, redis),
        Consumer("feed.follows", ["users.follows"], hearing.of_follows, database, redis),
        Queue(FAN_OUT, hearing.fan_out, database),
        Queue(DROP, hearing.drop, database),
        *Departures("feed", {"UserDeleted": forget_person}, database, redis).tasks(),
    ]
