"""Advisory file locks: held by an open file, released by the kernel when the process ends, however it
ends.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def try_lock(path: Path) -> int | None:
    """An open, exclusively locked descriptor of `path`, or None when another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_locked(path: Path) -> bool:
    """Whether some process holds `path`. A missing file is held by nobody."""
    if not path.exists():
        return False
    descriptor = try_lock(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


@contextmanager
def exclusive(path: Path, when_waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold `path`, waiting for its holder if there is one; `when_waiting` is told once before the wait."""
    descriptor = try_lock(path)
    if descriptor is None:
        if when_waiting is not None:
            when_waiting()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class ClientLock:
    """This process's claim on a shared server. Taken and given back only under `start.lock`."""

    path: Path
    descriptor: int

    @classmethod
    def acquire(cls, folder: Path) -> ClientLock:
        path = folder / f"{os.getpid()}-{secrets.token_hex(4)}.lock"
        descriptor = try_lock(path)
        assert descriptor is not None, "the name is random, nobody else can hold it"
        return cls(path, descriptor)

    def release(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self.descriptor)


def live_clients(folder: Path) -> list[Path]:
    """The claims whose processes are alive; those of dead processes are cleared away. Call it under
    `start.lock`.
    """
    live = []
    for path in sorted(folder.glob("*.lock")):
        if is_locked(path):
            live.append(path)
        else:
            path.unlink(missing_ok=True)
    return live
