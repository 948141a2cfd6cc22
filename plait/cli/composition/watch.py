"""Which files have changed: told by the file system, and looked after once a second.

A file may be replaced by renaming, reached by a link that is set anew, missing, or changed while the last
change is still being composed. So what counts is what the files are now, beside what they were.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TypeAlias

from watchfiles import awatch

LOOK_MILLISECONDS = 1000
DEBOUNCE_MILLISECONDS = 100

Stamp: TypeAlias = tuple[int, int, int] | None
"""Inode, size and time of change in nanoseconds; None for a file that is not there."""


def stamps(files: Iterable[Path]) -> dict[Path, Stamp]:
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


async def changed(before: dict[Path, Stamp]) -> list[Path]:
    """Waits until some of the files are others than in `before`, and gives these."""
    async for _ in _moments(before):
        found = [file for file, stamp in stamps(before).items() if stamp != before[file]]
        if found:
            return found
    raise AssertionError("watching ends only when it is cancelled")


async def _moments(files: Iterable[Path]) -> AsyncIterator[None]:
    """When it is worth looking; the first at once."""
    yield
    async for _ in awatch(
        *_folders(files),
        step=DEBOUNCE_MILLISECONDS,
        rust_timeout=LOOK_MILLISECONDS,
        yield_on_timeout=True,
        recursive=False,
    ):
        yield


def _folders(files: Iterable[Path]) -> set[Path]:
    """Without following links: a link that is set anew is a change."""
    return {_folder(Path(os.path.abspath(file)).parent) for file in files}


def _folder(path: Path) -> Path:
    """The nearest folder that is there."""
    return path if path.is_dir() else _folder(path.parent)
