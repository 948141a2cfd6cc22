"""An operation whose lists multiply is given up before it holds up everyone else.

Lists inside lists multiply: five times a hundred is more than any server can complete, from two hundred
bytes. Loaders keep the statements few, but completing the objects is work in the event loop that no timeout
interrupts. So the items of all lists are counted as they come. The one that is too many is an error, no
further field is resolved, and the operation is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from graphql import GraphQLError
from graphql.execution import Executor

MAX_LIST_ITEMS = 15_000
"""Of one operation together: a page of a hundred of a page of a hundred fits, and takes about a second."""
LIST_LIMIT: Final = "LIST_LIMIT_EXCEEDED"


class BoundedExecution(Executor[Any]):
    """Counts one addition per list."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._items_left = MAX_LIST_ITEMS

    def complete_list_value(
        self, return_type: Any, fields: Any, info: Any, path: Any, result: Any, position: Any
    ) -> Any:
        if isinstance(result, list | tuple):
            self._items_left -= len(result)
            if self._items_left < 0:
                message = f"The operation's lists have more than {MAX_LIST_ITEMS} items. Ask for fewer."
                raise GraphQLError(message, extensions={"code": LIST_LIMIT})
        return super().complete_list_value(return_type, fields, info, path, result, position)

    def execute_field(self, *args: Any) -> Any:
        return None if self._items_left < 0 else super().execute_field(*args)

    def complete_value(self, *args: Any) -> Any:
        return None if self._items_left < 0 else super().complete_value(*args)


def given_up(errors: Iterable[GraphQLError]) -> GraphQLError | None:
    """The error of an execution that was given up: what else it holds means nothing."""
    return next((error for error in errors if (error.extensions or {}).get("code") == LIST_LIMIT), None)
