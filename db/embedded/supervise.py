"""The server's parent: starts it again when it dies, stops it when the last process that uses it is gone.

Standard library only. It runs as its own process, in its own session, so that Ctrl-C in a terminal reaches
the programs that use the server and never the server under them, and so that killing such a program (even
with SIGKILL) still ends in a clean stop.

    python supervise.py '{"command": [...], "stop": [["SIGINT", 20], …], "user": null | id,
                          "group": null | id, "environment": {…}, "folder": "/", "root": "<home>/postgres"}'

The server inherits an open, locked `server.lock`: the kernel gives it back when the server and all it forked
are gone, so neither a new server nor a new supervisor has to guess from process numbers.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
STEADY_SECONDS = 30.0
"""A server that lived this long is started again at once; one that keeps dying, ever more slowly."""
LEFTOVERS_SECONDS = 10.0
PID_BYTES = 12
"""Written in one piece over the one before: a reader never sees half of a number, or none."""
LOG_BYTES = 8 << 20
"""Then the log moves to server.log.1, whose content before is gone: at most twice this on the disk."""


class Supervisor:
    """One server at a time, in a process group of its own."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.root = Path(order["root"])
        self.stopping = threading.Event()
        self.changing = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Until it is told to stop, or the server ends before it was ever ready."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            started = time.monotonic()
            if not self.start():
                return 0
            assert self.process is not None
            code = self.process.wait()
            if self.stopping.is_set() or not (self.root / "ready").exists():
                return code
            pause = FIRST_PAUSE_SECONDS if time.monotonic() - started > STEADY_SECONDS else pause * 2
            self.note(f"the server ended ({code}) and is started again")
            if self.stopping.wait(min(pause, LONGEST_PAUSE_SECONDS)):
                return code

    def start(self) -> bool:
        held = self.hold_server_lock()
        with self.changing, (self.root / "server.log").open("ab") as log:
            if not self.stopping.is_set():
                self.process = subprocess.Popen(
                    self.order["command"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.order["folder"],
                    env=self.order["environment"],
                    user=self.order["user"],
                    group=self.order["group"],
                    extra_groups=None if self.order["user"] is None else [],
                    start_new_session=True,
                    pass_fds=[held],
                )
                os.pwrite(held, str(self.process.pid).ljust(PID_BYTES).encode(), 0)
        os.close(held)
        return not self.stopping.is_set()

    def hold_server_lock(self) -> int:
        """Waits for what the dead server forked; what will not go is killed with its group."""
        descriptor = os.open(self.root / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + LEFTOVERS_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if time.monotonic() > deadline and self.process is not None:
                    kill_group(self.process.pid)
                time.sleep(0.02)

    def stop(self) -> None:
        """By the order's signals, each with its time; then SIGKILL to all the server started."""
        with self.changing:
            (self.root / "stopping").touch()
            self.stopping.set()
            process = self.process
        if process is None:
            return
        for name, seconds in self.order["stop"]:
            process.send_signal(getattr(signal, name))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return
        kill_group(process.pid)

    def note(self, line: str) -> None:
        with (self.root / "server.log").open("a") as log:
            log.write(f"supervisor: {line}\n")

    def bound_log(self) -> None:
        """Copied and emptied in place: the server goes on appending to the file it has open."""
        log = self.root / "server.log"
        while True:
            time.sleep(1)
            with contextlib.suppress(OSError):
                if log.stat().st_size > LOG_BYTES:
                    shutil.copyfile(log, self.root / "server.log.1")
                    os.truncate(log, 0)

    def stop_after_last_client(self) -> None:
        while True:
            claim = next(iter(sorted((self.root / "clients").glob("*.lock"))), None)
            if claim is not None:
                wait_for_release(claim)
            start = hold(self.root / "start.lock")
            for path in (self.root / "clients").glob("*.lock"):
                remove_if_dead(path)
            if not any((self.root / "clients").glob("*.lock")):
                self.stop()  # still holding start.lock: whoever comes next waits, then starts afresh
                return
            os.close(start)


def main() -> int:
    supervisor = Supervisor(json.loads(sys.argv[1]))
    told_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    own = hold(supervisor.root / "supervisor.lock")  # until the process is gone, and no sooner
    if os.fork():
        return 0  # whoever started us need not wait for us; the lock goes on with the child
    os.ftruncate(own, 0)
    os.write(own, str(os.getpid()).encode())

    def stop_when_told() -> None:
        told_to_stop.wait()
        supervisor.stop()

    for work in (stop_when_told, supervisor.stop_after_last_client, supervisor.bound_log):
        threading.Thread(target=work, daemon=True).start()
    return supervisor.run()


def hold(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def wait_for_release(claim: Path) -> None:
    try:
        descriptor = os.open(claim, os.O_RDWR)
    except FileNotFoundError:
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.close(descriptor)


def remove_if_dead(claim: Path) -> None:
    descriptor = os.open(claim, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        claim.unlink(missing_ok=True)
    except BlockingIOError:
        pass  # its process is alive
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
