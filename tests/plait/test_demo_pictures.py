"""The demo's pictures: where they are kept, and what is answered when their store is away."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.routing import Route

from db.config import S3Location
from db.embedded import seaweedfs
from db.s3 import open_s3
from plait.cli.demo_pictures import picture_route, picture_store, stores_with_pictures
from plait.cli.settings import Settings
from subgraphs.registry import USES
from tests.support.postgres import migrated_stores

POSTGRES = {"PLAIT_DATABASE_URL": "postgresql://localhost/plait"}
S3 = {"PLAIT_S3_URL": "http://localhost:9", "PLAIT_S3_ACCESS_KEY": "a", "PLAIT_S3_SECRET_KEY": "b"}


def wants_pictures(tmp_path: Path, **environment: str) -> bool:
    settings = Settings.from_environment({"PLAIT_HOME": str(tmp_path), **environment})
    uses = stores_with_pictures(settings)
    assert uses.keys() == USES.keys()
    return all("s3" in stores for stores in uses.values())


def test_beside_an_embedded_database_pictures_are_kept_in_the_embedded_s3(tmp_path: Path) -> None:
    assert wants_pictures(tmp_path)


def test_with_databases_alone_there_are_no_pictures_and_no_s3_is_started(tmp_path: Path) -> None:
    assert not wants_pictures(tmp_path, **POSTGRES)


def test_a_configured_s3_keeps_the_pictures_wherever_the_databases_are(tmp_path: Path) -> None:
    assert wants_pictures(tmp_path, **POSTGRES, **S3)


def test_where_no_s3_is_installed_there_are_no_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seaweedfs.shutil, "which", lambda _name: None)
    monkeypatch.setattr(seaweedfs.system, "scripts", lambda: tmp_path)
    assert not wants_pictures(tmp_path)
    assert wants_pictures(tmp_path, **S3)


async def test_stores_without_s3_keep_no_pictures() -> None:
    async with migrated_stores() as stores:
        assert picture_store(stores) is None


async def test_a_store_that_is_away_is_503_and_other_names_are_404_without_asking_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with open_s3(S3Location(f"http://127.0.0.1:{port}", "a", "b")) as s3:
        route = picture_route(s3)
        found = {path: await status(route, path) for path in PATHS}
    assert found == PATHS


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
