"""`@skip` and `@include`, decided by the values of variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import BooleanValueNode, SelectionNode, ValueNode, VariableNode


def is_included(selection: SelectionNode, variables: Mapping[str, Any]) -> bool:
    """A variable without a value leaves the selection in."""
    for directive in selection.directives or ():
        if directive.name.value not in ("skip", "include"):
            continue
        for argument in directive.arguments or ():
            value = argument.value
            given = variables.get(value.name.value) if isinstance(value, VariableNode) else _constant(value)
            if given is (directive.name.value == "skip"):
                return False
    return True


def _constant(value: ValueNode) -> bool | None:
    return value.value if isinstance(value, BooleanValueNode) else None
