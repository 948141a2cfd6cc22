"""Serving the application: one socket, one event loop per process, an orderly end.

uvicorn with httptools and uvloop does the HTTP; signals, the socket and the processes are ours, so that a
taken port is one clear line, Ctrl-C drains and exits 0, and several processes share one port.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

from router.address import format_address, parse_address
from router.config import ServerConfig
from router.errors import StartError
from router.http.ending import close, stopping
from router.http.protocol import raise_open_files, with_limits

logger = logging.getLogger(__name__)

Beside = Callable[[], Awaitable[None]]
"""Work that goes on beside serving (watching the supergraph file); cancelled when serving ends."""

BACKLOG = 2048

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""A terminal that is closed (SIGHUP) ends what it started as orderly as Ctrl-C does."""


def bind(address: str) -> socket.socket:
    """A listening socket for `HOST:PORT`. Raises `InvalidAddress`, `StartError` for a port that is taken.

    Small answers go out at once: without TCP_NODELAY the kernel keeps the second packet of a kept connection
    until the first is acknowledged, 40 ms later. asyncio sets it for sockets that say they are TCP, and Linux
    hands the listener's option on to what it accepts.
    """
    host, port = parse_address(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise StartError(f"Port {port} is already in use on {host}.") from error
        raise StartError(f"Cannot listen on {address}: {error.strerror or error}.") from error
    listener.set_inheritable(True)
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return format_address(host, port)


def make_server(app: ASGIApp, config: ServerConfig, *, lifespan: Literal["on", "auto"]) -> SignalFreeServer:
    """The one way our applications are served: with limits, unnamed, and no proxy believed."""
    return SignalFreeServer(
        uvicorn.Config(
            app,
            loop="none",
            http=with_limits(config),
            ws="none",
            lifespan=lifespan,
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=max(1, round(config.idle_timeout_seconds)),
            timeout_graceful_shutdown=max(1, round(config.shutdown_grace_seconds)),
        )
    )


def serve(app: ASGIApp, listener: socket.socket, config: ServerConfig, *, beside: Beside) -> None:
    """Serves until SIGINT, SIGTERM or SIGHUP, then lets running requests finish within their grace."""
    tune_garbage_collection()
    raise_open_files()
    runner = asyncio.Runner(loop_factory=loop_factory())
    try:
        runner.run(_serve(make_server(app, config, lifespan="on"), listener, beside))
    except BaseException as error:
        close(runner, 1, f"plait: {error}")
        raise
    close(runner)


def tune_garbage_collection() -> None:
    """An operation makes thousands of dicts and no cycles: collecting after each few hundred is a quarter
    of its CPU time for nothing (docs/execution.md). What is loaded by now is never collected again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """uvloop's, where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


async def serve_until_cancelled(server: uvicorn.Server, listener: socket.socket) -> None:
    """Then requests in progress are finished."""
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


class SignalFreeServer(uvicorn.Server):
    """uvicorn without signal handling of its own, which would raise KeyboardInterrupt at the end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(server: uvicorn.Server, listener: socket.socket, beside: Beside) -> None:
    loop = asyncio.get_running_loop()

    timers: list[threading.Timer] = []

    def stop() -> None:
        if server.should_exit:
            server.force_exit = True
        else:
            timers.append(stopping(loop, server.config.timeout_graceful_shutdown or 0))
        server.should_exit = True

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    watching = asyncio.ensure_future(beside())
    try:
        await server.serve(sockets=[listener])
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        for timer in timers:
            timer.cancel()


def serve_in_processes(
    count: int, serve_one: Callable[[], None], ended: Callable[[int], None] = lambda pid: None
) -> None:
    """Forks `count` processes that run `serve_one`, replaces those that die, returns when all have ended.

    `ended` is told the id of each that did.
    """
    pids: set[int] = set()
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    for _ in range(count):
        pids.add(_fork(serve_one))
    while pids:
        pid, status = os.wait()
        pids.discard(pid)
        ended(pid)
        if not stopping:
            logger.error("Process %d ended with status %d; starting another.", pid, status)
            pids.add(_fork(serve_one))


def _fork(serve_one: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    try:
        serve_one()
    except BaseException:
        logger.exception("A process of the router failed.")
        os._exit(1)
    sys.stderr.flush()
    os._exit(0)
