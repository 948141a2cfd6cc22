"""The address for operators: metrics, field usage and health, apart from what clients reach."""

from __future__ import annotations

import asyncio
import socket

from msgspec import to_builtins
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from router.config import ServerConfig
from router.http.health import health_routes
from router.http.server import make_server, serve_until_cancelled
from router.json import dumps
from router.pipeline.engine import Engine
from router.telemetry.telemetry import Telemetry
from router.telemetry.usage_report import usage_report

TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' exposition format."""
NOT_COUNTED = "Field usage is not counted: set telemetry.metrics.field_usage.enabled."


def admin_application(engine: Engine, telemetry: Telemetry) -> Starlette:
    """Where metrics are on. What ended before it is asked is in what it answers."""
    metrics, usage = telemetry.metrics, telemetry.field_usage
    assert metrics is not None, "without metrics nobody has an address for them"

    async def read(request: Request) -> Response:
        telemetry.tell()
        return Response(await asyncio.to_thread(metrics.text), headers={"content-type": TEXT})

    async def used(request: Request) -> Response:
        """The fields of the supergraph in force: which were used by whom, which by nobody."""
        if usage is None:
            return Response(dumps({"message": NOT_COUNTED}), 404, media_type="application/json")
        telemetry.tell()
        schema = engine.pipeline.preparation.schema
        report = await asyncio.to_thread(lambda: usage_report(metrics.collected(), schema))
        return Response(dumps(to_builtins(report)), media_type="application/json")

    return Starlette(
        routes=[
            Route("/metrics", read, methods=["GET"]),
            Route("/usage", used, methods=["GET"]),
            *health_routes(engine, tells_problems=True),
        ]
    )


async def serve_admin(app: Starlette, listener: socket.socket) -> None:
    """Until cancelled; then requests in progress are finished."""
    server = make_server(app, ServerConfig(max_connections=100, shutdown_grace_seconds=1), lifespan="auto")
    await serve_until_cancelled(server, listener)
