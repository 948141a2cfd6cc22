"""The page at /demo in real headless Chromium: an upload made to sound by the worker, kept in a real S3,
handed out by streaming's signed addresses, and played.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from db.objects import put_object
from db.s3 import open_s3
from plait.cli.demo_page import demo_routes
from plait.cli.seed import demo_logins
from router import Router
from subgraphs.processing.service.jobs import BUCKET
from subgraphs.registry import DOMAINS
from subgraphs.streaming.service import streams
from subgraphs.streaming.service.streams import Streams
from tests.subgraphs.mesh import SIGN_UP, SUPERGRAPH, Mesh, Person, meshed
from tests.subgraphs.processing.sounds import tone
from tests.support.browser import IN_A_BROWSER, browsing, chromium
from tests.support.http_server import on_a_socket
from tests.support.postgres import migrated_stores
from tests.support.seaweedfs import shared_seaweedfs

pytestmark = [*IN_A_BROWSER, pytest.mark.xdist_group("seaweedfs")]
WHO, SECONDS = demo_logins()[0], 90
AUDIO = "document.querySelector('audio')"
REACHED = """seconds => new Promise(done => {
    const look = () => document.querySelector("audio").currentTime >= seconds ? done() : setTimeout(look, 50);
    look() })"""
COUNT_GAPS = """() => {
    const audio = document.querySelector("audio"); window.gaps = 0; audio.playbackRate = 4;
    audio.onwaiting = () => { const there = audio.buffered;
        gaps += !there.length || there.end(there.length - 1) - audio.currentTime < 0.5 } }"""
"""Moments at which there was nothing to play; a busy machine's decoder is late without one."""
HISTORY = "{ me { playbackHistory { nodes { track { title } listenedSeconds platform isCounted } } } }"
GRANT = re.compile(r"/streaming/([^/]+)/")
PATIENCE = 30_000
"""Milliseconds, on a busy machine."""


@dataclass
class Switched:
    """A service that can be taken away, with all it serves."""

    app: ASGIApp
    is_away: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.is_away:
            raise ConnectionError("nobody is there")
        await self.app(scope, receive, send)


@dataclass
class World:
    url: str
    mesh: Mesh
    listener: Person
    streaming: Switched

    async def history(self) -> list[Any]:
        found = await self.listener.ask(HISTORY)
        return list(found["me"]["playbackHistory"]["nodes"])


@dataclass
class Watched:
    """A page, and the sound it has asked for: the grant of each address and what came."""

    page: Page
    problems: list[str]
    heard: list[tuple[str, int]] = field(default_factory=list)

    async def reach(self, seconds: float) -> None:
        """The page's policy lets nobody wait with a function made of text; one given at once may."""
        await asyncio.wait_for(self.page.evaluate(REACHED, seconds), PATIENCE / 1000)

    async def seek(self, seconds: float) -> None:
        await self.page.evaluate(f"{AUDIO}.currentTime = {seconds}")

    async def play(self) -> None:
        await self.page.get_by_role("button", name="Play Long Tone by Sine").click()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with migrated_stores() as stores:
        sounding = {
            name: replace(stores[name], s3=shared_seaweedfs()) for name in ("processing", "streaming")
        }
        async with meshed({**stores, **sounding}, tmp_path_factory.mktemp("demo")) as mesh:
            listener = await sign_up(mesh)
            track = await track_with_sound(mesh, listener)
            async with served(mesh, track) as (url, streaming):
                yield World(url, mesh, listener, streaming)


async def sign_up(mesh: Mesh) -> Person:
    given = {"username": WHO.username, "email": "one@plait.example", "password": WHO.password}
    login = (await mesh.ask(SIGN_UP, input=given))["signUp"]["login"]
    return Person(mesh, login["user"]["id"], login["accessToken"])


async def track_with_sound(mesh: Mesh, who: Person) -> str:
    """Uploaded, made by the worker, and told to everybody."""
    artist = (await who.act("createArtist", "artist { id }", name="Sine"))["artist"]["id"]
    given = {"title": "Waves", "releaseDate": "2026-05-01", "coverUrl": "https://covers.example/1.jpg"}
    album = await who.act("createAlbum", "album { id }", artistId=artist, **given)
    facts = {"albumId": album["album"]["id"], "title": "Long Tone", "trackNumber": 1}
    made = await who.act("createTrack", "track { id }", **facts, durationSeconds=SECONDS)
    await mesh.settle()
    key, track = f"{who.id}/tone", str(made["track"]["id"])
    async with open_s3(shared_seaweedfs()) as s3:
        await s3.ensure_bucket(BUCKET)
        await put_object(s3, BUCKET, key, tone("ogg", float(SECONDS)), "audio/ogg")
    await who.act("processTrack", "job { id }", trackId=track, sourceKey=key)
    await mesh.settle()
    return track


