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
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from router.errors import StartError

logger = logging.getLogger(__name__)

Beside = Callable[[], Awaitable[None]]
"""Work that goes on beside serving (watching the supergraph file); cancelled when serving ends."""

BACKLOG = 2048


def bind(address: str) -> socket.socket:
    """A listening socket for `HOST:PORT`. Raises `StartError` when the port is taken or not ours."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise StartError(f"Port {port} is already in use on {host}.") from error
        raise StartError(f"Cannot listen on {address}: {error.strerror or error}.") from error
    listener.listen(BACKLOG)
    listener.set_inheritable(True)
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serve(app: ASGIApp, listener: socket.socket, *, grace_seconds: float, beside: Beside) -> None:
    """Serves until SIGINT or SIGTERM, then lets running requests finish for `grace_seconds`."""
    config = uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=max(1, round(grace_seconds)),
    )
    tune_garbage_collection()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(SignalFreeServer(config), listener, beside))


def tune_garbage_collection() -> None:
    """An operation makes thousands of dicts and no cycles: collecting after each few hundred is a quarter
    of its CPU time for nothing (docs/execution.md). What is loaded by now is never collected again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


class SignalFreeServer(uvicorn.Server):
    """uvicorn without signal handling of its own, which would raise KeyboardInterrupt at the end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(server: uvicorn.Server, listener: socket.socket, beside: Beside) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if server.should_exit:
            server.force_exit = True
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    watching = asyncio.ensure_future(beside())
    try:
        await server.serve(sockets=[listener])
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def serve_in_processes(count: int, serve_one: Callable[[], None]) -> None:
    """Forks `count` processes that run `serve_one`, replaces those that die, returns when all have ended."""
    pids: set[int] = set()
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    for _ in range(count):
        pids.add(_fork(serve_one))
    while pids:
        pid, status = os.wait()
        pids.discard(pid)
        if not stopping:
            logger.error("Process %d ended with status %d; starting another.", pid, status)
            pids.add(_fork(serve_one))


def _fork(serve_one: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    try:
        serve_one()
    except BaseException:
        logger.exception("A process of the router failed.")
        os._exit(1)
    sys.stderr.flush()
    os._exit(0)
