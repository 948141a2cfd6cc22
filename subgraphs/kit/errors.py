"""Errors a client may see, in two kinds.

What the sender of a mutation can act on is data: `Refused` carries it, and the payload's `errors` shows it
(kit/user_errors.py has the types that all domains share, a domain's errors.py its own).

What nobody can act on inside the operation is a GraphQL error:

    SubgraphError            code, message and facts go to the client as they are
    ├── Unauthenticated      UNAUTHENTICATED   nobody is logged in, or the token is not good
    ├── Forbidden            FORBIDDEN         somebody is, and may not do this
    ├── BadUserInput         BAD_USER_INPUT    an argument of a query; `extensions.fields` says which and why
    └── Refused              a refused write outside a mutation's payload: the first problem's code

Every other exception is ours: logged, and INTERNAL_SERVER_ERROR to the client.
"""

from __future__ import annotations

from collections.abc import Mapping

from subgraphs.kit.user_errors import UserError


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


class BadUserInput(SubgraphError):
    """`fields` maps an argument's name to what is wrong with it."""

    code = "BAD_USER_INPUT"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()), fields=dict(fields))
        self.fields = fields


class Refused(SubgraphError):
    """A write that did not happen, and everything about it that its sender can change."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = errors
        self.code = errors[0].code
