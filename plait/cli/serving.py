"""What commands that serve share: a bound socket, and an orderly end."""

from __future__ import annotations

import asyncio
import socket

import click
import uvicorn
from starlette.types import ASGIApp

from router.http.server import SignalFreeServer

GRACE_SECONDS = 10


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, before anything slow is started. Exits 1 when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listener


async def serve(app: ASGIApp, listener: socket.socket, ready: str) -> None:
    """Until cancelled; then requests in progress are finished."""
    server = _server(app)
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    click.echo(ready)
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


def _server(app: ASGIApp) -> SignalFreeServer:
    """Signals are the command's: its stores have to be closed after the last request."""
    config = uvicorn.Config(
        app, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS, lifespan="auto"
    )
    return SignalFreeServer(config)
