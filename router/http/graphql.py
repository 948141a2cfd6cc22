"""`/graphql`: GraphQL over HTTP on bare ASGI."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp

from router.config import RouterConfig
from router.errors import RefusedOperation, RequestError
from router.http.answering import Answering
from router.http.client_context import ClientContext, ContextGetter
from router.http.content_coding import PACK, chosen_coding
from router.http.cors import origin_matters
from router.http.cycle import HEADER_VALUE_RE, straight
from router.http.exchange import (
    REQUEST_ID,
    ClientLeft,
    RawHeaders,
    Receive,
    Scope,
    Send,
    new_request_id,
    request_headers,
    respond,
    respond_not_modified,
)
from router.http.forwarded import ForwardedFor
from router.http.media_types import JSON, response_media_type
from router.http.studio import STUDIO_PATH, studio_app
from router.http.validators import is_known, with_validators
from router.json import dumps
from router.partners.errors import KeyRefused
from router.partners.sources import KeySources
from router.pipeline.engine import Engine
from router.pipeline.facts import codes_of
from router.telemetry.observer import Observed, Observer
from router.transport.client_context import CLIENT_CONTEXT

CLIENT_LEFT = 499
"""What logs and metrics say of a client that left before its answer."""


class GraphQLEndpoint:
    """An ASGI application for one path. `in_process`: subgraphs in this process may ask for a context."""

    def __init__(
        self,
        engine: Engine,
        config: RouterConfig,
        *,
        in_process: bool = False,
        context_getter: ContextGetter | None = None,
        observer: Observer | None = None,
        keys: KeySources | None = None,
    ) -> None:
        """`keys`: where partners' keys are, if there are partners."""
        self._answering = Answering(engine, config, keys)
        self._keys = keys
        self._observer = observer
        self._page = _page(config, keys)
        self._compression = config.compression if config.compression.enabled else None
        self._vary = (b"vary", _vary(config, keys))
        self._lines = {
            media_type: b"content-type: %b\r\nvary: %b\r\n" % (content_type, self._vary[1])
            for media_type, content_type in _CONTENT_TYPES.items()
        }
        """The headers that an answer of a type always has, as they are sent."""
        self._has_validators = config.cache_control.enabled
        self._forwarded = ForwardedFor(config.server.trusted_proxies)
        self._in_process = in_process
        self._context_getter = context_getter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cycle = straight(receive)
        headers = None if cycle is None else cycle.headers_of(scope)
        if headers is None:
            headers = request_headers(scope)
        elif REQUEST_ID not in headers:
            headers[REQUEST_ID] = new_request_id()
        self._forwarded.settle(headers, scope.get("client"))
        if self._page is not None and _is_visit(scope, headers):
            await self._page(scope, receive, send)
            return
        if self._in_process:
            await self._with_context(scope, headers, receive, send)
        else:
            await self._respond(scope, headers, receive, send, None)

    async def _with_context(
        self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send
    ) -> None:
        context = ClientContext(Request(self._told_in_process(scope, headers)), self._context_getter)
        token = CLIENT_CONTEXT.set(context.of)
        try:
            await self._respond(scope, headers, receive, send, context)
        finally:
            CLIENT_CONTEXT.reset(token)

    def _told_in_process(self, scope: Scope, headers: dict[str, str]) -> Scope:
        """Applications in this process see as little of a key, and of cookies beside it, as others do."""
        if self._keys is None or not self._keys.carries(headers):
            return scope
        left = self._keys.without(headers)
        pairs = [pair for pair in scope["headers"] if pair[0].decode("latin-1") in left]
        return {**scope, "headers": pairs}

    async def _respond(
        self,
        scope: Scope,
        headers: dict[str, str],
        receive: Receive,
        send: Send,
        context: ClientContext | None,
    ) -> None:
        media_type = JSON
        extra: RawHeaders = ()
        observed = None if self._observer is None else self._observer.begin(scope["method"], headers)
        try:
            media_type = response_media_type(headers.get("accept", ""))
            body, extra = await self._answering.answer(scope, receive, headers, observed)
            status = 200 if context is None else context.response.status_code
        except RequestError as error:
            status, body, extra = _status(error, media_type), dumps({"errors": error.errors}), _raw(error)
            if self._has_validators and scope["method"] != "POST":
                extra = with_validators(body, extra, is_whole=False)
            if observed is not None:
                observed.codes = codes_of(error.errors)
                if isinstance(error, KeyRefused):
                    observed.partner = error.partner
        except ClientLeft:
            self._end(observed, CLIENT_LEFT, 0)
            return
        except BaseException:
            self._end(observed, 500, 0)
            raise
        if observed is not None:
            self._end(observed, status, len(body))
        request_id = headers[REQUEST_ID].encode("latin-1")
        if extra and is_known(headers, extra):
            await respond_not_modified(send, ((b"x-request-id", request_id), self._vary, *extra))
            return
        coding = None
        if self._compression is not None and "accept-encoding" in headers:
            coding, body = await self._packed(headers["accept-encoding"], body)
        if context is not None:
            extra = (*extra, *context.headers())
        if not extra and coding is None and not HEADER_VALUE_RE.search(request_id):
            cycle = straight(send)
            lines = b"%bx-request-id: %b\r\n" % (self._lines[media_type], request_id)
            if cycle is not None and cycle.write_whole(status, lines, body):
                return
        await respond(
            send,
            status,
            body,
            [
                (b"content-type", _CONTENT_TYPES[media_type]),
                (b"x-request-id", request_id),
                self._vary,
                *(((b"content-encoding", coding.encode()),) if coding is not None else ()),
                *extra,
            ],
        )

    def _end(self, observed: Observed | None, status: int, answer_bytes: int) -> None:
        if observed is not None and self._observer is not None:
            self._observer.end(observed, status, answer_bytes)

    async def _packed(self, accept_encoding: str, body: bytes) -> tuple[str | None, bytes]:
        """In a thread when it takes so long that others would wait."""
        assert self._compression is not None
        coding, may_stay = chosen_coding(accept_encoding)
        if coding is None or (len(body) < self._compression.min_bytes and may_stay):
            return None, body
        if len(body) < PACKED_IN_THREAD_BYTES:
            return coding, PACK[coding](body)
        return coding, await asyncio.to_thread(PACK[coding], body)


