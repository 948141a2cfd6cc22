"""The server's parent: stops it when the last process that uses it is gone. Standard library only.

It runs as its own process, in its own session, so that Ctrl-C in a terminal reaches the programs that use the
server and never the server under them, and so that killing such a program (even with SIGKILL) still ends in a
clean stop.

    python supervise.py '{"command": [...], "user": null | id, "group": null | id, "root": "<home>/postgres"}'
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

FAST_STOP_SECONDS = 20


def main() -> int:
    order = json.loads(sys.argv[1])
    root = Path(order["root"])
    told_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    own = _hold(root / "supervisor.lock")  # until the process is gone, and no sooner
    if os.fork():
        return 0  # whoever started us need not wait for us; the lock goes on with the child
    os.ftruncate(own, 0)
    os.write(own, str(os.getpid()).encode())
    with (root / "server.log").open("ab") as log:
        server = subprocess.Popen(
            order["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            user=order["user"],
            group=order["group"],
            extra_groups=None if order["user"] is None else [],
        )
    threading.Thread(target=_stop_when_told, args=(server, told_to_stop), daemon=True).start()
    threading.Thread(target=_stop_after_last_client, args=(server, root), daemon=True).start()
    return server.wait()


def _stop_when_told(server: subprocess.Popen[bytes], told_to_stop: threading.Event) -> None:
    told_to_stop.wait()
    _stop(server)


def _hold(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _stop_after_last_client(server: subprocess.Popen[bytes], root: Path) -> None:
    while True:
        claim = next(iter(sorted((root / "clients").glob("*.lock"))), None)
        if claim is not None:
            _wait_for_release(claim)
        start = _hold(root / "start.lock")
        for path in (root / "clients").glob("*.lock"):
            _remove_if_dead(path)
        if not any((root / "clients").glob("*.lock")):
            _stop(server)  # still holding start.lock: whoever comes next waits, then starts afresh
            return
        os.close(start)


def _wait_for_release(claim: Path) -> None:
    try:
        descriptor = os.open(claim, os.O_RDWR)
    except FileNotFoundError:
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.close(descriptor)


def _remove_if_dead(claim: Path) -> None:
    descriptor = os.open(claim, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        claim.unlink(missing_ok=True)
    except BlockingIOError:
        pass  # its process is alive
    finally:
        os.close(descriptor)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """PostgreSQL's fast shutdown: open transactions roll back, everything committed is written."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(FAST_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)


if __name__ == "__main__":
    sys.exit(main())
