"""`/graphql`: GraphQL over HTTP on bare ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from router.config import RouterConfig
from router.errors import RequestError
from router.http.exchange import (
    REQUEST_ID,
    ClientLeft,
    Receive,
    Scope,
    Send,
    read_body,
    request_headers,
    respond,
    unless_client_leaves,
)
from router.http.media_types import JSON, response_media_type
from router.json import dumps
from router.pipeline.decode import Decoded, decode_get, decode_post
from router.pipeline.engine import Engine
from router.pipeline.request import GraphQLRequest, GraphQLResponse, RequestContext

ALLOWED = "GET, POST"


class GraphQLEndpoint:
    """An ASGI application for one path."""

    def __init__(self, engine: Engine, config: RouterConfig) -> None:
        self._engine = engine
        self._batching = config.batching
        self._max_bytes = config.server.max_request_bytes
        self._studio = config.studio.enabled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = request_headers(scope)
        if self._is_visit(scope, headers):
            await respond(send, 303, b"", [(b"location", b"/")])
            return
        media_type = JSON
        extra: Iterable[tuple[str, str]] = ()
        try:
            media_type = response_media_type(headers.get("accept", ""))
            body = await self._answer(scope, receive, headers)
            status = 200
        except RequestError as error:
            status, body, extra = error.status, dumps({"errors": error.errors}), error.headers
        except ClientLeft:
            return
        await respond(
            send,
            status,
            body,
            [
                (b"content-type", _CONTENT_TYPES[media_type]),
                (b"x-request-id", headers[REQUEST_ID].encode("latin-1")),
                (b"vary", b"accept"),
                *((name.encode(), value.encode()) for name, value in extra),
            ],
        )

    def _is_visit(self, scope: Scope, headers: dict[str, str]) -> bool:
        """A person opened the endpoint's address in a browser: the studio is what they want."""
        return (
            self._studio
            and scope["method"] == "GET"
            and not scope["query_string"]
            and "text/html" in headers.get("accept", "")
        )

    async def _answer(self, scope: Scope, receive: Receive, headers: dict[str, str]) -> bytes:
        """Raises `RequestError`, `ClientLeft`."""
        decoded = await self._decode(scope, receive, headers)
        context = await self._engine.context(headers, is_get=scope["method"] == "GET")
        if not decoded.is_batch:
            run = self._engine.run(decoded.requests[0], context)
            return (await unless_client_leaves(run, receive)).to_bytes()
        runs = (self._run_in_batch(request, context) for request in decoded.requests)
        responses = await unless_client_leaves(asyncio.gather(*runs), receive)
        return dumps([response.to_dict() for response in responses])

    async def _decode(self, scope: Scope, receive: Receive, headers: dict[str, str]) -> Decoded:
        match scope["method"]:
            case "POST":
                body = await read_body(receive, headers, self._max_bytes)
                return decode_post(headers.get("content-type", ""), body, self._batching)
            case "GET":
                return decode_get(scope["query_string"])
            case _:
                raise RequestError(
                    "Use GET or POST.", code="METHOD_NOT_ALLOWED", status=405, headers=[("allow", ALLOWED)]
                )

    async def _run_in_batch(self, request: GraphQLRequest, context: RequestContext) -> GraphQLResponse:
        """One refused operation does not refuse the batch."""
        try:
            return await self._engine.run(request, context)
        except RequestError as error:
            return GraphQLResponse(errors=error.errors, has_data=False)


_CONTENT_TYPES = {
    "application/json": b"application/json; charset=utf-8",
    "application/graphql-response+json": b"application/graphql-response+json; charset=utf-8",
}