def _is_visit(scope: Scope, headers: dict[str, str]) -> bool:
    """A person opened the endpoint's address in a browser: the studio is what they want."""
    return scope["method"] == "GET" and not scope["query_string"] and "text/html" in headers.get("accept", "")


def _page(config: RouterConfig, keys: KeySources | None) -> ASGIApp | None:
    """What people get who open the endpoint in a browser: the studio, where it is at the same address."""
    path = config.server.graphql_path
    if not config.studio.enabled:
        return None
    if path == STUDIO_PATH:
        return studio_app(path, first_operation=config.studio.first_operation)
    vary = (b"vary", _vary(config, keys))

    async def redirect(scope: Scope, receive: Receive, send: Send) -> None:
        """Where this application is mounted, and nowhere the client's Host says."""
        location = f"{scope.get('root_path', '')}{STUDIO_PATH}".encode()
        await respond(send, 303, b"", [(b"location", location), vary])

    return redirect


def _raw(error: RequestError) -> RawHeaders:
    return tuple((name.encode(), value.encode()) for name, value in error.headers)


def _status(error: RequestError, media_type: str) -> int:
    """`application/json` says 200 for whatever is GraphQL (GraphQL over HTTP, section 6.4.1)."""
    return 200 if media_type == JSON and isinstance(error, RefusedOperation) else error.status


def _vary(config: RouterConfig, keys: KeySources | None) -> bytes:
    names = [b"accept"]
    if keys is not None:
        names.extend(name.encode() for name in keys.names)
    if config.compression.enabled:
        names.append(b"accept-encoding")
    if origin_matters(config.cors) or keys is not None:
        names.append(b"origin")
    return b", ".join(names)


PACKED_IN_THREAD_BYTES = 200_000
_CONTENT_TYPES = {
    "application/json": b"application/json; charset=utf-8",
    "application/graphql-response+json": b"application/graphql-response+json; charset=utf-8",
}