@asynccontextmanager
async def served(mesh: Mesh, track: str) -> AsyncIterator[tuple[str, Switched]]:
    """As `plait up` serves it: the graph, the page, and the sound on one port."""
    streaming = Switched(mesh.subgraphs["streaming"].asgi)
    router = Router(
        SUPERGRAPH.read_text(encoding="utf-8"), subgraphs={**mesh.subgraphs, "streaming": streaming}
    )
    app = router.asgi()
    app.router.routes.extend(demo_routes(DOMAINS, [WHO], [UUID(track)]))
    sound = Switched(mesh.subgraphs["streaming"].asgi)

    async def all_of_it(scope: Scope, receive: Receive, send: Send) -> None:
        is_sound = scope["type"] == "http" and scope["path"].startswith("/streaming/")
        if is_sound and streaming.is_away:
            await send({"type": "http.response.start", "status": 502, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await (sound if is_sound else app)(scope, receive, send)

    async with on_a_socket(all_of_it, lifespan="on") as url:
        yield url, streaming


@asynccontextmanager
async def opened(
    browser: Browser, world: World, before: Callable[[Page], Awaitable[None]] | None = None
) -> AsyncIterator[Watched]:
    """The page, logged in."""
    async with browsing(browser, world.url) as (page, problems):
        page.set_default_timeout(PATIENCE)
        watched = Watched(page, problems)

        def hear(response: Any) -> None:
            if found := GRANT.search(response.url):
                watched.heard.append((found[1], response.status))

        page.on("response", hear)
        if before is not None:
            await before(page)
        await page.goto(f"{world.url}/demo")
        await page.get_by_role("button", name="Log in").click()
        yield watched


@pytest.fixture(autouse=True)
def patient() -> None:
    expect.set_options(timeout=PATIENCE)


async def test_a_track_plays_and_what_was_heard_is_in_the_history(browser: Browser, world: World) -> None:
    async with opened(browser, world) as watched:
        await watched.play()
        await watched.reach(2)
        await expect(watched.page.get_by_role("status")).to_have_text("Playing Long Tone.")
        await watched.seek(SECONDS - 1.5)
        await expect(watched.page.get_by_role("status")).to_have_text("Long Tone is over.")
        history = watched.page.get_by_role("region", name="Your history")
        await expect(history).to_contain_text("Long Tone")
        assert watched.problems == []
    (play,) = await world.history()
    assert play | {"listenedSeconds": 0} == {
        "track": {"title": "Long Tone"},
        "listenedSeconds": 0,
        "platform": "WEB",
        "isCounted": False,
    }
    assert 2 <= play["listenedSeconds"] <= 10, "what was skipped was not listened to"


async def test_an_address_is_exchanged_before_its_time_is_over_and_nothing_is_heard_of_it(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MARGIN_SECONDS", 12 - SECONDS)
    async with opened(browser, world) as watched:
        await watched.play()
        await watched.reach(1)
        await watched.page.evaluate(COUNT_GAPS)
        await watched.reach(60)
        assert await watched.page.evaluate("gaps") == 0
        assert watched.problems == []
        assert len({grant for grant, _ in watched.heard}) > 1
        assert {status for _, status in watched.heard} == {200}


async def test_an_address_that_is_refused_is_exchanged_and_the_track_goes_on(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a new key, or hours of sleep of the machine that plays."""
    async with opened(browser, world) as watched:
        await watched.play()
        await watched.reach(1)
        signature = Streams._signature
        monkeypatch.setattr(Streams, "_signature", lambda self, facts: signature(self, b"anew" + facts))
        await watched.seek(70)
        await watched.reach(72)
        assert [status for _, status in watched.heard if status != 200] == [403]
        await expect(watched.page.get_by_role("alert")).to_have_count(0)


async def test_a_streaming_service_that_is_away_is_said_and_waited_for(
    browser: Browser, world: World
) -> None:
    async with opened(browser, world) as watched:
        page = watched.page
        await expect(page.get_by_role("button", name="Play Long Tone")).to_be_visible()
        world.streaming.is_away = True
        try:
            await watched.play()
            await expect(page.get_by_role("alert")).to_contain_text("The sound service does not answer.")
            world.streaming.is_away = False
            await page.get_by_role("button", name="Try again").click()
            await watched.reach(1)
            world.streaming.is_away = True
            await watched.seek(70)
            await expect(page.get_by_role("status")).to_contain_text("trying again…")
        finally:
            world.streaming.is_away = False
        await watched.reach(72)
        await expect(page.get_by_role("status")).to_have_text("Playing Long Tone.")


async def test_a_play_that_could_not_be_told_is_told_later_and_once(browser: Browser, world: World) -> None:
    before = len(await world.history())
    async with opened(browser, world) as watched:
        page = watched.page
        await watched.play()
        await watched.seek(SECONDS - 3)
        await watched.reach(SECONDS - 2.5)
        world.streaming.is_away = True
        try:
            await expect(page.get_by_role("alert").filter(has_text="could not be told")).to_be_visible()
        finally:
            world.streaming.is_away = False
        assert len(await world.history()) == before
        for _ in range(2):
            await page.reload()
            await expect(page.get_by_role("region", name="Your history")).to_contain_text(
                f"{before + 1} plays"
            )


async def test_a_page_that_is_closed_tells_what_was_heard(browser: Browser, world: World) -> None:
    before = len(await world.history())
    async with opened(browser, world) as watched:
        await watched.play()
        await watched.reach(2)
        await watched.page.goto("about:blank")
        await watched.page.goto(f"{world.url}/demo")
        await expect(watched.page.get_by_role("region", name="Your history")).to_contain_text(
            f"{before + 1} plays"
        )


async def test_a_token_that_is_over_is_exchanged_and_a_login_that_is_over_is_said(
    browser: Browser, world: World
) -> None:
    spoil = """names => { const key = "plait:demo-login", kept = JSON.parse(sessionStorage.getItem(key));
        for (const name of names) kept[name] = kept[name].slice(0, -4) + "AAAA";
        sessionStorage.setItem(key, JSON.stringify(kept)) }"""
    async with opened(browser, world) as watched:
        page = watched.page
        history = page.get_by_role("region", name="Your history")
        await expect(history).to_contain_text("plays in all")
        await page.evaluate(spoil, ["accessToken"])
        await page.reload()
        await expect(history).to_contain_text("plays in all")
        await watched.play()
        await watched.reach(1)
        await page.evaluate(spoil, ["accessToken", "refreshToken"])
        await page.reload()
        await expect(page.get_by_role("alert")).to_contain_text("log in again")
        await expect(page.get_by_label("Log in as")).to_be_focused()


async def test_a_browser_that_plays_hls_itself_is_left_to(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def without_buffers(page: Page) -> None:
        await page.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource")

    async with opened(browser, world, without_buffers) as watched:
        await watched.play()
        await watched.reach(1)
        signature = Streams._signature
        monkeypatch.setattr(Streams, "_signature", lambda self, facts: signature(self, b"other" + facts))
        await watched.seek(70)
        await watched.reach(71)
        await expect(watched.page.get_by_role("alert")).to_have_count(0)


async def test_the_keyboard_is_enough_and_every_control_has_a_name(browser: Browser, world: World) -> None:
    async with browsing(browser, world.url) as (page, problems):
        await page.goto(f"{world.url}/demo")
        await expect(page.get_by_label("Log in as")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Play Long Tone by Sine")).to_be_visible()
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.ariaLabel") == "Play Long Tone by Sine"
        await page.keyboard.press("Enter")
        await Watched(page, problems).reach(1)
        assert await page.evaluate(f"{AUDIO}.ariaLabel") == "Long Tone by Sine"
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await expect(page.get_by_role("status")).to_have_text("Long Tone is paused.")
        assert problems == []


async def test_nothing_inline_runs_and_nothing_foreign_is_asked(browser: Browser, world: World) -> None:
    async with browsing(browser, world.url) as (page, problems):
        await page.goto(f"{world.url}/demo")
        await page.evaluate(
            "() => { const one = document.createElement('script'); one.textContent = 'window.ran = 1';"
            " document.body.append(one); return fetch('http://127.0.0.1:9/x').catch(() => 0) }"
        )
        assert await page.evaluate("window.ran") is None
    assert len([each for each in problems if "Content Security Policy" in each]) >= 2
