"""@skip and @include as sets of (variable, wanted value), and what follows from such sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from graphql import BooleanValueNode, DirectiveNode, ValueNode, VariableNode

from router.operation.model import Conditions


def known_value(value: ValueNode | None, values: Mapping[str, object]) -> bool | None:
    """The value of a condition, when it is known before the operation runs."""
    if isinstance(value, BooleanValueNode):
        return value.value
    given = values.get(value.name.value) if isinstance(value, VariableNode) else None
    return given if isinstance(given, bool) else None


def exclude(first: Conditions, second: Conditions) -> bool:
    """Can they never hold together?"""
    return any((name, not wanted) in second for name, wanted in first)


def without(whole: Conditions, part: Conditions) -> list[Conditions]:
    """Where `whole` holds and `part` does not, as conditions that exclude one another."""
    if exclude(whole, part):
        return [whole]
    found: list[Conditions] = []
    for name, wanted in sorted(part - whole):
        found.append(whole | {(name, not wanted)})
        whole = whole | {(name, wanted)}
    return found


CONDITIONAL: Final = frozenset({"skip", "include", "defer"})


def add_conditions(
    directives: Iterable[DirectiveNode], inherited: Conditions, values: Mapping[str, object]
) -> Conditions | None:
    """The conditions with those of @skip and @include added; None when they can never hold."""
    conditions = inherited
    for directive in directives:
        name = directive.name.value
        if name not in ("skip", "include"):
            continue
        wanted = name == "include"
        for argument in directive.arguments or ():
            if argument.name.value != "if":
                continue
            known = known_value(argument.value, values)
            if known is not None:
                if known != wanted:
                    return None
            elif isinstance(argument.value, VariableNode):
                condition = (argument.value.name.value, wanted)
                if (condition[0], not wanted) in conditions:
                    return None
                conditions = conditions | {condition}
    return conditions
