"""The endpoint when it is first asked for: the SDK takes a second to load, which no start waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from router.cache.single_flight import SingleFlight
from router.errors import ConfigError
from router.http.exchange import Receive, Scope, Send

if TYPE_CHECKING:
    from router.mcp.endpoint import MCPEndpoint

Make = Callable[["type[MCPEndpoint]"], "MCPEndpoint"]


class ToolsAtNeed:
    """An ASGI application. Raises `ConfigError` where the SDK is not installed."""

    def __init__(self, make: Make) -> None:
        if find_spec("mcp") is None:
            raise ConfigError("mcp.enabled needs the SDK of the protocol: pip install 'plait[mcp]'")
        self._make = make
        self._endpoint: MCPEndpoint | None = None
        self._loading: SingleFlight[str, None] = SingleFlight()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._endpoint is None:
            await self._loading.run("load", self._load)
        assert self._endpoint is not None
        await self._endpoint(scope, receive, send)

    async def tools_changed(self) -> None:
        """As `MCPEndpoint.tools_changed`; who never asked does not listen."""
        if self._endpoint is not None:
            await self._endpoint.tools_changed()

    async def aclose(self) -> None:
        if self._endpoint is not None:
            await self._endpoint.aclose()

    async def _load(self) -> None:
        self._endpoint = self._make(await asyncio.to_thread(_loaded))


def _loaded() -> type[MCPEndpoint]:
    from router.mcp.endpoint import MCPEndpoint

    return MCPEndpoint
