"""Reading a token list: what definitions and selections have in common.

A `Reader` stands at a token and takes what fits: names, bracketed lists, types, directives, constant values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from schema.language.tokens import is_closed
from schema.language.values import EnumLiteral, Value, read_string
from schema.model.definitions import Directive

MAX_DEPTH = 100
"""How deep lists, input objects and selections may nest, so that no later pass can run out of stack."""

NAME = re.compile(r"[A-Za-z_][0-9A-Za-z_]*", re.ASCII)
_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,299})", re.ASCII)
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,299})(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_T = TypeVar("_T")


class SyntaxProblem(Exception):
    """The text stops being GraphQL at `token`."""

    def __init__(self, message: str, token: int) -> None:
        super().__init__(message)
        self.message = message
        self.token = token


def shown(token: str) -> str:
    """A token as an error shows it."""
    if not token:
        return "the end of the text"
    return f'"{token if len(token) <= 40 else token[:40] + "…"}"'


class Reader:
    """`at` is the next token. `problems` are mistakes the grammar allows: (message, token)."""

    __slots__ = ("at", "depth", "problems", "tokens")

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.problems: list[tuple[str, int]] = []
        self.depth = 0
        self.at = 0

    def unexpected(self, wanted: str) -> SyntaxProblem:
        """The error that something else was wanted here."""
        return SyntaxProblem(f"expected {wanted}, found {shown(self.tokens[self.at])}", self.at)

    def take(self, token: str) -> bool:
        """Takes the token if it is next."""
        if self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def expect(self, token: str) -> None:
        """Takes the token, which must be next."""
        if self.tokens[self.at] != token:
            raise self.unexpected(f'"{token}"')
        self.at += 1

    def name(self, wanted: str = "a name") -> str:
        """Takes a name."""
        token = self.tokens[self.at]
        if not NAME.match(token):
            raise self.unexpected(wanted)
        self.at += 1
        return token

    def many(self, opening: str, read: Callable[[], _T], closing: str) -> list[_T]:
        """What stands between two brackets, at least one; nothing when the opening bracket is not there."""
        if self.tokens[self.at] != opening:
            return []
        self.at += 1
        found = [read()]
        while self.tokens[self.at] != closing:
            found.append(read())
        self.at += 1
        return found

    def type_reference(self) -> str:
        """Takes a type, as its text."""
        depth = 0
        while self.take("["):
            depth += 1
        if depth > MAX_DEPTH:
            raise SyntaxProblem(f"lists nest more than {MAX_DEPTH} deep", self.at)
        text = self.name("a type")
        if self.take("!"):
            text += "!"
        for _ in range(depth):
            self.expect("]")
            text = f"[{text}]"
            if self.take("!"):
                text += "!"
        return text

    def directives(self) -> list[Directive]:
        """Takes applied directives, if any."""
        if self.tokens[self.at] != "@":
            return []
        found = []
        while self.tokens[self.at] == "@":
            start = self.at
            self.at += 1
            name = self.name()
            found.append(Directive(name, self.arguments_given(f"@{name}"), start))
        return found

    def arguments_given(self, owner: str) -> dict[str, Value]:
        """Takes `(name: value …)`, if it is next; `owner` is what messages call it."""
        arguments: dict[str, Value] = {}
        if self.tokens[self.at] != "(":
            return arguments
        for name, value, at in self.many("(", self._named_value, ")"):
            if name in arguments:
                self.problems.append((f'{owner} is given the argument "{name}" twice', at))
            arguments[name] = value
        return arguments

    def _named_value(self) -> tuple[str, Value, int]:
        start = self.at
        name = self.name()
        self.expect(":")
        return name, self.value(), start

    def value(self) -> Value:
        """Takes a constant value."""
        token = self.tokens[self.at]
        first = token[:1]
        if first == '"':
            return self.string()
        if first == "[" or first == "{":
            return self._nested(first)
        if NAME.match(token):
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
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxProblem(f"values nest more than {MAX_DEPTH} deep", self.at)
        self.at += 1
        value = self._list_items() if opening == "[" else self._object_fields()
        self.depth -= 1
        return value

    def _list_items(self) -> list[Value]:
        items = []
        while not self.take("]"):
            items.append(self.value())
        return items

    def _object_fields(self) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        while not self.take("}"):
            name, value, at = self._named_value()
            if name in fields:
                self.problems.append((f'an input object has the field "{name}" twice', at))
            fields[name] = value
        return fields

    def _number(self, token: str) -> int | float:
        if _INT.fullmatch(token):
            self.at += 1
            return int(token)
        if _FLOAT.fullmatch(token) and abs(number := float(token)) != float("inf"):
            self.at += 1
            return number
        raise self.unexpected("a value")

    def string(self) -> str:
        """Takes a string or block string."""
        token = self.tokens[self.at]
        if not is_closed(token):
            raise SyntaxProblem("a string is not closed", self.at)
        try:
            text = read_string(token)
        except ValueError as problem:
            raise SyntaxProblem(f"a string cannot be read: {problem}", self.at) from problem
        self.at += 1
        return text
