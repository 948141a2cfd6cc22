"""Folders for work on files: gone after the block, and when its process was killed, with the next one's.

    with scratch("plait-sound-") as folder: …

A worker that is killed leaves what it had fetched and made, a gigabyte or more. Its folder has a file that it
holds a lock on for as long as it lives, so whoever comes next knows what is nobody's any more.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HELD = ".held"


@contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """A folder of this block's own. The prefix is a kind of work's; what is left of it goes first."""
    _sweep(prefix)
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        with (folder / f"{HELD}.new").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            (folder / f"{HELD}.new").rename(folder / HELD)  # nobody ever sees it without its lock
            yield folder


def _sweep(prefix: str) -> None:
    """O(folders of this kind). A folder without the file is just being made."""
    for held in Path(tempfile.gettempdir()).glob(f"{prefix}*/{HELD}"):
        with suppress(OSError), held.open("rb") as file:  # another's, or held, or swept by another
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(held.parent, ignore_errors=True)
