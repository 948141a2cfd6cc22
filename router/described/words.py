"""What an operation does and what its variables mean: in its author's words, or else in the schema's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)

from router.described.values import one_line
from router.operation.author_words import own_words

ACTS = {"query": "Reads", "mutation": "Changes data with", "subscription": "Follows"}


def words_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> str:
    """Its description, or the comment above it, or what the schema says of the fields at its root."""
    return own_words(operation) or _words_of_fields(schema, document, operation)


def variable_words(schema: GraphQLSchema, document: DocumentNode) -> dict[str, str]:
    """By variable: what the schema says of the argument or input field that takes it. O(document)."""
    visitor = _Variables(TypeInfo(schema))
    visit(document, TypeInfoVisitor(visitor.types, visitor))
    return visitor.words


class _Variables(Visitor):
    """The first place that says anything counts; the author's words on the variable itself before all."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.words: dict[str, str] = {}

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        words = own_words(node)
        if words:
            self.words[node.variable.name.value] = words

    def enter_variable(self, node: VariableNode, key: Any, parent: Any, path: Any, ancestors: Any) -> None:
        if isinstance(parent, VariableDefinitionNode):
            return
        taker = self._taker(parent, ancestors)
        if taker is not None and taker.description:
            self.words.setdefault(node.name.value, one_line(taker.description))

    def _taker(self, parent: Any, ancestors: Any) -> Any:
        """The input field, or the argument, that the variable is the value of."""
        if isinstance(parent, ObjectFieldNode):
            holder = get_named_type(self.types.get_parent_input_type())
            fields = holder.fields if isinstance(holder, GraphQLInputObjectType) else {}
            return fields.get(parent.name.value)
        # In a list it is one of many of what the argument takes: the argument's words fit all the same.
        inside = any(isinstance(ancestor, ObjectFieldNode | ListValueNode) for ancestor in ancestors[-2:])
        return None if inside else self.types.get_argument()


def _words_of_fields(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> str:
    root = schema.get_root_type(operation.operation)
    names = list(dict.fromkeys(_root_fields(document, operation.selection_set)))
    told = [words for name in names if (words := _described(root, name))]
    if len(names) == 1 and told:
        return told[0]
    said = [f"{ACTS[operation.operation.value]} {', '.join(names)}."]
    return " ".join(said + [f"{name}: {words}" for name in names if (words := _described(root, name))])


def _described(root: GraphQLObjectType | None, name: str) -> str:
    field = root.fields.get(name) if root is not None else None
    return one_line(field.description) if field is not None and field.description else ""


def _root_fields(document: DocumentNode, selection_set: SelectionSetNode) -> Iterator[str]:
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    open_sets, seen = [selection_set], set[str]()
    while open_sets:
        for selection in open_sets.pop().selections:
            match selection:
                case FieldNode():
                    yield selection.name.value
                case InlineFragmentNode():
                    open_sets.append(selection.selection_set)
                case FragmentSpreadNode() if selection.name.value not in seen:
                    seen.add(selection.name.value)
                    open_sets.append(fragments[selection.name.value].selection_set)
