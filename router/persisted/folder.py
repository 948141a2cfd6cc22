"""A folder that several processes write to: files replaced as a whole, one change at a time.

Both raise `OSError`: what the folder holds, and what its error is called, is the caller's.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: two changes at once are the caller's to avoid there.
    fcntl = None  # type: ignore[assignment]


def replace_file(path: Path, content: bytes, mode: int) -> None:
    """A reader finds the file before or the file after, whenever it looks and whatever goes wrong."""
    number, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def locked(folder: Path, mode: int = 0o777) -> Iterator[None]:
    """One change at a time, of all processes on this machine. The folder is made with the first."""
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
