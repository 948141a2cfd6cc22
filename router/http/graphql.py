"""`/graphql`: GraphQL over HTTP on bare ASGI."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from router.config import RouterConfig
from router.errors import RefusedOperation, RequestError
from router.http.client_context import ClientContext, ContextGetter
from router.http.content_coding import PACK, chosen_coding, unpacked
from router.http.cors import origin_matters
from router.http.csrf import CSRFPrevention
from router.http.exchange import (
    REQUEST_ID,
    ClientLeft,
    RawHeaders,
    Receive,
    Scope,
    Send,
    read_body,
    request_headers,
    respond,
    respond_not_modified,
)
from router.http.forwarded import ForwardedFor
from router.http.leaving import RunningWatches
from router.http.media_types import JSON, response_media_type
from router.http.multipart import MultipartForm, is_form
from router.http.validators import is_known, with_validators
from router.json import dumps
from router.partners.errors import KeyRefused
from router.partners.sources import KeySources
from router.pipeline.decode import Decoded, decode_get, decode_post, unsupported_media_type
from router.pipeline.engine import Engine
from router.pipeline.facts import OperationFacts, codes_of
from router.pipeline.request import GraphQLRequest, GraphQLResponse, RequestContext
from router.pipeline.return_headers import of_batch
from router.telemetry.observer import Observed, Observer
from router.transport.client_context import CLIENT_CONTEXT

ALLOWED = "GET, HEAD, POST"
CLIENT_LEFT = 499
"""What logs and metrics say of a client that left before its answer."""

DOCUMENT_ID = "document_id"
"""What the path's parameter is called: `GET /graphql/<id>`."""


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
        self._engine = engine
        self._keys = keys
        self._observer = observer
        self._batching = config.batching
        self._max_bytes = config.server.max_request_bytes
        self._studio = config.studio.enabled
        self._compression = config.compression if config.compression.enabled else None
        self._vary = (b"vary", _vary(config, keys))
        self._uploads = config.uploads
        self._has_validators = config.cache_control.enabled
        self._csrf = CSRFPrevention(config.csrf, None if keys is None else keys.carries)
        self._forwarded = ForwardedFor(config.server.trusted_proxies)
        self._in_process = in_process
        self._context_getter = context_getter
        self._watches = RunningWatches()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = request_headers(scope)
        self._forwarded.settle(headers, scope.get("client"))
        if self._is_visit(scope, headers):
            await respond(send, 303, b"", [(b"location", self._studio_address(scope)), self._vary])
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
            body, extra = await self._answer(scope, receive, headers, observed)
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
        if extra and is_known(headers, extra):
            request_id = (b"x-request-id", headers[REQUEST_ID].encode("latin-1"))
            await respond_not_modified(send, (request_id, self._vary, *extra))
            return
        coding = None
        if self._compression is not None and "accept-encoding" in headers:
            coding, body = await self._packed(headers["accept-encoding"], body)
        await respond(
            send,
            status,
            body,
            [
                (b"content-type", _CONTENT_TYPES[media_type]),
                (b"x-request-id", headers[REQUEST_ID].encode("latin-1")),
                self._vary,
                *(((b"content-encoding", coding.encode()),) if coding is not None else ()),
                *extra,
                *(context.headers() if context is not None else ()),
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

    def _studio_address(self, scope: Scope) -> bytes:
        """Where this application is mounted, and nowhere the client's Host says."""
        return f"{scope.get('root_path', '')}/".encode()

    def _is_visit(self, scope: Scope, headers: dict[str, str]) -> bool:
        """A person opened the endpoint's address in a browser: the studio is what they want."""
        return (
            self._studio
            and scope["method"] == "GET"
            and not scope["query_string"]
            and "text/html" in headers.get("accept", "")
        )

    async def _answer(
        self, scope: Scope, receive: Receive, headers: dict[str, str], observed: Observed | None
    ) -> tuple[bytes, RawHeaders]:
        """Raises `RequestError`, `ClientLeft`."""
        if scope["method"] == "POST" and is_form(headers.get("content-type", "")):
            return await self._answer_form(receive, headers, observed)
        decoded = await self._decode(scope, receive, headers)
        context = await self._context(headers, observed, is_get=scope["method"] != "POST")
        if not decoded.is_batch:
            run = self._engine.run(decoded.requests[0], context, _facts(observed))
            response = await self._watches.get().unless_client_leaves(run, receive)
            body = response.to_bytes()
            if context.is_get and self._has_validators:
                return body, with_validators(body, response.headers, is_whole=not response.errors)
            return body, response.headers
        runs = (self._run_in_batch(request, context, _facts(observed)) for request in decoded.requests)
        responses = await self._watches.get().unless_client_leaves(asyncio.gather(*runs), receive)
        return dumps([response.to_dict() for response in responses]), of_batch(responses)

    async def _answer_form(
        self, receive: Receive, headers: dict[str, str], observed: Observed | None
    ) -> tuple[bytes, RawHeaders]:
        """An operation with files. Reading them is how we learn that the client left."""
        if not self._uploads.enabled or "content-encoding" in headers:
            raise unsupported_media_type()
        self._csrf.check(headers)
        form = MultipartForm(headers["content-type"], receive, self._uploads, self._max_bytes)
        try:
            request = await form.request()
            context = await self._context(headers, observed)
            response = await self._engine.run(request, context, _facts(observed))
        finally:
            form.close()
        return response.to_bytes(), response.headers

    async def _context(
        self, headers: dict[str, str], observed: Observed | None, *, is_get: bool = False
    ) -> RequestContext:
        context = await self._engine.context(headers, is_get=is_get)
        if observed is not None and context.caller is not None:
            observed.partner = context.caller.name
        return context

    async def _decode(self, scope: Scope, receive: Receive, headers: dict[str, str]) -> Decoded:
        match scope["method"]:
            case "POST":
                body = await read_body(receive, headers, self._max_bytes)
                if "content-encoding" in headers:
                    body = unpacked(body, headers["content-encoding"], self._max_bytes)
                return decode_post(headers.get("content-type", ""), body, self._batching, _id_in_path(scope))
            case "GET" | "HEAD":
                self._csrf.check(headers)
                return decode_get(scope["query_string"], _id_in_path(scope))
            case _:
                raise RequestError(
                    "Use GET or POST.", code="METHOD_NOT_ALLOWED", status=405, headers=[("allow", ALLOWED)]
                )

    async def _run_in_batch(
        self, request: GraphQLRequest, context: RequestContext, facts: OperationFacts | None
    ) -> GraphQLResponse:
        """One refused operation does not refuse the batch."""
        try:
            return await self._engine.run(request, context, facts)
        except RequestError as error:
            if facts is not None:
                facts.codes = codes_of(error.errors)
            return GraphQLResponse(errors=error.errors, has_data=False)


def _facts(observed: Observed | None) -> OperationFacts | None:
    return None if observed is None else observed.operation()


def _id_in_path(scope: Scope) -> str | None:
    return scope["path_params"].get(DOCUMENT_ID) if "path_params" in scope else None


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
