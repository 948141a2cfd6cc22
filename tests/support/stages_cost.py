"""`python -m tests.support.stages_cost`: CPU time of a request with all stages on, beside the bare pipeline.

The gateways' cases through authentication and pipeline, without sockets and HTTP; subgraphs answer bytes that
they gave before. On are a token checked for each request, protected root fields, rate limits in memory, all
limits, costs enforced. Both are measured in turns in one process, the best of each counts.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from benchmarks.gateways.shop import CASES, SUBGRAPHS
from benchmarks.gateways.subgraphs import Subgraphs
from router import Router
from router.config import (
    AuthenticationConfig,
    DemandConfig,
    JWKSConfig,
    JWTConfig,
    LimitsConfig,
    RateLimit,
    RateLimitsConfig,
    RouterConfig,
)
from router.executor.execution import Service
from router.pipeline.decode import request_of
from schema import SubgraphDefinition, compose
from tests.support.authorization.protect import DEFINITIONS, LINKS
from tests.support.execution_cost import _Remembered

ROUNDS, SECONDS, COUNT = 12, 0.25, 5
LARGE = 10**9


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_compare(Path(folder)))
    return 0


async def _compare(folder: Path) -> None:
    sdl = compose([SubgraphDefinition(name=n, url=f"http://x/{n}", sdl=s) for n, s in SUBGRAPHS.items()])
    config, headers = _all_on(folder)
    routers = {
        "bare": (_over_memory(Router(sdl.supergraph_sdl)), {}),
        "all on": (_over_memory(Router(_protected(sdl.supergraph_sdl), config=config)), headers),
    }
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    for case in CASES:
        if case.name != "fifty":
            best = {name: float("inf") for name in routers}
            for _ in range(ROUNDS):
                for name, (router, sent) in routers.items():
                    best[name] = min(best[name], await _cost(router, case, sent))
            bare, full = best["bare"], best["all on"]
            print(f"{case.name:10} bare {bare:8.1f} us  all on {full:8.1f} us  ratio {full / bare:.3f}")


def _all_on(folder: Path) -> tuple[RouterConfig, dict[str, str]]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": "k", "alg": "RS256"}
    (folder / "jwks.json").write_text(json.dumps({"keys": [public]}))
    claims = {"sub": "ada", "scope": "read", "exp": int(time.time()) + 3600}
    token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k"})
    config = RouterConfig(
        authentication=AuthenticationConfig(
            jwt=JWTConfig(jwks=(JWKSConfig(file=str(folder / "jwks.json")),))
        ),
        limits=LimitsConfig(
            max_depth=50, max_height=5000, max_aliases=500, max_root_fields=500, max_list_items=LARGE
        ),
        demand=DemandConfig(mode="enforce", max_cost=LARGE),
        rate_limits=RateLimitsConfig(rules=(RateLimit(name="all", count=LARGE, seconds=1.0),)),
    )
    return config, {"authorization": f"Bearer {token}", "x-forwarded-for": "10.0.0.1"}


def _protected(sdl: str) -> str:
    """With `@requiresScopes` on every field of the root."""
    head, separator, rest = sdl.partition("type Query\n")
    fields, end, rest = rest.partition("\n}")
    lines = [
        f'{line} @requiresScopes(scopes: [["read"]])'
        if line.startswith("  ") and ": " in line and "@join__type" not in line
        else line
        for line in fields.split("\n")
    ]
    changed = head + separator + "\n".join(lines) + end + rest
    assert changed != sdl
    return changed.replace(", for: EXECUTION)", f", for: EXECUTION){LINKS}", 1) + DEFINITIONS


def _over_memory(router: Router) -> Router:
    shop = Subgraphs()
    pipeline = router.engine.pipeline
    services = {name: Service(name, _Remembered(name, shop.answer), 60) for name in SUBGRAPHS}
    router.engine.pipeline = replace(pipeline, executor=replace(pipeline.executor, services=services))
    return router


async def _cost(router: Router, case: Any, headers: dict[str, str]) -> float:
    """Microseconds of CPU per request."""
    body = {"query": case.query, "variables": case.variables}

    async def run() -> None:
        context = await router.engine.context(dict(headers))
        response = await router.engine.run(request_of(dict(body)), context)
        assert not response.errors, response.errors[0]
        response.to_bytes()

    await run()
    best, until = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        began = time.process_time()
        for _ in range(COUNT):
            await run()
        best = min(best, (time.process_time() - began) / COUNT)
    return best * 1e6


if __name__ == "__main__":
    sys.exit(main())
