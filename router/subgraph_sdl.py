"""Asking a subgraph for its schema: `{ _service { sdl } }`, over HTTP by itself or over a transport.

`plait introspect`, `plait compose` and `Router.from_subgraphs` ask in this one way and say the same when a
subgraph does not tell.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import httpx2 as httpx

from router.errors import RouterError, TransportError

if TYPE_CHECKING:
    from router.transport.base import Transport

TIMEOUT_SECONDS = 15.0
MAX_SDL_BYTES = 50_000_000
QUERY = "query SubgraphSdl { _service { sdl } }"


class IntrospectionFailed(RouterError):
    """The subgraph did not tell its schema; the message says what it did instead."""

    code = "DOWNSTREAM_SERVICE_ERROR"


def fetch_sdl(url: str, headers: Mapping[str, str], transport: httpx.BaseTransport | None = None) -> str:
    """The SDL of the subgraph at a URL; raises IntrospectionFailed."""
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, transport=transport, follow_redirects=True) as client:
            response = client.post(
                url, json={"query": QUERY}, headers={"accept": "application/json", **headers}
            )
    except httpx.TimeoutException as error:
        raise IntrospectionFailed(_late(url)) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise IntrospectionFailed(f"{url} cannot be reached: {error or type(error).__name__}") from error
    try:
        body = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise IntrospectionFailed(
            f"{url} answered {response.status_code} without JSON: is it a GraphQL endpoint?"
        ) from error
    return _sdl_of(body, f"{url} answered {response.status_code}")


async def ask_sdl(name: str, transport: Transport) -> str:
    """The SDL of a subgraph that is reached without a URL; raises IntrospectionFailed."""
    from router.executor.subgraph_response import read_response
    from router.transport.base import SubgraphDocument, SubgraphRequest

    request = SubgraphRequest(SubgraphDocument(QUERY, None), {}, (), MAX_SDL_BYTES)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            response = read_response(await transport.send(request))
    except TimeoutError as error:
        raise IntrospectionFailed(_late(name)) from error
    except TransportError as error:
        raise IntrospectionFailed(f"{name} cannot be reached: {error.message}") from error
    return _sdl_of({"data": response.data, "errors": list(response.errors or ())}, f"{name} answered")


def _late(name: str) -> str:
    return f"{name} did not answer within {TIMEOUT_SECONDS:g} seconds"


def _sdl_of(body: object, answered: str) -> str:
    data = body.get("data") if isinstance(body, Mapping) else None
    service = data.get("_service") if isinstance(data, Mapping) else None
    sdl = service.get("sdl") if isinstance(service, Mapping) else None
    if isinstance(sdl, str) and sdl.strip():
        return sdl
    raise IntrospectionFailed(f"{answered} without an SDL: {_errors(body) or 'is it a federated subgraph?'}")


def _errors(body: object) -> str:
    errors = body.get("errors") if isinstance(body, Mapping) else None
    messages = [
        str(error["message"])
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, Mapping) and "message" in error
    ]
    return "; ".join(messages)
