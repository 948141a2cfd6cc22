"""From what execution raised to what a client is told.

a SubgraphError              its message, code and facts
the client's document        GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, BAD_USER_INPUT (variables), …
the store cannot be reached  SERVICE_UNAVAILABLE; logged
anything else                INTERNAL_SERVER_ERROR with no detail; logged with its traceback
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from subgraphs.kit.errors import SubgraphError
from subgraphs.kit.jwks import KeysUnavailable

log = logging.getLogger("plait.subgraph")


def present(error: GraphQLError, subgraph: str, unavailable: tuple[type[Exception], ...]) -> dict[str, Any]:
    """One error of the response, as JSON."""
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        shown["path"] = list(error.path)
    shown["message"], shown["extensions"] = _told(error, subgraph, unavailable)
    return shown


def present_document(error: GraphQLError) -> dict[str, Any]:
    """An error of a document that is not executed: it does not parse, or does not fit the schema."""
    parsed = not isinstance(error, GraphQLSyntaxError)
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    shown["extensions"] = {"code": "GRAPHQL_VALIDATION_FAILED" if parsed else "GRAPHQL_PARSE_FAILED"}
    return shown


def _told(
    error: GraphQLError, subgraph: str, unavailable: tuple[type[Exception], ...]
) -> tuple[str, dict[str, Any]]:
    cause = error.original_error
    if isinstance(cause, SubgraphError):
        return cause.message, {"code": cause.code, **cause.facts}
    if "code" in (error.extensions or {}):
        return error.message, dict(error.extensions or {})
    if error.path is None:
        return error.message, {"code": "BAD_USER_INPUT"}
    if isinstance(cause, (KeysUnavailable, *unavailable)):
        log.error("%s: %s", subgraph, cause)
        return "The service is not available at the moment.", {"code": "SERVICE_UNAVAILABLE"}
    log.error("%s: %s failed", subgraph, _path(error.path), exc_info=cause or error)
    return "Internal server error.", {"code": "INTERNAL_SERVER_ERROR"}


def _path(path: Sequence[str | int] | None) -> str:
    return ".".join(map(str, path or ())) or "the operation"
