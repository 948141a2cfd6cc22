"""What strangers' files are read with: it ends as it ended, and never outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from subgraphs.kit import confined
from subgraphs.kit.confined import Bounds, run_confined
from subgraphs.kit.scratch import scratch

STARTS = f"""import asyncio, sys
from pathlib import Path
from {confined.__name__} import Bounds, run_confined
asyncio.run(run_confined([sys.executable, "-c", sys.argv[1]], Path(sys.argv[2]), Bounds(),
    lambda line: print(line.decode().strip(), flush=True)))"""
RUNS_ON = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
KEEPS = f"""import sys, time; from {scratch.__module__} import scratch
with scratch(sys.argv[1]) as folder: print(folder, flush=True); time.sleep(600)"""


def started(*command: str) -> tuple[subprocess.Popen[str], str]:
    """A process of ours, and the first line that it says."""
    process = subprocess.Popen([sys.executable, "-c", *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def end(process: subprocess.Popen[str], number: int) -> None:
    with process:
        process.send_signal(number)


@pytest.mark.parametrize(
    ("ends", "code"),
    [("sys.exit(0)", 0), ("sys.exit(3)", 3), ("sys.exit(183)", 183)]
    + [(f"os.kill(os.getpid(), {number:d})", -number) for number in (signal.SIGKILL, signal.SIGXCPU)],
)
async def test_the_code_of_a_program_is_its_own_whatever_ended_it(
    ends: str, code: int, tmp_path: Path
) -> None:
    program = f"import os, sys; print('last words', file=sys.stderr, flush=True); {ends}"
    ended = await run_confined([sys.executable, "-c", program], tmp_path, Bounds())
    assert ended.code == code
    assert "last words" in ended.log


def test_a_program_ends_when_who_started_it_is_killed(tmp_path: Path) -> None:
    process, program = started(STARTS, RUNS_ON, str(tmp_path))
    end(process, signal.SIGKILL)
    waited = time.monotonic() + 60
    while Path(f"/proc/{program}").exists() and is_running(int(program)):
        assert time.monotonic() < waited, "it runs on, and nobody hears it"
        time.sleep(0.02)


def is_running(program: int) -> bool:
    """Not one that has ended and waits for somebody to be told."""
    try:
        return ") Z " not in Path(f"/proc/{program}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_what_a_killed_process_left_in_its_folder_goes_with_the_next_one_and_no_others_does() -> None:
    prefix = f"plait-test-{uuid4()}-"
    killed, left = started(KEEPS, prefix)
    alive, kept = started(KEEPS, prefix)
    (Path(left) / "source").write_bytes(b"x" * 1000)
    end(killed, signal.SIGKILL)
    with scratch(prefix) as own:
        assert not Path(left).exists()
        assert Path(kept).is_dir()
        assert own.is_dir()
        assert os.stat(own).st_mode & 0o777 == 0o700
    assert not own.exists()
    end(alive, signal.SIGKILL)
    with scratch(prefix):
        assert not Path(kept).exists()
