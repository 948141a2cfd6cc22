"""`/demo` is of the demo world: it is there where all it asks is there, and nobody else's router has it."""

from __future__ import annotations

from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.applications import Starlette

from plait.cli.demo_page import NEEDED, demo_routes
from plait.cli.seed import demo_logins
from subgraphs.processing.demo import tracks_with_sound
from tests.support.federation import router


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://plait")


async def test_the_page_is_told_who_to_log_in_as_and_what_has_sound(tmp_path: Path) -> None:
    (tmp_path / "demo.html").write_text('<script type="application/json" id="plait-settings"></script>')
    routes = demo_routes(NEEDED, demo_logins(), tracks_with_sound(), tmp_path)
    async with client(Starlette(routes=routes)) as http:
        answer = await http.get("/demo")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert all(f'"username": "{login.username}"' in answer.text for login in demo_logins())
    assert all(str(track) in answer.text for track in tracks_with_sound())


@pytest.mark.parametrize("left_out", sorted(NEEDED))
def test_a_world_without_what_the_page_asks_has_no_page(left_out: str) -> None:
    assert demo_routes(NEEDED - {left_out}, demo_logins(), tracks_with_sound()) == []


async def test_an_adopters_router_has_no_such_page() -> None:
    async with router() as routed, client(routed.asgi()) as http:
        assert (await http.get("/demo", headers={"accept": "text/html"})).status_code == 404
