"""Payouts: every artist's share of a month's plays, in GraphQL and as a table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2 as httpx

from subgraphs.streaming.repository.postgres_plays import PostgresPlayRepository
from subgraphs.streaming.values import HeardPlay, ListenerId, TrackId
from tests.subgraphs.streaming.conftest import Streaming
from tests.subgraphs.support import data

ADMIN = frozenset({"ROLE_ADMIN"})
PAYOUTS = """query($m: String!, $first: Int, $after: String) {
    payouts(month: $m, first: $first, after: $after) {
    totalCount pageInfo { endCursor } nodes { artist { id } month countedPlays listenedSeconds share } } }"""
QUEEN, BOWIE = UUID(int=1), UUID(int=2)


async def listened(streaming: Streaming, month: datetime) -> None:
    """Three plays of Queen that count, one of Bowie, some that do not; one in the month before."""
    queen, bowie = await streaming.track(artist=QUEEN), await streaming.track(QUEEN, artist=BOWIE)
    plays = [(queen, 60), (queen, 40), (queen, 30), (queen, 29), (bowie, 100), (bowie, 5), (bowie, 900)]
    heard = [
        HeardPlay(uuid4(), TrackId(track), month + timedelta(hours=at), seconds, None)
        for at, (track, seconds) in enumerate(plays)
    ]
    before = HeardPlay(uuid4(), TrackId(bowie), month - timedelta(hours=1), 60, None)
    await PostgresPlayRepository(streaming.database).record(ListenerId(uuid4()), None, [*heard, before], 30)
    await streaming.hear(queen, "TrackGone")


def last_month() -> datetime:
    first = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=1)).replace(day=1)


async def test_a_month_is_shared_out_by_plays_that_count_also_of_tracks_that_are_gone(
    streaming: Streaming,
) -> None:
    month, admin = last_month(), streaming.person(roles=ADMIN)
    await listened(streaming, month)
    name = f"{month:%Y-%m}"
    first = (await data(streaming.subgraph, PAYOUTS, admin.headers, m=name, first=1))["payouts"]
    assert (first["totalCount"], first["nodes"]) == (
        2,
        [
            {
                "artist": {"id": str(QUEEN)},
                "month": name,
                "countedPlays": 3,
                "listenedSeconds": 159.0,
                "share": 0.75,
            }
        ],
    )
    after = first["pageInfo"]["endCursor"]
    rest = (await data(streaming.subgraph, PAYOUTS, admin.headers, m=name, after=after))["payouts"]
    assert [(n["artist"]["id"], n["countedPlays"], n["share"]) for n in rest["nodes"]] == [
        (str(BOWIE), 1, 0.25)
    ]
    empty = (await data(streaming.subgraph, PAYOUTS, admin.headers, m="2001-01"))["payouts"]
    assert (empty["totalCount"], empty["nodes"]) == (0, [])


async def test_the_table_says_what_the_graph_says_to_administrators_alone(streaming: Streaming) -> None:
    month = last_month()
    await listened(streaming, month)
    address = f"/streaming/payouts/{month:%Y-%m}.csv"
    transport = httpx.ASGITransport(streaming.subgraph.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://streaming") as client:
        headers = dict(streaming.person(roles=ADMIN).headers)
        answer = await client.get(address, headers=headers)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert list(csv.DictReader(io.StringIO(answer.text))) == [
            {
                "month": f"{month:%Y-%m}",
                "artist_id": str(artist),
                "counted_plays": plays,
                "listened_seconds": seconds,
                "share": share,
            }
            for artist, plays, seconds, share in (
                (QUEEN, "3", "159", "0.750000000"),
                (BOWIE, "1", "1005", "0.250000000"),
            )
        ]
        assert (await client.get(address, headers=dict(streaming.person().headers))).status_code == 403
        assert (await client.get(address)).status_code == 401
        assert (await client.get(address, headers={"authorization": "Bearer x"})).status_code == 401
        assert (await client.get("/streaming/payouts/2026-99.csv", headers=headers)).status_code == 400
