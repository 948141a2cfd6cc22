"""A subgraph given as an ASGI application: HTTP semantics without a socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from router.errors import ResponseTooLarge, StartError, TransportError
from router.transport.base import Headers, Kept, SubgraphRequest, SubgraphResponse, kept_of
from router.transport.http import ACCEPT
from router.transport.multipart_body import MultipartBody

logger = logging.getLogger(__name__)

STOP_SECONDS = 10

Message = MutableMapping[str, Any]
ASGIApp = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class ASGITransport:
    """POSTs to `path` of the application, whose lifespan runs from `start` to `aclose`."""

    def __init__(self, app: ASGIApp, path: str = "/graphql", kept: Kept = frozenset()) -> None:
        self._kept = kept
        self._app = app
        self._path = path
        self._lifespan = _Lifespan(app)

    async def start(self) -> None:
        await self._lifespan.start()

    async def aclose(self) -> None:
        await self._lifespan.stop()

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        exchange = _Exchange(request, self._kept)
        try:
            await self._app(exchange.scope(self._path), exchange.receive, exchange.send)
        except TransportError:
            raise
        except Exception as error:
            logger.exception("A subgraph application in this process failed.")
            raise TransportError("The subgraph failed.") from error
        return exchange.response()


class _Exchange:
    """One request and its response."""

    def __init__(self, request: SubgraphRequest, kept: Kept) -> None:
        self._request = request
        self._kept = kept
        self._headers: Headers = ()
        self._multipart = MultipartBody(request) if request.files else None
        self._parts = aiter(self._multipart) if self._multipart is not None else None
        self._is_read = False
        self._status = 0
        self._content_type = ""
        self._body = bytearray()

    def scope(self, path: str) -> dict[str, Any]:
        about = self._multipart.headers if self._multipart is not None else self._about_json()
        headers = [("host", "subgraph"), ("accept", ACCEPT), *about, *self._request.headers]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "client": None,
            "server": ("subgraph", 80),
        }

    async def receive(self) -> Message:
        if self._is_read:
            # The client of an application in this process leaves by cancelling, never by a message.
            await asyncio.Event().wait()
        if self._parts is not None:
            part = await anext(self._parts, None)
            self._is_read = part is None
            return {"type": "http.request", "body": part or b"", "more_body": part is not None}
        self._is_read = True
        return {"type": "http.request", "body": self._request.body, "more_body": False}

    def _about_json(self) -> Headers:
        length = str(len(self._request.body))
        return (("content-type", "application/json"), ("content-length", length))

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = kept_of(message.get("headers", ()), self._kept)
            for name, value in message.get("headers", ()):
                if name.lower() == b"content-type":
                    self._content_type = value.decode("latin-1")
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if len(self._body) > self._request.max_bytes:
                raise ResponseTooLarge("The subgraph's answer is larger than one operation may take.")

    def response(self) -> SubgraphResponse:
        if not self._status:
            raise TransportError("The subgraph did not answer.")
        return SubgraphResponse(
            body=bytes(self._body),
            status=self._status,
            content_type=self._content_type,
            headers=self._headers,
        )


class _Lifespan:
    """Runs the application's lifespan in a task; an application without one is fine too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._started: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._started = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run())
        self._to_app.put_nowait({"type": "lifespan.startup"})
        await self._started

    async def stop(self) -> None:
        if self._task is None:
            return
        self._to_app.put_nowait({"type": "lifespan.shutdown"})
        await asyncio.wait((self._task,), timeout=STOP_SECONDS)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _run(self) -> None:
        assert self._started is not None
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
        try:
            await self._app(scope, self._to_app.get, self._receive_from_app)
        except Exception:
            logger.debug("An application in this process has no lifespan.", exc_info=True)
        finally:
            if not self._started.done():
                self._started.set_result(None)

    async def _receive_from_app(self, message: Message) -> None:
        assert self._started is not None
        match message["type"]:
            case "lifespan.startup.complete":
                self._started.set_result(None)
            case "lifespan.startup.failed":
                reason = message.get("message") or "no reason given"
                self._started.set_exception(StartError(f"A subgraph application did not start: {reason}"))
            case _:
                pass
