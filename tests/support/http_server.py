"""A subgraph that answers bytes exactly as told: the faults a network brings, on a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from starlette.types import ASGIApp

from router.config import ServerConfig
from router.http.server import address_of, bind, make_server

Answer = Callable[[bytes], bytes | None]
"""From the request's body to the whole HTTP message; None closes the connection without a word."""


class ByteServer:
    """`url` is where it listens; `requests` are the bodies it got; `connections` how often it was dialled."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.heads: list[str] = []
        self.connections = 0
        self.url = ""
        self.received = asyncio.Event()
        self.hold: asyncio.Event | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(
            int(line.split(":")[1])
            for line in head.split("\r\n")
            if line.lower().startswith("content-length")
        )
        body = await reader.readexactly(length)
        self.heads.append(head)
        self.requests.append(body)
        self.received.set()
        if self.hold is not None:
            await self.hold.wait()
        message = self.answer(body)
        if message is None:
            return False
        writer.write(message)
        await writer.drain()
        return b"connection: close" not in message.lower()

    def hang_up(self) -> None:
        """Closes every connection, as a server does that restarts."""
        for writer in list(self._writers):
            writer.close()


def http_message(
    body: bytes, status: str = "200 OK", content_type: str = "application/json", extra: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


@asynccontextmanager
async def byte_server(answer: Answer, port: int = 0) -> AsyncIterator[ByteServer]:
    served = ByteServer(answer)
    server = await asyncio.start_server(served._serve, "127.0.0.1", port)
    host, port = server.sockets[0].getsockname()
    served.url = f"http://{host}:{port}/graphql"
    try:
        yield served
    finally:
        server.close()
        served.hang_up()


@asynccontextmanager
async def on_a_socket(
    app: ASGIApp, lifespan: Literal["on", "auto"] = "auto", config: ServerConfig | None = None
) -> AsyncIterator[str]:
    """An ASGI application served as ours are, on a port the system chooses; where it is."""
    listener = bind("127.0.0.1:0")
    server = make_server(app, config or ServerConfig(), lifespan=lifespan)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://{address_of(listener)}"
    finally:
        server.should_exit = True
        await running
        listener.close()
