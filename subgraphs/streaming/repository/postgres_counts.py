"""What plays come to, from the rollups that triggers keep: O(months of a track), never O(its plays)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Float, Select, cast, func, select

from db.arrays import among
from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.streaming.models import track_credits, track_listeners, track_months, tracks
from subgraphs.streaming.values import ArtistId, Payout, TrackId

MONTHS, CREDITS, LISTENERS = track_months.c, track_credits.c, track_listeners.c
COUNTED = cast(func.sum(MONTHS.counted_plays), BigInteger)


class PostgresCountRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_plays(self, ids: Sequence[TrackId]) -> Mapping[TrackId, int]:
        async with self._database.read() as session:
            return {row.track_id: row.number for row in await session.fetch(_plays(ids))}

    async def count_artists_plays(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        async with self._database.read() as session:
            return {row.artist_id: row.number for row in await session.fetch(_artists_plays(artists))}

    async def count_listeners(self, artists: Sequence[ArtistId], since: datetime) -> Mapping[ArtistId, int]:
        async with self._database.read() as session:
            return {row.artist_id: row.number for row in await session.fetch(_listeners(artists, since))}

    async def list_payouts(self, month: date, request: PageRequest) -> Page[Payout]:
        async with self._database.read() as session:
            rows = await session.fetch(_payout_page(month, request))
        return Page.cut([_payout(row, month) for row in rows], request)

    async def list_all_payouts(self, month: date) -> tuple[Payout, ...]:
        async with self._database.read() as session:
            return tuple(_payout(row, month) for row in await session.fetch(_all_payouts(month)))

    async def count_payouts(self, month: date) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_payout_count(month)))


@per_shape
def _plays(ids: Sequence[TrackId]) -> Select[Any]:
    counted = select(MONTHS.track_id, COUNTED.label("number"))
    return counted.where(among(MONTHS.track_id, ids)).group_by(MONTHS.track_id)


@per_shape
def _artists_plays(artists: Sequence[ArtistId]) -> Select[Any]:
    counted = select(CREDITS.artist_id, COUNTED.label("number"))
    joined = counted.join_from(track_credits, track_months, MONTHS.track_id == CREDITS.track_id)
    return joined.where(among(CREDITS.artist_id, artists)).group_by(CREDITS.artist_id)


@per_shape
def _listeners(artists: Sequence[ArtistId], since: datetime) -> Select[Any]:
    different = func.count(LISTENERS.user_id.distinct()).label("number")
    joined = select(CREDITS.artist_id, different).join_from(
        track_credits, track_listeners, LISTENERS.track_id == CREDITS.track_id
    )
    recent = joined.where(among(CREDITS.artist_id, artists), LISTENERS.last_at >= since)
    return recent.group_by(CREDITS.artist_id)


def _payouts(month: Any) -> Any:
    """An artist's share of the month: who holds the rights is whose album the track is on."""
    everything = select(func.sum(MONTHS.counted_plays)).where(MONTHS.month == month).scalar_subquery()
    rows = select(
        tracks.c.artist_id,
        COUNTED.label("counted_plays"),
        cast(func.sum(MONTHS.listened_sec), BigInteger).label("listened_sec"),
        (cast(COUNTED, Float) / everything).label("share"),
    ).join_from(track_months, tracks, tracks.c.id == MONTHS.track_id)
    return rows.where(MONTHS.month == month).group_by(tracks.c.artist_id).having(COUNTED > 0).subquery()


@per_shape
def _payout_page(month: date, request: PageRequest) -> Select[Any]:
    earned = _payouts(_day(month))
    return page(select(earned), [earned.c.artist_id], request, descending=False)


@per_shape
def _all_payouts(month: date) -> Select[Any]:
    earned = _payouts(_day(month))
    return select(earned).order_by(earned.c.artist_id)


@per_shape
def _payout_count(month: date) -> Select[Any]:
    return select(func.count()).select_from(_payouts(_day(month)))


def _day(month: Any) -> Any:
    return cast(month, Date)


def _payout(row: Any, month: date) -> Payout:
    return Payout(row.artist_id, month, row.counted_plays, row.listened_sec, row.share)
