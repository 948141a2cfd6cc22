"""Apollo Client and urql from npm ask by hash: with the texts kept, and where the router keeps none."""

from __future__ import annotations

import pytest

from router.config import APQConfig, PersistedConfig, RouterConfig
from tests.support.federation import router
from tests.support.node import run, serving

pytestmark = pytest.mark.xdist_group("node")
ON = RouterConfig()
OFF = RouterConfig(persisted_operations=PersistedConfig(apq=APQConfig(enabled=False)))
CLIENTS = pytest.mark.parametrize("client", ["apollo", "urql"])


@CLIENTS
@pytest.mark.parametrize("how", ["post", "get"])
async def test_a_client_sends_its_text_once_and_its_hash_from_then_on(client: str, how: str) -> None:
    async with serving(router(ON)) as url:
        done = await run("persisted.js", url, client, how)
        again = await run("persisted.js", url, client, how)
    assert [answer["me"]["name"] for answer in done["answers"] + again["answers"]] == ["Ada"] * 4
    assert [request["text"] for request in done["sent"]] == [False, True, False]
    assert [request["text"] for request in again["sent"]] == [False, False]
    if how == "get":
        assert {request["method"] for request in again["sent"]} == {"GET"}


@CLIENTS
async def test_where_no_texts_are_kept_a_client_goes_on_with_its_text(client: str) -> None:
    async with serving(router(OFF)) as url:
        done = await run("persisted.js", url, client, "post")
    assert [answer["me"]["name"] for answer in done["answers"]] == ["Ada"] * 2
    assert [request["text"] for request in done["sent"]] in ([False, True, True], [False, True, False, True])
