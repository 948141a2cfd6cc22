"""Tells subgraphs in this process whom the router is talking to, as a proxy would: in X-Forwarded-For."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

NAME = b"x-forwarded-for"


@dataclass(frozen=True, slots=True)
class ForwardedClient:
    """An ASGI application that adds the connection's address after what proxies before us said."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client"):
            scope = {**scope, "headers": _forwarded(scope["headers"], scope["client"][0])}
        await self.app(scope, receive, send)


def _forwarded(headers: list[tuple[bytes, bytes]], client: str) -> list[tuple[bytes, bytes]]:
    before = [value for name, value in headers if name == NAME]
    others = [(name, value) for name, value in headers if name != NAME]
    return [*others, (NAME, b", ".join([*before, client.encode()]))]
