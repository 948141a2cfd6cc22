"""`plait router` as a process of its own, on a port the system chooses."""

from __future__ import annotations

import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLAIT = [sys.executable, "-c", "from plait.cli.main import main; main()"]
WAIT_SECONDS = 30


class RouterProcess:
    """`lines` are what it has written to stderr."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [*PLAIT, "router", "--listen", "127.0.0.1:0", *arguments], stderr=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self._unread: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.lines.append(line.rstrip())
            self._unread.put(line.rstrip())
        self._unread.put(None)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first line, not looked at before, that has the pattern."""
        while True:
            line = self._unread.get(timeout=WAIT_SECONDS)
            assert line is not None, f"it ended without {pattern!r}: {self.lines}"
            found = re.search(pattern, line)
            if found:
                return found

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self._process.send_signal(signal.SIGINT)
        return self.wait()

    def wait(self) -> int:
        status = self._process.wait(timeout=WAIT_SECONDS)
        self._reader.join(timeout=WAIT_SECONDS)
        return status

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=WAIT_SECONDS)
        assert self._process.stderr is not None
        self._process.stderr.close()


@contextmanager
def router_process(supergraph: Path, *arguments: str) -> Iterator[RouterProcess]:
    process = RouterProcess("--supergraph", str(supergraph), *arguments)
    try:
        yield process
    finally:
        process.end()
