"""HTTP → requests: POST with JSON, GET with a query string, a batch when enabled (GraphQL over HTTP)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from router.config import BatchingConfig
from router.errors import RequestError
from router.json import JSONDecodeError, loads
from router.pipeline.request import GraphQLRequest

INVALID_REQUEST = "INVALID_GRAPHQL_REQUEST"
NO_STORE = (("cache-control", "private, no-cache, must-revalidate"),)


class Decoded(msgspec.Struct, frozen=True):
    requests: tuple[GraphQLRequest, ...]
    is_batch: bool = False


def decode_post(content_type: str, body: bytes, batching: BatchingConfig) -> Decoded:
    """Raises `RequestError`: 415 for another media type, 400 for anything that is not a request."""
    check_content_type(content_type)
    decoded = _loads(body, "The request")
    if isinstance(decoded, list):
        return Decoded(_batch(decoded, batching), is_batch=True)
    return Decoded((request_of(decoded),))


@lru_cache(maxsize=256)
def check_content_type(content_type: str) -> None:
    """Raises `RequestError` 415, unless it is JSON in UTF-8."""
    media_type, _, parameters = content_type.partition(";")
    if media_type.strip().lower() != "application/json":
        raise unsupported_media_type()
    if parameters and not _is_utf8(parameters):
        raise RequestError("Send the request in UTF-8.", code="UNSUPPORTED_MEDIA_TYPE", status=415)


def unsupported_media_type() -> RequestError:
    return RequestError(
        "Send the request as application/json.",
        code="UNSUPPORTED_MEDIA_TYPE",
        status=415,
        headers=[("accept-post", "application/json")],
    )


def _is_utf8(parameters: str) -> bool:
    """The parameters of a media type name no other charset (RFC 9110, section 8.3.1)."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower() in ("utf-8", "utf8")
    return True


def _loads(text: str | bytes, what: str) -> Any:
    try:
        return loads(text)
    except RecursionError as error:
        raise RequestError(f"{what} nests too deeply.", code=INVALID_REQUEST) from error
    except JSONDecodeError as error:
        raise RequestError(f"{what} is not valid JSON.", code=INVALID_REQUEST) from error


def _batch(entries: list[Any], batching: BatchingConfig) -> tuple[GraphQLRequest, ...]:
    if not batching.enabled:
        raise RequestError("Batching is not enabled.", code="BATCHING_NOT_ENABLED")
    if not entries:
        raise RequestError("The batch is empty.", code=INVALID_REQUEST)
    if len(entries) > batching.max_operations:
        raise RequestError(
            f"The batch has {len(entries)} operations; at most {batching.max_operations} are allowed.",
            code="BATCH_LIMIT_EXCEEDED",
            status=422,
        )
    return tuple(map(request_of, entries))


def decode_get(query_string: bytes) -> Decoded:
    """Raises `RequestError`."""
    try:
        parameters = dict(parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise RequestError("The query string is not valid.", code=INVALID_REQUEST) from error
    decoded: dict[str, Any] = {}
    for name in ("query", "operationName"):
        if parameters.get(name):
            decoded[name] = parameters[name]
    for name in ("variables", "extensions"):
        if parameters.get(name):
            decoded[name] = _loads(parameters[name], f"The parameter {name}")
    return Decoded((request_of(decoded),))


def request_of(decoded: Any) -> GraphQLRequest:
    """Raises `RequestError`. `operationName: ""` is the same as none."""
    if not isinstance(decoded, dict):
        raise RequestError("A GraphQL request is a JSON object.", code=INVALID_REQUEST)
    query = decoded.get("query")
    if query is None or query == "":
        _refuse_persisted(decoded.get("extensions"))
        raise RequestError("Must provide a query string.", code=INVALID_REQUEST)
    if not isinstance(query, str):
        raise RequestError("The query must be a string.", code=INVALID_REQUEST)
    if not query.strip():
        raise RequestError("Must provide a query string.", code=INVALID_REQUEST)
    operation_name = decoded.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise RequestError("The operationName must be a string.", code=INVALID_REQUEST)
    return GraphQLRequest(
        query, operation_name or None, _object(decoded, "variables"), _object(decoded, "extensions")
    )


def _refuse_persisted(extensions: Any) -> None:
    """A hash in place of the query: clients that read this answer send the text, and no hash again."""
    if isinstance(extensions, dict) and "persistedQuery" in extensions:
        raise RequestError(
            "PersistedQueryNotSupported", code="PERSISTED_QUERY_NOT_SUPPORTED", status=200, headers=NO_STORE
        )


def _object(decoded: dict[str, Any], name: str) -> dict[str, Any]:
    value = decoded.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RequestError(f"The {name} must be an object.", code=INVALID_REQUEST)
    return value
