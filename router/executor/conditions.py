"""Conditions: `@skip` and `@include`, decided by the values of variables, and those of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import BooleanValueNode, SelectionNode, ValueNode, VariableNode

from router.plan import BatchFetch, Condition, Defer, Flatten, Parallel, PlanNode, Sequence


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


def plan_conditions(node: PlanNode | None) -> frozenset[str]:
    """The variables that decide what of the plan runs. O(nodes of the plan)."""
    match node:
        case Condition():
            inner = plan_conditions(node.if_clause) | plan_conditions(node.else_clause)
            return inner | {node.condition}
        case BatchFetch():
            return frozenset(name for part in node.entities for name, _ in part.condition)
        case Flatten():
            return plan_conditions(node.node)
        case Sequence() | Parallel():
            return frozenset().union(*map(plan_conditions, node.nodes))
        case Defer():
            deferred = frozenset().union(*(plan_conditions(part.node) for part in node.deferred))
            return deferred | plan_conditions(node.primary.node)
        case _:
            return frozenset()
