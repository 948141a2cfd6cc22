"""What the processing domain does when nobody asks: it makes sound, on every machine that runs a worker."""

from __future__ import annotations

from collections.abc import Sequence

from db.clients import Stores
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.worker import Task
from subgraphs.processing.repository import PostgresQueueRepository, S3FileRepository
from subgraphs.processing.repository.heard import (
    forget_requester,
    hear_of_tracks,
    hear_of_uploaders,
    hear_of_uploads,
)
from subgraphs.processing.service import Transcoding


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    heard: list[Task] = [
        Relay("processing", database, redis),
        Consumer("processing.tracks", ["catalog.track"], hear_of_tracks, database, redis),
        Consumer("processing.uploaders", ["catalog.artist"], hear_of_uploaders, database, redis),
        Consumer("processing.uploads", ["media.media"], hear_of_uploads, database, redis),
        *Departures("processing", {"UserDeleted": forget_requester}, database, redis).tasks(),
    ]
    if stores.opened_s3 is None:
        return heard
    return [*heard, Transcoding(PostgresQueueRepository(database), S3FileRepository(stores.s3))]
