"""What the catalog tells of tracks, kept as a copy of our own: a message is the whole of a track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit.outbox import Message
from subgraphs.streaming.models import track_credits, tracks
from subgraphs.streaming.values import PlayableTrack, TrackId

COLUMNS = [tracks.c[name] for name in PlayableTrack.__dataclass_fields__]


class PostgresTrackRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[TrackId]) -> Mapping[TrackId, PlayableTrack]:
        async with self._database.read() as session:
            return {row.id: PlayableTrack(*row) for row in await session.fetch(_found(ids))}


@per_shape
def _found(ids: Sequence[TrackId]) -> Select[Any]:
    return select(*COLUMNS).where(among(tracks.c.id, ids))


async def hear_of_tracks(session: WriteSession, message: Message) -> None:
    """Of `catalog.track`. A track that is gone is played no more; whose it was stays known, for payouts of
    what was played.
    """
    track = UUID(message.key)
    if message.type == "TrackGone":
        await session.execute(update(tracks).where(tracks.c.id == track).values(is_available=False))
    elif message.type == "TrackTold":
        await _keep(session, track, message.payload)


async def _keep(session: WriteSession, track: UUID, told: Mapping[str, Any]) -> None:
    holder = UUID(told["artist_id"])
    names = ("duration_sec", "file_key", "is_available")
    facts = {"artist_id": holder, **{name: told[name] for name in names}}
    added = insert(tracks).values(id=track, **facts)
    await session.execute(added.on_conflict_do_update(index_elements=["id"], set_=facts))
    await session.execute(delete(track_credits).where(track_credits.c.track_id == track))
    credited = sorted({holder, *map(UUID, told["credits"])})
    rows = [{"track_id": track, "artist_id": artist} for artist in credited]
    await session.execute(insert(track_credits).values(rows))
