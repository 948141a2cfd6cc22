"""Processes pinned to a core, and what they cost: CPU time and memory as Linux counts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds and the largest resident memory of a process and its children."""

    cpu_seconds: float
    peak_megabytes: float


def usage(pid: int) -> Usage:
    cpu, memory = 0.0, 0.0
    for process in (pid, *children(pid)):
        cpu += cpu_seconds(process)
        status = Path(f"/proc/{process}/status").read_text()
        memory += (
            next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
        )
    return Usage(cpu, memory)


def cpu_seconds(pid: int) -> float:
    """Of this process alone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def children(pid: int) -> list[int]:
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(grandchild for child in found for grandchild in children(child))]


def pinned(core: int, command: list[str]) -> list[str]:
    return ["taskset", "-c", str(core), *command]


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """The process, ended when the block ends. What it writes to stderr is shown only if it dies."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(environment or {})},
        cwd=cwd,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_until_it_answers(url: str, process: subprocess.Popen[str]) -> None:
    """Any HTTP answer will do."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{process.args!r} ended with status {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{process.args!r} did not answer within {START_SECONDS} s")
