"""GraphQL selections as the lines graphql-js would print: two spaces a level, `{a: b}` without inner spaces.

graphql-core's printer writes objects with inner spaces, and its visitor is not public enough to adjust.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    print_ast,
)

INDENT = "  "
LINE_LENGTH = 80
"""Arguments longer than this go one to a line."""


def entity_selections(selection_set: SelectionSetNode) -> dict[str, SelectionSetNode]:
    """Selections by the response key of each `_entities` field."""
    fields = [s for s in selection_set.selections if isinstance(s, FieldNode)]
    return {(f.alias or f.name).value: f.selection_set for f in fields if f.selection_set is not None}


def fragment_lines(node: FragmentDefinitionNode) -> list[str]:
    head = f"fragment {node.name.value} on {node.type_condition.name.value}{_directives(node.directives)}"
    return [f"{head} {{", *_selections(node.selection_set), "}"]


def selection_set_lines(node: SelectionSetNode) -> list[str]:
    return ["{", *_selections(node), "}"]


def _selections(node: SelectionSetNode) -> Iterator[str]:
    for selection in node.selections:
        for line in _selection(selection):
            yield INDENT + line


def _selection(node: SelectionNode) -> list[str]:
    lines = _head(node)
    inner = node.selection_set if isinstance(node, FieldNode | InlineFragmentNode) else None
    if inner is None:
        return lines
    return [*lines[:-1], f"{lines[-1]} {{", *_selections(inner), "}"]


def _head(node: SelectionNode) -> list[str]:
    directives = _directives(node.directives)
    if isinstance(node, FieldNode):
        name = f"{node.alias.value}: {node.name.value}" if node.alias else node.name.value
        inline = name + _arguments(node.arguments)
        if len(inline) <= LINE_LENGTH:
            return [inline + directives]
        return [f"{name}(", *(INDENT + _argument(a) for a in node.arguments or ()), f"){directives}"]
    if isinstance(node, FragmentSpreadNode):
        return [f"...{node.name.value}{directives}"]
    if isinstance(node, InlineFragmentNode) and node.type_condition:
        return [f"... on {node.type_condition.name.value}{directives}"]
    return [f"...{directives}"]


def _directives(nodes: Iterable[DirectiveNode] | None) -> str:
    return "".join(f" @{node.name.value}{_arguments(node.arguments)}" for node in nodes or ())


def _arguments(nodes: Iterable[ArgumentNode] | None) -> str:
    arguments = ", ".join(map(_argument, nodes or ()))
    return f"({arguments})" if arguments else ""


def _argument(node: ArgumentNode) -> str:
    return f"{node.name.value}: {_value(node.value)}"


def _value(node: ValueNode) -> str:
    if isinstance(node, ObjectValueNode):
        return "{" + ", ".join(f"{f.name.value}: {_value(f.value)}" for f in node.fields) + "}"
    if isinstance(node, ListValueNode):
        return "[" + ", ".join(map(_value, node.values)) + "]"
    return print_ast(node)
