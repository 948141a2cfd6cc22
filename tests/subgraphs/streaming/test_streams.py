"""Sound is handed out by addresses that are one person's, for one track, and for a while."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest

from db.config import DomainStore, S3Location
from db.objects import put_object
from db.postgres import connect
from db.s3 import open_s3
from subgraphs.kit.auth import Viewer
from subgraphs.kit.key_files import KeyFileError, signing_key
from subgraphs.registry import build_domain
from subgraphs.streaming.routes import BUCKET
from subgraphs.streaming.service.streams import BadGrant, Grant, Streams
from subgraphs.streaming.values import ArtistId, ListenerId, PlayableTrack, TrackId
from tests.subgraphs.streaming.conftest import Streaming
from tests.subgraphs.support import config_in, data
from tests.support.gate import gate_to
from tests.support.seaweedfs import shared_seaweedfs

pytestmark = pytest.mark.xdist_group("seaweedfs")
STREAM = """query($r: [_Any!]!) { _entities(representations: $r) {
    ... on Track { stream { playlist expiresAt } } } }"""
JOB = UUID(int=9)
NOW = 1_800_000_000.0


@pytest.fixture
async def sound(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Streaming]:
    store = replace(stores["streaming"], s3=shared_seaweedfs())
    config, database = config_in(tmp_path), connect(store)
    async with build_domain("streaming", config, store) as subgraph:
        yield Streaming(subgraph, database, config)
    await database.close()


def browser(streaming: Streaming) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(streaming.subgraph.asgi)
    return httpx.AsyncClient(transport=transport, base_url="http://streaming")


async def keep(location: S3Location, key: str, text: bytes) -> None:
    async with open_s3(location) as s3:
        await s3.ensure_bucket(BUCKET)
        await put_object(s3, BUCKET, key, text, "application/octet-stream")


async def playlist_of(streaming: Streaming, track: UUID, who: Mapping[str, str] | None) -> str | None:
    found = await data(streaming.subgraph, STREAM, who, r=[{"__typename": "Track", "id": str(track)}])
    stream = found["_entities"][0]["stream"]
    return None if stream is None else str(stream["playlist"])


async def test_who_is_logged_in_hears_a_track_that_is_available(sound: Streaming) -> None:
    track, ada = await sound.track(), sound.person()
    for name, text in (("master.m3u8", b"#EXTM3U"), (f"{JOB}/128k/00000.m4s", b"sound")):
        await keep(shared_seaweedfs(), f"tracks/{track}/{name}", text)
    playlist = await playlist_of(sound, track, ada.headers)
    assert playlist is not None
    assert playlist.startswith("/streaming/")
    async with browser(sound) as client:
        whole = await client.get(playlist)
        assert (whole.status_code, whole.text) == (200, "#EXTM3U")
        assert whole.headers["content-type"] == "application/vnd.apple.mpegurl"
        segment = await client.get(playlist.replace("master.m3u8", f"{JOB}/128k/00000.m4s"))
        assert (segment.content, segment.headers["cache-control"]) == (b"sound", "private, max-age=600")
        missing = await client.get(playlist.replace("master.m3u8", f"{JOB}/64k/00000.m4s"))
        assert missing.status_code == 404


async def test_nobody_else_is_handed_an_address_and_no_track_that_cannot_be_played(sound: Streaming) -> None:
    ready, raw = await sound.track(), await sound.track(available=False)
    assert await playlist_of(sound, ready, None) is None
    for track in (raw, uuid4()):
        assert await playlist_of(sound, track, sound.person().headers) is None


async def test_an_address_dies_with_its_track(sound: Streaming) -> None:
    track = await sound.track()
    await keep(shared_seaweedfs(), f"tracks/{track}/master.m3u8", b"#EXTM3U")
    playlist = await playlist_of(sound, track, sound.person().headers)
    assert playlist is not None
    await sound.hear(track, "TrackGone")
    async with browser(sound) as client:
        assert (await client.get(playlist)).status_code == 404


async def test_no_address_leads_out_of_the_tracks_folder(sound: Streaming) -> None:
    track, other = await sound.track(), await sound.track()
    await keep(shared_seaweedfs(), f"tracks/{other}/master.m3u8", b"another's")
    await keep(shared_seaweedfs(), f"tracks/{track}/source.ogg", b"the source")
    playlist = await playlist_of(sound, track, sound.person().headers)
    assert playlist is not None
    async with browser(sound) as client:
        for name in (
            f"..%2f{other}%2fmaster.m3u8",
            "source.ogg",
            f"{JOB}/128k/../master.m3u8",
            f"{JOB}/128k%2f..%2f..%2fx",
            "master.m3u8%00",
            f"{JOB}/128k/%D9%A300000.m4s",
            "",
        ):
            answer = await client.get(playlist.replace("master.m3u8", name))
            assert (answer.status_code, b"another" in answer.content) == (404, False), name


async def test_storage_that_is_away_is_said_and_comes_back(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    real = shared_seaweedfs()
    host, _, port = real.endpoint.removeprefix("http://").partition(":")
    async with gate_to((host, int(port))) as gate:
        store = replace(stores["streaming"], s3=replace(real, endpoint=f"http://127.0.0.1:{gate.port}"))
        config, database = config_in(tmp_path), connect(store)
        async with build_domain("streaming", config, store) as subgraph:
            streaming = Streaming(subgraph, database, config)
            track = await streaming.track()
            await keep(real, f"tracks/{track}/master.m3u8", b"#EXTM3U")
            playlist = await playlist_of(streaming, track, streaming.person().headers)
            assert playlist is not None
            async with browser(streaming) as client:
                gate.shut()
                away = await client.get(playlist)
                assert (away.status_code, away.headers["retry-after"]) == (503, "5")
                await gate.open()
                assert (await client.get(playlist)).text == "#EXTM3U"
        await database.close()


def streams_at(now: float, key: bytes = b"k" * 32) -> Streams:
    class NoTracks:
        async def find_by_ids(self, ids: object) -> Mapping[TrackId, PlayableTrack]:
            return {}

    return Streams(NoTracks(), key, lambda: now)


def granted(seconds: int = 100) -> Grant:
    track = PlayableTrack(TrackId(UUID(int=1)), ArtistId(UUID(int=2)), seconds, "k", True)
    return streams_at(NOW).grant(Viewer(UUID(int=3), frozenset()), track)


def test_a_grant_says_what_is_allowed_and_lasts_as_long_as_the_track_and_two_minutes() -> None:
    grant = granted(seconds=100)
    assert grant == Grant(TrackId(UUID(int=1)), ListenerId(UUID(int=3)), int(NOW) + 220)
    assert streams_at(NOW).opened(streams_at(NOW).signed(grant)) == grant


@pytest.mark.parametrize(("after", "good"), [(-3600, True), (219, True), (224, True), (226, False)])
def test_a_grant_bears_clocks_that_differ_by_seconds_and_ends(after: int, good: bool) -> None:
    text = streams_at(NOW).signed(granted(seconds=100))
    if good:
        assert streams_at(NOW + after).opened(text)
    else:
        with pytest.raises(BadGrant):
            streams_at(NOW + after).opened(text)


def test_a_grant_that_was_changed_in_any_bit_is_not_good() -> None:
    streams = streams_at(NOW)
    raw = base64.urlsafe_b64decode(streams.signed(granted()) + "==")
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadGrant):
            streams.opened(base64.urlsafe_b64encode(changed).decode().rstrip("="))
    with pytest.raises(BadGrant):
        streams_at(NOW, b"x" * 32).opened(streams.signed(granted()))


@pytest.mark.parametrize("text", ["", "x", "A" * 98, "ä", "A" * 100_000, "====", "payouts"])
def test_what_is_no_grant_is_not_good(text: str) -> None:
    with pytest.raises(BadGrant):
        streams_at(NOW).opened(text)


def test_a_key_is_made_once_for_its_owner_alone_and_a_broken_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "streaming.key"
    key = signing_key(path, "streaming key")
    assert (len(key), signing_key(path, "streaming key"), path.stat().st_mode & 0o777) == (32, key, 0o600)
    assert [each.name for each in path.parent.iterdir()] == ["streaming.key"]
    for broken in ("no hex", "abcd"):
        path.write_text(broken)
        with pytest.raises(KeyFileError, match="delete it to have one made"):
            signing_key(path, "streaming key")
    assert signing_key(None, "key") != signing_key(None, "key")
