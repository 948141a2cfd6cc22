"""What a client can act on, as data: `errors` of a mutation's payload.

Every domain has the same interface and the same three types; a problem that carries facts of its own
(who is taken, how full it is) is a type of its domain, in the domain's errors.py, and implements the
interface too.
"""

from __future__ import annotations

from collections.abc import Sequence

import strawberry
from strawberry import federation

Path = tuple[str | int, ...]
"""Where in the input, in GraphQL's names: ("images", 1, "url")."""


@strawberry.interface(description="Something about an input that its sender can change.")
class UserError:
    message: str = strawberry.field(description="What is wrong, for people.")
    code: str = strawberry.field(description="What is wrong, for programs: it does not change with wording.")
    path: list[str] = strawberry.field(
        description='Where in the input, from the outside in: ["images", "1", "url"]. Empty: the whole of it.'
    )


@federation.type(shareable=True, description="A value that breaks a rule.")
class InvalidInput(UserError):
    pass


@federation.type(shareable=True, description="What the input refers to does not exist, or not for you.")
class NotFound(UserError):
    pass


@federation.type(shareable=True, description="It exists already, or has changed in between.")
class Conflict(UserError):
    pass


SHARED = (InvalidInput, NotFound, Conflict)


def invalid(message: str, *path: str | int) -> InvalidInput:
    return InvalidInput(message=message, code="INVALID_INPUT", path=texts(path))


def not_found(kind: str, *path: str | int) -> NotFound:
    """`kind` as people call it: "event"."""
    return NotFound(message=f"There is no such {kind}.", code="NOT_FOUND", path=texts(path))


def conflict(message: str, *path: str | int) -> Conflict:
    return Conflict(message=message, code="CONFLICT", path=texts(path))


def texts(path: Sequence[str | int]) -> list[str]:
    return [str(part) for part in path]
