"""What a resolver is told of its field: Strawberry's `Info`, with graphql-core's made when somebody looks.

Nearly all resolvers ask for the context and for nothing else.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

if TYPE_CHECKING:
    from subgraphs.kit.execution.fields import Field
    from subgraphs.kit.execution.run import Run


class FieldInfo(Info[Any, Any]):
    context: Any = None

    def __init__(self, run: Run, selected: Field, field: StrawberryField) -> None:
        self.context = run.context
        self._field = field
        self._of = run, selected

    @cached_property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override]
        run, selected = self._of
        return run.info_of(selected)
