"""Connections that are lent for one statement: the driver's own, in autocommit, with no SQLAlchemy around.

    lender = Lender(arguments, most=10, seconds=10.0)
    rows = await lender.fetch("SELECT … WHERE id = $1", [id], Row)

A statement that was compiled before (db/statements.py) needs nothing of an engine: taking a connection from
SQLAlchemy's pool and giving it back costs more than half of what the driver takes for the statement itself,
a list of idle connections costs nothing. Opened when they are needed, at most `most`; who finds all of them
busy waits in line, `seconds` at most. The one that was used last is used next, so a quiet service keeps few
awake. One that broke, or whose statement was cut off, is not lent again; none is lent beyond LIFETIME.

Each keeps the statements that it has prepared: to find those that it keeps itself is two thirds of what the
driver does in Python for a statement. Not where the driver may keep none (`statement_cache_size=0`, for
a pooler that gives each transaction another server).
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

LIFETIME = 1800.0
"""Seconds. An address may stand for another server by then."""
CLOSE_SECONDS = 3.0
"""A server that hangs does not say goodbye."""
MOST_PREPARED = 200
"""Of one connection. More are forgotten and prepared again: the server keeps each."""


OUTDATED = (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)
"""A table is not what it was when a statement was prepared."""


@dataclass(slots=True, eq=False)
class Lent:
    """A connection, since when it is open, and its prepared statements."""

    connection: asyncpg.Connection
    since: float = 0.0
    _prepared: dict[str, PreparedStatement] = field(default_factory=dict)

    async def fetch(self, text: str, values: Sequence[Any], row: type[Any]) -> Sequence[Any]:
        known = self._prepared.get(text) or await self._prepare(text, row)
        rows: Sequence[Any]
        if known is not None:
            try:
                rows = await known.fetch(*values)
                return rows
            except OUTDATED as error:
                self._prepared.clear()
                is_done = not isinstance(error, asyncpg.InvalidCachedStatementError)
                if is_done or self.connection.is_in_transaction():
                    raise
        rows = await self.connection.fetch(text, *values, record_class=row)
        return rows

    async def _prepare(self, text: str, row: type[Any]) -> PreparedStatement | None:
        if not self.connection._config.statement_cache_size:
            return None
        if len(self._prepared) >= MOST_PREPARED:
            self._prepared.clear()
        made = self._prepared[text] = await self.connection.prepare(text, record_class=row)
        return made


@dataclass(slots=True)
class Lender:
    arguments: Mapping[str, Any]
    """What the driver's `connect` is given."""
    most: int
    seconds: float
    _idle: list[Lent] = field(default_factory=list)
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    _lent: int = 0
    _is_closed: bool = False

    async def fetch(self, text: str, values: Sequence[Any], row: type[Any]) -> Sequence[Any]:
        """Raises asyncpg's errors, without what a row holds, and TimeoutError when no connection is free in
        time.
        """
        if self._lent < self.most:
            self._lent += 1
        else:
            await self._turn()
        opened = kept = None
        try:
            opened = self._take() or await self._open()
            rows = await opened.fetch(text, values, row)
            kept = opened
        except asyncpg.PostgresError as error:
            error.detail = None
            kept = opened
            raise
        finally:
            if kept is None and opened is not None:
                opened.connection.terminate()
            self._give_back(kept)
        return rows

    async def close(self) -> None:
        """What is lent now is closed when it comes back."""
        self._is_closed = True
        idle, self._idle = self._idle, []
        closing = (each.connection.close(timeout=CLOSE_SECONDS) for each in idle)
        await asyncio.gather(*closing, return_exceptions=True)  # one that hangs is cut off by then

    async def _open(self) -> Lent:
        connection = await asyncpg.connect(**self.arguments)
        try:
            for kind in ("json", "jsonb"):
                await connection.set_type_codec(
                    kind, schema="pg_catalog", encoder=str, decoder=json.loads, format="text"
                )
        except BaseException:
            connection.terminate()
            raise
        return Lent(connection, _now())

    def _take(self) -> Lent | None:
        while self._idle:
            idle = self._idle.pop()
            if not idle.connection.is_closed():
                if _now() - idle.since < LIFETIME:
                    return idle
                idle.connection.terminate()
        return None

    def _give_back(self, kept: Lent | None) -> None:
        """A place that somebody waits for is theirs: nobody who comes later gets between."""
        if kept is not None and self._is_closed:
            kept.connection.terminate()
        elif kept is not None and not kept.connection.is_closed():
            self._idle.append(kept)
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._lent -= 1

    async def _turn(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self.seconds):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._give_back(None)  # it came when its owner had just gone
            if isinstance(error, TimeoutError):
                raise TimeoutError(
                    f"all {self.most} connections for reading were busy for {self.seconds:g} s"
                ) from None
            raise


def _now() -> float:
    return asyncio.get_running_loop().time()
