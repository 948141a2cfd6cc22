"""The address for operators: metrics and health, apart from what clients reach."""

from __future__ import annotations

import asyncio
import socket

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from router.config import ServerConfig
from router.http.health import health_routes
from router.http.server import make_server, serve_until_cancelled
from router.pipeline.engine import Engine
from router.telemetry.metrics import Metrics

TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' exposition format."""


def admin_application(engine: Engine, metrics: Metrics) -> Starlette:
    async def read(request: Request) -> Response:
        return Response(await asyncio.to_thread(metrics.text), headers={"content-type": TEXT})

    return Starlette(
        routes=[Route("/metrics", read, methods=["GET"]), *health_routes(engine, tells_problems=True)]
    )


async def serve_admin(app: Starlette, listener: socket.socket) -> None:
    """Until cancelled; then requests in progress are finished."""
    server = make_server(app, ServerConfig(max_connections=100, shutdown_grace_seconds=1), lifespan="auto")
    await serve_until_cancelled(server, listener)
