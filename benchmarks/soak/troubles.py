"""What goes wrong, one after the other in a random order: neighbours that die and hang, files that are wrong,
clients that mean harm. Each trouble ends by itself within a few seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.gateways.processes import python
from benchmarks.soak.clients import message

HOST = "127.0.0.1"
ATTACKERS = 100
SECONDS_OF_HARM = 1.0
BOMB = "{" + " ".join(f"a{number}: customers {{ id name }}" for number in range(20_000)) + "}"
GARBAGE = (
    b"\x00\xff" * 5000,
    b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 50_000,
    b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\ntransfer-encoding: chunked\r\n\r\n",
    b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 999999999\r\n\r\n",
    message({"query": "{" * 100_000}),
    message({"query": BOMB}),
    b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n"
    + b"[" * 100_000,
)


class Troubles:
    """`subgraphs` answer on `subgraph_port`; the router on `port` follows the file `supergraph`."""

    def __init__(self, port: int, subgraph_port: int, supergraph: Path, seed: int) -> None:
        self._port = port
        self._subgraph_port = subgraph_port
        self._supergraph = supergraph
        self._text = supergraph.read_text(encoding="utf-8")
        self._random = random.Random(seed)
        self.subgraphs = self._start_subgraphs()
        self.counts: Counter[str] = Counter()

    async def run(self, every_seconds: float) -> None:
        """Until it is cancelled. Whatever happened is put right before the next."""
        kinds: list[Callable[[], Awaitable[None]]] = [
            self.dead_subgraphs,
            self.hanging_subgraphs,
            self.new_supergraph,
            self.broken_supergraph,
            self.garbage,
            self.slow_clients,
            self.clients_that_leave,
        ]
        while True:
            await asyncio.sleep(every_seconds)
            trouble = self._random.choice(kinds)
            self.counts[trouble.__name__] += 1
            await trouble()

    def end(self) -> None:
        self.subgraphs.kill()
        self.subgraphs.wait()

    async def dead_subgraphs(self) -> None:
        self.end()
        await asyncio.sleep(SECONDS_OF_HARM)
        self.subgraphs = self._start_subgraphs()

    async def hanging_subgraphs(self) -> None:
        os.kill(self.subgraphs.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(SECONDS_OF_HARM)
        finally:
            os.kill(self.subgraphs.pid, signal.SIGCONT)

    async def new_supergraph(self) -> None:
        """The same graph in other words: what was prepared is prepared again."""
        self._write(f"# {self._random.random()}\n{self._text}")

    async def broken_supergraph(self) -> None:
        self._write(self._text[: len(self._text) // 2])
        await asyncio.sleep(SECONDS_OF_HARM)
        self._write(self._text)

    async def garbage(self) -> None:
        await asyncio.gather(*(self._send(self._random.choice(GARBAGE)) for _ in range(ATTACKERS)))

    async def slow_clients(self) -> None:
        await asyncio.gather(*(self._send(b"POST /graphql HTTP/1.1\r\nhost: ") for _ in range(ATTACKERS)))

    async def clients_that_leave(self) -> None:
        """Right after they asked."""
        question = message({"query": "{ customers { reviews { product { reviews { text } } } } }"})
        await asyncio.gather(*(self._send(question, stay=False) for _ in range(ATTACKERS)))

    async def _send(self, data: bytes, *, stay: bool = True) -> None:
        """Sends, reads what comes for a while, and is gone without a word."""
        with contextlib.suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_connection(HOST, self._port)
            try:
                writer.write(data)
                await writer.drain()
                if stay:
                    async with asyncio.timeout(SECONDS_OF_HARM):
                        await reader.read()
            finally:
                writer.transport.abort()

    def _write(self, text: str) -> None:
        beside = self._supergraph.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self._supergraph)

    def _start_subgraphs(self) -> subprocess.Popen[str]:
        command = python("benchmarks.gateways.subgraphs", str(self._subgraph_port))
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
