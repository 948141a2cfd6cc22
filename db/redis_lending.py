"""Connections to Redis that are lent for a command, and a command over one.

redis-py's own pool takes two locks, two timeouts and its metrics for a loan, and its client a retry around
each command, also where nothing is to be tried again: two fifths of what a short command costs in Python. The
driver's connections are as they are: they connect, notice a server that went away, and close themselves
when a command on them fails or is cut off, so that what comes back here is either clean or closed.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import ConnectionError

UNLOCKED = nullcontext()


class LentConnections(ConnectionPool):
    """Opened when they are needed, at most `max_connections`; who finds all of them busy waits in line,
    `timeout` seconds at most. O(1) a loan. Only while a server says that it moves is the pool locked.
    """

    def __init__(self, *, max_connections: int, timeout: float, **of_connections: Any) -> None:
        super().__init__(max_connections=max_connections, **of_connections)
        self._places = asyncio.Semaphore(max_connections)
        self._seconds = timeout
        self._is_moving = False

    def set_in_maintenance(self, in_maintenance: bool) -> None:
        """Told by the driver, which changes what the pool has under its lock then."""
        self._is_moving = in_maintenance

    async def get_connection(self, command_name: Any = None, *_keys: Any, **_options: Any) -> Any:
        """Ready for a command. Raises redis-py's ConnectionError and TimeoutError."""
        await self._take_a_place()
        try:
            async with self._lock if self._is_moving else UNLOCKED:
                connection: Any = self.get_available_connection()  # type: ignore[no-untyped-call]
        except BaseException:
            self._places.release()
            raise
        try:
            await self.ensure_connection(connection)
        except BaseException:
            await self.release(connection)
            raise
        return connection

    async def release(self, connection: Any) -> None:
        async with self._lock if self._is_moving else UNLOCKED:
            self._in_use_connections.remove(connection)
            try:
                if connection.should_reconnect():
                    await connection.disconnect()
            finally:
                self._available_connections.append(connection)
                self._places.release()

    async def _take_a_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(self._seconds):
                await self._places.acquire()
        except TimeoutError as error:
            raise ConnectionError("No connection available.") from error


async def ask(client: Redis, *arguments: Any, **options: Any) -> Any:
    """A command and its answer, tried once. Raises redis-py's errors."""
    pool: Any = client.connection_pool
    connection = await pool.get_connection()
    try:
        await connection.send_command(*arguments)
        return await client.parse_response(connection, arguments[0], **options)
    finally:
        await pool.release(connection)
