"""The interpreter is left as it was, whether work was stopped or ended by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from router.pipeline.bounded_thread import BoundedThread

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import asyncio, itertools, signal, sys
from {module} import BoundedThread, Overrun

async def main():
    thread = BoundedThread("prepare", 0.05)
    try:
        await thread.run({work})
    except Overrun:
        print("stopped")
    thread.close()

asyncio.run(main())
signal.signal(signal.SIGALRM, lambda *_: print("handled"))
sys.setprofile(lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.05)
for _ in range(300_000):
    (lambda: None)()
print("done")
"""


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("lambda: None", "handled done"),
        ("lambda: all(True for _ in itertools.repeat(None))", "stopped handled done"),
    ],
)
def test_a_profiled_signal_handler_returns_after_work_in_the_thread(work: str, said: str) -> None:
    """With an exception that is signalled and never raised it would not: a loop inside CPython 3.11."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(work=work, module=BoundedThread.__module__)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == said.split(), done.stderr
