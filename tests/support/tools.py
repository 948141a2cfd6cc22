"""Published operations of a small graph served as tools on a real socket, and the SDK's own client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from router import Router
from router.config import MCPConfig, PersistedConfig, RouterConfig
from tests.support.federation import router
from tests.support.http_server import on_a_socket

OPERATIONS = {
    "me-1": "# Who is asking.\nquery Me { me { name } }",
    "user-1": "query User($id: ID!, $mood: Mood = GOOD) "
    "{ user(id: $id, mood: $mood) { id name posts { title } } }",
    "find-1": "query Find($by: By!) { find(by: $by) { name } }",
    "rename-1": "mutation Rename($name: String!) { rename(name: $name) { name } }",
}


def manifest(folder: Path, operations: Mapping[str, str] = OPERATIONS) -> Path:
    """Replaced as a whole when it is there."""
    path = folder / "operations.json"
    path.write_text(json.dumps(dict(operations)), encoding="utf-8")
    return path


def config(folder: Path, mcp: MCPConfig | None = None, **sections: Any) -> RouterConfig:
    """Served to anyone, unless it is said otherwise."""
    return RouterConfig(
        mcp=mcp or MCPConfig(enabled=True, callers="anyone"),
        persisted_operations=PersistedConfig(sources=(str(manifest(folder)),)),
        **sections,
    )


@asynccontextmanager
async def served(settings: RouterConfig, **subgraphs: Any) -> AsyncIterator[tuple[str, Router]]:
    """The address of the tools, and the router."""
    routed = router(settings, **subgraphs)
    async with serving(routed) as url:
        yield url, routed


@asynccontextmanager
async def serving(routed: Router) -> AsyncIterator[str]:
    async with on_a_socket(routed.asgi(), lifespan="on") as url:
        yield f"{url}{routed.config.mcp.path}"


@asynccontextmanager
async def client(
    url: str, mode: str = "auto", headers: Mapping[str, str] | None = None, **more: Any
) -> AsyncIterator[Client]:
    """`mode` is `legacy` for protocols before 2026-07-28."""
    async with (
        httpx.AsyncClient(headers=dict(headers or {}), timeout=10) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode, **more) as connected,
    ):
        yield connected


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}
LIST = {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}}
ACCEPT = {"accept": "application/json, text/event-stream"}


def call_of(tool: str, **arguments: Any) -> dict[str, Any]:
    """What a client of protocols before 2026-07-28 sends; without sessions it needs no handshake."""
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": params}
