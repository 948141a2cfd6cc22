"""Gives an ASGI application the same GraphQL request again and again, and takes this process's CPU time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Send = Callable[[], Awaitable[bytes]]


def asgi_sender(app: Any, body: bytes, headers: Sequence[tuple[bytes, bytes]] = ()) -> Send:
    kind = (b"content-type", b"application/json")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [kind, (b"accept", b"application/json"), (b"host", b"localhost"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def send_request() -> bytes:
        written: list[bytes] = []
        unread = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return unread.pop() if unread else await asyncio.Event().wait()

        async def send(message: Any) -> None:
            written.append(message.get("body", b""))

        await app(dict(scope), receive, send)
        return b"".join(written)

    return send_request


async def cpu_ms(work: Callable[[], Awaitable[Any]], times: int) -> float:
    """CPU milliseconds of this process per piece of work."""
    started = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - started) / times * 1000
