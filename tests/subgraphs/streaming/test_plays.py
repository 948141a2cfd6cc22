"""Plays: recorded once however often they are told, kept as they are, judged, and added up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subgraphs.kit.jobs import Periodic
from subgraphs.streaming.repository.keeping import flag_shared_addresses, forget_listener, make_partitions
from subgraphs.streaming.repository.postgres_plays import PostgresPlayRepository
from subgraphs.streaming.values import HeardPlay, ListenerId, TrackId
from tests.subgraphs.streaming.conftest import Streaming, play
from tests.subgraphs.support import code, data, denied, error, refused
from tests.support.postgres import SHARED, administer, shared_server

HISTORY = """query($r: [_Any!]!, $first: Int, $after: String) { _entities(representations: $r) { ... on User {
    playbackHistory(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { track { id } listenedSeconds platform isCounted startedAt } } } } }"""
COUNTS = """query($r: [_Any!]!) { _entities(representations: $r) {
    ... on Track { playCount } ... on Artist { playCount monthlyListeners } } }"""
RAW = """SELECT track_id, date_trunc('month', "timestamp", 'UTC')::date, count(*),
    count(*) FILTER (WHERE is_counted AND NOT EXISTS (SELECT FROM play_flags f WHERE f.play_id = p.id)),
    sum(listened_sec) FROM playback_history p GROUP BY 1, 2 ORDER BY 1, 2"""
ROLLED = "SELECT track_id, month, plays, counted_plays, listened_sec FROM track_months ORDER BY 1, 2"


def user(of: UUID) -> list[dict[str, str]]:
    return [{"__typename": "User", "id": str(of)}]


async def counts(streaming: Streaming, kind: str, of: UUID) -> dict[str, int]:
    found = await data(streaming.subgraph, COUNTS, r=[{"__typename": kind, "id": str(of)}])
    counted: dict[str, int] = found["_entities"][0]
    return counted


async def assert_rollups_are_the_raw_sums(streaming: Streaming) -> None:
    raw = [(*row[:2], *map(int, row[2:])) for row in await streaming.run(RAW)]
    assert raw
    assert [(*row[:2], *map(int, row[2:])) for row in await streaming.run(ROLLED)] == raw


async def test_a_play_that_is_told_twice_is_recorded_once(streaming: Streaming) -> None:
    ada, track = streaming.person(), await streaming.track()
    plays = [play(track, 30), play(track, 20), play(track, 10)]
    assert await streaming.record(ada, *plays, plays[0]) == {"recorded": 3, "known": 1, "unknownTrackIds": []}
    assert (await streaming.record(ada, *plays))["known"] == 3
    assert (await streaming.record(streaming.person(), *plays))["recorded"] == 3, "ids are a person's own"
    assert await counts(streaming, "Track", track) == {"playCount": 6}


async def test_the_same_batch_at_once_from_ten_connections_is_recorded_once(streaming: Streaming) -> None:
    ada, tracks = streaming.person(), [await streaming.track() for _ in range(5)]
    plays = [play(track, 10 * at) for at, track in enumerate(tracks, 1)]
    answers = await asyncio.gather(*(streaming.record(ada, *plays[::way]) for way in (1, -1) * 5))
    assert sum(answer["recorded"] for answer in answers) == 5
    await assert_rollups_are_the_raw_sums(streaming)


async def test_a_play_of_a_track_nobody_knows_is_left_out_and_may_come_again(streaming: Streaming) -> None:
    ada, track, late = streaming.person(), await streaming.track(), uuid4()
    plays = [play(track, 20), play(late, 10)]
    assert await streaming.record(ada, *plays) == {
        "recorded": 1,
        "known": 0,
        "unknownTrackIds": [str(late)],
    }
    facts = {"artist_id": str(uuid4()), "duration_sec": 99, "file_key": "k", "is_available": True}
    await streaming.hear(late, **facts, credits=[])
    assert await streaming.record(ada, *plays) == {"recorded": 1, "known": 1, "unknownTrackIds": []}


async def test_what_cannot_be_a_play_is_refused_with_its_place(streaming: Streaming) -> None:
    track, ada = await streaming.track(), streaming.person()
    plays = [play(track), play(track, -10), play(track, 60 * 24 * 8), play(track, listened=-1)]
    plays[0] |= {"clientId": "x", "trackId": "y"}
    found = await refused(streaming.subgraph, "recordPlays", ada.headers, plays=plays)
    places = ["0.clientId", "0.trackId", "1.startedAt", "2.startedAt", "3.listenedSeconds"]
    assert found == [("INVALID_INPUT", f"plays.{place}") for place in places]
    for number in (0, 501):
        many = [play(track)] * number
        assert await refused(streaming.subgraph, "recordPlays", ada.headers, plays=many) == [
            ("INVALID_INPUT", "plays")
        ]
    assert await denied(streaming.subgraph, "recordPlays", plays=[play(track)]) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE playback_history SET listened_sec = 1000",
        "DELETE FROM playback_history",
        "TRUNCATE playback_history",
        "UPDATE play_flags SET reason = ''",
        "DELETE FROM play_flags",
        "UPDATE {month} SET listened_sec = 1000",
        "DELETE FROM {month}",
        "INSERT INTO {month} SELECT * FROM playback_history",
    ],
)
async def test_the_service_may_add_plays_and_neither_change_nor_delete_them(
    streaming: Streaming, statement: str
) -> None:
    await streaming.record(streaming.person(), play(await streaming.track(), 0.5, 31))
    with pytest.raises(DBAPIError, match="permission denied"):
        await streaming.run(statement.format(month=f"playback_history_{datetime.now(UTC):%Y_%m}"))


@pytest.mark.parametrize("of", ["playback_history", "{month}"])
@pytest.mark.parametrize(
    "change", ["UPDATE {0} SET user_id = gen_random_uuid()", "DELETE FROM {0}", "TRUNCATE {0}"]
)
async def test_not_even_the_tables_owner_changes_plays(streaming: Streaming, of: str, change: str) -> None:
    await streaming.record(streaming.person(), play(await streaming.track(), 0.5, 31))
    table = f"streaming.{of.format(month=f'playback_history_{datetime.now(UTC):%Y_%m}')}"
    with pytest.raises(DBAPIError, match="plays are only added"):
        await administer(shared_server(), change.format(table), database=SHARED)
    assert len(await streaming.run("SELECT 1 FROM playback_history")) == 1


async def test_a_month_whose_partition_is_missing_gets_it_with_its_first_play(streaming: Streaming) -> None:
    ada, track = streaming.person(), await streaming.track()
    month = f"streaming.playback_history_{datetime.now(UTC):%Y_%m}"
    await administer(shared_server(), f"DROP TABLE {month}", database=SHARED)
    assert (await streaming.record(ada, play(track, 2), play(track, 1, 30)))["recorded"] == 2
    await assert_rollups_are_the_raw_sums(streaming)


async def test_partitions_are_made_ahead_by_a_job_that_may_run_twice(streaming: Streaming) -> None:
    later = (datetime.now(UTC).replace(day=15) + timedelta(days=91)).strftime("%Y_%m")
    await administer(shared_server(), f"DROP TABLE streaming.playback_history_{later}", database=SHARED)
    there = f"SELECT to_regclass('playback_history_{later}') IS NOT NULL"
    assert await streaming.run(there) == [(False,)]
    for name in ("first", "second"):
        await Periodic(name, timedelta(days=1), make_partitions, streaming.database).step()
        assert await streaming.run(there) == [(True,)]
    with pytest.raises(DBAPIError, match="no month of plays"):
        await streaming.run("SELECT make_playback_partition(now() + interval '19 years')")


async def test_a_play_counts_from_thirty_seconds_on_and_of_a_short_track_when_it_is_whole(
    streaming: Streaming,
) -> None:
    ada, long, short = streaming.person(), await streaming.track(), await streaming.track(seconds=12)
    for at, listened in enumerate((29, 30, 31)):
        await streaming.record(ada, play(long, 30 - at * 5, listened))
    await streaming.record(ada, play(short, 9, 11), play(short, 8, 12))
    assert await counts(streaming, "Track", long) == {"playCount": 2}
    assert await counts(streaming, "Track", short) == {"playCount": 1}
    assert await counts(streaming, "Track", uuid4()) == {"playCount": 0}


async def test_listening_to_more_than_there_is_or_to_two_things_at_once_does_not_count(
    streaming: Streaming,
) -> None:
    ada, track = streaming.person(), await streaming.track(seconds=200)
    more, not_yet = play(track, 60, 211), play(track, 1, 90)
    beside = [play(track, 30, 180), play(track, 29, 60)]
    after = play(track, 26, 60)
    for each in (more, not_yet, *beside, after):
        await streaming.record(ada, each)
    reasons = dict(await streaming.run("SELECT reason, count(*) FROM play_flags GROUP BY 1"))
    assert reasons == {"TOO_LONG": 2, "OVERLAPPING": 1}
    assert await counts(streaming, "Track", track) == {"playCount": 2}
    other = streaming.person()
    await streaming.record(other, play(track, 30, 180), play(track, 29, 60), play(track, 26, 60))
    assert await counts(streaming, "Track", track) == {"playCount": 4}, "in one batch as in three"
    await assert_rollups_are_the_raw_sums(streaming)


async def test_an_address_with_more_accounts_than_a_household_does_not_count(streaming: Streaming) -> None:
    track = await streaming.track()
    began = datetime.now(UTC).replace(minute=0, second=0) - timedelta(hours=2)
    heard = play(track) | {"startedAt": began.isoformat()}
    for number in range(5):
        farm, home = streaming.person(), streaming.person()
        await streaming.record(farm, heard, address="203.0.113.9")
        await streaming.record(home, heard, address=f"198.51.100.{number}")
    assert await counts(streaming, "Track", track) == {"playCount": 10}
    for most in (5, 4, 4):
        async with streaming.database.write() as session:
            await flag_shared_addresses(session, most)
    assert await counts(streaming, "Track", track) == {"playCount": 5}
    await assert_rollups_are_the_raw_sums(streaming)
    assert await streaming.run("SELECT DISTINCT reason FROM play_flags") == [("SHARED_ADDRESS",)]


async def test_rollups_are_the_raw_sums_over_months_tracks_and_batches(streaming: Streaming) -> None:
    tracks = [TrackId(await streaming.track()) for _ in range(4)]
    repository = PostgresPlayRepository(streaming.database)
    began = datetime.now(UTC).replace(minute=0) - timedelta(hours=2)
    for person in range(6):
        plays = [
            HeardPlay(uuid4(), tracks[(person + at) % 4], began - timedelta(days=3 * at), 30 + 7 * at, None)
            for at in range(12)
        ]
        await repository.record(ListenerId(UUID(int=person + 1)), "192.0.2.1", plays, 30)
    async with streaming.database.write() as session:
        await flag_shared_addresses(session, 5)
    assert len(await streaming.run(ROLLED)) >= 8, "two months of four tracks"
    assert await streaming.run("SELECT count(*) FROM play_flags WHERE reason = 'SHARED_ADDRESS'") == [(6,)]
    await assert_rollups_are_the_raw_sums(streaming)


async def test_plays_of_an_artist_are_those_of_every_track_they_are_on(streaming: Streaming) -> None:
    queen, bowie = uuid4(), uuid4()
    alone, both = await streaming.track(artist=queen), await streaming.track(bowie, artist=queen)
    ada, grace = streaming.person(), streaming.person()
    await streaming.record(ada, play(alone, 60), play(both, 50), play(both, 40))
    await streaming.record(grace, play(both, 60), play(alone, 50, 5))
    assert await counts(streaming, "Artist", queen) == {"playCount": 4, "monthlyListeners": 2}
    assert await counts(streaming, "Artist", bowie) == {"playCount": 3, "monthlyListeners": 2}
    assert await counts(streaming, "Artist", uuid4()) == {"playCount": 0, "monthlyListeners": 0}


async def test_a_persons_history_is_theirs_and_comes_in_pages(streaming: Streaming) -> None:
    ada, tracks = streaming.person(), [await streaming.track() for _ in range(5)]
    plays = [play(track, 10 * at, 40 + at, platform="IOS") for at, track in enumerate(tracks, 1)]
    await streaming.record(ada, *plays)
    await streaming.record(streaming.person(), play(tracks[0]))
    seen, after = [], None
    while True:
        page = await data(streaming.subgraph, HISTORY, ada.headers, r=user(ada.id), first=2, after=after)
        found = page["_entities"][0]["playbackHistory"]
        assert found["totalCount"] == 5
        seen += [node["listenedSeconds"] for node in found["nodes"]]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    assert seen == [41, 42, 43, 44, 45]
    assert found["nodes"][0] | {"startedAt": ""} == {
        "track": {"id": str(tracks[4])},
        "listenedSeconds": 45,
        "platform": "IOS",
        "isCounted": True,
        "startedAt": "",
    }


async def test_nobody_but_administrators_sees_what_others_listen_to(streaming: Streaming) -> None:
    ada, admin = streaming.person(), streaming.person(roles=frozenset({"ROLE_ADMIN"}))
    await streaming.record(ada, play(await streaming.track()))
    for headers in (None, streaming.person().headers):
        found = await data(streaming.subgraph, HISTORY, headers, r=user(ada.id))
        assert found["_entities"] == [{"playbackHistory": None}]
    found = await data(streaming.subgraph, HISTORY, admin.headers, r=user(ada.id))
    assert found["_entities"][0]["playbackHistory"]["totalCount"] == 1


async def test_who_is_gone_is_taken_out_of_their_plays_which_stay(streaming: Streaming) -> None:
    ada, grace, track = streaming.person(), streaming.person(), await streaming.track()
    for who in (ada, grace):
        await streaming.record(who, play(track), address="192.0.2.7")
    for _ in range(2):
        async with streaming.database.write() as session:
            await forget_listener(session, ada.id)
    kept = await streaming.run("SELECT user_id, host(ip_address) FROM playback_history ORDER BY 1")
    assert kept == [(UUID(int=0), None), (grace.id, "192.0.2.7")]
    assert await streaming.run("SELECT user_id FROM track_listeners") == [(grace.id,)]
    assert await streaming.run("SELECT user_id FROM play_receipts") == [(grace.id,)]
    assert await counts(streaming, "Track", track) == {"playCount": 2}
    await assert_rollups_are_the_raw_sums(streaming)


async def test_a_batch_that_is_cut_off_leaves_nothing_and_is_told_again(streaming: Streaming) -> None:
    """As when the process is killed before the commit: receipts and plays are one transaction."""
    track, listener = TrackId(await streaming.track()), ListenerId(uuid4())
    heard = HeardPlay(uuid4(), track, datetime.now(UTC) - timedelta(minutes=9), 60, None)
    refuse = """CREATE FUNCTION streaming.cut() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'cut' USING ERRCODE = '57P01'; END $$"""
    trigger = """CREATE TRIGGER cut AFTER INSERT ON streaming.track_months
        FOR EACH ROW EXECUTE FUNCTION streaming.cut()"""
    repository = PostgresPlayRepository(streaming.database)
    await administer(shared_server(), refuse, trigger, database=SHARED)
    try:
        with pytest.raises(Exception, match="cut"):
            await repository.record(listener, None, [heard], 30)
    finally:
        await administer(shared_server(), "DROP FUNCTION streaming.cut CASCADE", database=SHARED)
    for name in ("playback_history", "play_receipts", "track_months", "track_listeners"):
        async with streaming.database.read() as session:
            assert (await session.execute(text(f"SELECT count(*) FROM {name}"))).scalar() == 0
    assert (await repository.record(listener, None, [heard], 30)).recorded == 1


async def test_a_month_that_is_none_is_refused(streaming: Streaming) -> None:
    admin = streaming.person(roles=frozenset({"ROLE_ADMIN"}))
    query = "query($m: String!) { payouts(month: $m) { totalCount } }"
    for month in ("2026-13", "2026", "x", "0001-01", "9999-12", "2026-1٣"):
        found = await error(streaming.subgraph, query, admin.headers, m=month)
        assert found["extensions"]["code"] == "BAD_USER_INPUT", month
    assert await code(streaming.subgraph, query, streaming.person().headers, m="2026-11") == "FORBIDDEN"
    assert await code(streaming.subgraph, query, m="2026-11") == "UNAUTHENTICATED"
