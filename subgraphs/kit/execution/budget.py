"""An operation whose answer grows without end is given up before it holds up everyone else.

Lists inside lists multiply: five times a hundred is more than any server can complete, from two hundred
bytes. Loaders keep the statements few, but completing the objects is work in the event loop that no timeout
interrupts. So the items of lists, and all objects, are counted as they come. The one that is too many ends
the operation as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from graphql import GraphQLError

MAX_LIST_ITEMS = 15_000
"""Of one operation together: a page of a hundred of a page of a hundred fits."""
MAX_OBJECTS = 60_000
"""Those in no list too: aliases of aliases multiply as lists do."""
LIST_LIMIT: Final = "LIST_LIMIT_EXCEEDED"


class GivenUp(Exception):
    """The operation is refused as a whole."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.error = GraphQLError(message, extensions={"code": LIST_LIMIT})


class Budget:
    """What is left to one operation. Raises GivenUp when nothing is."""

    __slots__ = ("items", "objects")

    def __init__(self) -> None:
        self.items = MAX_LIST_ITEMS
        self.objects = MAX_OBJECTS

    def spend_items(self, number: int) -> None:
        self.items -= number
        if self.items < 0:
            raise GivenUp(f"The operation's lists have more than {MAX_LIST_ITEMS} items. Ask for fewer.")

    def spend_objects(self, number: int) -> None:
        self.objects -= number
        if self.objects < 0:
            raise GivenUp(f"The operation's answer has more than {MAX_OBJECTS} objects. Ask for fewer.")


def given_up(errors: Iterable[GraphQLError]) -> GraphQLError | None:
    """The error of an operation that was given up."""
    return next((error for error in errors if (error.extensions or {}).get("code") == LIST_LIMIT), None)
