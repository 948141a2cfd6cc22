"""Asking a running subgraph for its schema: `{ _service { sdl } }`."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx2 as httpx

TIMEOUT_SECONDS = 15.0
_QUERY = {"query": "query SubgraphSdl { _service { sdl } }"}


class IntrospectionFailed(Exception):
    """The subgraph did not tell its schema; the message says what it did instead."""


def fetch_sdl(url: str, headers: Mapping[str, str], transport: httpx.BaseTransport | None = None) -> str:
    """The subgraph's SDL; raises IntrospectionFailed."""
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, transport=transport, follow_redirects=True) as client:
            response = client.post(url, json=_QUERY, headers={"accept": "application/json", **headers})
    except httpx.TimeoutException as error:
        raise IntrospectionFailed(f"{url} did not answer within {TIMEOUT_SECONDS:g} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise IntrospectionFailed(f"{url} cannot be reached: {error or type(error).__name__}") from error
    return _read(url, response)


def _read(url: str, response: httpx.Response) -> str:
    try:
        body = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise IntrospectionFailed(
            f"{url} answered {response.status_code} without JSON: is it a GraphQL endpoint?"
        ) from error
    data = body.get("data") if isinstance(body, dict) else None
    service = data.get("_service") if isinstance(data, dict) else None
    sdl = service.get("sdl") if isinstance(service, dict) else None
    if isinstance(sdl, str) and sdl.strip():
        return sdl
    reason = _errors(body) or "is it a federated subgraph?"
    raise IntrospectionFailed(f"{url} answered {response.status_code} without an SDL: {reason}")


def _errors(body: object) -> str:
    errors = body.get("errors") if isinstance(body, dict) else None
    messages = [
        str(error["message"])
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, dict) and "message" in error
    ]
    return "; ".join(messages)
