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
MAX_ID = 1024
TEXTS = ("query", "operationName", "documentId", "id", "doc_id")
OBJECTS = ("variables", "extensions")
PARAMETERS = (*TEXTS, *OBJECTS)
"""Of a GET."""


class Decoded(msgspec.Struct, frozen=True):
    requests: tuple[GraphQLRequest, ...]
    is_batch: bool = False


def decode_post(
    content_type: str, body: bytes, batching: BatchingConfig, document_id: str | None = None
) -> Decoded:
    """`document_id` is from the path.

    Raises `RequestError`: 415 for another media type, 400 for anything that is not a request.
    """
    check_content_type(content_type)
    if document_id is None and (asked := _plain(body)) is not None:
        return Decoded((asked,))
    decoded = _loads(body or b"{}" if document_id else body, "The request")
    if document_id is not None:
        return Decoded((request_of(_under(document_id, decoded)),))
    if isinstance(decoded, list):
        return Decoded(_batch(decoded, batching), is_batch=True)
    return Decoded((request_of(decoded),))


class _Plain(msgspec.Struct, forbid_unknown_fields=True):
    """What most requests are: a text, its variables and its name, all of the right type."""

    query: str
    variables: dict[str, Any] | None = None
    operationName: str | None = None


_decode_plain = msgspec.json.Decoder(_Plain).decode


def _plain(body: bytes) -> GraphQLRequest | None:
    """A request that is nothing but that, in one go; None for any other, right or wrong."""
    try:
        plain = _decode_plain(body)
    except JSONDecodeError:
        return None
    query = plain.query
    if not query or query.isspace():
        return None
    return GraphQLRequest(query, plain.operationName or None, plain.variables or {})


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


def _under(document_id: str, decoded: Any) -> Any:
    """An operation whose id is in the path has it nowhere else."""
    if isinstance(decoded, dict):
        if any(decoded.get(name) for name in ("documentId", "id", "doc_id")):
            raise RequestError("The operation's id is in the path already.", code=INVALID_REQUEST)
        return {**decoded, "documentId": document_id}
    return decoded


def decode_get(query_string: bytes, document_id: str | None = None) -> Decoded:
    """`document_id` is from the path. Raises `RequestError`."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise RequestError("The query string is not valid.", code=INVALID_REQUEST) from error
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        _refuse_repeated([name for name, _ in pairs])
    decoded: dict[str, Any] = {}
    for name in TEXTS:
        if parameters.get(name):
            decoded[name] = parameters[name]
    for name in OBJECTS:
        if parameters.get(name):
            decoded[name] = _loads(parameters[name], f"The parameter {name}")
    return Decoded((request_of(_under(document_id, decoded) if document_id else decoded),))


def _refuse_repeated(names: list[str]) -> None:
    """Some readers take the first of two and some the last, so what a proxy saw may not be what runs."""
    for name in PARAMETERS:
        if names.count(name) > 1:
            raise RequestError(f"The parameter {name} is given more than once.", code=INVALID_REQUEST)


def request_of(decoded: Any) -> GraphQLRequest:
    """Raises `RequestError`. `operationName: ""` is the same as none."""
    if not isinstance(decoded, dict):
        raise RequestError("A GraphQL request is a JSON object.", code=INVALID_REQUEST)
    query = decoded.get("query")
    extensions = _object(decoded, "extensions")
    query_hash = _query_hash(extensions) if extensions else None
    id_ = decoded.get("documentId") or decoded.get("id") or decoded.get("doc_id")
    document_id = _document_id(id_) if id_ is not None else None
    if query is None or query == "":
        if query_hash is None and document_id is None:
            raise RequestError("Must provide a query string.", code=INVALID_REQUEST)
        query = ""
    elif not isinstance(query, str):
        raise RequestError("The query must be a string.", code=INVALID_REQUEST)
    elif not query.strip():
        raise RequestError("Must provide a query string.", code=INVALID_REQUEST)
    operation_name = decoded.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise RequestError("The operationName must be a string.", code=INVALID_REQUEST)
    return GraphQLRequest(
        query,
        operation_name or None,
        _object(decoded, "variables"),
        extensions,
        document_id=document_id,
        query_hash=query_hash,
    )


def _document_id(found: Any) -> str:
    """It has different names: of Apollo and urql, of Relay, and of those who write it by hand."""
    if not isinstance(found, str) or len(found) > MAX_ID:
        raise RequestError("The id of an operation must be a short string.", code=INVALID_REQUEST)
    return found


def _query_hash(extensions: dict[str, Any]) -> str | None:
    """Of automatic persisted queries, version 1."""
    if "persistedQuery" not in extensions:
        return None
    match extensions["persistedQuery"]:
        case {"version": 1, "sha256Hash": str(hash_)} if 0 < len(hash_) <= MAX_ID:
            return hash_
        case {"version": int(version)} if version != 1:
            raise RequestError("Unsupported persisted query version", code=INVALID_REQUEST)
        case _:
            raise RequestError(
                "The extension persistedQuery needs version 1 and a sha256Hash.", code=INVALID_REQUEST
            )


def _object(decoded: dict[str, Any], name: str) -> dict[str, Any]:
    value = decoded.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RequestError(f"The {name} must be an object.", code=INVALID_REQUEST)
    return value
