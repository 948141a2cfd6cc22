"""Tokens to a Document: recursive descent over the grammar of type system definitions (GraphQL 3).

Everything is kept as written: extensions are not folded, names are not looked up. A text that is not GraphQL
raises `SyntaxProblem` at the token that does not fit.
"""

from __future__ import annotations

from schema.language.nodes import Document, SchemaNode, TypeKind, TypeNode
from schema.language.reader import Reader, SyntaxProblem, shown
from schema.language.tokens import tokenize
from schema.model.definitions import DirectiveDefinition, EnumValue, Field, InputValue

__all__ = ["SyntaxProblem", "parse_document"]

_KINDS = {kind.value: kind for kind in TypeKind}
_DIRECTIVE_LOCATIONS = frozenset(
    [
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
        "SCHEMA",
        "SCALAR",
        "OBJECT",
        "FIELD_DEFINITION",
        "ARGUMENT_DEFINITION",
        "INTERFACE",
        "UNION",
        "ENUM",
        "ENUM_VALUE",
        "INPUT_OBJECT",
        "INPUT_FIELD_DEFINITION",
    ]
)


def parse_document(text: str) -> Document:
    """Reads SDL. Linear in the text; raises SyntaxProblem."""
    return _DocumentParser(tokenize(text)).document()


class _DocumentParser(Reader):
    __slots__ = ("_document",)

    def __init__(self, tokens: list[str]) -> None:
        super().__init__(tokens)
        self._document = Document(problems=self.problems)

    def document(self) -> Document:
        if not self.tokens[0]:
            raise SyntaxProblem("the schema is empty: expected at least one definition", 0)
        while self.tokens[self.at]:
            self._definition()
        return self._document

    def _definition(self) -> None:
        start = self.at
        description = self._description()
        extension = self.take("extend")
        if extension and description is not None:
            raise SyntaxProblem("an extension cannot have a description", start)
        keyword = self.name("a type system definition")
        kind = _KINDS.get(keyword)
        if kind is not None:
            node = self._type(kind, description, extension, start)
            if extension and node.is_empty:
                raise self.unexpected("something to extend the type with")
            self._document.types.append(node)
        elif keyword == "schema":
            self._document.schemas.append(self._schema(description, extension, start))
        elif keyword == "directive" and not extension:
            self._document.directives.append(self._directive_definition(description, start))
        else:
            self.at -= 1
            raise self.unexpected("a type system definition")

    def _description(self) -> str | None:
        return self.string() if self.tokens[self.at][:1] == '"' else None

    def _type(self, kind: TypeKind, description: str | None, extension: bool, start: int) -> TypeNode:
        node = TypeNode(kind, self.name(), description, extension, start)
        if kind is TypeKind.OBJECT or kind is TypeKind.INTERFACE:
            if self.take("implements"):
                self.take("&")
                node.interfaces.append(self._named())
                while self.take("&"):
                    node.interfaces.append(self._named())
            node.directives = self.directives()
            node.fields = self.many("{", self._field, "}")
            return node
        node.directives = self.directives()
        if kind is TypeKind.INPUT:
            node.input_fields = self.many("{", self._input_value, "}")
        elif kind is TypeKind.ENUM:
            node.values = self.many("{", self._enum_value, "}")
        elif kind is TypeKind.UNION and self.take("="):
            self.take("|")
            node.members.append(self._named())
            while self.take("|"):
                node.members.append(self._named())
        return node

    def _schema(self, description: str | None, extension: bool, start: int) -> SchemaNode:
        node = SchemaNode(description, extension, start, self.directives())
        node.roots = self.many("{", self._root, "}")
        if not node.roots and not (extension and node.directives):
            raise self.unexpected('"{"')
        return node

    def _root(self) -> tuple[str, str, int]:
        start = self.at
        operation = self.name()
        if operation not in ("query", "mutation", "subscription"):
            raise SyntaxProblem(f"expected query, mutation or subscription, found {shown(operation)}", start)
        self.expect(":")
        return operation, self.name(), start

    def _directive_definition(self, description: str | None, start: int) -> DirectiveDefinition:
        self.expect("@")
        name = self.name()
        arguments = self._arguments(f"@{name}")
        repeatable = self.take("repeatable")
        if self.name('"on"') != "on":
            self.at -= 1
            raise self.unexpected('"on"')
        self.take("|")
        locations = [self._location()]
        while self.take("|"):
            locations.append(self._location())
        return DirectiveDefinition(name, arguments, repeatable, tuple(locations), description, start)

    def _location(self) -> str:
        name = self.name("a directive location")
        if name not in _DIRECTIVE_LOCATIONS:
            self.at -= 1
            raise self.unexpected("a directive location")
        return name

    def _named(self) -> tuple[str, int]:
        return self.name(), self.at - 1

    def _field(self) -> Field:
        start = self.at
        description = self._description()
        name = self.name("a field name")
        arguments = self._arguments(name) if self.tokens[self.at] == "(" else {}
        self.expect(":")
        return Field(name, self.type_reference(), arguments, self.directives(), description, start)

    def _arguments(self, owner: str) -> dict[str, InputValue]:
        arguments: dict[str, InputValue] = {}
        for argument in self.many("(", self._input_value, ")"):
            if argument.name in arguments:
                self.problems.append((f'"{owner}" has two arguments named "{argument.name}"', argument.at))
            arguments[argument.name] = argument
        return arguments

    def _input_value(self) -> InputValue:
        start = self.at
        description = self._description()
        name = self.name()
        self.expect(":")
        type_ = self.type_reference()
        if self.take("="):
            return InputValue(name, type_, True, self.value(), self.directives(), description, start)
        return InputValue(name, type_, False, None, self.directives(), description, start)

    def _enum_value(self) -> EnumValue:
        start = self.at
        description = self._description()
        name = self.name("an enum value")
        if name in ("true", "false", "null"):
            raise SyntaxProblem(f'"{name}" cannot be the name of an enum value', self.at - 1)
        return EnumValue(name, self.directives(), description, start)
