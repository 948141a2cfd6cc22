"""However a command is held up, SIGINT ends it in seconds."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10
"""Ten is far more than it takes, and far less than what the held ones wait for."""

PREAMBLE = """
import asyncio, sys, time
from contextlib import AsyncExitStack, asynccontextmanager
from plait.cli.domains import run
from plait.cli.signals import still_wanted
from router.http import ending
ending.STOP_SECONDS = 1.0

def ready():
    print("ready", flush=True)
"""
HELD_THREAD = """
async def work():
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)
    ready()
    await asyncio.Event().wait()
run(work, serves=True)
"""
DEAF_LEFTOVER = """
async def deaf():
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass
async def work():
    task = asyncio.create_task(deaf(), name="users: relay")
    await asyncio.sleep(0)
    ready()
    await asyncio.Event().wait()
run(work, serves=True)
"""
HELD_CLEAN_UP = """
async def work():
    asyncio.current_task().set_name("users: clean-up")
    try:
        ready()
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(60)
run(work, serves=True)
"""
SWALLOWED = """
async def work():
    for step in range(100):
        still_wanted()
        try:
            ready()
            await asyncio.sleep(1 if step else 60)
        except asyncio.CancelledError:
            pass
run(work, serves=True)
"""


def ended(script: str, *signals: signal.Signals) -> tuple[int, str]:
    """The exit code and what stderr said."""
    command = [sys.executable, "-c", PREAMBLE + script]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            assert process.stdout.readline() == "ready\n"
            began = time.monotonic()
            for number in signals:
                process.send_signal(number)
            _, said = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
    assert time.monotonic() - began < SECONDS
    return process.returncode, said


@pytest.mark.parametrize("script", [HELD_THREAD, DEAF_LEFTOVER, SWALLOWED])
def test_what_nobody_waits_for_does_not_hold_up_the_end(script: str) -> None:
    assert ended(script, signal.SIGINT) == (0, "")


def test_impatience_changes_nothing() -> None:
    assert ended(HELD_THREAD, signal.SIGINT, signal.SIGINT, signal.SIGTERM) == (0, "")


def test_a_clean_up_that_hangs_is_ended_and_named() -> None:
    code, said = ended(HELD_CLEAN_UP, signal.SIGTERM)
    assert code == 1
    assert said.startswith("plait: ended after 1 s; still at it: ")
    assert "users: clean-up" in said
    assert said.count("\n") == 1


def test_a_command_that_a_shell_started_in_the_background_hears_sigint_from_the_start() -> None:
    script = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from click.testing import CliRunner
from plait.cli.main import main
CliRunner().invoke(main, ["compose", "--help"])
ready()
time.sleep(60)
"""
    code, _ = ended(script, signal.SIGINT)
    assert code == -signal.SIGINT
