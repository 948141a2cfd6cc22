"""Tokens to a Document: recursive descent over the grammar of type system definitions (GraphQL 3).

Everything is kept as written: extensions are not folded, names are not looked up. A text that is not GraphQL
raises `SyntaxProblem` at the token that does not fit. Values and types nest at most `MAX_DEPTH` deep, so no
later pass over them can run out of stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from schema.definitions import Directive, DirectiveDefinition, EnumValue, Field, InputValue
from schema.language.nodes import (
    Document,
    FieldNode,
    FragmentNode,
    SchemaNode,
    SelectionNode,
    TypeKind,
    TypeNode,
)
from schema.language.tokens import tokenize
from schema.language.values import EnumLiteral, Value, read_string

MAX_DEPTH = 100
_NAME = re.compile(r"[A-Za-z_][0-9A-Za-z_]*", re.ASCII)
_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,299})", re.ASCII)
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,299})(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_KINDS = {kind.value: kind for kind in TypeKind}
_T = TypeVar("_T")

DIRECTIVE_LOCATIONS = frozenset(
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


class SyntaxProblem(Exception):
    """The text stops being GraphQL at `token`."""

    def __init__(self, message: str, token: int) -> None:
        super().__init__(message)
        self.message = message
        self.token = token


def parse_document(text: str) -> Document:
    """Reads SDL. Linear in the text; raises SyntaxProblem."""
    return _Parser(tokenize(text)).document()


def parse_selections(text: str) -> tuple[SelectionNode, ...]:
    """Reads what stands inside a selection set, with or without its braces; raises SyntaxProblem."""
    parser = _Parser(tokenize(text if text.lstrip().startswith("{") else f"{{{text}}}"))
    selections = parser.selections()
    parser.expect_end()
    return selections


def shown(token: str) -> str:
    """A token as an error shows it."""
    if not token:
        return "the end of the text"
    return f'"{token if len(token) <= 40 else token[:40] + "…"}"'


class _Parser:
    __slots__ = ("_depth", "_document", "_tokens", "at")

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._document = Document()
        self._depth = 0
        self.at = 0

    def document(self) -> Document:
        if not self._tokens[0]:
            raise SyntaxProblem("the schema is empty: expected at least one definition", 0)
        while self._tokens[self.at]:
            self._definition()
        return self._document

    def selections(self) -> tuple[SelectionNode, ...]:
        """A selection set, in its braces."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SyntaxProblem(f"selections nest more than {MAX_DEPTH} deep", self.at)
        found = self._many("{", self._selection, "}")
        if not found:
            raise self._unexpected("a selection")
        self._depth -= 1
        return tuple(found)

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self._tokens[self.at]:
            raise self._unexpected("the end of the text")

    # Tokens

    def _unexpected(self, wanted: str) -> SyntaxProblem:
        return SyntaxProblem(f"expected {wanted}, found {shown(self._tokens[self.at])}", self.at)

    def _take(self, token: str) -> bool:
        if self._tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def _expect(self, token: str) -> None:
        if self._tokens[self.at] != token:
            raise self._unexpected(f'"{token}"')
        self.at += 1

    def _name(self, wanted: str = "a name") -> str:
        token = self._tokens[self.at]
        if not _NAME.match(token):
            raise self._unexpected(wanted)
        self.at += 1
        return token

    def _many(self, opening: str, read: Callable[[], _T], closing: str) -> list[_T]:
        """What stands between two brackets, at least one; nothing when the opening bracket is not there."""
        if self._tokens[self.at] != opening:
            return []
        self.at += 1
        found = [read()]
        while self._tokens[self.at] != closing:
            found.append(read())
        self.at += 1
        return found

    # Definitions

    def _definition(self) -> None:
        start = self.at
        description = self._description()
        extension = self._take("extend")
        if extension and description is not None:
            raise SyntaxProblem("an extension cannot have a description", start)
        keyword = self._name("a type system definition")
        kind = _KINDS.get(keyword)
        if kind is not None:
            node = self._type(kind, description, extension, start)
            if extension and node.is_empty:
                raise self._unexpected("something to extend the type with")
            self._document.types.append(node)
        elif keyword == "schema":
            self._document.schemas.append(self._schema(description, extension, start))
        elif keyword == "directive" and not extension:
            self._document.directives.append(self._directive_definition(description, start))
        else:
            self.at -= 1
            raise self._unexpected("a type system definition")

    def _description(self) -> str | None:
        return self._string() if self._tokens[self.at][:1] == '"' else None

    def _type(self, kind: TypeKind, description: str | None, extension: bool, start: int) -> TypeNode:
        node = TypeNode(kind, self._name(), description, extension, start)
        if kind is TypeKind.OBJECT or kind is TypeKind.INTERFACE:
            if self._take("implements"):
                self._take("&")
                node.interfaces.append(self._named())
                while self._take("&"):
                    node.interfaces.append(self._named())
            node.directives = self._directives()
            node.fields = self._many("{", self._field, "}")
            return node
        node.directives = self._directives()
        if kind is TypeKind.INPUT:
            node.input_fields = self._many("{", self._input_value, "}")
        elif kind is TypeKind.ENUM:
            node.values = self._many("{", self._enum_value, "}")
        elif kind is TypeKind.UNION and self._take("="):
            self._take("|")
            node.members.append(self._named())
            while self._take("|"):
                node.members.append(self._named())
        return node

    def _schema(self, description: str | None, extension: bool, start: int) -> SchemaNode:
        node = SchemaNode(description, extension, start, self._directives())
        node.roots = self._many("{", self._root, "}")
        if not node.roots and not (extension and node.directives):
            raise self._unexpected('"{"')
        return node

    def _root(self) -> tuple[str, str, int]:
        start = self.at
        operation = self._name()
        if operation not in ("query", "mutation", "subscription"):
            raise SyntaxProblem(f"expected query, mutation or subscription, found {shown(operation)}", start)
        self._expect(":")
        return operation, self._name(), start

    def _directive_definition(self, description: str | None, start: int) -> DirectiveDefinition:
        self._expect("@")
        name = self._name()
        arguments = self._arguments(f"@{name}")
        repeatable = self._take("repeatable")
        if self._name('"on"') != "on":
            self.at -= 1
            raise self._unexpected('"on"')
        self._take("|")
        locations = [self._location()]
        while self._take("|"):
            locations.append(self._location())
        return DirectiveDefinition(name, arguments, repeatable, tuple(locations), description, start)

    def _location(self) -> str:
        name = self._name("a directive location")
        if name not in DIRECTIVE_LOCATIONS:
            self.at -= 1
            raise self._unexpected("a directive location")
        return name

    def _named(self) -> tuple[str, int]:
        return self._name(), self.at - 1

    def _field(self) -> Field:
        start = self.at
        description = self._description()
        name = self._name("a field name")
        arguments = self._arguments(name) if self._tokens[self.at] == "(" else {}
        self._expect(":")
        return Field(name, self._type_reference(), arguments, self._directives(), description, start)

    def _arguments(self, owner: str) -> dict[str, InputValue]:
        arguments: dict[str, InputValue] = {}
        for argument in self._many("(", self._input_value, ")"):
            if argument.name in arguments:
                self._document.problems.append(
                    (f'"{owner}" has two arguments named "{argument.name}"', argument.at)
                )
            arguments[argument.name] = argument
        return arguments

    def _input_value(self) -> InputValue:
        start = self.at
        description = self._description()
        name = self._name()
        self._expect(":")
        type_ = self._type_reference()
        if self._take("="):
            return InputValue(name, type_, True, self._value(), self._directives(), description, start)
        return InputValue(name, type_, False, None, self._directives(), description, start)

    def _enum_value(self) -> EnumValue:
        start = self.at
        description = self._description()
        name = self._name("an enum value")
        if name in ("true", "false", "null"):
            raise SyntaxProblem(f'"{name}" cannot be the name of an enum value', self.at - 1)
        return EnumValue(name, self._directives(), description, start)

    # Selections

    def _selection(self) -> SelectionNode:
        if self._take("..."):
            return self._fragment()
        name, alias = self._name("a field"), None
        if self._take(":"):
            name, alias = self._name("a field"), name
        arguments = self._directive_arguments(name)
        directives = tuple(self._directives())
        selections = self.selections() if self._tokens[self.at] == "{" else ()
        return FieldNode(name, alias, arguments, directives, selections)

    def _fragment(self) -> SelectionNode:
        condition = None
        if self._take("on"):
            condition = self._name("a type")
        elif _NAME.match(self._tokens[self.at]):
            raise SyntaxProblem("named fragments cannot be used here", self.at)
        return FragmentNode(condition, tuple(self._directives()), self.selections())

    # Types, directives and values

    def _type_reference(self) -> str:
        depth = 0
        while self._take("["):
            depth += 1
        if depth > MAX_DEPTH:
            raise SyntaxProblem(f"lists nest more than {MAX_DEPTH} deep", self.at)
        text = self._name("a type")
        if self._take("!"):
            text += "!"
        for _ in range(depth):
            self._expect("]")
            text = f"[{text}]"
            if self._take("!"):
                text += "!"
        return text

    def _directives(self) -> list[Directive]:
        if self._tokens[self.at] != "@":
            return []
        found = []
        while self._tokens[self.at] == "@":
            start = self.at
            self.at += 1
            name = self._name()
            found.append(Directive(name, self._directive_arguments(name), start))
        return found

    def _directive_arguments(self, directive: str) -> dict[str, Value]:
        arguments: dict[str, Value] = {}
        if self._tokens[self.at] != "(":
            return arguments
        for name, value, at in self._many("(", self._named_value, ")"):
            if name in arguments:
                self._document.problems.append((f'@{directive} is given the argument "{name}" twice', at))
            arguments[name] = value
        return arguments

    def _named_value(self) -> tuple[str, Value, int]:
        start = self.at
        name = self._name()
        self._expect(":")
        return name, self._value(), start

    def _value(self) -> Value:
        token = self._tokens[self.at]
        first = token[:1]
        if first == '"':
            return self._string()
        if first == "[" or first == "{":
            return self._nested(first)
        if _NAME.match(token):
            self.at += 1
            match token:
                case "true":
                    return True
                case "false":
                    return False
                case "null":
                    return None
            return EnumLiteral(token)
        return self._number(token)

    def _nested(self, opening: str) -> Value:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SyntaxProblem(f"values nest more than {MAX_DEPTH} deep", self.at)
        self.at += 1
        value = self._list_items() if opening == "[" else self._object_fields()
        self._depth -= 1
        return value

    def _list_items(self) -> list[Value]:
        items = []
        while not self._take("]"):
            items.append(self._value())
        return items

    def _object_fields(self) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        while not self._take("}"):
            name, value, at = self._named_value()
            if name in fields:
                self._document.problems.append((f'an input object has the field "{name}" twice', at))
            fields[name] = value
        return fields

    def _number(self, token: str) -> int | float:
        if _INT.fullmatch(token):
            self.at += 1
            return int(token)
        if _FLOAT.fullmatch(token) and abs(number := float(token)) != float("inf"):
            self.at += 1
            return number
        raise self._unexpected("a value")

    def _string(self) -> str:
        token = self._tokens[self.at]
        if len(token) < 2:
            raise SyntaxProblem("a string is not closed", self.at)
        try:
            text = read_string(token)
        except ValueError as problem:
            raise SyntaxProblem(f"a string cannot be read: {problem}", self.at) from problem
        self.at += 1
        return text
