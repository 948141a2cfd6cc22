"""A disk that is soon full: a filesystem of its own in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Where it is mounted; gone with the block. Skips where nobody may mount."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a full disk needs one of its own: run as root on Linux (mount -t tmpfs)")
    folder = Path(tempfile.mkdtemp(prefix="plait-small-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        if mounted.returncode != 0:
            pytest.skip(
                f"a full disk needs one of its own, and none can be mounted: {mounted.stderr.strip()}"
            )
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        folder.rmdir()


@contextmanager
def filled(disk: Path, but_for: int) -> Iterator[None]:
    """Only so many bytes are left, for as long as the block."""
    ballast = disk / "ballast"
    state = os.statvfs(disk)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - but_for)
    try:
        yield
    finally:
        ballast.unlink()
