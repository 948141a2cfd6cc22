"""An amount: a number where the operation alone decides it, else a program that asks the request's variables.

Numbers are folded when an operation is prepared, so an operation whose cost no variable changes costs nothing
to estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Values: TypeAlias = Mapping[str, Any]
Program: TypeAlias = Callable[[Values], float]
Amount: TypeAlias = float | Program


def value_of(amount: Amount, values: Values) -> float:
    return amount(values) if callable(amount) else amount


def total(amounts: Sequence[Amount]) -> Amount:
    fixed = sum(amount for amount in amounts if not callable(amount))
    programs = [amount for amount in amounts if callable(amount)]
    if not programs:
        return fixed
    return lambda values: fixed + sum(program(values) for program in programs)


def product(one: Amount, other: Amount) -> Amount:
    if not callable(one) and not callable(other):
        return one * other
    if one == 0 or other == 0:
        return 0.0
    return lambda values: value_of(one, values) * value_of(other, values)


def largest(amounts: Sequence[Amount]) -> Amount:
    """Of none it is 0."""
    fixed = max((amount for amount in amounts if not callable(amount)), default=0.0)
    programs = [amount for amount in amounts if callable(amount)]
    if not programs:
        return fixed
    return lambda values: max(fixed, *(program(values) for program in programs))


def only_if(conditions: Sequence[tuple[str, bool]], amount: Amount) -> Amount:
    """Where variables have these values, else nothing."""
    if not conditions or amount == 0:
        return amount

    def program(values: Values) -> float:
        holds = all(values.get(name) is wanted for name, wanted in conditions)
        return value_of(amount, values) if holds else 0.0

    return program
