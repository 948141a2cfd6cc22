"""A document without what is not granted, and which of its selections that leaves out.

A field goes when a requirement on it, or on the type it returns, is not granted; a fragment when one on its
type condition is not. A selection set that is left empty keeps `__typename`: an object that is there stays an
object. Where something goes below a position of an abstract type, its objects' type names are asked for under
an alias of our own: which nulls belong there depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)

from router.authorization.requirements import Requirements
from router.authorization.types import field_type, root_type

TYPENAME = "__typename"
Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Permitted:
    """`operation` and `fragments` ask for nothing that is not granted. `denied` are the ids of the selections
    of the client's document that are gone; `type_key` is the alias of the type names asked for.
    """

    operation: OperationDefinitionNode
    fragments: Fragments
    denied: frozenset[int]
    type_key: str


def permitted(
    operation: OperationDefinitionNode,
    fragments: Fragments,
    schema: GraphQLSchema,
    requirements: Requirements,
    granted: int,
) -> Permitted:
    """The document is valid. O(document): each fragment is rewritten once, for all places that spread it."""
    writer = _Writer(schema, requirements, granted, fragments, _unused_key(operation, fragments))
    root = root_type(schema, operation)
    selection_set, _ = writer.selection_set(operation.selection_set, root, writer.is_denied_type(root))
    rewritten = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=selection_set,
        loc=operation.loc,
    )
    return Permitted(rewritten, writer.rewritten, frozenset(writer.denied), writer.type_key)


def _unused_key(operation: OperationDefinitionNode, fragments: Fragments) -> str:
    """A response key that the client does not use."""
    used: set[str] = set()
    for definition in (operation, *fragments.values()):
        used.update(_keys(definition.selection_set))
    key = "_type"
    while key in used:
        key += "_"
    return key


def _keys(selection_set: SelectionSetNode) -> Iterator[str]:
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            yield (selection.alias or selection.name).value
        if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set is not None:
            yield from _keys(selection.selection_set)


class _Writer:
    def __init__(
        self,
        schema: GraphQLSchema,
        requirements: Requirements,
        granted: int,
        fragments: Fragments,
        type_key: str,
    ) -> None:
        self._schema = schema
        self._requirements = requirements
        self._missing = ~granted
        self._fragments = fragments
        self.type_key = type_key
        self.rewritten = {name: one for name, one in fragments.items() if _is_of_introspection(one)}
        self.denied: set[int] = set()
        self._lacking: dict[str, bool] = {}

    def is_denied_type(self, name: str) -> bool:
        return bool(self._requirements.of_type(name) & self._missing)

    def selection_set(
        self, selection_set: SelectionSetNode, type_name: str, is_denied: bool = False
    ) -> tuple[SelectionSetNode, bool]:
        """What is left of it, and whether anything is gone from it or below."""
        kept: list[SelectionNode] = []
        lacks = False
        for selection in selection_set.selections:
            left, lacks_here = self._selection(selection, type_name, is_denied)
            lacks = lacks or lacks_here
            if left is not None:
                kept.append(left)
        if not kept:
            kept.append(_typename(None))
        return SelectionSetNode(selections=tuple(kept), loc=selection_set.loc), lacks

    def _selection(
        self, selection: SelectionNode, type_name: str, is_denied: bool
    ) -> tuple[SelectionNode | None, bool]:
        match selection:
            case FieldNode():
                return self._field(selection, type_name, is_denied)
            case InlineFragmentNode():
                condition = selection.type_condition
                inner = type_name if condition is None else condition.name.value
                if is_denied or self.is_denied_type(inner):
                    return self._gone(selection)
                return self._inline(selection, inner)
            case FragmentSpreadNode():
                condition = self._fragments[selection.name.value].type_condition
                if is_denied or self.is_denied_type(condition.name.value):
                    return self._gone(selection)
                return selection, self._fragment(selection.name.value)
            case _:
                raise AssertionError(f"not a selection: {selection.kind}")

    def _gone(self, selection: SelectionNode) -> tuple[None, bool]:
        self.denied.add(id(selection))
        return None, True

    def _field(self, node: FieldNode, type_name: str, is_denied: bool) -> tuple[SelectionNode | None, bool]:
        name = node.name.value
        if name.startswith("__"):
            return node, False
        returns = field_type(self._schema, type_name, name)
        if is_denied or self._requirements.of_field(type_name, name, returns) & self._missing:
            return self._gone(node)
        if node.selection_set is None:
            return node, False
        inner, lacks = self.selection_set(node.selection_set, returns)
        if not lacks:
            return node, False
        if is_abstract_type(self._schema.type_map[returns]):
            inner = SelectionSetNode(selections=(*inner.selections, _typename(self.type_key)), loc=inner.loc)
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=node.arguments,
            directives=node.directives,
            selection_set=inner,
            loc=node.loc,
        ), True

    def _inline(self, node: InlineFragmentNode, type_name: str) -> tuple[SelectionNode, bool]:
        inner, lacks = self.selection_set(node.selection_set, type_name)
        if not lacks:
            return node, False
        return InlineFragmentNode(
            type_condition=node.type_condition,
            directives=node.directives,
            selection_set=inner,
            loc=node.loc,
        ), True

    def _fragment(self, name: str) -> bool:
        """Whether something is gone from the fragment, which is rewritten when it is first met."""
        if name not in self._lacking:
            node = self._fragments[name]
            inner, lacks = self.selection_set(node.selection_set, node.type_condition.name.value)
            self._lacking[name] = lacks
            self.rewritten[name] = FragmentDefinitionNode(
                name=node.name,
                type_condition=node.type_condition,
                directives=node.directives,
                selection_set=inner,
                loc=node.loc,
            )
        return self._lacking[name]


def _is_of_introspection(fragment: FragmentDefinitionNode) -> bool:
    """On a type like `__Type`, which nothing but introspection spreads."""
    return fragment.type_condition.name.value.startswith("__")


def _typename(alias: str | None) -> FieldNode:
    return FieldNode(
        alias=None if alias is None else NameNode(value=alias),
        name=NameNode(value=TYPENAME),
        arguments=(),
        directives=(),
        selection_set=None,
    )
