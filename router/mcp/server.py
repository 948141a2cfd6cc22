"""The SDK's server over our tools."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.models import InitializationOptions
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ToolsListChanged
from mcp.shared.exceptions import MCPError

from router.cache.lru import LRU
from router.described.catalogue import Catalogue, Catalogues
from router.http.client_context import ClientContext, ContextGetter
from router.mcp.call import call
from router.mcp.callers import Caller
from router.mcp.tools import find_tool, tool_of, tools_of
from router.pipeline.engine import Engine
from router.transport.client_context import CLIENT_CONTEXT

CALLER = "plait.mcp.caller"
"""Where an exchange's scope has its caller."""
PAGE = 500
SESSION_ID = "mcp-session-id"
INSTRUCTIONS = (
    "Each tool runs one published GraphQL operation; its arguments are the operation's variables. An answer "
    "is {data} in structured content. A result that is an error has {errors}: extensions.code says which, "
    "and data beside it is what could be had all the same."
)

Context = ServerRequestContext[Any, Any]


class ToolServer(Server[Any]):
    """`in_process`: subgraphs in this process may ask for a context. `max_sessions` hear of changes."""

    def __init__(
        self,
        engine: Engine,
        catalogues: Catalogues,
        *,
        in_process: bool,
        context_getter: ContextGetter | None,
        max_sessions: int,
        max_listeners: int,
    ) -> None:
        self._engine = engine
        self._catalogues = catalogues
        self._in_process = in_process
        self._context_getter = context_getter
        self._bus = InMemorySubscriptionBus()
        self._listeners = ListenHandler(self._bus, max_subscriptions=max_listeners)
        self._sessions: LRU[str, ServerSession] = LRU(max_sessions)
        super().__init__(
            "plait",
            title="Plait",
            instructions=INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
            on_subscriptions_listen=self._listeners,
            # No argument of ours is sent as a header; without this each call would list all tools first.
            get_tool_input_schema=lambda name: None,
        )

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """Clients are told that tools may change."""
        options = notification_options or NotificationOptions(tools_changed=True)
        return super().create_initialization_options(options, experimental_capabilities, extensions)

    async def tools_changed(self) -> None:
        """Says so to all that listen, whichever way their protocol has for it."""
        await self._bus.publish(ToolsListChanged())
        for session in self._sessions.values():
            await session.send_tool_list_changed()

    def end_listening(self) -> None:
        self._listeners.close()

    def forget_session(self, id_: str) -> None:
        self._sessions.remove(id_)

    async def _list(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        session_id = context.request.headers.get(SESSION_ID) if context.request is not None else None
        if session_id is not None:
            self._sessions.put(session_id, context.session)
        caller = _caller(context)
        catalogue = await self._catalogues.of(caller.operations, caller.schema)
        return _page(catalogue, params.cursor if params is not None else None)

    async def _call(self, context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        caller = _caller(context)
        operation = find_tool(await self._catalogues.of(caller.operations, caller.schema), params.name)
        if operation is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name[:100]!r} for you.")
        with self._client_context(context):
            return await call(self._engine, caller, operation, params.arguments or {})

    @contextlib.contextmanager
    def _client_context(self, context: Context) -> Iterator[None]:
        if not self._in_process:
            yield
            return
        token = CLIENT_CONTEXT.set(ClientContext(_request(context), self._context_getter).of)
        try:
            yield
        finally:
            CLIENT_CONTEXT.reset(token)


def _caller(context: Context) -> Caller:
    caller: Caller = _request(context).scope[CALLER]
    return caller


def _request(context: Context) -> Any:
    assert context.request is not None, "every message comes in an HTTP request"
    return context.request


def _page(catalogue: Catalogue, cursor: str | None) -> types.ListToolsResult:
    """A cursor is the number of tools before the page. Raises `MCPError` for one that is not ours."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise MCPError(types.INVALID_PARAMS, "The cursor is not from this server.")
    found, start = tools_of(catalogue), int(cursor or 0)
    end = start + PAGE
    following = str(end) if end < len(found) else None
    return types.ListToolsResult(tools=list(map(tool_of, found[start:end])), next_cursor=following)
