"""Strawberry schemas in this process get the request without a partner's key and the cookies beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from router.app import Router
from tests.support.partners import add_partner, config, serving, store

pytest.importorskip("strawberry", reason="needs strawberry-graphql (pip install 'plait[domains]')")

from strawberry.extensions import SchemaExtension
from strawberry.permission import BasePermission

from tests.support.strawberry_context import make_schema


class Allowed(BasePermission):
    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        return True


@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
async def test_a_context_has_neither_the_key_nor_cookies_beside_it(tmp_path: Path, header: str) -> None:
    key = add_partner(store(tmp_path), texts={"mine": "query Mine { mine }"})
    seen: list[dict[str, str]] = []

    def context(request: Any, response: Any) -> dict[str, Any]:
        seen.append(dict(request.headers))
        return {"request": request, "response": response, "mine": 5}

    made = Router.from_subgraphs(
        {"app": make_schema(Allowed, SchemaExtension)},
        config=replace(config(tmp_path)),
        context_getter=context,
    )
    sent = {
        "cookie": "session=1",
        "x-user": "u",
        header: f"Bearer {key}" if header == "authorization" else key,
    }
    async with serving(made) as http:
        assert (await http.post("/graphql", json={"documentId": "mine"}, headers=sent)).json() == {
            "data": {"mine": 5}
        }
        assert await made.execute({"documentId": "mine"}, sent) == {"data": {"mine": 5}}
        public = await http.post("/graphql", json={"query": "{ mine }"}, headers={"cookie": "session=1"})
    assert public.json() == {"data": {"mine": 5}}
    assert len(seen) == 3
    for headers in seen[:2]:
        assert headers["x-user"] == "u"
        assert not {"cookie", header} & headers.keys()
    assert seen[2]["cookie"] == "session=1"
