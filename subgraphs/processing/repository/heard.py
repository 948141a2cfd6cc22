"""What other domains tell: the catalog of tracks and of who may upload, media of files that were uploaded."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Uuid, any_, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.processing.models import artist_uploaders, processing_jobs, tracks
from subgraphs.processing.repository.postgres_jobs import UNDER_WAY, add_job
from subgraphs.processing.values import JobId, Source, TrackId

NOBODY = UUID(int=0)


async def hear_of_tracks(session: WriteSession, message: Message) -> None:
    """Of `catalog.track`. Jobs of a track that is gone go."""
    track = UUID(message.key)
    if message.type == "TrackGone":
        await session.execute(delete(processing_jobs).where(processing_jobs.c.track_id == track, UNDER_WAY))
        await session.execute(delete(tracks).where(tracks.c.id == track))
    elif message.type == "TrackTold":
        facts = {"artist_id": UUID(message.payload["artist_id"]), "file_key": message.payload["file_key"]}
        added = insert(tracks).values(id=track, **facts)
        await session.execute(added.on_conflict_do_update(index_elements=["id"], set_=facts))


async def hear_of_uploaders(session: WriteSession, message: Message) -> None:
    """Of `catalog.artist`: all of an artist's, each time."""
    if message.type != "UploadersTold":
        return
    users = {"users": [UUID(user) for user in message.payload["uploaders"]]}
    added = insert(artist_uploaders).values(artist_id=UUID(message.key), **users)
    await session.execute(added.on_conflict_do_update(index_elements=["artist_id"], set_=users))


async def hear_of_uploads(session: WriteSession, message: Message) -> None:
    """Of `media.media`: `AudioUploaded {track_id, bucket, key, user_id}`, told by media when an upload that
    names a track is complete. Its id is the job's. Who may not upload for the track has uploaded for nothing.
    """
    if message.type != "AudioUploaded":
        return
    told = message.payload
    track, user = TrackId(UUID(told["track_id"])), UUID(told["user_id"])
    may = (
        select(tracks.c.id)
        .join_from(tracks, artist_uploaders, artist_uploaders.c.artist_id == tracks.c.artist_id)
        .where(tracks.c.id == track, literal(user, Uuid) == any_(artist_uploaders.c.users))
    )
    if (await session.execute(may)).first() is None:
        return
    source, actor = Source(told["bucket"], told["key"]), Actor(str(user))
    await add_job(session, JobId(UUID(message.key)), track, source, user, actor)


async def forget_requester(session: WriteSession, user: UUID) -> None:
    """Jobs are the tracks', and stay; who asked for them is not kept."""
    jobs = processing_jobs.c
    await session.execute(update(processing_jobs).where(jobs.requested_by == user).values(requested_by=None))
    rest = func.array_remove(artist_uploaders.c.users, user)
    told = literal(user, Uuid) == any_(artist_uploaders.c.users)
    await session.execute(update(artist_uploaders).where(told).values(users=rest))
