"""Start, join and stop one embedded server, whichever it is. See the package for its folders.

start.lock ──► a claim in clients/ ──► running? ──yes──► join (when it is ready)
                                         │no
                                         └──► end what a crash left ──► prepare ──► supervisor ──► ready
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from db.embedded import supervise, system
from db.embedded.layout import Layout
from db.embedded.locks import ClientLock, exclusive, is_locked, live_clients
from db.errors import EmbeddedStoreError

Progress = Callable[[str], None]
START_SECONDS = 60
POLL_SECONDS = 0.02
STARTS = 3
"""A port that was free when it was chosen may be taken when the server opens it: then others are chosen."""
PORT_TAKEN = "address already in use"
LAST_COMPLAINT = re.compile(r"^F\d{4} ")
"""What SeaweedFS ends with; its parts complain about each other before."""
COMPLAINT = re.compile(r"\b(?:FATAL|PANIC|ERROR|HINT|DETAIL|Fatal|fatal|error|Can't|panic)\b")


@dataclass(frozen=True, slots=True)
class Order:
    """What the supervisor runs, and how it is asked to stop: signals in order, each with its seconds."""

    command: Sequence[str]
    stop: Sequence[tuple[str, float]]
    account: system.Account | None = None
    folder: str = "/"
    environment: Mapping[str, str] = field(default_factory=system.environment)


class Kind(Protocol):
    """One sort of server."""

    @property
    def name(self) -> str:
        """Short and lower case: the folder, and the start of progress lines."""

    def prepare(self, layout: Layout, progress: Progress) -> Order:
        """Make what it needs. Called with start.lock held and nothing running."""

    def is_ready(self, layout: Layout) -> bool:
        """Whether the server that was just started takes requests."""


@dataclass(slots=True)
class EmbeddedServer:
    """A claim on a running server. Use it as a context manager, or call `stop`."""

    layout: Layout
    joined: bool
    """True when another process had started the server already."""
    claim: ClientLock
    stopped: bool = field(default=False, init=False)

    @property
    def socket(self) -> Path:
        return system.socket_folder(self.layout.root)

    def stop(self) -> None:
        """Give the claim back; the last one out stops the server and waits until it has. Safe to call
        twice.
        """
        if self.stopped:
            return
        self.stopped = True
        with exclusive(self.layout.start_lock):
            self.claim.release()
            if not live_clients(self.layout.clients):
                stop_server(self.layout)
                if not self.socket.is_relative_to(self.layout.root):
                    shutil.rmtree(self.socket, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def claim(kind: Kind, layout: Layout, progress: Progress) -> tuple[bool, ClientLock]:
    """Run or join the server: (joined, the claim). Blocks until it is ready; raises EmbeddedStoreError."""
    try:
        return _claim(kind, layout, progress)
    except OSError as error:
        raise layout.fail(
            f"cannot be used: {error}", "see to that, or set PLAIT_HOME to another folder"
        ) from error
    except ModuleNotFoundError as error:
        raise layout.fail("has no programs to run", str(error)) from error


def _claim(kind: Kind, layout: Layout, progress: Progress) -> tuple[bool, ClientLock]:
    layout.clients.mkdir(parents=True, exist_ok=True)
    waiting = f"{kind.name}: waiting for another process to start or stop it"
    with exclusive(layout.start_lock, lambda: progress(waiting)):
        mine = ClientLock.acquire(layout.clients)
        try:
            joined = _joins(kind, layout, progress)
            if not joined:
                _start(kind, layout, progress)
        except BaseException:
            mine.release()
            raise
    return joined, mine


def _joins(kind: Kind, layout: Layout, progress: Progress) -> bool:
    """Whether there is a server that stays. A process that was killed while it started or stopped one has
    left start.lock and not waited: we wait in its place, for the server to be ready or to be gone.
    """

    def is_running() -> bool:
        return not layout.stopping.exists() and (layout.ready.exists() or kind.is_ready(layout))

    def is_gone() -> bool:
        return not is_locked(layout.supervisor_lock)

    if is_gone():
        return False
    if not is_running():
        progress(f"{kind.name}: waiting for what a process that is gone has begun")
        if not _eventually(lambda: is_gone() or is_running(), START_SECONDS):
            raise layout.fail("neither starts nor stops", f"its supervisor is {_supervisor_pid(layout)}")
    if is_gone():
        return False
    layout.ready.touch()
    return True


def _start(kind: Kind, layout: Layout, progress: Progress) -> None:
    _end_orphan(kind, layout, progress)
    for more in reversed(range(STARTS)):
        try:
            _start_once(kind, layout, progress)
            return
        except EmbeddedStoreError as error:
            if not (more and PORT_TAKEN in str(error)):
                raise
        progress(f"{kind.name}: a port was taken meanwhile, choosing others")


def _start_once(kind: Kind, layout: Layout, progress: Progress) -> None:
    for mark in (layout.ready, layout.stopping):
        mark.unlink(missing_ok=True)
    order = kind.prepare(layout, progress)
    progress(f"{kind.name}: starting")
    said_before = layout.log.stat().st_size if layout.log.exists() else 0
    try:
        _spawn(layout, order)
        _wait_until_ready(kind, layout, said_before)
        layout.ready.touch()
    except BaseException:
        stop_server(layout)
        raise
    progress(f"{kind.name}: ready")


def _end_orphan(kind: Kind, layout: Layout, progress: Progress) -> None:
    """A server without a supervisor (that one was killed) is ended before it is started again."""
    if not is_locked(layout.server_lock):
        return
    progress(f"{kind.name}: recovering from an unclean stop")
    said = layout.server_lock.read_text().strip()
    if not said:  # its supervisor died between the lock and the number; 0 would mean ourselves
        raise layout.fail("is held by a server that does not say which", f"end the process in {layout.root}")
    pid = int(said)
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGKILL, 20)):
        with suppress(ProcessLookupError):
            (os.killpg if number == signal.SIGKILL else os.kill)(pid, number)
        if _eventually(lambda: not is_locked(layout.server_lock), seconds):
            return
    raise layout.fail("is held by a server that does not stop", f"end process {pid}")


def _spawn(layout: Layout, order: Order) -> None:
    """Returns when a supervisor holds its lock; the server is still starting then."""
    told = asdict(order) | {"root": str(layout.root)}
    account = told.pop("account")
    told["user"], told["group"] = (account["uid"], account["gid"]) if account else (None, None)
    subprocess.run(
        [sys.executable, "-I", "-S", supervise.__file__, json.dumps(told)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=system.environment(),
        start_new_session=True,
    )


def _wait_until_ready(kind: Kind, layout: Layout, said_before: int) -> None:
    def decided() -> bool:
        if not is_locked(layout.supervisor_lock):
            reason = _last_words(layout, said_before)
            raise layout.fail(f"did not start: {reason}", f"the whole log is {layout.log}")
        return kind.is_ready(layout)

    if not _eventually(decided, START_SECONDS):
        reason = _last_words(layout, said_before)
        raise layout.fail(f"was not ready within {START_SECONDS} s: {reason}", f"the log is {layout.log}")


def _last_words(layout: Layout, said_before: int) -> str:
    """Why it ended, in its own words: from the line before its first complaint (PostgreSQL gives the reason
    there), else how its log ends.
    """
    if not layout.log.exists():
        return "it wrote no log"
    with layout.log.open("rb") as log:
        log.seek(min(said_before, layout.log.stat().st_size))
        lines = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
    found = (n for sign in (LAST_COMPLAINT, COMPLAINT) for n, line in enumerate(lines) if sign.search(line))
    first = next(found, len(lines) - 1)
    said = lines[max(first - 1, 0) : first + 3]
    return "; ".join(line.partition("] ")[2].strip() or line for line in said) or "it wrote no log"


def stop_server(layout: Layout) -> None:
    """Ask the supervisor to stop the server and wait for both. The caller holds start.lock."""
    pid = _supervisor_pid(layout)
    if pid is None or not is_locked(layout.supervisor_lock):
        return
    layout.stopping.touch()  # before the signal: whoever finds us killed here must not join what is ending
    os.kill(pid, signal.SIGTERM)
    if not _eventually(lambda: not is_locked(layout.supervisor_lock), START_SECONDS):
        raise layout.fail("did not stop", f"its supervisor is process {pid}")


def _supervisor_pid(layout: Layout) -> int | None:
    text = layout.supervisor_lock.read_text().strip() if layout.supervisor_lock.exists() else ""
    return int(text) if text else None


def _eventually(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
