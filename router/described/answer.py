"""An operation's answer as JSON schema: what is there whenever the answer has no errors.

It promises nothing that might not hold. What a directive or a type condition may leave out is not required,
custom scalars may be anything, and enums any text, since a graph gets values that the schema at hand does not
have. Where the schema would be very large only the outermost object is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    get_named_type,
    is_abstract_type,
)

from router.described.values import JSONSchema, enum_words, one_line, scalar_schema
from router.described.variables import or_null

MAX_FIELDS = 2000
META_FIELDS = {
    "__typename": TypeNameMetaFieldDef,
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
}


class _TooLarge(Exception):
    """More fields than anybody reads."""


@dataclass(slots=True)
class _Member:
    """What one response key stands for: `below` are the selections of all fields that answer under it."""

    type_: Any
    words: str | None
    is_certain: bool = False
    below: list[tuple[GraphQLNamedType, SelectionSetNode]] = field(default_factory=list)


def answer_schema(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> JSONSchema:
    """Of `{"data": …}`. O(fields, fragments expanded), bounded by `MAX_FIELDS`."""
    root = schema.get_root_type(operation.operation)
    assert root is not None, "valid for this schema"
    try:
        data = _Answer(schema, document).of_object([(root, operation.selection_set)])
    except (_TooLarge, RecursionError):
        data = {"type": "object"}
    properties = {"data": data, "extensions": {"type": "object"}}
    return {"type": "object", "properties": properties, "required": ["data"]}


class _Answer:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._left = MAX_FIELDS

    def of_object(self, selections: list[tuple[GraphQLNamedType, SelectionSetNode]]) -> JSONSchema:
        members: dict[str, _Member] = {}
        is_one_type = len({type_.name for type_, _ in selections}) == 1
        for type_, selection_set in selections:
            self._collect(type_, selection_set, is_one_type, members)
        found: JSONSchema = {
            "type": "object",
            "properties": {key: self._of_member(member) for key, member in members.items()},
        }
        required = [key for key, member in members.items() if member.is_certain]
        return {**found, "required": required} if required else found

    def _collect(
        self, parent: Any, selections: SelectionSetNode, is_certain: bool, members: dict[str, _Member]
    ) -> None:
        for selection in selections.selections:
            certain = is_certain and not selection.directives
            match selection:
                case FieldNode():
                    self._add(parent, selection, certain, members)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    self._enter(parent, condition, selection.selection_set, certain, members)
                case FragmentSpreadNode():
                    fragment = self._fragments[selection.name.value]
                    self._enter(parent, fragment.type_condition, fragment.selection_set, certain, members)

    def _enter(
        self, parent: Any, condition: Any, inner: SelectionSetNode, certain: bool, members: dict[str, _Member]
    ) -> None:
        """Inside a fragment everything is certain only if whatever stands there fits its type condition."""
        type_ = parent if condition is None else self._schema.type_map[condition.name.value]
        if type_ is not parent:
            certain = certain and is_abstract_type(type_) and self._schema.is_sub_type(type_, parent)
        self._collect(type_, inner, certain, members)

    def _add(self, parent: Any, node: FieldNode, certain: bool, members: dict[str, _Member]) -> None:
        self._left -= 1
        if self._left < 0:
            raise _TooLarge
        definition = META_FIELDS.get(node.name.value) or parent.fields[node.name.value]
        key = (node.alias or node.name).value
        words = one_line(definition.description) if definition.description else None
        member = members.setdefault(key, _Member(definition.type, words))
        member.is_certain = member.is_certain or certain
        if node.selection_set is not None:
            member.below.append((get_named_type(definition.type), node.selection_set))

    def _of_member(self, member: _Member) -> JSONSchema:
        found = self._of_type(member.type_, member)
        return {"description": member.words, **found} if member.words else found

    def _of_type(self, type_: Any, member: _Member) -> JSONSchema:
        if isinstance(type_, GraphQLNonNull):
            return self._not_null(type_.of_type, member)
        return or_null(self._not_null(type_, member))

    def _not_null(self, type_: Any, member: _Member) -> JSONSchema:
        match type_:
            case GraphQLList():
                return {"type": "array", "items": self._of_type(type_.of_type, member)}
            case GraphQLEnumType():
                words = enum_words(type_)
                return {"type": "string", "description": words} if words else {"type": "string"}
            case GraphQLScalarType():
                return _sent(type_)
            case _:
                return self.of_object(member.below)


def _sent(type_: GraphQLScalarType) -> JSONSchema:
    """Of custom scalars only the words: nobody checks what a subgraph makes of them."""
    found = scalar_schema(type_)
    if type_.name in ("Int", "Float", "String", "Boolean"):
        return {"type": found["type"]}
    return {"description": found["description"]} if "description" in found else {}
