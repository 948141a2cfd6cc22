"""The estimate of an operation: of every place the costliest type it may have.

    cost of a field = what it is given + items x (its weight, or its type's + the fields below)

Worked out when an operation is prepared, from its normalized form: fragments are expanded and merged, so what
is selected twice is counted once. O(fields x types of their places): what is below a field is worked out once
for each type that it may return.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from router.demand.amount import Amount, Values, largest, only_if, product, total, value_of
from router.demand.arguments import ArgumentCosts, read_arguments
from router.demand.costs import MUTATION_WEIGHT, Costs
from router.demand.sizes import list_size
from router.operation import Field, Operation
from schema.supergraph import SupergraphField

Sized = tuple[tuple[str, Amount], ...]
"""Fields of a place whose size the field above says."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an operation costs with a request's variables."""

    amount: Amount

    def of(self, values: Values) -> float:
        """Raises `SlicingArgumentRequired`."""
        return max(0.0, value_of(self.amount, values))


def estimate(operation: Operation, costs: Costs, *, strict: bool) -> Estimate:
    """`strict`: fields that take one slicing argument must get it. Raises `SlicingArgumentRequired`."""
    writer = Writer(costs, strict)
    amount = writer.place(operation.root_type, operation.fields, ())
    if operation.kind == "mutation":
        amount = total([MUTATION_WEIGHT, amount])
    return Estimate(amount)


class Parts(NamedTuple):
    """Of one field: how many values, what each weighs itself, what is given, and sizes for fields below."""

    items: Amount
    weight: float
    given: Amount
    sized: Sized
    returns: str


@dataclass(slots=True)
class Writer:
    costs: Costs
    strict: bool
    _below: dict[tuple[int, str, int], Amount] = field(default_factory=dict)
    _arguments: ArgumentCosts = field(init=False)

    def __post_init__(self) -> None:
        self._arguments = ArgumentCosts(self.costs)

    def place(self, type_name: str, fields: Sequence[Field], sized: Sized) -> Amount:
        """Of a place of this type."""
        possible = self.costs.supergraph.possible_types
        amounts = [
            total(
                [
                    self._field(concrete, one, sized)
                    for one in fields
                    if one.on is None or concrete in possible.get(one.on, ())
                ]
            )
            for concrete in sorted(possible.get(type_name, ()))
        ]
        return largest(amounts)

    def _field(self, type_name: str, node: Field, sized: Sized) -> Amount:
        if node.definition is None:
            return 0.0
        parts = self.parts(type_name, node, node.definition, sized)
        below = self._children(node, parts.returns, parts.sized)
        amount = product(parts.items, total([parts.weight, below]))
        return only_if(tuple(node.conditions), total([amount, parts.given]))

    def parts(self, type_name: str, node: Field, definition: SupergraphField, sized: Sized) -> Parts:
        """Of the field as `type_name` has it. Raises `SlicingArgumentRequired`."""
        definition = self.costs.supergraph.types[type_name].fields.get(node.name, definition)
        cost = self.costs.of_field(type_name, definition)
        given = read_arguments(node.arguments)
        count = self._items(definition, dict(sized).get(node.name))
        below: Sized = ()
        if cost.list_size is not None:
            coordinate = f"{type_name}.{node.name}"
            size = list_size(
                cost.list_size,
                self.costs.default_size,
                coordinate,
                definition.arguments,
                given,
                strict=self.strict,
            )
            below = tuple((name, size) for name in cost.list_size.sized)
            count = count if below else self._items(definition, size)
        weight = self.costs.of_type(definition.named_type) if cost.weight is None else cost.weight
        weighed = self._arguments.of(definition.arguments, given)
        return Parts(count, weight, weighed, below, definition.named_type)

    def _items(self, definition: SupergraphField, size: Amount | None) -> Amount:
        """How many values it answers; what is said of a list's size is said of its outermost list."""
        if definition.list_depth == 0:
            return 1.0
        outer = float(self.costs.default_size) if size is None else size
        return product(outer, float(self.costs.default_size) ** (definition.list_depth - 1))

    def _children(self, node: Field, type_name: str, sized: Sized) -> Amount:
        if not node.children:
            return 0.0
        if sized:
            return self.place(type_name, node.children, sized)
        key = (id(node), type_name, 0)
        if key not in self._below:
            self._below[key] = self.place(type_name, node.children, ())
        return self._below[key]
