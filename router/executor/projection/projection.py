"""The projection of an operation, generated once per set of values of its `@skip`/`@include` variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import (
    DirectiveNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)

from router.executor.errors import CompletionError
from router.executor.hidden import NOTHING_HIDDEN, Hidden
from router.executor.projection.complete import Completion
from router.executor.projection.shape import ObjectShape, build_shape
from router.executor.projection.structs import MISFITS, struct_projection

ResponseData = msgspec.Struct | dict[str, Any] | None
"""A structure when the data fitted the operation; a dict or null when it had to be completed."""


@dataclass(frozen=True, slots=True)
class ProjectionVariant:
    """For one set of values of the condition variables."""

    shape: ObjectShape
    _quickly: Callable[[dict[str, Any]], msgspec.Struct]
    _hidden: Hidden

    def project(self, data: dict[str, Any]) -> tuple[ResponseData, list[CompletionError]]:
        try:
            return self._quickly(data), []
        except MISFITS:
            completion = Completion(self._hidden)
            return completion.root(self.shape, data), completion.errors


class Projection:
    """Makes the variants of an operation's projection. `condition_variables` are those that decide which."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        hidden: Hidden = NOTHING_HIDDEN,
    ) -> None:
        self._schema = schema
        self._hidden = hidden
        self._operation = operation
        self._fragments = fragments
        self.condition_variables = condition_variables(operation, fragments)

    def variant(self, variables: Mapping[str, Any]) -> ProjectionVariant:
        """Raises `OperationTooLargeError`. O(operation x types)."""
        shape = build_shape(self._schema, self._operation, self._fragments, variables)
        return ProjectionVariant(shape, struct_projection(shape), self._hidden)


def condition_variables(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[str, ...]:
    """The variables that `@skip` and `@include` use, sorted."""
    names: set[str] = set()

    class Conditions(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            if node.name.value in ("skip", "include"):
                for argument in node.arguments or ():
                    if argument.name.value == "if" and isinstance(argument.value, VariableNode):
                        names.add(argument.value.name.value)

    for definition in (operation, *fragments.values()):
        visit(definition, Conditions())
    return tuple(sorted(names))
