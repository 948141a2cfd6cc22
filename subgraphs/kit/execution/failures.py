"""What failed stands in the answer as a `Failure` until all of it is there; then nulls and errors are placed.

A value that failed is null, and so is what holds it where no null may be, up to the first place where one may
(GraphQL, section 6.4.4, "Handling Execution Errors"). Nothing of this costs an answer without failures
anything: places are found by walking the answer, not by carrying paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from graphql import FieldNode, GraphQLError, located_error

if TYPE_CHECKING:
    from subgraphs.kit.execution.completion import Completion
    from subgraphs.kit.execution.fields import Field
    from subgraphs.kit.execution.selection import Selection

Path = list[str | int]
BUBBLES: Final = object()
"""Instead of a value: null, where no null may be."""


class Failure:
    """In place of a value: why there is none."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class Placement:
    """One walk over an answer. `kinds`: the selection that an object of an abstract type was answered with,
    by the object's identity. O(size of the answer).
    """

    def __init__(self, kinds: dict[int, Selection]) -> None:
        self.errors: list[GraphQLError] = []
        self._kinds = kinds
        self._path: Path = []

    def root(self, selection: Selection, answer: dict[str, Any]) -> dict[str, Any] | None:
        return None if self.settle_object(selection, answer) is BUBBLES else answer

    def settle_object(self, selection: Selection, answer: dict[str, Any]) -> Any:
        """The object with everything in its place, or BUBBLES."""
        for field in selection.fields:
            self._path.append(field.key)
            value = self._settle(field.completion, field, answer[field.key])
            self._path.pop()
            if value is BUBBLES:
                return BUBBLES
            answer[field.key] = value
        return answer

    def settle_abstract(self, answer: dict[str, Any]) -> Any:
        return self.settle_object(self._kinds[id(answer)], answer)

    def settle_items(self, item: Completion, field: Field, items: list[Any]) -> Any:
        for index, value in enumerate(items):
            self._path.append(index)
            settled = self._settle(item, field, value)
            self._path.pop()
            if settled is BUBBLES:
                return BUBBLES
            items[index] = settled
        return items

    def _settle(self, completion: Completion, field: Field, value: Any) -> Any:
        if isinstance(value, Failure):
            self._tell(value.error, field.nodes)
            settled: Any = BUBBLES
        else:
            settled = value if value is None else completion.settle(self, field, value)
        return None if settled is BUBBLES and not completion.non_null else settled

    def _tell(self, error: Exception, nodes: Sequence[FieldNode]) -> None:
        self.errors.append(located_error(error, list(nodes), list(self._path)))
