"""Streaming over a store, with tracks as the catalog would have told of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from subgraphs.streaming.repository.postgres_tracks import hear_of_tracks
from tests.subgraphs.support import Person, act, config_in


@dataclass(frozen=True)
class Streaming:
    subgraph: Subgraph
    database: Database
    config: SubgraphConfig

    def person(self, **given: Any) -> Person:
        return Person(self.config, **given)

    async def hear(self, track: UUID, kind: str = "TrackTold", **facts: Any) -> None:
        async with self.database.write() as session:
            await hear_of_tracks(session, Message("catalog.track", str(track), kind, facts))

    async def track(
        self, *credited: UUID, artist: UUID | None = None, seconds: int = 200, available: bool = True
    ) -> UUID:
        """A track of an artist, with guests."""
        track, holder = uuid4(), artist or uuid4()
        facts = {"artist_id": str(holder), "duration_sec": seconds, "is_available": available}
        credits = [str(holder), *map(str, credited)]
        await self.hear(track, **facts, file_key=f"tracks/{track}", credits=credits)
        return track

    async def record(
        self, who: Person, *plays: Mapping[str, Any], address: str | None = None
    ) -> Mapping[str, Any]:
        headers = dict(who.headers) | ({"x-forwarded-for": address} if address else {})
        shown = "plays { recorded known unknownTrackIds }"
        payload = await act(self.subgraph, "recordPlays", headers, shown, plays=list(plays))
        assert payload["errors"] == []
        recorded: Mapping[str, Any] = payload["plays"]
        return recorded

    async def run(self, statement: str, **given: Any) -> Sequence[Any]:
        """SQL as the service."""
        async with self.database.write() as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []


@pytest.fixture
async def streaming(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Streaming]:
    config, database = config_in(tmp_path), connect(stores["streaming"])
    async with build_domain("streaming", config, stores["streaming"]) as subgraph:
        yield Streaming(subgraph, database, config)
    await database.close()


def play(track: UUID, minutes_ago: float = 10, listened: int = 60, **given: Any) -> dict[str, Any]:
    started = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    facts = {"clientId": str(uuid4()), "trackId": str(track), "startedAt": started.isoformat()}
    return facts | {"listenedSeconds": listened} | given
