"""Sources of published operations, followed while a router runs: one that cannot be read changes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from watchfiles import awatch

from router.errors import RouterError
from router.persisted.lists import OperationLists, load

logger = logging.getLogger(__name__)

DEBOUNCE_MILLISECONDS = 200


async def follow_operations(
    sources: Sequence[str],
    replace: Callable[[OperationLists], Awaitable[None]],
    told: Callable[[str | None], None] = lambda problem: None,
) -> None:
    """Calls `replace` with what the sources hold, whenever they change. Runs until cancelled.

    `told` hears why a source is not taken over, and None when all are.
    """
    if not sources:
        return
    paths, folders = _watched(sources)
    async for changes in awatch(*folders, step=DEBOUNCE_MILLISECONDS, recursive=False):
        if not any(_concerns(Path(changed), paths) for _, changed in changes):
            continue
        try:
            lists = await asyncio.to_thread(load, sources)
        except RouterError as error:
            logger.error("Published operations are not taken over; those before stay. %s", error.message)
            told(error.message)
            continue
        await replace(lists)
        told(None)
        logger.info("Published operations changed: %d are in force.", len(lists.operations))


def _watched(sources: Sequence[str]) -> tuple[list[Path], set[Path]]:
    """A file is replaced by renaming, which only its folder sees."""
    paths = [Path(source).absolute() for source in sources]
    return paths, {path if path.is_dir() else path.parent for path in paths}


def _concerns(changed: Path, paths: Sequence[Path]) -> bool:
    return any(
        changed in (path, path.resolve()) or changed.parent in (path, path.resolve()) for path in paths
    )
