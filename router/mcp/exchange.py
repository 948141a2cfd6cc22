"""What of an HTTP exchange is ours while the SDK answers it."""

from __future__ import annotations

import asyncio

from router.http.exchange import REQUEST_ID, Message, Receive, Send

DISCONNECT: Message = {"type": "http.disconnect"}


class Exchange:
    """Gives a body that was read to who asks for it, counts what is sent, and puts the request's id on it.

    `leave`: whoever answers hears that the client left, and what was begun is ended in good order, so that a
    stream does not hold up a server that ends.
    """

    def __init__(self, receive: Receive, send: Send, body: bytes, headers: dict[str, str]) -> None:
        self._receive = receive
        self._send = send
        self._body: bytes | None = body
        self._request_id = headers[REQUEST_ID].encode("latin-1")
        self._leaving = asyncio.Event()
        self._is_whole = False
        self._watch: asyncio.Future[None] | None = None
        self.status = 0
        self.sent_bytes = 0

    def leave(self) -> None:
        self._leaving.set()

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        return await self._disconnected()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {
                **message,
                "headers": [*message.get("headers", ()), (b"x-request-id", self._request_id)],
            }
        else:
            self.sent_bytes += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
        await self._send(message)

    async def end(self) -> None:
        """A stream that was left has no last message yet."""
        if self._watch is not None:
            self._watch.cancel()
        if self.status and not self._is_whole and self._leaving.is_set():
            await self.send({"type": "http.response.body", "body": b""})

    async def client_left(self) -> Message:
        """When it does. However many wait for it, the connection is asked by one."""
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._until_client_leaves())
        await asyncio.shield(self._watch)
        return DISCONNECT

    async def _disconnected(self) -> Message:
        """When the client leaves, or has to."""
        client, ours = asyncio.ensure_future(self.client_left()), asyncio.ensure_future(self._leaving.wait())
        try:
            await asyncio.wait((client, ours), return_when=asyncio.FIRST_COMPLETED)
        finally:
            client.cancel()
            ours.cancel()
        return DISCONNECT

    async def _until_client_leaves(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
