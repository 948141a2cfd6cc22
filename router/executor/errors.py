"""What went wrong while executing, and how much of it a client may see.

A subgraph's error keeps its place (path), its name (service) and its code; its message and other
extensions may hold internals and are masked unless configured. Codes that say the client is at fault
(not logged in, bad input) keep their message: masking those would hide from a user what to correct.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from router.errors import GraphQLErrorDict
from router.executor.paths import ResponsePath
from router.executor.selection import KeyTree

DOWNSTREAM_SERVICE_ERROR = "DOWNSTREAM_SERVICE_ERROR"
RESPONSE_VALIDATION_FAILED = "RESPONSE_VALIDATION_FAILED"


@dataclass(frozen=True, slots=True)
class SubgraphError:
    """An error a subgraph reported (`reported`), or one the router met in asking it."""

    service: str
    message: str
    code: str
    path: ResponsePath | None
    reported: bool
    extensions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that has no data because of an error that stands elsewhere (`gaps.py`).

    Another fetch may have made objects there all the same: what they lack then is `below`.
    """

    path: ResponsePath
    cause: SubgraphError
    below: KeyTree | None = None


@dataclass(frozen=True, slots=True)
class CompletionError:
    """A value that does not fit the schema, or a null where there may be none.

    `may_follow`: the likely cause is data that did not come, which a subgraph's error may already explain.
    `leaves_out`: the object lacks fields, which an error at one of its others does not explain.
    `null_at`: the nullable place above it that became null for it; None when that is the whole answer.
    """

    message: str
    path: ResponsePath
    may_follow: bool
    leaves_out: bool = False
    null_at: ResponsePath | None = None


@dataclass(frozen=True, slots=True)
class ErrorPolicy:
    """`shown` are the subgraphs whose errors are not masked; None shows all."""

    shown: frozenset[str] | None
    client_codes: frozenset[str]

    def masks(self, error: SubgraphError) -> bool:
        """Whether clients get another message than the subgraph's."""
        return error.reported and not self._shows(error) and error.code not in self.client_codes

    def _shows(self, error: SubgraphError) -> bool:
        return self.shown is None or error.service in self.shown

    def format(self, error: SubgraphError) -> GraphQLErrorDict:
        extensions: dict[str, Any] = {}
        message = error.message
        if self._shows(error):
            extensions.update(error.extensions)
        elif self.masks(error):
            message = f'Subgraph "{error.service}" reported an error.'
        extensions["code"] = error.code
        extensions["service"] = error.service
        return _graphql_error(message, error.path, extensions)


def format_completion(error: CompletionError) -> GraphQLErrorDict:
    return _graphql_error(error.message, error.path, {"code": RESPONSE_VALIDATION_FAILED})


def _graphql_error(message: str, path: ResponsePath | None, extensions: dict[str, Any]) -> GraphQLErrorDict:
    formatted: GraphQLErrorDict = {"message": message}
    if path is not None:
        formatted["path"] = list(path)
    formatted["extensions"] = extensions
    return formatted


def without_absent(
    completion: list[CompletionError], absent: Collection[ResponsePath]
) -> list[CompletionError]:
    """Those that are more than a reference that leads nowhere: an object at one of these places lacks its
    fields because it does not exist, and where the reference may be null, null is the whole answer.
    """
    return [
        error
        for error in completion
        if not (error.may_follow and error.null_at == error.path[:-1] and error.null_at in absent)
    ]


def unexplained(
    completion: list[CompletionError], subgraph_errors: list[SubgraphError], gaps: Iterable[Gap] = ()
) -> list[CompletionError]:
    """The completion errors to report: a null that a subgraph's error already explains is not told twice.

    An error explains a null at its own path, above it and below it, and so does one that left a gap there;
    what an object lacks only those at its path and above it. O(total path length).
    """
    if not subgraph_errors:
        return completion
    places = {error.path for error in subgraph_errors if error.path is not None}
    places |= {gap.path for gap in gaps}
    above = {path[:length] for path in places for length in range(len(path))}
    return [
        error
        for error in completion
        if not error.may_follow
        or not (
            (error.path in above and not error.leaves_out)
            or any(error.path[:length] in places for length in range(len(error.path) + 1))
        )
    ]
