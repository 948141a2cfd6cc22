"""Reading a subgraph's answer without trusting it: whatever is not GraphQL becomes a `TransportError`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.errors import MalformedResponse, TransportError
from router.json import JSONDecodeError, loads
from router.transport.base import SubgraphResponse


@dataclass(frozen=True, slots=True)
class GraphQLResponse:
    data: dict[str, Any] | None
    errors: list[Any]


def read_response(response: SubgraphResponse) -> GraphQLResponse:
    payload = response.payload if response.body is None else _decode(response)
    if not isinstance(payload, Mapping):
        raise MalformedResponse("The subgraph's answer is not a JSON object.")
    data = payload.get("data")
    errors = payload.get("errors") or []
    if not isinstance(errors, list):
        raise MalformedResponse("The subgraph's errors are not a list.")
    if data is None and not errors:
        _raise_for_status(response)
        raise MalformedResponse("The subgraph answered with neither data nor errors.")
    if data is not None and not isinstance(data, dict):
        raise MalformedResponse("The subgraph's data is not an object.")
    return GraphQLResponse(data, errors)


def _decode(response: SubgraphResponse) -> Any:
    assert response.body is not None
    try:
        return loads(response.body)
    except JSONDecodeError as error:
        _raise_for_status(response)
        raise MalformedResponse(
            f"The subgraph's answer is not JSON (content type {response.content_type or 'missing'})."
        ) from error


def _raise_for_status(response: SubgraphResponse) -> None:
    if not 200 <= response.status < 300:
        raise TransportError(
            f"The subgraph answered with HTTP status {response.status}.", status=response.status
        )
