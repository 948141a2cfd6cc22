"""What commands that serve share: a bound socket, a log with times, and an orderly end."""

from __future__ import annotations

import gc
import logging
import socket
import sys

import click
from starlette.types import ASGIApp

from plait.cli.failures import CommandFailed, Failure
from router.address import format_address
from router.config import ServerConfig
from router.errors import RouterError
from router.http.protocol import raise_open_files
from router.http.server import bind, make_server, serve_until_cancelled, tune_garbage_collection

LOG_FORMAT = "%(asctime)s %(levelname)s: %(message)s"


def configure_log() -> None:
    """Lines on stderr, with time. Libraries are heard when something is wrong."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    for name in ("watchfiles", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, before anything slow is started. Exits 1 when the port is taken."""
    return listen_at(format_address(host, port))


def listen_at(address: str) -> socket.socket:
    """As `listen`, at `HOST:PORT`."""
    try:
        return bind(address)
    except RouterError as error:
        raise CommandFailed([Failure(error.code, error.message)]) from error


def collect_rarely() -> None:
    """While everything is loaded: almost all of it stays, and looking for garbage in it again and again is an
    eighth of the start's CPU time. `serve` tunes the collector for what comes then.
    """
    gc.set_threshold(100_000, 50, 100)


async def serve(app: ASGIApp, listener: socket.socket, ready: str) -> None:
    """Until cancelled; then requests in progress are finished.

    Signals are the command's: its stores have to be closed after the last request.
    """
    configure_log()
    tune_garbage_collection()
    raise_open_files()
    server = make_server(app, ServerConfig(), lifespan="auto")
    click.echo(ready)
    await serve_until_cancelled(server, listener)
