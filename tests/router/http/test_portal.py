"""The partner's page and what is told to it: a key sees what is its own, and nobody else anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from router import Router
from router.config import MCPConfig, PartnersConfig, RouterConfig, StudioConfig
from router.http.portal import Portal
from router.partners.errors import PartnerStoreError
from router.partners.partner import Limits, Rate
from tests.support.partners import EMAIL, ME, SUPERGRAPH, add_partner, router, serving, store, users

HTML = {"accept": "text/html"}
USER = "# One user.\nquery User($id: ID!) { user(id: $id) { name } }"


async def account(http: httpx.AsyncClient, key: str, **headers: str) -> httpx.Response:
    return await http.get("/partner/account", headers={"authorization": f"Bearer {key}", **headers})


async def test_a_key_is_told_its_operations_limits_and_addresses(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="needs the protocol's SDK (pip install 'plait[mcp]')")
    limits = Limits(rate=Rate(count=5, seconds=1), daily_operations=100)
    key = add_partner(store(tmp_path), limits=limits, texts={"u-1": USER, "email-1": EMAIL})
    async with serving(router(tmp_path, mcp=MCPConfig(enabled=True))) as http:
        answer = await account(http, key)
    told = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    (operation,) = told.pop("operations")
    assert (operation["id"], operation["name"], operation["kind"]) == ("u-1", "User", "query")
    assert (operation["description"], operation["variables"]["required"]) == ("One user.", ["id"])
    assert told == {
        "partner": "acme",
        "graphqlPath": "/graphql",
        "mcpPath": "/mcp",
        "limits": {
            "rate": {"count": 5, "seconds": 1.0},
            "dailyOperations": 100,
            "dailyCost": None,
            "maxCost": None,
        },
        "origins": [],
        "use": [],
    }


async def test_what_was_used_is_told_by_operation_and_code(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path), limits=Limits(daily_operations=1))
    async with serving(router(tmp_path)) as http:
        for _ in range(2):
            headers = {"authorization": f"Bearer {key}"}
            await http.post("/graphql", json={"documentId": "me-1"}, headers=headers)
        (today,) = (await account(http, key)).json()["use"]
    assert (today["operations"], today["byOperation"]) == (1, {"me-1": 1})
    assert today["codes"] == {"PARTNER_QUOTA_EXCEEDED": 1}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "PARTNER_KEY_REQUIRED"),
        ({"authorization": "Bearer plait_pk_nonsense"}, "PARTNER_KEY_MALFORMED"),
        ({"authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}, "PARTNER_KEY_MALFORMED"),
        ({"cookie": "session=1"}, "PARTNER_KEY_REQUIRED"),
    ],
)
async def test_without_a_good_key_nothing_is_told(tmp_path: Path, headers: dict[str, str], code: str) -> None:
    add_partner(store(tmp_path))
    async with serving(router(tmp_path)) as http:
        answer = await http.get("/partner/account", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, code)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_foreign_page_is_told_nothing_with_a_good_key(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    async with serving(router(tmp_path)) as http:
        answer = await account(http, key, origin="https://evil.example")
    assert answer.status_code == 403


async def test_a_store_that_is_away_is_said_and_asked_no_more_than_needed(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    made = router(tmp_path)
    assert made.partners is not None
    asked: list[str] = []

    async def use(name: str, days: int = 30) -> Any:
        asked.append(name)
        if len(asked) > 1:
            raise PartnerStoreError("away")
        return []

    made.partners.use = use  # type: ignore[method-assign]
    async with serving(made) as http:
        statuses = [(await account(http, key)).status_code for _ in range(5)]
    assert (statuses, asked) == ([200] * 5, ["acme"])


@asynccontextmanager
async def page(folder: Path, settings: RouterConfig) -> AsyncIterator[httpx.Response]:
    async with serving(Router(SUPERGRAPH, {"users": users()}, config=settings)) as http:
        yield await http.get("/partner", headers=HTML)


async def test_the_page_is_there_where_partners_are_and_it_is_not_turned_off(tmp_path: Path) -> None:
    partners = PartnersConfig(store=str(tmp_path))
    no_studio = StudioConfig(enabled=False)
    for settings, is_there in (
        (RouterConfig(partners=partners, studio=no_studio), True),
        (RouterConfig(partners=PartnersConfig(store=str(tmp_path), portal=False)), False),
        (RouterConfig(), False),
    ):
        async with page(tmp_path, settings) as answer:
            assert (answer.status_code != 404) is is_there


async def test_the_page_is_told_where_to_ask_and_holds_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "partner.html").write_text('<script type="application/json" id="plait-settings"></script>')
    made = router(tmp_path / "partners", partners={"key_headers": ("x-partner",)})
    assert made.partners is not None
    portal = Portal(made.engine, made.partners, made._catalogues, made.config)
    app = Starlette(routes=[Mount("/at", routes=portal.routes(tmp_path))])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        answer = await http.get("/at/partner", headers=HTML)
    assert '{"accountPath": "/at/partner/account", "keyHeader": "x-partner"}' in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert ME not in answer.text
