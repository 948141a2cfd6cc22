"""What partners cost: CPU time of a small published operation, for whoever sends it.

    python -m tests.support.partners_cost [ROUNDS]

Operations on bare ASGI with a subgraph in this process, in turns; the best round of each. Microseconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from router.app import Router
from router.config import PersistedConfig, RouterConfig
from router.partners.key import hash_of, new_key
from router.partners.partner import Limits, Partner, PartnerKey, Rate
from tests.support.partners import CREATED, EXCLUDED, ME, SUPERGRAPH, config, operations, store, users

BODY = b'{"documentId":"me-1"}'
OPERATIONS = 2000
PARTNERS = 1000
LIMITS = Limits(rate=Rate(count=10**9, seconds=1), daily_operations=10**9, daily_cost=10**9, max_cost=100)


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": BODY, "more_body": False}


async def send(message: Any) -> None: ...


def scope(key: str | None) -> dict[str, Any]:
    headers = [(b"content-type", b"application/json"), (b"host", b"x")]
    if key is not None:
        headers.append((b"x-api-key", key.encode()))
    return {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}


async def measure(app: Any, key: str | None) -> float:
    """Microseconds of CPU per operation."""
    asked = scope(key)
    began = time.process_time()
    for _ in range(OPERATIONS):
        await app(dict(asked), receive, send)
    return (time.process_time() - began) / OPERATIONS * 1e6


def many(folder: Path) -> str:
    """A thousand partners; the key of one."""
    for number in range(PARTNERS):
        key = new_key()
        record = Partner(
            name=f"partner-{number}",
            keys=(PartnerKey(hash=hash_of(key), created=CREATED),),
            operations=operations(**{"me-1": ME}),
            contract=EXCLUDED,
            limits=LIMITS,
        )
        store(folder).change(record.name, lambda before, record=record: record)  # type: ignore[misc]
    return key


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "all.json").write_text(json.dumps({"me-1": ME}))
        key = many(folder / "partners")
        published = PersistedConfig(sources=(str(folder / "all.json"),))
        without = RouterConfig(persisted_operations=published)
        with_ = replace(config(folder / "partners"), persisted_operations=published)
        made = {name: Router(SUPERGRAPH, {"users": users()}, config=each) for name, each in
                (("none", without), ("some", with_))}  # fmt: skip
        cases = {
            "no partners configured": ("none", None),
            "partners configured, a request without a key": ("some", None),
            f"one of {PARTNERS} partners, with a rate, a quota, a budget": ("some", key),
        }
        apps = {name: router.asgi() for name, router in made.items()}
        for router in made.values():
            await router.start()
        best = dict.fromkeys(cases, float("inf"))
        for _ in range(rounds):
            for case, (name, sent) in cases.items():
                best[case] = min(best[case], await measure(apps[name], sent))
        for router in made.values():
            await router.aclose()
        first = next(iter(best.values()))
        for case, microseconds in best.items():
            print(f"| {case} | {microseconds:.1f} | {microseconds - first:+.1f} |")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
