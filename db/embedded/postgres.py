"""Start, join and stop the embedded PostgreSQL of one home directory. See the package for its folders.

start.lock ──► a claim in clients/ ──► running? ──yes──► join
                                         │no
                                         └──► clear what a crash left ──► initdb if new ──► supervisor ──►
                                         ready
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from db.embedded import supervise, system
from db.embedded.cluster import SUPERUSER, Progress, ensure_cluster, environment, stop_orphan
from db.embedded.layout import Layout
from db.embedded.locks import ClientLock, exclusive, is_locked, live_clients

START_SECONDS = 60


@dataclass(slots=True)
class EmbeddedPostgres:
    """A claim on a running server. Use it as a context manager, or call `stop`."""

    layout: Layout
    socket: Path
    joined: bool
    """True when another process had started the server already."""
    _claim: ClientLock
    _stopped: bool = field(default=False, init=False)

    def url(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(str(self.socket), safe='')}"

    def stop(self) -> None:
        """Give the claim back; the last one out stops the server and waits until it has. Safe to call
        twice.
        """
        if self._stopped:
            return
        self._stopped = True
        with exclusive(self.layout.start_lock):
            self._claim.release()
            if not live_clients(self.layout.clients):
                _stop_server(self.layout)
                if not self.socket.is_relative_to(self.layout.root):
                    shutil.rmtree(self.socket, ignore_errors=True)

    def __enter__(self) -> EmbeddedPostgres:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_postgres(
    home: Path, *, progress: Progress = lambda _line: None, durable: bool = True
) -> EmbeddedPostgres:
    """Run (or join) the server of `home`. Blocks until it takes connections; raises EmbeddedStoreError.

    `durable=False` trades crash safety for speed (no fsync) and is meant for throw-away test clusters.
    """
    layout = Layout(home.resolve() / "postgres")
    try:
        return _claim(layout, progress, durable)
    except OSError as error:
        raise layout.fail(
            f"cannot be used: {error}", "see to that, or set PLAIT_HOME to another folder"
        ) from error
    except ModuleNotFoundError as error:
        raise layout.fail("has no programs to run", str(error)) from error


def _claim(layout: Layout, progress: Progress, durable: bool) -> EmbeddedPostgres:
    layout.clients.mkdir(parents=True, exist_ok=True)
    with exclusive(
        layout.start_lock, lambda: progress("postgres: waiting for another process to start or stop it")
    ):
        claim = ClientLock.acquire(layout.clients)
        try:
            joined = is_locked(layout.supervisor_lock)
            if not joined:
                _start_server(layout, progress, durable)
        except BaseException:
            claim.release()
            raise
    return EmbeddedPostgres(layout, system.socket_folder(layout.root), joined, claim)


def _start_server(layout: Layout, progress: Progress, durable: bool) -> None:
    user = system.account()
    programs = system.programs()
    system.open_path_to(layout.data, user, progress)
    system.open_path_to(programs / "postgres", user, progress)
    stop_orphan(layout, user, programs, progress)
    ensure_cluster(layout, user, programs, progress, durable)
    system.own(system.socket_folder(layout.root), user)
    progress("postgres: starting")
    stale = _postmaster(layout)
    try:
        _spawn(layout, user, programs, durable)
        _wait_until_ready(layout, stale)
    except BaseException:
        _stop_server(layout)
        raise
    progress("postgres: ready")


def _spawn(layout: Layout, user: system.Account | None, programs: Path, durable: bool) -> None:
    """Returns when a supervisor holds its lock; the server is still starting then."""
    settings = ["listen_addresses=", f"unix_socket_directories={system.socket_folder(layout.root)}"]
    settings += ["timezone=UTC", "log_timezone=UTC", "max_connections=200"]
    if not durable:
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    flags = [part for setting in settings for part in ("-c", setting)]
    order = {
        "command": [str(programs / "postgres"), "-D", str(layout.data), *flags],
        "user": None if user is None else user.uid,
        "group": None if user is None else user.gid,
        "root": str(layout.root),
    }
    subprocess.run(
        [sys.executable, "-I", "-S", supervise.__file__, json.dumps(order)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )


def _postmaster(layout: Layout) -> list[str]:
    return layout.postmaster.read_text().splitlines() if layout.postmaster.exists() else []


def _wait_until_ready(layout: Layout, stale: list[str]) -> None:
    """PostgreSQL writes `ready` on the last line of postmaster.pid; a crash leaves the `stale` one of its
    time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not is_locked(layout.supervisor_lock):
            raise layout.fail(f"did not start: {_last_words(layout)}", f"the whole log is {layout.log}")
        lines = _postmaster(layout)
        if lines != stale and len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    raise layout.fail(f"was not ready within {START_SECONDS} s", f"the log is {layout.log}")


def _last_words(layout: Layout) -> str:
    """The end of the log without time stamps: the reason is on the FATAL line or the one before."""
    lines = layout.log.read_text(errors="replace").splitlines() if layout.log.exists() else []
    said = [line.partition("] ")[2].strip() for line in lines[-2:]]
    return "; ".join(filter(None, said)) or "it wrote no log"


def _stop_server(layout: Layout) -> None:
    """Ask the supervisor to stop the server and wait for both. The caller holds start.lock."""
    pid = _supervisor_pid(layout)
    if pid is None or not is_locked(layout.supervisor_lock):
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while is_locked(layout.supervisor_lock):
        if time.monotonic() > deadline:
            raise layout.fail("did not stop", f"its supervisor is process {pid}")
        time.sleep(0.01)


def _supervisor_pid(layout: Layout) -> int | None:
    text = layout.supervisor_lock.read_text().strip() if layout.supervisor_lock.exists() else ""
    return int(text) if text else None
