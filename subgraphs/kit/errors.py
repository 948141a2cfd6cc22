"""Errors a client may see.

    SubgraphError            code, message and facts go to the client as they are
    ├── Unauthenticated      UNAUTHENTICATED   nobody is logged in, or the token is not good
    ├── Forbidden            FORBIDDEN         somebody is, and may not do this
    ├── NotFound             NOT_FOUND         what a write refers to does not exist (a read gives null)
    ├── BadUserInput         BAD_USER_INPUT    `extensions.fields` says what is wrong with which input
    └── Conflict             CONFLICT          it exists already, or has changed in between

A domain's errors are subclasses in its own errors.py. Every other exception is ours: logged, and
INTERNAL_SERVER_ERROR to the client.
"""

from __future__ import annotations

from collections.abc import Mapping


class SubgraphError(Exception):
    """The root. `code` is stable; `facts` are added to the GraphQL error's extensions."""

    code = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts: Mapping[str, object] = facts


class Unauthenticated(SubgraphError):
    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Log in to do this.") -> None:
        super().__init__(message)


class Forbidden(SubgraphError):
    code = "FORBIDDEN"


class NotFound(SubgraphError):
    code = "NOT_FOUND"

    def __init__(self, kind: str, identifier: object) -> None:
        super().__init__(f"There is no {kind} {identifier}.")
        self.kind = kind


class BadUserInput(SubgraphError):
    """`fields` maps an input's name to what is wrong with it."""

    code = "BAD_USER_INPUT"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()), fields=dict(fields))
        self.fields = fields


class Conflict(SubgraphError):
    code = "CONFLICT"
