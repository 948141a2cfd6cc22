"""What the media domain does when nobody asks: variants, and what is taken away."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from PIL import features

from db.clients import Stores
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic, Queue
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.worker import Task
from subgraphs.media.repository import (
    TOPICS,
    PostgresWorkRepository,
    S3FileRepository,
    forget_owner,
    hear_of_shown,
)
from subgraphs.media.repository.postgres import MAKE
from subgraphs.media.repository.removal import REMOVE
from subgraphs.media.service import Collecting, Rendering

LEASE = timedelta(minutes=5)
"""Longer than anything takes to be made (making/limits.py): a video and its poster, 90 s each."""
HALF, SWEPT = timedelta(minutes=10), timedelta(days=1)


log = logging.getLogger(__name__)


def _makes_avif(config: SubgraphConfig) -> bool:
    if config.media.avif and not features.check("avif"):
        log.warning("PLAIT_MEDIA_AVIF is on, and this Pillow is built without AVIF: install its wheel")
        return False
    return config.media.avif


def tasks(config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    heard: list[Task] = [
        Relay("media", database, redis),
        Consumer("media.posts", TOPICS, hear_of_shown, database, redis),
        *Departures("media", {"UserDeleted": forget_owner}, database, redis).tasks(),
    ]
    if stores.opened_s3 is None:
        return heard
    work, files = PostgresWorkRepository(), S3FileRepository(stores.s3)
    rendering, collecting = Rendering(work, files, avif=_makes_avif(config)), Collecting(work, files)
    return [
        *heard,
        Queue(MAKE, rendering.handle, database, LEASE, everywhere=True),
        Queue(REMOVE, collecting.remove, database),
        Periodic("half uploads", HALF, collecting.end_half_uploads, database),
        Periodic("orphans", SWEPT, collecting.sweep, database),
    ]
