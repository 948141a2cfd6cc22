"""From a request to the bytes of its answer: decoded, run, batches together, forms with their files.

What is refused on the way is a `RequestError`; what becomes of that, media types and content codings are the
endpoint's (graphql.py).
"""

from __future__ import annotations

import asyncio

from router.config import RouterConfig
from router.errors import RequestError
from router.http.content_coding import unpacked
from router.http.csrf import CSRFPrevention
from router.http.cycle import straight
from router.http.exchange import RawHeaders, Receive, Scope, read_body, too_large
from router.http.leaving import RunningWatches
from router.http.multipart import MultipartForm, is_form
from router.http.validators import with_validators
from router.json import dumps
from router.partners.sources import KeySources
from router.pipeline.decode import Decoded, decode_get, decode_post, unsupported_media_type
from router.pipeline.engine import Engine
from router.pipeline.facts import OperationFacts, codes_of
from router.pipeline.request import GraphQLRequest, GraphQLResponse, RequestContext
from router.pipeline.return_headers import of_batch
from router.telemetry.observer import Observed

ALLOWED = "GET, HEAD, POST"

DOCUMENT_ID = "document_id"
"""What the path's parameter is called: `GET /graphql/<id>`."""


class Answering:
    def __init__(self, engine: Engine, config: RouterConfig, keys: KeySources | None = None) -> None:
        self._engine = engine
        self._batching = config.batching
        self._max_bytes = config.server.max_request_bytes
        self._uploads = config.uploads
        self._has_validators = config.cache_control.enabled
        self._csrf = CSRFPrevention(config.csrf, None if keys is None else keys.carries)
        self._watches = RunningWatches()

    async def answer(
        self, scope: Scope, receive: Receive, headers: dict[str, str], observed: Observed | None
    ) -> tuple[bytes, RawHeaders]:
        """Raises `RequestError`, `ClientLeft`."""
        method, cycle = scope["method"], straight(receive)
        if method != "POST":
            decoded = self._decode_get(method, scope, headers)
        elif is_form(headers.get("content-type", "")):
            return await self._answer_form(receive, headers, observed)
        else:
            body = None if cycle is None else cycle.take_body()
            if body is None:
                body = await read_body(receive, headers, self._max_bytes)
            decoded = self._decode_post(scope, headers, body)
        context = self._engine.context_of_anybody(headers, is_get=method != "POST")
        if context is None:
            context = await self._context(headers, observed, is_get=method != "POST")
        client = cycle or self._watches.get()
        if decoded.is_batch:
            runs = (self._run_in_batch(request, context, _facts(observed)) for request in decoded.requests)
            responses = await client.unless_client_leaves(asyncio.gather(*runs), receive)
            return dumps([response.to_dict() for response in responses]), of_batch(responses)
        run = self._engine.run(decoded.requests[0], context, _facts(observed))
        response = await client.unless_client_leaves(run, receive)
        body = response.to_bytes()
        if context.is_get and self._has_validators:
            return body, with_validators(body, response.headers, is_whole=not response.errors)
        return body, response.headers

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

    def _decode_post(self, scope: Scope, headers: dict[str, str], body: bytes) -> Decoded:
        if len(body) > self._max_bytes:
            raise too_large(self._max_bytes)
        if "content-encoding" in headers:
            body = unpacked(body, headers["content-encoding"], self._max_bytes)
        return decode_post(headers.get("content-type", ""), body, self._batching, _id_in_path(scope))

    def _decode_get(self, method: str, scope: Scope, headers: dict[str, str]) -> Decoded:
        if method not in ("GET", "HEAD"):
            raise RequestError(
                "Use GET or POST.", code="METHOD_NOT_ALLOWED", status=405, headers=[("allow", ALLOWED)]
            )
        self._csrf.check(headers)
        return decode_get(scope["query_string"], _id_in_path(scope))

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
