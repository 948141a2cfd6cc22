"""GraphQL without a character too many: values, arguments and directives of an AST as the text sent on."""

from __future__ import annotations

import json
from collections.abc import Iterable

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)


def minify_arguments(nodes: Iterable[ArgumentNode] | None, variables: list[str]) -> str:
    """`(a:1 b:$x)`, or nothing; appends the variables used."""
    if not nodes:
        return ""
    return "(" + joined([f"{a.name.value}:{minify_value(a.value, variables)}" for a in nodes]) + ")"


def minify_directive(node: DirectiveNode, variables: list[str]) -> str:
    return f"@{node.name.value}{minify_arguments(node.arguments, variables)}"


def minify_value(node: ValueNode, variables: list[str]) -> str:
    if isinstance(node, VariableNode):
        variables.append(node.name.value)
        return "$" + node.name.value
    if isinstance(node, StringValueNode):
        return json.dumps(node.value, ensure_ascii=False)
    if isinstance(node, IntValueNode | FloatValueNode | EnumValueNode):
        return node.value
    if isinstance(node, BooleanValueNode):
        return "true" if node.value else "false"
    if isinstance(node, NullValueNode):
        return "null"
    if isinstance(node, ListValueNode):
        return "[" + joined([minify_value(item, variables) for item in node.values or ()]) + "]"
    if isinstance(node, ObjectValueNode):
        fields = [f"{f.name.value}:{minify_value(f.value, variables)}" for f in node.fields or ()]
        return "{" + joined(fields) + "}"
    raise TypeError(f"not a value: {node!r}")


def joined(parts: list[str]) -> str:
    """Parts with a space only where two would run together."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    text = parts[0]
    for part in parts[1:]:
        text += part if text[-1] in ']})"' else " " + part
    return text
