"""Processing over real stores, with a track as the catalog would have told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.objects import find_object, list_keys, put_object
from db.postgres import Database, connect
from db.s3 import S3Store, open_s3
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from subgraphs.processing.repository import PostgresQueueRepository, S3FileRepository
from subgraphs.processing.repository.heard import hear_of_tracks, hear_of_uploaders
from subgraphs.processing.repository.s3_files import SOUND
from subgraphs.processing.service import Transcoding
from subgraphs.processing.service.jobs import BUCKET
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in
from tests.support.seaweedfs import shared_seaweedfs


@dataclass(frozen=True)
class Processing:
    subgraph: Subgraph
    database: Database
    store: DomainStore
    config: SubgraphConfig
    s3: S3Store

    def person(self, **given: Any) -> Person:
        return Person(self.config, **given)

    async def track(self, *uploaders: Person) -> UUID:
        track, artist = uuid4(), uuid4()
        told = {"artist_id": str(artist), "file_key": f"tracks/{track}"}
        users = {"uploaders": [str(person.id) for person in uploaders]}
        async with self.database.write() as session:
            await hear_of_tracks(session, Message("catalog.track", str(track), "TrackTold", told))
            await hear_of_uploaders(session, Message("catalog.artist", str(artist), "UploadersTold", users))
        return track

    async def upload(self, who: Person, content: bytes) -> str:
        key = f"{who.id}/{uuid4()}"
        await self.s3.ensure_bucket(BUCKET)
        await put_object(self.s3, BUCKET, key, content, "application/octet-stream")
        return key

    async def start(self, who: Person, track: UUID, content: bytes) -> str:
        """A job for an upload; its id."""
        key = await self.upload(who, content)
        given = {"trackId": str(track), "sourceKey": key}
        payload = await act(self.subgraph, "processTrack", who.headers, "job { id }", **given)
        assert payload["errors"] == []
        return str(payload["job"]["id"])

    def worker(self, lease: float = 60.0, **given: Any) -> Transcoding:
        queue = PostgresQueueRepository(self.database, timedelta(seconds=lease))
        return Transcoding(queue, S3FileRepository(self.s3), **given)

    async def facts(self, job: str) -> Mapping[str, Any]:
        async with self.database.write() as session:
            found = await session.execute(
                text("SELECT * FROM processing_jobs WHERE id = :id"), {"id": UUID(job)}
            )
            return found.one()._mapping

    async def told(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        async with self.database.write() as session:
            rows = await session.execute(text("SELECT type, payload FROM outbox ORDER BY id"))
            return [(row.type, row.payload) for row in rows]

    async def run(self, statement: str, **given: Any) -> None:
        async with self.database.write() as session:
            await session.execute(text(statement), given)

    async def sound(self, track: UUID) -> dict[str, bytes]:
        """All that lies under the track's file key."""
        prefix, found = f"tracks/{track}/", {}
        for key in await list_keys(self.s3, SOUND, prefix):
            stored = await find_object(self.s3, SOUND, key)
            assert stored is not None
            found[key.removeprefix(prefix)] = stored.data
        return found


@pytest.fixture
async def processing(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Processing]:
    store = replace(stores["processing"], s3=shared_seaweedfs())
    config, database = config_in(tmp_path), connect(store)
    async with (
        build_domain("processing", config, store) as subgraph,
        open_s3(shared_seaweedfs()) as s3,
    ):
        await s3.ensure_bucket(SOUND)
        yield Processing(subgraph, database, store, config, s3)
    await database.close()
