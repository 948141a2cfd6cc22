"""Whose pages may use a key in a browser: preflights, answers they may read, foreign pages get nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.config import CORSConfig
from router.partners.origins import is_origin
from tests.support.partners import ADA, add_partner, code, router, serving, store, users

BY_ID = {"documentId": "me-1"}
SHOP, OTHER, APP = "https://shop.example", "https://other.example", "https://app.example"
ALLOW = "access-control-allow-origin"


def asking(origin: str, headers: str = "content-type,x-api-key") -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
    }


@pytest.mark.parametrize("cors", [CORSConfig(), CORSConfig(allow_origins=(APP,), allow_credentials=True)])
async def test_a_browser_may_send_a_key_from_a_partners_page_and_no_cookies(
    tmp_path: Path, cors: CORSConfig
) -> None:
    key = add_partner(store(tmp_path), origins=(SHOP,))
    token = {"origin": SHOP, "authorization": "Bearer token"}
    async with serving(router(tmp_path, cors=cors)) as http:
        asked = await http.options("/graphql", headers=asking(SHOP))
        by_id = await http.options("/graphql/me-1", headers=asking(SHOP, "X-Api-Key"))
        done = await http.post("/graphql", json=BY_ID, headers={"origin": SHOP, "x-api-key": key})
        for refused in (
            await http.options("/graphql", headers=asking(OTHER)),
            await http.options("/graphql", headers=asking(SHOP, "content-type")),
            await http.post("/graphql", json={"query": "{ me { name } }"}, headers={"origin": SHOP}),
            await http.post("/graphql", json={"query": "{ me { name } }"}, headers=token),
        ):
            assert ALLOW not in refused.headers
    assert asked.headers[ALLOW] == by_id.headers[ALLOW] == SHOP
    assert asked.headers["access-control-allow-headers"] == "content-type,x-api-key"
    assert "access-control-allow-credentials" not in asked.headers
    assert done.json() == ADA
    assert done.headers.get_list(ALLOW) == [SHOP]
    assert "origin" in done.headers["vary"]


async def test_a_key_on_another_page_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    folder = store(tmp_path)
    acme, other = add_partner(folder, "acme", origins=(SHOP,)), add_partner(folder, "other", origins=(OTHER,))
    server = add_partner(folder, "server")
    watched = users()
    async with serving(router(tmp_path, watched)) as http:
        for key, origin in (
            (acme, OTHER),
            (acme, "null"),
            (other, SHOP),
            (server, SHOP),
            (acme, f"{SHOP}.evil"),
        ):
            refused = await http.post("/graphql", json=BY_ID, headers={"origin": origin, "x-api-key": key})
            assert code(refused) == (403, "PARTNER_ORIGIN_NOT_ALLOWED"), origin
        assert watched.requests == []


async def test_our_own_page_and_what_is_no_browser_need_no_origin(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    async with serving(router(tmp_path)) as http:
        for headers in ({}, {"origin": "http://router"}):
            answer = await http.post("/graphql", json=BY_ID, headers={**headers, "x-api-key": key})
            assert answer.json() == ADA


async def test_any_page_may_where_a_partner_says_so(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path), origins=("*",))
    async with serving(router(tmp_path)) as http:
        assert (await http.options("/graphql", headers=asking(OTHER))).headers[ALLOW] == OTHER
        answer = await http.post("/graphql", json=BY_ID, headers={"origin": OTHER, "x-api-key": key})
    assert answer.json() == ADA


async def test_pages_that_cors_knows_go_on_as_before(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path), origins=(APP,))
    cors = CORSConfig(allow_origins=(APP,), allow_credentials=True)
    async with serving(router(tmp_path, cors=cors)) as http:
        asked = await http.options("/graphql", headers=asking(APP, "authorization,content-type"))
        done = await http.post("/graphql", json=BY_ID, headers={"origin": APP, "x-api-key": key})
    assert asked.headers["access-control-allow-credentials"] == "true"
    assert done.headers.get_list(ALLOW) == [APP]


async def test_a_key_shows_that_no_foreign_page_sent_the_request(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    async with serving(router(tmp_path)) as http:
        assert (await http.get("/graphql/me-1", headers={"x-api-key": key})).json() == ADA
        assert (await http.get("/graphql/me-1", headers={"authorization": f"Bearer {key}"})).json() == ADA
        for headers in ({}, {"authorization": "Basic YTpi"}):
            assert code(await http.get("/graphql/me-1", headers=headers)) == (400, "CSRF_ERROR")


@pytest.mark.parametrize("text", ["*", SHOP, "http://localhost:3000", "http://[::1]:3000"])
def test_an_origin_is_what_browsers_send(text: str) -> None:
    assert is_origin(text)


@pytest.mark.parametrize(
    "text", ["", "shop.example", f"{SHOP}/", f"{SHOP}/page", "HTTPS://Shop.example", "null", "https://*"]
)
def test_what_no_browser_sends_is_no_origin(text: str) -> None:
    assert not is_origin(text)
