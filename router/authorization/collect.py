"""What an operation requires: the masks of everything it touches, together."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from router.authorization.requirements import Requirements
from router.authorization.types import field_type, root_type

INTROSPECTION = ("__schema", "__type")


def required_by(
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    schema: GraphQLSchema,
    requirements: Requirements,
    *,
    introspection: bool = False,
) -> int:
    """A mask. With `introspection`, who asks about the schema is asked for everything that it protects.

    The document is valid. Each fragment is looked at once: O(document).
    """
    collector = _Collector(schema, requirements, requirements.everything if introspection else 0)
    root = root_type(schema, operation)
    mask = requirements.of_type(root) | collector.selection_set(operation.selection_set, root)
    for name in collector.spread:  # grows meanwhile
        fragment = fragments[name]
        condition = fragment.type_condition.name.value
        mask |= requirements.of_type(condition) | collector.selection_set(fragment.selection_set, condition)
    return mask


class _Collector:
    def __init__(self, schema: GraphQLSchema, requirements: Requirements, introspection: int) -> None:
        self._schema = schema
        self._requirements = requirements
        self._introspection = introspection
        self.spread: list[str] = []
        self._known: set[str] = set()

    def selection_set(self, selection_set: SelectionSetNode, type_name: str) -> int:
        mask = 0
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    mask |= self._field(selection, type_name)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    inner = type_name if condition is None else condition.name.value
                    mask |= self._requirements.of_type(inner)
                    mask |= self.selection_set(selection.selection_set, inner)
                case FragmentSpreadNode() if selection.name.value not in self._known:
                    self._known.add(selection.name.value)
                    self.spread.append(selection.name.value)
                case _:
                    pass
        return mask

    def _field(self, node: FieldNode, type_name: str) -> int:
        name = node.name.value
        if name.startswith("__"):
            return self._introspection if name in INTROSPECTION else 0
        returns = field_type(self._schema, type_name, name)
        mask = self._requirements.of_field(type_name, name, returns)
        if node.selection_set is not None:
            mask |= self.selection_set(node.selection_set, returns)
        return mask
