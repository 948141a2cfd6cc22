"""What is beside the endpoint: health for orchestrators, the studio for people."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from router.config import RouterConfig, ServerConfig, StudioConfig
from router.http.studio import studio_app, studio_routes
from tests.support.federation import router

HTML = {"accept": "text/html,*/*;q=0.8"}


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://router")


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
async def test_a_started_router_is_up(path: str) -> None:
    routed = router()
    async with routed, client(routed.asgi()) as http:
        response = await http.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "UP"})


async def test_a_router_that_has_stopped_is_live_but_not_ready() -> None:
    routed = router()
    async with client(routed.asgi()) as http:
        async with routed:
            assert (await http.get("/health/ready")).status_code == 200
        assert (await http.get("/health/ready")).status_code == 503
        assert (await http.get("/health/live")).status_code == 200


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    (tmp_path / "index.html").write_text("<title>Plait</title>")
    (tmp_path / "static" / "index-abc.js").write_text("1")
    return tmp_path


async def test_a_browser_gets_the_studio_and_only_from_here(built: Path) -> None:
    async with client(Starlette(routes=studio_routes("/graphql", built))) as http:
        page = await http.get("/", headers=HTML)
        script = await http.get("/static/index-abc.js")
    assert page.text == "<title>Plait</title>"
    assert page.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "immutable" in script.headers["cache-control"]


async def test_the_page_knows_the_path_of_operations_and_the_first_one(built: Path) -> None:
    (built / "index.html").write_text('<script type="application/json" id="plait-settings"></script>')
    routes = studio_routes("/api/graphql", built, '{ a(b: "</script>") }')
    async with client(Starlette(routes=routes)) as http:
        page = (await http.get("/", headers=HTML)).text
    said = page.removeprefix('<script type="application/json" id="plait-settings">').removesuffix("</script>")
    assert "<" not in said
    assert json.loads(said) == {"graphqlPath": "/api/graphql", "firstOperation": '{ a(b: "</script>") }'}


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
async def test_a_file_that_was_built_compressed_is_sent_so_to_who_takes_it(
    built: Path, accepted: str, encoding: str | None
) -> None:
    (built / "static" / "index-abc.js.gz").write_bytes(gzip.compress(b"1"))
    async with client(Starlette(routes=studio_routes("/graphql", built))) as http:
        script = await http.get("/static/index-abc.js", headers={"accept-encoding": accepted})
    assert (script.text, script.headers.get("content-encoding")) == ("1", encoding)
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["vary"] == "accept-encoding"


async def test_a_studio_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with client(Starlette(routes=studio_routes("/graphql", tmp_path))) as http:
        response = await http.get("/", headers=HTML)
    assert response.status_code == 503
    assert "make studio" in response.text


async def test_files_beside_the_studio_are_not_served(built: Path) -> None:
    (built.parent / "secret").write_text("s")
    async with client(Starlette(routes=studio_routes("/graphql", built))) as http:
        response = await http.get("/static/..%2f..%2fsecret")
    assert response.status_code == 404


async def test_the_studio_can_be_turned_off() -> None:
    routed = router(RouterConfig(studio=StudioConfig(enabled=False)))
    async with client(routed.asgi()) as http:
        assert (await http.get("/", headers=HTML)).status_code == 404


async def test_a_browser_at_the_endpoint_is_led_to_the_studio() -> None:
    routed = router()
    async with client(routed.asgi()) as http:
        response = await http.get("/graphql", headers=HTML)
    assert (response.status_code, response.headers["location"]) == (303, "/")


async def test_operations_and_the_studio_may_have_one_address(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio_app, "__defaults__", (built, None))
    routed = router(RouterConfig(server=ServerConfig(graphql_path="/")))
    async with routed, client(routed.asgi()) as http:
        page = await http.get("/", headers=HTML)
        answers = [
            await http.post("/", json={"query": "{ me { name } }"}),
            await http.get("/?query={me{name}}", headers={**HTML, "apollo-require-preflight": "1"}),
        ]
        health = await http.get("/health")
    assert (page.status_code, page.text) == (200, "<title>Plait</title>")
    assert [answer.json() for answer in answers] == [{"data": {"me": {"name": "Ada"}}}] * 2
    assert health.json() == {"status": "UP"}


async def test_the_studio_under_a_prefix_is_told_where_operations_go(built: Path) -> None:
    (built / "index.html").write_text('<script type="application/json" id="plait-settings"></script>')
    app = Starlette(routes=[Mount("/at", routes=studio_routes("/my/graphql", built))])
    async with client(app) as http:
        page = (await http.get("/at/", headers=HTML)).text
    assert '"/at/my/graphql"' in page
