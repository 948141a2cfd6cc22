"""How long a list is taken to be: as its slicing arguments ask, else as `@listSize` assumes, or a default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import ObjectValueNode, ValueNode, VariableNode

from router.demand.amount import Amount, Values
from router.demand.arguments import MISSING, literal
from router.demand.costs import ListSize
from router.errors import RefusedOperation
from schema.model.definitions import InputValue


class SlicingArgumentRequired(RefusedOperation):
    code = "COST_SLICING_ARGUMENT_REQUIRED"

    def __init__(self, field: str, slicing: Sequence[str]) -> None:
        names = ", ".join(slicing)
        super().__init__(
            f'Field "{field}" takes exactly one of the arguments {names}, which say how much is asked.'
        )


def list_size(
    rule: ListSize,
    default: int,
    field: str,
    definitions: Mapping[str, InputValue],
    given: Mapping[str, ValueNode],
    *,
    strict: bool,
) -> Amount:
    """With `strict`, the program raises `SlicingArgumentRequired` where the rule wants just one and gets none
    or several; so does this function, where no variable decides it.
    """
    otherwise = default if rule.assumed is None else rule.assumed
    asked = [_asked(path, definitions, given) for path in rule.slicing]
    needs_one = strict and rule.requires_one and bool(rule.slicing)

    def size(values: Values) -> float:
        sizes = [one for path in asked if (one := _size(path, values)) is not None]
        if needs_one and len(sizes) != 1:
            raise SlicingArgumentRequired(field, rule.slicing)
        return float(max(sizes, default=otherwise))

    return size if any(isinstance(node, VariableNode) for node, _, _ in asked) else size({})


_Asked = tuple[ValueNode | None, tuple[str, ...], Any]
"""The value given on the way to it, the rest of the way, and the default."""


def _asked(path: str, definitions: Mapping[str, InputValue], given: Mapping[str, ValueNode]) -> _Asked:
    name, *rest = path.split(".")
    definition = definitions.get(name)
    default = definition.default if definition is not None and definition.has_default else MISSING
    node = given.get(name)
    while rest and isinstance(node, ObjectValueNode):
        inner = {field.name.value: field.value for field in node.fields or ()}
        node, default = inner.get(rest.pop(0)), MISSING
    return node, tuple(rest), default


def _size(asked: _Asked, values: Values) -> int | None:
    """None when nothing is given."""
    node, rest, default = asked
    if node is None:
        value = default
    elif isinstance(node, VariableNode):
        value = values.get(node.name.value, default)
    else:
        value = literal(node)
    for name in rest:
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else None
