"""Plays in PostgreSQL. A batch is one statement:

    given ──► fresh (play_receipts: not told before) ──► judged ─┬─► playback_history ──► rollups (triggers)
                                                                 └─► play_flags, what is not believed

A play is judged against the track's length, the time that has passed, and what the same person listened to
just before, in the store and in the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import DBAPIError

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit.enums import known_or
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.streaming.models import play_flags, playback_history, tracks
from subgraphs.streaming.values import Flag, HeardPlay, ListenerId, Platform, Play, Recorded, TrackId

PLAYS = playback_history.c
TOLERANCE_SECONDS = 10
"""Clocks of players differ, and a pause is rounded."""
LOOKED_BACK = 5
"""Plays of the same person just before, of the day before at most: a play costs the same however many."""
NO_PARTITION = "23514"

RECORD = text(
    f"""
    WITH given AS (
        SELECT DISTINCT ON (g.client_id) g.*, t.duration_sec
        FROM unnest(CAST(:client_ids AS uuid[]), CAST(:track_ids AS uuid[]), CAST(:started AS timestamptz[]),
            CAST(:listened AS integer[]), CAST(:platforms AS text[]))
            AS g (client_id, track_id, started_at, listened_sec, platform)
        JOIN tracks t ON t.id = g.track_id ORDER BY g.client_id
    ), fresh AS (
        INSERT INTO play_receipts (user_id, client_id) SELECT :listener, client_id FROM given
        ON CONFLICT DO NOTHING RETURNING client_id
    ), placed AS (
        SELECT g.*, g.started_at + g.listened_sec * interval '1 s' AS ended_at,
            greatest(
                max(g.started_at + g.listened_sec * interval '1 s')
                    OVER (ORDER BY g.started_at, g.client_id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                (SELECT max(h."timestamp" + h.listened_sec * interval '1 s') FROM (
                    SELECT "timestamp", listened_sec FROM playback_history
                    WHERE user_id = :listener AND "timestamp" <= g.started_at
                        AND "timestamp" > g.started_at - interval '1 day'
                    ORDER BY "timestamp" DESC LIMIT {LOOKED_BACK}) h)) AS busy_until
        FROM given g JOIN fresh USING (client_id)
    ), judged AS MATERIALIZED (
        SELECT p.*, nextval('playback_history_id_seq') AS id, CASE
            WHEN p.listened_sec > p.duration_sec + {TOLERANCE_SECONDS}
                OR p.ended_at > now() + {TOLERANCE_SECONDS} * interval '1 s' THEN '{Flag.TOO_LONG.value}'
            WHEN p.busy_until > p.started_at + {TOLERANCE_SECONDS} * interval '1 s'
                THEN '{Flag.OVERLAPPING.value}' END AS flag
        FROM placed p
    ), made AS (
        INSERT INTO playback_history
            (id, user_id, track_id, listened_sec, "timestamp", ip_address, platform, is_counted)
        SELECT id, :listener, track_id, listened_sec, started_at, CAST(:address AS inet), platform,
            flag IS NULL AND listened_sec >= least(:counted_seconds, duration_sec)
        FROM judged ORDER BY started_at, client_id RETURNING id
    ), flagged AS (
        INSERT INTO play_flags (play_id, "timestamp", reason)
        SELECT id, started_at, flag FROM judged WHERE flag IS NOT NULL
    )
    SELECT (SELECT count(*) FROM made) AS made, (SELECT count(*) FROM given) AS given"""  # noqa: S608
)


class PostgresPlayRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self, listener: ListenerId, address: str | None, plays: Sequence[HeardPlay], counted_seconds: int
    ) -> Recorded:
        """A month whose partition is missing gets it, and the batch is recorded again."""
        try:
            return await self._record(listener, address, plays, counted_seconds)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != NO_PARTITION:
                raise
        async with self._database.write() as session:
            for month in sorted({play.started_at.replace(day=1) for play in plays}):
                await session.execute(select(func.make_playback_partition(month)))
        return await self._record(listener, address, plays, counted_seconds)

    async def _record(
        self, listener: ListenerId, address: str | None, plays: Sequence[HeardPlay], counted_seconds: int
    ) -> Recorded:
        given = {
            "listener": listener,
            "address": address,
            "counted_seconds": counted_seconds,
            "client_ids": [play.client_id for play in plays],
            "track_ids": [play.track_id for play in plays],
            "started": [play.started_at for play in plays],
            "listened": [play.listened_sec for play in plays],
            "platforms": [play.platform.value if play.platform else None for play in plays],
        }
        async with self._database.write() as session:
            await _one_at_a_time(session, listener)
            row = (await session.execute(RECORD, given)).one()
            unknown = await _unknown(session, plays)
        left_out = sum(play.track_id in unknown for play in plays)
        return Recorded(row.made, len(plays) - left_out - row.made, tuple(unknown))

    async def list_history(
        self, listeners: Sequence[ListenerId], request: PageRequest
    ) -> Mapping[ListenerId, Page[Play]]:
        async with self._database.read() as session:
            rows = await session.fetch(_history(listeners, request))
            return pages_of(listeners, ((row._mapping[PARENT], _play(row)) for row in rows), request)

    async def count_history(self, listeners: Sequence[ListenerId]) -> Mapping[ListenerId, int]:
        async with self._database.read() as session:
            return {row.user_id: row.number for row in await session.fetch(_lengths(listeners))}


async def _one_at_a_time(session: WriteSession, listener: ListenerId) -> None:
    """Two batches of one person would not see each other's plays, and both count what overlaps."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(listener), 0))))


async def _unknown(session: WriteSession, plays: Sequence[HeardPlay]) -> dict[TrackId, None]:
    wanted = dict.fromkeys(play.track_id for play in plays)
    found = await session.execute(select(tracks.c.id).where(among(tracks.c.id, wanted)))
    known = set(found.scalars())
    return {track: None for track in wanted if track not in known}


@per_shape
def _history(listeners: Sequence[ListenerId], request: PageRequest) -> Select[Any]:
    flagged = select(play_flags.c.play_id).where(play_flags.c.play_id == PLAYS.id).exists()
    listed = select(
        PLAYS.id,
        PLAYS.track_id,
        PLAYS.timestamp,
        PLAYS.listened_sec,
        PLAYS.platform,
        (PLAYS.is_counted & ~flagged).label("is_counted"),
    )
    columns = [PLAYS.timestamp, PLAYS.id]
    return pages_of_parents(listed, PLAYS.user_id, listeners, columns, request, descending=True)


@per_shape
def _lengths(listeners: Sequence[ListenerId]) -> Select[Any]:
    counted = select(PLAYS.user_id, func.count().label("number"))
    return counted.where(among(PLAYS.user_id, listeners)).group_by(PLAYS.user_id)


def _play(row: Any) -> Play:
    platform = None if row.platform is None else known_or(row.platform, Platform.WEB)
    return Play(row.id, row.track_id, row.timestamp, row.listened_sec, platform, row.is_counted)
