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

MAX_VARIANTS = 64

ResponseData = msgspec.Struct | dict[str, Any] | None
"""A structure when the data fitted the operation; a dict or null when it had to be completed."""


@dataclass(frozen=True, slots=True)
class _Variant:
    shape: ObjectShape
    project: Callable[[dict[str, Any]], msgspec.Struct]


class Projection:
    """Projects merged data. Holds at most `MAX_VARIANTS` generated variants, the oldest given up first."""

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
        self._condition_variables = condition_variables(operation, fragments)
        self._variants: dict[tuple[Any, ...], _Variant] = {}
        if not self._condition_variables:
            self._variants[()] = self._build({})

    @property
    def fixed_shape(self) -> ObjectShape | None:
        """The shape of every answer; None when variables decide."""
        return None if self._condition_variables else self._variants[()].shape

    def project(
        self, data: dict[str, Any], variables: Mapping[str, Any]
    ) -> tuple[ResponseData, list[CompletionError]]:
        variant = self._variant(variables)
        try:
            return variant.project(data), []
        except MISFITS:
            completion = Completion(self._hidden)
            return completion.root(variant.shape, data), completion.errors

    def _variant(self, variables: Mapping[str, Any]) -> _Variant:
        key = tuple(variables.get(name) for name in self._condition_variables)
        variant = self._variants.get(key)
        if variant is None:
            if len(self._variants) >= MAX_VARIANTS:
                del self._variants[next(iter(self._variants))]
            variant = self._variants[key] = self._build(variables)
        return variant

    def _build(self, variables: Mapping[str, Any]) -> _Variant:
        shape = build_shape(self._schema, self._operation, self._fragments, variables)
        return _Variant(shape, struct_projection(shape))


def condition_variables(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[str, ...]:
    """The variables that `@skip` and `@include` use, sorted."""
    names: set[str] = set()

    class Conditions(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            if node.name.value in ("skip", "include"):
                for argument in node.arguments or ():
                    if isinstance(argument.value, VariableNode):
                        names.add(argument.value.name.value)

    for definition in (operation, *fragments.values()):
        visit(definition, Conditions())
    return tuple(sorted(names))
