"""Reading directive applications off AST nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import ConstDirectiveNode, value_from_ast_untyped


def directives(node: Any, name: str) -> Iterator[ConstDirectiveNode]:
    for directive in node.directives or ():
        if directive.name.value == name:
            yield directive


def arguments(directive: ConstDirectiveNode) -> dict[str, Any]:
    return {a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()}


def applied(node: Any, name: str) -> list[dict[str, Any]]:
    """The arguments of each application of directive `name` on `node`."""
    return [arguments(d) for d in directives(node, name)]
