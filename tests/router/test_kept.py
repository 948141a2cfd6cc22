"""What a router with another configuration takes over from the one before, and what it does not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from msgspec.structs import replace

from router import Router
from router.authorization.policies import PolicyRequest
from router.config import (
    APQConfig,
    BatchingConfig,
    CircuitBreakerConfig,
    LimitsConfig,
    MetricsConfig,
    PersistedConfig,
    RateLimit,
    RateLimitsConfig,
    RouterConfig,
    SubgraphConfig,
    SubgraphDefaults,
    SubgraphsConfig,
    TelemetryConfig,
)
from router.persisted.lists import load
from router.rates.gcra import MemoryRates
from router.reloading import ReloadingRouter
from tests.router.test_reloading import ADA, ME, ask, serving
from tests.support.federation import SUPERGRAPH, posts, users
from tests.support.http_server import byte_server
from tests.support.protected import caller, protected

BATCHES = BatchingConfig(enabled=True)
HASH = hashlib.sha256(ME["query"].encode()).hexdigest()
BY_HASH = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}}
METRICS = TelemetryConfig(metrics=MetricsConfig(enabled=True))


def limited(count: int, **more: Any) -> RouterConfig:
    rule = RateLimit(name="all", count=count, seconds=3600, by="all")
    return RouterConfig(rate_limits=RateLimitsConfig(rules=(rule,)), **more)


async def test_who_used_up_a_rate_limit_has_used_it_up() -> None:
    async with serving(limited(1)) as (reloading, client):
        assert (await ask(client))[0] == 200
        assert (await ask(client))[0] == 429
        await reloading.replace_config(limited(1, batching=BATCHES))
        assert (await ask(client))[0] == 429


async def test_another_number_of_a_rule_forgets_nothing_of_what_was_counted() -> None:
    async with serving(limited(1)) as (reloading, client):
        assert (await ask(client))[0] == 200
        await reloading.replace_config(limited(2))
        assert [(await ask(client))[0] for _ in range(2)] == [429, 429]


async def test_a_text_that_was_sent_before_is_found_by_its_hash() -> None:
    async with serving() as (reloading, client):
        assert await ask(client, {**ME, **BY_HASH}) == (200, ADA)
        await reloading.replace_config(RouterConfig(batching=BATCHES))
        assert await ask(client, BY_HASH) == (200, ADA)


@pytest.mark.parametrize(
    "persisted",
    [
        PersistedConfig(apq=APQConfig(enabled=False)),
        PersistedConfig(mode="safelist"),
        PersistedConfig(apq=APQConfig(max_bytes=1000)),
    ],
    ids=["off", "safelist", "another size"],
)
async def test_texts_are_not_kept_where_that_is_configured_otherwise(persisted: PersistedConfig) -> None:
    async with serving() as (reloading, client):
        await ask(client, {**ME, **BY_HASH})
        await reloading.replace_config(RouterConfig(persisted_operations=persisted))
        assert "errors" in (await ask(client, BY_HASH))[1]


def published(folder: Path, text: str) -> str:
    file = folder / "operations.json"
    operation = {"id": "me", "body": text, "name": "", "type": "query"}
    manifest = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]}
    file.write_text(json.dumps(manifest))
    return str(file)


async def test_published_operations_stay_even_if_their_file_is_broken_now(tmp_path: Path) -> None:
    config = PersistedConfig(mode="require-id", sources=(published(tmp_path, ME["query"]),))
    async with serving(RouterConfig(persisted_operations=config)) as (reloading, client):
        (tmp_path / "operations.json").write_text("{")
        await reloading.replace_config(RouterConfig(persisted_operations=config, batching=BATCHES))
        assert await ask(client, {"documentId": "me"}) == (200, ADA)


async def test_operations_that_are_published_later_are_those_of_the_router_in_force(tmp_path: Path) -> None:
    config = PersistedConfig(mode="require-id")
    async with serving(RouterConfig(persisted_operations=config)) as (reloading, client):
        await reloading.replace_config(RouterConfig(persisted_operations=config, batching=BATCHES))
        await reloading.replace_operations(load([published(tmp_path, ME["query"])]))
        assert await ask(client, {"documentId": "me"}) == (200, ADA)


async def admin_text(reloading: ReloadingRouter[Router], path: str) -> str:
    transport = httpx.ASGITransport(reloading.admin())
    async with httpx.AsyncClient(transport=transport, base_url="http://admin") as client:
        return (await client.get(path)).text


async def test_counters_go_on_and_the_admin_page_tells_of_the_router_in_force() -> None:
    async with serving(RouterConfig(telemetry=METRICS)) as (reloading, client):
        await ask(client)
        old = reloading.router
        await reloading.replace_config(RouterConfig(telemetry=METRICS, batching=BATCHES))
        await ask(client)
        await old.aclose()
        text = await admin_text(reloading, "/metrics")
        labels = 'http_request_method="POST",http_response_status_code="200"'
        assert f"http_server_request_duration_seconds_count{{{labels}}} 2.0" in text
        assert "plait_prepared_operations 1.0" in text
        reloading.tell("supergraph", "It is broken.")
        await reloading.replace_config(RouterConfig(telemetry=METRICS))
        assert "It is broken." in await admin_text(reloading, "/health/ready")
        reloading.tell("supergraph", None)
        assert "problems" not in await admin_text(reloading, "/health/ready")


class Dying:
    """A subgraph that fails, and counts what reaches it."""

    def __init__(self) -> None:
        self.asked = 0

    async def execute(self, *_: Any) -> dict[str, Any]:
        self.asked += 1
        raise OSError("no")


BREAKS = CircuitBreakerConfig(enabled=True, min_requests=2, open_seconds=600)


def breaking(**more: Any) -> RouterConfig:
    defaults = SubgraphDefaults(circuit_breaker=BREAKS)
    subgraphs = SubgraphsConfig(defaults=defaults, by_name={"posts": SubgraphConfig(**more)})
    return RouterConfig(subgraphs=subgraphs, batching=BATCHES)


async def test_a_circuit_that_is_open_stays_so_where_the_subgraph_is_configured_as_before() -> None:
    dying = Dying()
    async with serving(replace(breaking(), batching=BatchingConfig()), users=dying) as (reloading, client):
        for _ in range(3):
            await ask(client)
        assert dying.asked == 2
        await reloading.replace_config(breaking())
        assert "CIRCUIT_BREAKER_OPEN" in str(await ask(client))
        assert dying.asked == 2
        await reloading.replace_config(replace(breaking(), subgraphs=SubgraphsConfig()))
        await ask(client)
        assert dying.asked == 3


async def test_connections_are_kept_to_subgraphs_that_are_configured_as_before() -> None:
    def answer(_: bytes) -> bytes:
        body = b'{"data":{"me":{"name":"Ada"}}}'
        return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)

    async with byte_server(answer) as server, serving(users=server.url) as (reloading, client):
        assert await ask(client) == (200, ADA)
        old = reloading.router
        await reloading.replace_config(breaking(timeout_seconds=5))
        await reloading.replace_config(breaking(timeout_seconds=6))
        between = server.connections
        await old.aclose()
        assert await ask(client) == (200, ADA)
        assert (between, server.connections) == (1, 2), "the defaults changed once, then posts alone"


GUARDED = 'type Query { diary: String @policy(policies: [["owner"]]) }'


async def test_policies_in_python_answer_under_the_new_configuration() -> None:
    async def yes(request: PolicyRequest) -> bool:
        return True

    first, _ = protected({"users": GUARDED}, {"users": {"diary": "dear"}}, policies={"owner": yes})
    async with first.with_config(RouterConfig(batching=BATCHES)) as second:
        answer = await second.execute({"query": "{ diary }"}, caller())
    assert answer == {"data": {"diary": "dear"}}


class Closing(MemoryRates):
    """Counts how often it was closed."""

    closed = 0

    async def aclose(self) -> None:
        self.closed += 1


def counting(rates: Closing, monkeypatch: pytest.MonkeyPatch) -> Router:
    router = Router(SUPERGRAPH, {"users": users(), "posts": posts()}, config=limited(5))
    assert router._kept.rates is not None
    monkeypatch.setattr(router._kept.rates, "rates", rates)
    return router


async def test_what_two_routers_share_is_closed_with_the_last_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = Closing()
    first = counting(shared, monkeypatch)
    second = first.with_config(limited(6))
    await first.start()
    await second.start()
    await first.aclose()
    assert shared.closed == 0
    await second.aclose()
    assert shared.closed == 1


async def test_a_router_that_cannot_be_started_closes_nothing_of_the_one_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = Closing()
    reloading = ReloadingRouter(counting(shared, monkeypatch))
    first = reloading.router
    await first.start()

    async def fails(*_: Any) -> None:
        raise OSError("no")

    with monkeypatch.context() as patch:
        patch.setattr(Router, "_start_transports", fails)
        with pytest.raises(OSError, match="no"):
            await reloading.replace_config(limited(4))
    assert (shared.closed, reloading.router) == (0, first)
    await reloading.aclose()
    assert shared.closed == 1


async def test_limits_that_were_made_smaller_hold_for_operations_prepared_before() -> None:
    async with serving() as (reloading, client):
        assert (await ask(client))[0] == 200
        await reloading.replace_config(RouterConfig(limits=LimitsConfig(max_depth=1)))
        assert "errors" in (await ask(client))[1]
