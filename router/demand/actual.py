"""What an answer cost: as the estimate, with the lists as long as they are. A null costs nothing.

An object of an abstract type has the fields that it was answered with. O(answer).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from router.demand.amount import Amount, Values, value_of
from router.demand.arguments import ArgumentCosts, read_arguments
from router.demand.costs import MUTATION_WEIGHT, Costs
from router.operation import Field, Operation


@dataclass(slots=True)
class _Node:
    """`below` by response key; several fields of one key, on several types, are one."""

    weight: float
    arguments: Amount
    below: dict[str, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actual:
    _root: dict[str, _Node]
    _base: float

    def of(self, data: Mapping[str, Any] | None, values: Values) -> float:
        return max(0.0, self._base + _object(self._root, data or {}, values))


def actual(operation: Operation, costs: Costs) -> Actual:
    """O(operation)."""
    base = MUTATION_WEIGHT if operation.kind == "mutation" else 0.0
    return Actual(_nodes(operation.root_type, operation.fields, costs), base)


def _nodes(type_name: str, fields: Sequence[Field], costs: Costs) -> dict[str, _Node]:
    arguments = ArgumentCosts(costs)
    found: dict[str, _Node] = {}
    for one in fields:
        definition = one.definition
        if definition is None:
            continue
        cost = costs.of_field(one.on or type_name, definition)
        weight = costs.of_type(definition.named_type) if cost.weight is None else cost.weight
        given = arguments.of(definition.arguments, read_arguments(one.arguments))
        node = found.setdefault(one.key, _Node(weight, given))
        node.weight = max(node.weight, weight)
        node.below.update(_nodes(definition.named_type, one.children, costs))
    return found


def _object(nodes: Mapping[str, _Node], data: Mapping[str, Any], values: Values) -> float:
    cost = 0.0
    for key, node in nodes.items():
        if key in data:
            cost += value_of(node.arguments, values) + _value(node, data[key], values)
    return cost


def _value(node: _Node, value: Any, values: Values) -> float:
    if value is None:
        return 0.0
    if isinstance(value, list):
        return sum(_value(node, item, values) for item in value)
    below = _object(node.below, value, values) if isinstance(value, dict) and node.below else 0.0
    return node.weight + below
