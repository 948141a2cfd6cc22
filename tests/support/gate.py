"""A gate in front of a store, on a free port: open, shut, hanging, or cutting a connection at a word.

async with gate_to(str(server.socket / ".s.PGSQL.5432")) as gate:   # or (host, port)
    gate.hang()     nothing is passed on any more, connections stay
    gate.shut()     connections are cut and new ones are refused
    gate.open()     as at first; what hung goes on
    gate.cut_after(b"COMMIT")   the word is passed on, its answer is not: the connection is cut instead
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

Way = str | tuple[str, int]
HOST = "127.0.0.1"


class Gate:
    def __init__(self, way: Way) -> None:
        self._way = way
        self._passing = asyncio.Event()
        self._passing.set()
        self._word: bytes | None = None
        self._connections: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.cuts = 0

    async def open(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, HOST, self.port)
            self.port = self._server.sockets[0].getsockname()[1]
        self._passing.set()

    def hang(self) -> None:
        self._passing.clear()

    def shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for pair in list(self._connections):
            _abort(*pair)
        self._passing.set()

    async def close(self) -> None:
        self.shut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # aborted connections are closed in the loop's next round

    def cut_after(self, word: bytes) -> None:
        """Once."""
        self._word = word

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._passing.wait()
            with suppress(OSError):
                await self._connect(reader, writer)
        finally:
            self._tasks.discard(task)
            _abort(writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self._way, str):
            there, back = await asyncio.open_unix_connection(self._way)
        else:
            there, back = await asyncio.open_connection(*self._way)
        pair = (writer, back)
        self._connections.add(pair)
        try:
            await asyncio.gather(self._pass(reader, back, pair, True), self._pass(there, writer, pair, False))
        finally:
            self._connections.discard(pair)
            _abort(*pair)

    async def _pass(
        self,
        source: asyncio.StreamReader,
        to: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        from_client: bool,
    ) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                await self._passing.wait()
                cuts = from_client and self._word is not None and self._word in data
                if cuts:
                    self._word = None
                    self.cuts += 1
                    pair[0].transport.abort()
                to.write(data)
                await to.drain()
                if cuts:
                    await asyncio.sleep(0.2)  # the server reads and carries out; nobody hears of it
        _abort(*pair)


@asynccontextmanager
async def gate_to(way: Way) -> AsyncIterator[Gate]:
    gate = Gate(way)
    await gate.open()
    try:
        yield gate
    finally:
        await gate.close()


def _abort(*writers: asyncio.StreamWriter) -> None:
    for writer in writers:
        writer.transport.abort()
