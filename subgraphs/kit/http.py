"""A subgraph over HTTP.

POST /graphql        {"query", "variables"?, "operationName"?} as application/json; with files as multipart
GET  /health[/live]  the process is up
GET  /health/ready   and its store answers
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from subgraphs.kit.uploads import BadForm, read_form

if TYPE_CHECKING:
    from subgraphs.kit.subgraph import Subgraph

log = logging.getLogger("plait.subgraph")
MAXIMUM_BODY_BYTES = 4 * 1024 * 1024
PREFLIGHT = "apollo-require-preflight"
Asked = tuple[str, Mapping[str, Any], str | None]
"""Query, variables, operation name."""


class BadRequest(Exception):
    """The request is not GraphQL over HTTP; nothing was executed."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def asgi_app(subgraph: Subgraph, routes: Sequence[BaseRoute] = ()) -> ASGIApp:
    async def graphql(http: HttpRequest) -> Response:
        try:
            if is_form(http):
                async with form_of(http) as content:
                    return await answered(http, _request(content))
            return await answered(http, _operation(http, await _body(http)))
        except (BadRequest, BadForm) as error:
            problem = {"message": error.message, "extensions": {"code": "BAD_REQUEST"}}
            return _json({"errors": [problem]}, error.status)

    async def answered(http: HttpRequest, asked: Asked) -> Response:
        query, variables, name = asked
        peer = http.client.host if http.client else None
        return _json(await subgraph.execute(query, variables, name, dict(http.headers), peer=peer))

    async def live(_http: HttpRequest) -> Response:
        return _json({"status": "UP", "subgraph": subgraph.name})

    async def ready(_http: HttpRequest) -> Response:
        try:
            await subgraph.ready()
        except subgraph.unavailable as error:
            log.warning("%s is not ready: %s", subgraph.name, error)
            return _json({"status": "DOWN", "subgraph": subgraph.name}, 503)
        return _json({"status": "UP", "subgraph": subgraph.name})

    return Starlette(
        routes=[
            Route("/graphql", graphql, methods=["POST"]),
            Route("/health", live),
            Route("/health/live", live),
            Route("/health/ready", ready),
            *routes,
        ]
    )


async def _body(http: HttpRequest) -> bytes:
    chunks = bytearray()
    async for chunk in http.stream():
        chunks += chunk
        if len(chunks) > MAXIMUM_BODY_BYTES:
            raise BadRequest(413, f"The body is over {MAXIMUM_BODY_BYTES} bytes.")
    return bytes(chunks)


def is_form(http: HttpRequest) -> bool:
    return http.headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data"


@asynccontextmanager
async def form_of(http: HttpRequest) -> AsyncIterator[Any]:
    """The operation of a multipart request, with its files for as long as the block. A page elsewhere could
    send such a form without asking first, unless a header is demanded that it may not set.
    """
    if PREFLIGHT not in http.headers:
        raise BadRequest(400, f"A form comes with the header {PREFLIGHT}.")
    form = await read_form(http.headers["content-type"], http.stream())
    try:
        yield form.operation()
    finally:
        form.close()


def _operation(http: HttpRequest, body: bytes) -> Asked:
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/json", "application/graphql+json"}:
        raise BadRequest(415, "Send the operation as application/json.")
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(400, f"The body is not JSON: {error}.") from error
    return _request(content)


def _request(content: Any) -> Asked:
    if not isinstance(content, dict) or not isinstance(content.get("query"), str):
        raise BadRequest(400, 'The body is {"query": "…", "variables": {…}, "operationName": "…"}.')
    variables, name = content.get("variables") or {}, content.get("operationName")
    if not isinstance(variables, dict) or not (name is None or isinstance(name, str)):
        raise BadRequest(400, "variables is an object and operationName a string.")
    return content["query"], variables, name


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")
