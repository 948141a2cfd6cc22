"""An operation's variables as JSON schema: what a caller has to send, with its types, defaults and nulls.

Input objects are definitions of their own (`$defs`), since they may hold themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    is_required_input_field,
    type_from_ast,
    value_from_ast_untyped,
)

from router.described.values import JSONSchema, enum_words, one_line, scalar_schema

UPLOAD = "Upload"
"""The scalar that stands for a file in a multipart request."""


class Variables:
    """`schema` is of an object with a property for each variable; `takes_files`: one of them is a file."""

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, words: Mapping[str, str]
    ) -> None:
        """`words` say what a variable means. O(variables + input types they reach)."""
        self.takes_files = False
        self._definitions: dict[str, JSONSchema] = {}
        properties, required = {}, []
        for definition in operation.variable_definitions or ():
            name, type_ = definition.variable.name.value, type_from_ast(schema, definition.type)
            found = self._of(type_)
            if name in words:
                found["description"] = _joined(words[name], found.get("description"))
            if definition.default_value is not None:
                found["default"] = value_from_ast_untyped(definition.default_value)
            elif isinstance(type_, GraphQLNonNull):
                required.append(name)
            properties[name] = found
        self.schema: JSONSchema = {"type": "object", "properties": properties, "additionalProperties": False}
        if required:
            self.schema["required"] = required
        if self._definitions:
            self.schema["$defs"] = self._definitions

    def _of(self, type_: Any) -> JSONSchema:
        if isinstance(type_, GraphQLNonNull):
            return self._not_null(type_.of_type)
        return or_null(self._not_null(type_))

    def _not_null(self, type_: Any) -> JSONSchema:
        match type_:
            case GraphQLList():
                return {"type": "array", "items": self._of(type_.of_type)}
            case GraphQLEnumType():
                words = enum_words(type_)
                found: JSONSchema = {"type": "string", "enum": list(type_.values)}
                return {**found, "description": words} if words else found
            case GraphQLScalarType():
                self.takes_files = self.takes_files or type_.name == UPLOAD
                return scalar_schema(type_)
            case GraphQLInputObjectType():
                self._define(type_)
                return {"$ref": f"#/$defs/{type_.name}"}
            case _:
                raise AssertionError(f"not an input type: {type_}")

    def _define(self, type_: GraphQLInputObjectType) -> None:
        if type_.name in self._definitions:
            return
        found: JSONSchema = {"type": "object"}
        self._definitions[type_.name] = found  # Before its fields, one of which may be of this type.
        if type_.description:
            found["description"] = one_line(type_.description)
        found["properties"] = {name: self._field(field) for name, field in type_.fields.items()}
        found["additionalProperties"] = False
        required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        if required:
            found["required"] = required
        if getattr(type_, "is_one_of", False):
            found |= {"minProperties": 1, "maxProperties": 1}
            found["properties"] = {name: self._not_null(field.type) for name, field in type_.fields.items()}

    def _field(self, field: GraphQLInputField) -> JSONSchema:
        found = self._of(field.type)
        if field.description:
            found["description"] = _joined(one_line(field.description), found.get("description"))
        # The node: where a field itself keeps its default differs between versions of the library.
        node = field.ast_node.default_value if field.ast_node is not None else None
        if node is not None:
            found["default"] = value_from_ast_untyped(node)
        return found


def or_null(found: JSONSchema) -> JSONSchema:
    """The same, or null. One that allows anything allows it already."""
    if "enum" in found:
        return {**found, "type": [found["type"], "null"], "enum": [*found["enum"], None]}
    if "$ref" in found:
        return {"anyOf": [found, {"type": "null"}]}
    if "type" in found:
        return {**found, "type": [found["type"], "null"]}
    return found


def _joined(words: str, more: str | None) -> str:
    return words if not more else f"{words} {more}"
