"""The configuration from its file, followed while it changes: the file, and every file put into it.

A file that is not valid changes nothing; what is wrong with it is logged once. What a running router cannot
change (`fixed.py`) is said in the line that says the rest is in force.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path

from watchfiles import awatch

from router.config import RouterConfig
from router.config.file import ConfigFile
from router.config.fixed import changed_but_fixed, with_fixed_of
from router.errors import ConfigError, RouterError

logger = logging.getLogger(__name__)

DEBOUNCE_MILLISECONDS = 200
EMPTY = "It is empty; the defaults are written {}."
LOOK_MILLISECONDS = 5_000
"""Looked at this often even if the system tells of no change: a folder that is replaced, a network's disk."""


async def follow_config(
    path: Path,
    current: ConfigFile,
    read: Callable[[], ConfigFile],
    replace: Callable[[RouterConfig], Awaitable[None]],
    situation: Callable[[], object] = lambda: None,
    told: Callable[[str | None], None] = lambda problem: None,
) -> None:
    """Calls `replace` with every new configuration that is valid. Runs until cancelled.

    One that `replace` refuses is tried again when `situation` is another: a new supergraph may have made it
    right. `told` hears why one is not taken over, and None when the file is right again.
    """
    if not _can_be_followed(path):
        logger.info("%s is read once: it is no file that could be followed.", path)
        return
    started = in_force = seen = current.config
    files = current.files
    refused: tuple[object, ...] = ()
    while True:
        async for _ in _looks(files):
            found: ConfigFile | RouterError = await asyncio.to_thread(_read, read)
            tried = (str(found) if isinstance(found, RouterError) else found.config, situation())
            if tried[0] == seen and refused:
                refused = ()
                told(None)
            if tried[0] == seen or tried == refused:
                continue
            try:
                if isinstance(found, RouterError):
                    raise found
                wanted = with_fixed_of(started, found.config)
                if wanted != in_force:
                    await replace(wanted)
            except RouterError as error:
                _say_refused(path, error.message)
                told(error.message)
                refused = tried
                continue
            except Exception:
                logger.exception("%s could not be taken over; the previous one stays in force.", path)
                told("It could not be taken over; the log says why.")
                refused = tried
                continue
            _say_taken(path, changed_but_fixed(started, found.config), changed=wanted != in_force)
            told(None)
            in_force, seen, refused = wanted, found.config, ()
            if _folders(found.files) != _folders(files):
                files = found.files
                break


def _can_be_followed(path: Path) -> bool:
    """A pipe is empty when it is read again."""
    return path.is_file()


def _read(read: Callable[[], ConfigFile]) -> ConfigFile | RouterError:
    try:
        found = read()
        return ConfigError(EMPTY) if found.is_empty else found
    except RouterError as error:
        return error


async def _looks(files: Iterable[Path]) -> AsyncIterator[None]:
    """One item whenever a file may have changed. The folders are watched: a file may be replaced by renaming,
    or be a link into a folder that is.
    """
    folders = [folder for folder in _folders(files) if folder.is_dir()]
    async for _ in awatch(
        *folders,
        step=DEBOUNCE_MILLISECONDS,
        rust_timeout=LOOK_MILLISECONDS,
        yield_on_timeout=True,
        recursive=False,
    ):
        yield


def _folders(files: Iterable[Path]) -> set[Path]:
    return {Path(os.path.abspath(file)).parent for file in files}


def _say_refused(path: Path, message: str) -> None:
    faults = "; ".join(line.removeprefix(f"{path}: ") for line in message.splitlines())
    logger.error("%s is not taken over; the previous configuration stays in force. %s", path, faults)


def _say_taken(path: Path, fixed: list[str], *, changed: bool) -> None:
    force = "the new configuration is in force" if changed else "nothing of it changes a running router"
    later = f"; at the next start: {', '.join(fixed)}" if fixed else ""
    logger.info("%s changed: %s%s.", path, force, later)
