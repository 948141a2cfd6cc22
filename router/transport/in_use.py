"""Transports that several supergraphs or configurations share: started with the first that uses them, closed
with the last.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from router.transport.base import Transport

logger = logging.getLogger(__name__)


class TransportsInUse:
    """A user is whatever has these transports, told apart by identity."""

    def __init__(self) -> None:
        self._users: dict[Transport, set[int]] = {}

    async def use(self, user: object, transports: Mapping[str, Transport]) -> None:
        for transport in transports.values():
            is_running = transport in self._users
            self._users.setdefault(transport, set()).add(id(user))
            if not is_running:
                await transport.start()

    async def leave(self, user: object, transports: Mapping[str, Transport]) -> None:
        """One that cannot be stopped keeps no other running. Who left before, or never came, may leave."""
        for name, transport in transports.items():
            users = self._users.get(transport)
            if users is None or id(user) not in users:
                continue
            users.discard(id(user))
            if not users:
                del self._users[transport]
                await _close(name, transport)


async def _close(name: str, transport: Transport) -> None:
    try:
        await transport.aclose()
    except Exception:
        logger.exception("The transport of subgraph %s could not be closed.", name)
