"""What is given to a field: read from the operation's text, and what it weighs.

Whatever is given weighs what `@cost` says of the argument or input field, else what its type does; the fields
of input objects come on top, each item of a list for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    parse_value,
    value_from_ast_untyped,
)

from router.demand.amount import Amount, Values, total
from router.demand.costs import Costs
from schema.model.definitions import InputValue

MISSING = object()


def read_arguments(text: str) -> Mapping[str, ValueNode]:
    """Of minified text: `(first:10 by:$by)`."""
    if not text:
        return {}
    read = parse_value("{" + text[1:-1] + "}", no_location=True)
    assert isinstance(read, ObjectValueNode)
    return {field.name.value: field.value for field in read.fields or ()}


def literal(node: ValueNode) -> Any:
    """Without variables."""
    return value_from_ast_untyped(node)


class ArgumentCosts:
    def __init__(self, costs: Costs) -> None:
        self._costs = costs

    def of(self, definitions: Mapping[str, InputValue], given: Mapping[str, ValueNode]) -> Amount:
        """What is not given weighs what its default does."""
        return total(list(self._each(definitions, given)))

    def _each(
        self, definitions: Mapping[str, InputValue], given: Mapping[str, ValueNode]
    ) -> Iterator[Amount]:
        for name, definition in definitions.items():
            if name in given:
                yield self._of_node(definition, given[name])
            elif definition.has_default:
                yield self._of_value(definition, definition.default)

    def _of_node(self, definition: InputValue, node: ValueNode) -> Amount:
        match node:
            case VariableNode():
                return self._of_variable(definition, node.name.value)
            case NullValueNode():
                return 0.0
            case ListValueNode():
                return total([self._of_node(definition, item) for item in node.values or ()])
            case ObjectValueNode():
                inner = {field.name.value: field.value for field in node.fields or ()}
                below = self.of(self._costs.input_fields(definition.type), inner)
                return total([self._own(definition), below])
            case _:
                return self._own(definition)

    def _of_variable(self, definition: InputValue, name: str) -> Amount:
        if not self._costs.input_fields(definition.type) and self._own(definition) == 0:
            return 0.0

        def program(values: Values) -> float:
            value = values.get(name, MISSING)
            if value is MISSING:
                value = definition.default if definition.has_default else None
            return self._of_value(definition, value)

        return program

    def _of_value(self, definition: InputValue, value: Any) -> float:
        """O(size of the value)."""
        if value is None:
            return 0.0
        if isinstance(value, list):
            return sum(self._of_value(definition, item) for item in value)
        own = self._own(definition)
        fields = self._costs.input_fields(definition.type) if isinstance(value, Mapping) else {}
        for name, field in fields.items():
            given = value.get(name, MISSING)
            if given is MISSING and field.has_default:
                given = field.default
            own += 0.0 if given is MISSING else self._of_value(field, given)
        return own

    def _own(self, definition: InputValue) -> float:
        weight = self._costs.of_argument(definition)
        return self._costs.of_input(definition.type) if weight is None else weight
