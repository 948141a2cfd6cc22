"""The demo's pictures: where they are kept, and what is answered when their store is away."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.routing import Route

from db import embedded
from db.config import S3Location
from db.embedded import seaweedfs
from db.s3 import S3Store, open_s3
from plait.cli import demo_pictures
from plait.cli.demo_pictures import OpenedAtNeed, needs_embedded_store, picture_route, picture_store
from plait.cli.settings import Settings
from tests.support.gate import gate_to

POSTGRES = {"PLAIT_DATABASE_URL": "postgresql://localhost/plait"}
S3 = {"PLAIT_S3_URL": "http://localhost:9", "PLAIT_S3_ACCESS_KEY": "a", "PLAIT_S3_SECRET_KEY": "b"}


def settings_in(home: Path, **environment: str) -> Settings:
    return Settings.from_environment({"PLAIT_HOME": str(home), **environment})


def test_beside_an_embedded_database_pictures_are_kept_in_the_embedded_s3(tmp_path: Path) -> None:
    assert needs_embedded_store(settings_in(tmp_path))
    assert needs_embedded_store(
        settings_in(tmp_path, PLAIT_USERS_DATABASE_URL="postgresql://localhost/users")
    )


async def test_with_databases_alone_there_are_no_pictures_and_no_s3_is_started(tmp_path: Path) -> None:
    async with picture_store(settings_in(tmp_path, **POSTGRES)) as pictures:
        assert await pictures.location() is None
    assert os.listdir(tmp_path) == []


async def test_a_configured_s3_keeps_the_pictures_wherever_the_databases_are(tmp_path: Path) -> None:
    for databases in ({}, POSTGRES):
        settings = settings_in(tmp_path, **databases, **S3)
        async with picture_store(settings) as pictures:
            assert await pictures.location() == settings.stores.s3
    assert os.listdir(tmp_path) == []


def test_where_no_s3_is_installed_there_are_no_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seaweedfs.shutil, "which", lambda _name: None)
    monkeypatch.setattr(seaweedfs.system, "scripts", lambda: tmp_path)
    assert not needs_embedded_store(settings_in(tmp_path))


async def test_the_store_is_stopped_though_nobody_waited_for_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[Path] = []

    class Server:
        def __init__(self, home: Path) -> None:
            self.home = home

        def stop(self) -> None:
            stopped.append(self.home)

    monkeypatch.setattr(embedded, "start_seaweedfs", lambda home, progress: Server(home))
    async with picture_store(settings_in(tmp_path)):
        pass
    assert stopped == [tmp_path]


async def test_a_store_that_is_away_is_503_and_other_names_are_404_without_asking_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with open_s3(S3Location(f"http://127.0.0.1:{port}", "a", "b")) as s3:
        route = picture_route(opened(s3))
        found = {path: await status(route, path) for path in PATHS}
    assert found == PATHS


async def test_a_store_that_hangs_is_503_in_seconds_and_answers_again_when_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo_pictures, "ANSWER_SECONDS", 1.0)
    async with (
        await asyncio.start_server(_absent, "127.0.0.1", 0) as server,
        gate_to(("127.0.0.1", server.sockets[0].getsockname()[1])) as gate,
        open_s3(S3Location(f"http://127.0.0.1:{gate.port}", "a", "b")) as s3,
    ):
        route, path = picture_route(opened(s3)), ("post-images", "hiking-1.webp")
        assert await status(route, path) == 404
        gate.hang()
        async with asyncio.timeout(5):
            assert await status(route, path) == 503
        await gate.open()
        assert await status(route, path) == 404


async def test_the_client_is_made_with_the_first_picture_that_is_asked_for_and_once() -> None:
    async with AsyncExitStack() as stack:
        pictures = OpenedAtNeed(stack, S3Location("http://127.0.0.1:9", "a", "b"))
        route = picture_route(pictures.get)
        assert await status(route, ("post-images", "nothing.png")) == 404
        assert pictures._opened is None
        first, second = await asyncio.gather(pictures.get(), pictures.get())
        assert first is second


def opened(s3: S3Store) -> Callable[[], Awaitable[S3Store]]:
    async def get() -> S3Store:
        return s3

    return get


async def _absent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An S3 that has nothing."""
    body = b"<Error><Code>NoSuchKey</Code></Error>"
    head = f"HTTP/1.1 404 Not Found\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    await reader.readuntil(b"\r\n\r\n")
    writer.write(head.encode() + body)
    await writer.drain()
    writer.close()


async def status(route: Route, path: tuple[str, str]) -> int:
    parameters = dict(zip(("bucket", "file"), path, strict=True))
    scope = {"type": "http", "method": "GET", "headers": [], "path_params": parameters}
    return int((await route.endpoint(Request(scope))).status_code)


PATHS = {
    ("post-images", "hiking-1.webp"): 503,
    ("post-images", "hiking-1.png"): 404,
    ("post-images", "Hiking-1.webp"): 404,
    ("post-images", "../x.webp"): 404,
    ("users", "hiking-1.webp"): 404,
}
