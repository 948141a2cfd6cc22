"""The router's errors.

    RouterError
    ├── RequestError          the client's fault: the operation is not run, HTTP status 4xx
    │   ├── RefusedOperation      … because of its document or its variables
    │   └── PreparationTimeout    … because preparing it takes too long
    ├── TransportError        a subgraph's fault: becomes an error with path and service beside partial data
    ├── SupergraphError       the supergraph cannot be read: at start exit 1, on reload the old one stays
    ├── IntrospectionFailed   a subgraph does not tell its SDL (router/subgraph_sdl.py)
    ├── ConfigError           the configuration is wrong
    └── StartError            the server cannot start (port taken, file unreadable)

Each has a stable `code`; `message` is what the audience may read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

GraphQLErrorDict = dict[str, Any]
"""`{"message", "locations"?, "path"?, "extensions": {"code", …}}`."""


class RouterError(Exception):
    code = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class RequestError(RouterError):
    """The request is answered with these errors and without data; nothing was executed."""

    code = "INVALID_GRAPHQL_REQUEST"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int = 400,
        errors: Sequence[GraphQLErrorDict] | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.headers = tuple(headers)
        self.errors = list(errors) if errors else [{"message": message, "extensions": {"code": self.code}}]


class RefusedOperation(RequestError):
    """The request is well formed; GraphQL refuses its document, its variables or what it would take.

    Asked for as `application/json` it is answered with 200 (GraphQL over HTTP, section 6.4.1).
    """


class PreparationTimeout(RequestError):
    """Parsing, validating and planning took longer than they may."""

    code = "GATEWAY_TIMEOUT"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The operation could not be prepared within {seconds:g} s.", status=504)


class TransportError(RouterError):
    """A subgraph could not be asked or did not answer GraphQL. `is_passing`: it may be well in a moment."""

    code = "SUBREQUEST_HTTP_ERROR"
    is_passing = True

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message, code=code)
        self.status = status


class SubgraphTimeout(TransportError):
    code = "GATEWAY_TIMEOUT"
    is_passing = False


class MalformedResponse(TransportError):
    code = "SUBREQUEST_MALFORMED_RESPONSE"
    is_passing = False


class ResponseTooLarge(TransportError):
    code = "SUBREQUEST_RESPONSE_TOO_LARGE"
    is_passing = False


class CircuitOpen(TransportError):
    """The subgraph failed so often that it is left alone for a while."""

    code = "CIRCUIT_BREAKER_OPEN"
    is_passing = False

    def __init__(self, subgraph: str) -> None:
        super().__init__(f'Subgraph "{subgraph}" failed too often and is not asked for a while.')


class FetchLimitExceeded(TransportError):
    """Context arguments split fetches at run time, so the plan alone does not tell how many there are."""

    code = "FETCH_LIMIT_EXCEEDED"
    is_passing = False


class SupergraphError(RouterError):
    code = "INVALID_SUPERGRAPH"


class ConfigError(RouterError):
    code = "INVALID_CONFIGURATION"


class StartError(RouterError):
    code = "CANNOT_START"
