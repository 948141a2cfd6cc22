"""What watching costs: CPU time of a small operation with each part of telemetry on, beside none.

    python -m tests.support.telemetry_cost [ROUNDS]

Operations on bare ASGI with a subgraph in this process, in turns; the best round of each. Microseconds.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from router.config import (
    AccessLogConfig,
    FieldUsageConfig,
    MetricsConfig,
    RouterConfig,
    SlowOperationsConfig,
    TelemetryConfig,
    TracesConfig,
)
from tests.support.federation import router

BODY = b'{"query":"query Mine { me { name } }"}'
OPERATIONS = 2000
PARTS = {
    "none": TelemetryConfig(),
    "access log": TelemetryConfig(access_log=AccessLogConfig(enabled=True, file="/dev/null")),
    "slow operations": TelemetryConfig(slow_operations=SlowOperationsConfig(threshold_seconds=60)),
    "metrics": TelemetryConfig(metrics=MetricsConfig(enabled=True)),
    "metrics with field usage": TelemetryConfig(
        metrics=MetricsConfig(enabled=True, field_usage=FieldUsageConfig(enabled=True))
    ),
    "traces, none recorded": TelemetryConfig(traces=TracesConfig(enabled=True, sample_ratio=0)),
    "traces, one of a hundred": TelemetryConfig(
        traces=TracesConfig(enabled=True, sample_ratio=0.01, endpoint="http://127.0.0.1:1/")
    ),
}
SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json"), (b"host", b"x")],
}


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": BODY, "more_body": False}


async def send(message: Any) -> None: ...


async def measure(app: Any) -> float:
    """Microseconds of CPU per operation."""
    began = time.process_time()
    for _ in range(OPERATIONS):
        await app(dict(SCOPE), receive, send)
    return (time.process_time() - began) / OPERATIONS * 1e6


async def main(rounds: int) -> None:
    routers = {name: router(RouterConfig(telemetry=config)) for name, config in PARTS.items()}
    best = dict.fromkeys(routers, float("inf"))
    apps = {name: each.asgi() for name, each in routers.items()}
    for each in routers.values():
        await each.start()
    for _ in range(rounds):
        for name, app in apps.items():
            best[name] = min(best[name], await measure(app))
    for each in routers.values():
        await each.aclose()
    for name, microseconds in best.items():
        print(f"| {name} | {microseconds:.1f} | +{microseconds - best['none']:.1f} |")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
