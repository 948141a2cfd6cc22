"""What the operation of a fetch asks, as a value.

The planner makes it with the text, so that the executor, which must know the keys that an answer writes,
parses nothing that was just printed. A plan that comes from JSON has only the text: there it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    parse,
)

When: TypeAlias = frozenset[tuple[str, bool]]
"""Variables, each with the value it must have."""

ALWAYS: Final[When] = frozenset()


class AskedField(NamedTuple):
    """`key` is what the answer has for it."""

    key: str
    name: str
    when: When = ALWAYS
    selections: tuple[AskedSelection, ...] = ()


class AskedFragment(NamedTuple):
    """What is asked of objects of the type `on` (None: of all)."""

    on: str | None
    when: When
    selections: tuple[AskedSelection, ...]


AskedSelection: TypeAlias = AskedField | AskedFragment


class Asked(NamedTuple):
    """`defaulted` are the operation's variables that have a default."""

    selections: tuple[AskedSelection, ...]
    defaulted: frozenset[str] = frozenset()


def read_asked(text: str) -> Asked:
    """What the text of an operation asks. O(size, with fragments expanded)."""
    document = parse(text, no_location=True)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    operation = next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    defaulted = (d for d in operation.variable_definitions or () if d.default_value is not None)
    return Asked(
        _selections(operation.selection_set, fragments), frozenset(d.variable.name.value for d in defaulted)
    )


def _selections(
    node: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[AskedSelection, ...]:
    return tuple(
        found for selection in (node.selections if node else ()) for found in _selection(selection, fragments)
    )


def _selection(
    node: SelectionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[AskedSelection]:
    """Nothing for what a constant leaves out."""
    conditions = [_condition(d) for d in node.directives or () if d.name.value in ("skip", "include")]
    if any(condition is False for condition in conditions):
        return
    when = frozenset(condition for condition in conditions if isinstance(condition, tuple))
    match node:
        case FieldNode():
            below = _selections(node.selection_set, fragments)
            yield AskedField((node.alias or node.name).value, node.name.value, when, below)
        case InlineFragmentNode():
            on = node.type_condition.name.value if node.type_condition else None
            yield AskedFragment(on, when, _selections(node.selection_set, fragments))
        case FragmentSpreadNode():
            spread = fragments[node.name.value]
            on, below = spread.type_condition.name.value, _selections(spread.selection_set, fragments)
            yield AskedFragment(on, when, below)
        case _:
            raise AssertionError(f"not a selection: {node.kind}")


def _condition(node: DirectiveNode) -> tuple[str, bool] | bool | None:
    """The variable and its value, or what a constant decides."""
    wanted = node.name.value == "include"
    for argument in node.arguments or ():
        if isinstance(argument.value, VariableNode):
            return argument.value.name.value, wanted
        if isinstance(argument.value, BooleanValueNode):
            return argument.value.value is wanted
    return None
