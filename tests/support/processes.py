"""The `plait` command as a process of its own: started, read until it says what is waited for, stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

PLAIT = (sys.executable, "-c", "from plait.cli.main import main; main()")
START_SECONDS = 90
STOP_SECONDS = 90
"""Its stores have half a minute to stop, one after the other, and the machine does other things."""


class Process:
    """One running command. Its stdout and stderr are read together, as they are seen at a terminal."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = " ".join(arguments)
        self.output: list[str] = []
        self._lines: Queue[str | None] = Queue()
        self.popen = subprocess.Popen(
            [*PLAIT, *arguments],
            env=clean_environment() | dict(environment) | {"PYTHONUNBUFFERED": "1"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        with self.popen.stdout as lines:
            for line in lines:
                self.output.append(line)
                self._lines.put(line)
        self._lines.put(None)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first line not yet waited for that matches."""
        while True:
            try:
                line = self._lines.get(timeout=START_SECONDS)
            except Empty:
                raise AssertionError(f"{self.name} did not say {pattern!r}:\n{self.text}") from None
            if line is None:
                raise AssertionError(f"{self.name} ended before it said {pattern!r}:\n{self.text}")
            if match := re.search(pattern, line):
                return match

    @property
    def text(self) -> str:
        return "".join(self.output)

    def stop(self, number: int = signal.SIGINT) -> int:
        """Sends the signal and waits for the end; the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.ended(STOP_SECONDS)

    def ended(self, within_seconds: float = 120) -> int:
        """Waits for it to end by itself; the exit code. All it printed is in `text` then."""
        code = self.popen.wait(timeout=within_seconds)
        self._reader.join(timeout=10)
        return code


@contextmanager
def running(*arguments: str, environment: Mapping[str, str] | None = None, folder: Path) -> Iterator[Process]:
    process = Process(arguments, environment or {}, folder)
    try:
        yield process
    finally:
        process.stop()


def clean_environment() -> dict[str, str]:
    """This process's, without what would configure Plait."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PLAIT_")}
