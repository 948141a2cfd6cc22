"""FerretDB over SQLite, for the MongoDB protocol: `make services` builds it once from Go modules."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plait"
PROGRAM = CACHE / "ferretdb-1.24.2"
MISSING = "needs FerretDB: install Go 1.22 or newer, then make services builds it"


@contextmanager
def ferretdb(folder: str, port: int) -> Iterator[str]:
    """Its URL. Its data stays in the folder; it ends with the block, or with us (its stdin)."""
    command = [str(PROGRAM), f"127.0.0.1:{port}", folder]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(port)
            yield f"mongodb://127.0.0.1:{port}/?retryWrites=false"
        finally:
            server.kill()


@contextmanager
def a_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="plait-ferretdb-") as folder:
        yield folder


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "FerretDB did not listen"
            time.sleep(0.05)
