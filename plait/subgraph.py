"""`plait subgraph`: one subgraph over its own store."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from plait.domains import DomainName, progress, run
from subgraphs.registry import DOMAINS

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

FIRST_PORT = 4001
GRACE_SECONDS = 10


@click.command()
@click.argument("name", type=DomainName())
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Default: 4001 for users, then one up; 0: any free port."
)
@click.option("--host", default="127.0.0.1", show_default=True)
def command(name: str, port: int | None, host: str) -> None:
    """One subgraph over its own store: the configured PostgreSQL, else the embedded one, brought up to
    date.
    """
    from db.migrate import require_latest, upgrade
    from db.stores import open_stores
    from plait.settings import Settings
    from subgraphs.registry import build_domain

    listener = listen(host, FIRST_PORT + DOMAINS.index(name) if port is None else port)

    async def work() -> None:
        settings = Settings.from_environment()
        async with open_stores(settings.stores, [name], progress=progress) as stores:
            if settings.stores.urls(name) is None:
                await upgrade(stores[name], progress=progress)
            await require_latest(stores[name])
            async with build_domain(name, settings.subgraph_config(name), stores[name]) as subgraph:
                await serve(subgraph.asgi, listener, f"{name}: http://{_address(listener)}/graphql")

    with listener:
        run(work, serves=True)


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


def _server(app: ASGIApp) -> uvicorn.Server:
    import uvicorn

    class Server(uvicorn.Server):
        """Signals are the command's: uvicorn would raise them again before our stores are closed."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS, lifespan="off")
    return Server(config)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
