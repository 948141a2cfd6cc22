"""How metrics of a subgraph or a worker leave its process: an address for Prometheus, a collector by OTLP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import click
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from plait.cli.failures import fail
from router.config import OTLPMetricsConfig
from router.errors import ConfigError
from router.http.admin import TEXT, serve_admin
from router.http.server import address_of
from router.telemetry.otlp_metrics import OTLPMetrics, make_exporter

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class Readable(Protocol):
    registry: CollectorRegistry

    async def refresh(self) -> None:
        """Ask for what is only known when it is asked for."""

    async def text(self) -> bytes:
        """The same, as Prometheus reads it."""


@asynccontextmanager
async def shown(
    metrics: Readable, service_name: str, listener: socket.socket | None, endpoint: str | None
) -> AsyncIterator[None]:
    """For as long as the block: to whoever reads at `listener`, and to the collector at `endpoint`."""
    async with AsyncExitStack() as stack:
        if listener is not None:
            await stack.enter_async_context(_served(metrics, listener))
        if endpoint is not None:
            sent = otlp_metrics_of(metrics, service_name, endpoint)
            sent.start()
            stack.push_async_callback(sent.aclose)
        yield


def otlp_metrics_of(metrics: Readable, service_name: str, endpoint: str) -> OTLPMetrics:
    config = OTLPMetricsConfig(enabled=True, endpoint=endpoint)
    try:
        exporter = make_exporter(config)
    except ConfigError:
        fail(
            "INVALID_CONFIGURATION",
            "PLAIT_METRICS_ENDPOINT needs OpenTelemetry: pip install 'plait[telemetry]'",
        )
    return OTLPMetrics(metrics.registry, exporter, config.interval_seconds, service_name, metrics.refresh)


def metrics_application(metrics: Readable) -> Starlette:
    async def read(request: Request) -> Response:
        return Response(await metrics.text(), headers={"content-type": TEXT})

    return Starlette(routes=[Route("/metrics", read, methods=["GET"])])


@asynccontextmanager
async def _served(metrics: Readable, listener: socket.socket) -> AsyncIterator[None]:
    click.echo(f"Metrics at http://{address_of(listener)}/metrics", err=True)
    serving = asyncio.create_task(serve_admin(metrics_application(metrics), listener))
    try:
        yield
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
