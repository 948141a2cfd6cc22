"""`/mcp` on bare ASGI: who may call is settled here, what is said is the SDK's."""

from __future__ import annotations

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from router.config import RouterConfig
from router.described.catalogue import Catalogues
from router.errors import RequestError
from router.http.client_context import ContextGetter
from router.http.content_coding import unpacked
from router.http.exchange import (
    ON_SHUTDOWN,
    REQUEST_ID,
    ClientLeft,
    Receive,
    Scope,
    Send,
    read_body,
    request_headers,
    respond,
)
from router.http.forwarded import ForwardedFor
from router.http.leaving import RunningWatches
from router.json import dumps
from router.mcp.callers import Caller, Callers
from router.mcp.doors import Doors
from router.mcp.exchange import Exchange
from router.mcp.oauth import ToolOAuth
from router.mcp.running import Running
from router.mcp.server import CALLER, SESSION_ID, ToolServer
from router.partners.errors import KeyRefused
from router.pipeline.engine import Engine
from router.pipeline.facts import codes_of
from router.telemetry.observer import Observed, Observer

CLIENT_LEFT = 499
INVALID_REQUEST = -32600
"""What JSON-RPC has for a request that is refused; ours says why in `data`."""


class MCPEndpoint:
    """An ASGI application for one path; it begins with its first request, and again after `aclose`."""

    def __init__(
        self,
        engine: Engine,
        config: RouterConfig,
        callers: Callers,
        catalogues: Catalogues,
        *,
        in_process: bool = False,
        context_getter: ContextGetter | None = None,
        observer: Observer | None = None,
        oauth: ToolOAuth | None = None,
    ) -> None:
        self._oauth = oauth
        self._config = config
        self._callers = callers
        self._observer = observer
        self._max_bytes = config.server.max_request_bytes
        self._has_sessions = config.mcp.sessions.enabled
        self._doors = Doors(config.mcp, config.server.listen)
        self._forwarded = ForwardedFor(config.server.trusted_proxies)
        self._server = ToolServer(
            engine,
            catalogues,
            in_process=in_process,
            context_getter=context_getter,
            max_sessions=config.mcp.sessions.max_sessions,
            max_listeners=config.mcp.max_listeners,
        )
        self._running = Running(self._manager)
        self._watches = RunningWatches()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = request_headers(scope)
        self._forwarded.settle(headers, scope.get("client"))
        observed = None if self._observer is None else self._observer.begin(scope["method"], headers)
        status, sent_bytes = 500, 0
        try:
            status, sent_bytes = await self._answer(scope, headers, receive, send, observed)
        except ClientLeft:
            status = CLIENT_LEFT
        finally:
            if observed is not None and self._observer is not None:
                self._observer.end(observed, status, sent_bytes)

    async def tools_changed(self) -> None:
        """Other operations, or another schema, are in force."""
        await self._server.tools_changed()

    async def aclose(self) -> None:
        self._server.end_listening()
        await self._running.aclose()

    def _manager(self) -> StreamableHTTPSessionManager:
        """Hosts and origins are checked before it. Answers are JSON: one answer needs no stream."""
        sessions = self._config.mcp.sessions
        return StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=not sessions.enabled,
            max_request_body_size=self._max_bytes,
            session_idle_timeout=sessions.idle_timeout_seconds,
            max_sessions=sessions.max_sessions,
        )

    async def _answer(
        self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send, observed: Observed | None
    ) -> tuple[int, int]:
        """The status and the bytes that were sent. Raises `ClientLeft`."""
        try:
            caller = await self._admitted(scope, headers, observed)
            body = await self._body(headers, receive) if scope["method"] == "POST" else b""
        except RequestError as error:
            if observed is not None:
                observed.codes = codes_of(error.errors)
                if isinstance(error, KeyRefused):
                    observed.partner = error.partner
            return await self._refuse(send, error, headers)
        exchange = Exchange(receive, send, body, headers)
        scope[ON_SHUTDOWN] = exchange.leave
        manager = await self._running.manager()
        own = {**scope, CALLER: caller, "user": _user(caller)}
        answering = manager.handle_request(own, exchange.receive, exchange.send)
        try:
            await self._watches.get().unless_client_leaves(answering, exchange.client_left)
        finally:
            await exchange.end()
        if scope["method"] == "DELETE" and SESSION_ID in headers:
            self._server.forget_session(headers[SESSION_ID])
        return exchange.status, exchange.sent_bytes

    async def _admitted(self, scope: Scope, headers: dict[str, str], observed: Observed | None) -> Caller:
        """Raises `RequestError`."""
        self._doors.check_host(headers)
        caller = await self._callers.of(headers, observed)
        if caller.context.caller is None:  # A partner has pages of its own, and they were checked.
            self._doors.check_origin(headers, scope["scheme"])
        methods = ("POST", "GET", "DELETE") if self._has_sessions else ("POST",)
        if scope["method"] not in methods:
            allowed = ", ".join(methods)
            raise RequestError(
                f"Use {allowed}.", code="METHOD_NOT_ALLOWED", status=405, headers=[("allow", allowed)]
            )
        return caller

    async def _body(self, headers: dict[str, str], receive: Receive) -> bytes:
        """Raises `RequestError`, `ClientLeft`."""
        body = await read_body(receive, headers, self._max_bytes)
        if "content-encoding" in headers:
            body = unpacked(body, headers["content-encoding"], self._max_bytes)
        return body

    async def _refuse(self, send: Send, error: RequestError, headers: dict[str, str]) -> tuple[int, int]:
        """As JSON-RPC says it, with our codes. Who sent a partner key is not led to get a token."""
        told = {"code": INVALID_REQUEST, "message": error.message, "data": {"errors": error.errors}}
        body = dumps({"jsonrpc": "2.0", "id": None, "error": told})
        own: list[tuple[bytes, bytes]] = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"no-store"),
            (b"x-request-id", headers[REQUEST_ID].encode("latin-1")),
        ]
        given = list(error.headers)
        if self._oauth is not None and not isinstance(error, KeyRefused):
            given = self._oauth.challenged(given)
        await respond(send, error.status, body, [*own, *((n.encode(), v.encode()) for n, v in given)])
        return error.status, len(body)


def _user(caller: Caller) -> AuthenticatedUser | None:
    """Whose the SDK takes a session for: another caller does not find it. No token is handed on."""
    if caller.identity is None:
        return None
    return AuthenticatedUser(AccessToken(token="", client_id=caller.identity, scopes=[]))
