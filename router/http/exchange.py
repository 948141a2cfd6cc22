"""One HTTP exchange on bare ASGI: headers in, a body of bounded size, one response.

The GraphQL endpoint does not go through Starlette's middleware, routing and request objects: for a small
operation they are a sixth of the router's time (figures in docs/execution.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from random import getrandbits
from typing import Any

from router.errors import RequestError

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

RawHeaders = tuple[tuple[bytes, bytes], ...]
REQUEST_ID = "x-request-id"
ON_SHUTDOWN = "plait.on_shutdown"
"""What a scope has for a stream that ends only when it is told to: called when the server is to end."""


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


def request_headers(scope: Scope) -> dict[str, str]:
    """Lower-case names, several values of one joined as HTTP allows, and a request id in any case."""
    headers = decoded_headers(scope["headers"])
    if REQUEST_ID not in headers:
        headers[REQUEST_ID] = new_request_id()
    return headers


def new_request_id() -> str:
    """Nobody's secret: 128 bits that no other request has are enough, without a system call for each."""
    return f"{getrandbits(128):032x}"


def decoded_headers(pairs: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}
    return headers if len(headers) == len(pairs) else _joined(pairs)


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        separator = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
    return headers


async def read_body(receive: Receive, headers: dict[str, str], limit: int) -> bytes:
    """Raises `RequestError` 413 as soon as it is known that the body is too large."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def too_large(limit: int) -> RequestError:
    return RequestError(f"The request is larger than {limit} bytes.", code="REQUEST_TOO_LARGE", status=413)


async def respond_not_modified(send: Send, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """A 304 has neither a body nor the length of one."""
    await send({"type": "http.response.start", "status": 304, "headers": list(headers)})
    await send({"type": "http.response.body", "body": b""})


async def respond(
    send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]], *, with_body: bool = True
) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-length", str(len(body)).encode()), *headers],
        }
    )
    await send({"type": "http.response.body", "body": body if with_body else b""})
