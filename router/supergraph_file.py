"""The supergraph from a file, followed while it changes: a new one that is not usable changes nothing."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from watchfiles import awatch

from router.errors import RouterError, SupergraphError

logger = logging.getLogger(__name__)

DEBOUNCE_MILLISECONDS = 200


def read_supergraph(path: Path) -> str:
    """Raises `SupergraphError`."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SupergraphError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SupergraphError(f"{path}: cannot be read: it is not UTF-8 text") from error


async def changes(path: Path) -> AsyncIterator[None]:
    """One item whenever the file may have changed, replaced by renaming included."""
    target = _absolute(path)
    async for _ in awatch(
        target.parent,
        watch_filter=lambda _, changed: Path(changed) == target,
        step=DEBOUNCE_MILLISECONDS,
        recursive=False,
    ):
        yield


def _absolute(path: Path) -> Path:
    """Without following links: a link that is set anew is a change."""
    return Path(os.path.abspath(path))


async def follow(
    path: Path,
    current: str,
    replace: Callable[[str], Awaitable[None]],
    told: Callable[[str | None], None] = lambda problem: None,
) -> None:
    """Calls `replace` with every new text; logs why a text is not taken, and tells it, or None when one is.

    Runs until cancelled.
    """
    async for _ in changes(path):
        try:
            text = read_supergraph(path)
            if text == current:
                told(None)
                continue
            await replace(text)
        except RouterError as error:
            logger.error(
                "%s is not taken over; the previous supergraph stays in force. %s", path, error.message
            )
            told(error.message)
            continue
        current = text
        told(None)
        logger.info("%s changed: the new supergraph is in force.", path)
