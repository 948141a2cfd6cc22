"""Programs that read what strangers sent: in a process of their own, with so much time, memory and disk.

    ended = await run_confined([program, "-i", "source"], folder, Bounds(cpu_seconds=60), heard)

The program has no network proxy, no environment but PATH, no terminal and no core dump, and runs in a session
of its own, which is killed whole when the caller is cancelled or killed, or its time is over. What it leaves
is in `folder` alone, as far as it keeps to it: confine what it may open by its own options.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOG_BYTES = 64 * 1024
LIMITED = """ulimit -c 0; ulimit -S -t "$0" || exit 125
ulimit -v "$1" 2>/dev/null; ulimit -f "$2"; shift 2; exec 3<&0
{ read -r _ <&3; kill -9 0; } >/dev/null 2>&1 & guard=$!
"$@" </dev/null 3<&- & wait $!; code=$?
kill -9 $guard; wait $guard 2>/dev/null
[ $code -gt 128 ] && [ $code -lt 160 ] && kill -$((code - 128)) $$
exit $code"""
"""`ulimit -v` is not everywhere (macOS has none): the time and the size of what it writes are.

The guard reads from a pipe that nobody writes to and that ends with the process that started this, however it
ends: then the guard ends the session. A signal that ended the program ends the shell too, so that their codes
are the same.
"""
KILOBYTE, BLOCK = 1024, 512

Heard = Callable[[bytes], None]
"""Given each line of its standard output."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one run. What goes over them is killed."""

    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    memory_bytes: int = 2 * 1024**3
    file_bytes: int = 1024**3
    """Of each file that it writes."""


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    """As a child's: negative when a signal ended it."""
    log: str
    """The last 64 kB of what it said on standard error."""


def _unheard(_line: bytes) -> None:
    return


async def run_confined(
    command: Sequence[str], folder: Path, bounds: Bounds, heard: Heard = _unheard
) -> Ended:
    """Raises TimeoutError when its time is over; OSError when it cannot be started."""
    kilobytes, blocks = bounds.memory_bytes // KILOBYTE, bounds.file_bytes // BLOCK
    limited = ["/bin/sh", "-c", LIMITED, str(bounds.cpu_seconds), str(kilobytes), str(blocks)]
    process = await asyncio.create_subprocess_exec(
        *limited,
        *command,
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(bounds.wall_seconds):
            log, _ = await asyncio.gather(_log(process), _lines(process, heard))
            return Ended(await process.wait(), log)
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.stdin is not None:
        process.stdin.close()


async def _log(process: asyncio.subprocess.Process) -> str:
    """The last of it: a damaged file has a line for every frame."""
    assert process.stderr is not None
    kept = b""
    while part := await process.stderr.read(8192):
        kept = (kept + part)[-LOG_BYTES:]
    return kept.decode(errors="replace")


async def _lines(process: asyncio.subprocess.Process, heard: Heard) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        heard(line)
