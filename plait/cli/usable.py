"""A service whose store is away when it starts: it serves, is not ready, and looks until the store is there.

    require_usable ── there ──► serve
          │ away
          └──► serve (live, not ready) beside: look each PAUSE ──► ready, or the end with the reason

Whoever runs it sees a process that waits and not one that is started again and again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from plait.cli.domains import progress

if TYPE_CHECKING:
    from db.config import DomainStore

PAUSE_SECONDS = 0.5


class Usable:
    """Whether the store of one domain is there, with the schema that the code needs."""

    def __init__(self, store: DomainStore) -> None:
        self._store = store
        self._is_there = False

    async def look(self) -> None:
        """Once. Raises MigrationNeeded or SchemaTooNew; a store that is away is said, not raised."""
        from db.errors import StoreUnavailable
        from db.migrate import require_usable

        try:
            await require_usable(self._store)
        except StoreUnavailable as error:
            progress(f"{self._store.domain}: waits for its store: {error}")
        else:
            self._is_there = True

    async def wait(self) -> None:
        """Until it is there. Raises MigrationNeeded or SchemaTooNew."""
        from db.errors import StoreUnavailable
        from db.migrate import require_usable

        try:
            while not self._is_there:
                await asyncio.sleep(PAUSE_SECONDS)
                try:
                    await require_usable(self._store)
                except StoreUnavailable:
                    continue
                self._is_there = True
                progress(f"{self._store.domain}: its store is there")
        except asyncio.CancelledError:
            progress(f"{self._store.domain}: stopped while it waited for its store")
            raise

    def and_then(self, ready: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """A readiness that is never given before the schema was seen."""
        from db.errors import StoreUnavailable

        async def both() -> None:
            await ready()
            if not self._is_there:
                raise StoreUnavailable(self._store.domain, "its schema was not looked at yet")

        return both

    async def beside(self, serving: Coroutine[Any, Any, None]) -> None:
        """Serve while waiting. Raises what `wait` raises, after the last request."""
        from db.errors import StoreError

        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(serving)
                group.create_task(self.wait())
        except* StoreError as errors:
            raise errors.exceptions[0] from None
