"""Rewrites of the plan, applied to JSON values in place.

Input rewrites change a representation, output rewrites what a subgraph answered: a field asked for under
an alias because of a conflict gets its own name back. Context rewrites read a value from above an object.
"""

from __future__ import annotations

from typing import Any, assert_never

from router.executor.possible_types import PossibleTypes
from router.executor.store.turn import field_of
from router.plan import KeyRenamer, Path, Rewrite, TypeCondition, ValueSetter


def rewrite_value(value: Any, rewrite: Rewrite, possible: PossibleTypes) -> None:
    """Applies a rewrite in place, following type conditions and mapping over lists."""
    _rewrite_at(value, rewrite.path, rewrite, possible)


def _rewrite_at(value: Any, path: Path, rewrite: Rewrite, possible: PossibleTypes) -> None:
    if isinstance(value, list):
        for element in value:
            _rewrite_at(element, path, rewrite, possible)
        return
    if not isinstance(value, dict):
        return
    head, rest = path[0], path[1:]
    if isinstance(head, TypeCondition):
        # An entity often comes without __typename. Renaming is safe then: only that type has the alias.
        typename = value.get("__typename")
        unknown = typename is None and isinstance(rewrite, KeyRenamer)
        if unknown or _matches(typename, head, possible):
            _rewrite_at(value, rest, rewrite, possible)
    elif rest:
        _rewrite_at(value.get(head), rest, rewrite, possible)
    elif head in value or isinstance(rewrite, ValueSetter):
        match rewrite:
            case ValueSetter(_, constant):
                value[head] = constant
            case KeyRenamer(_, rename_to):
                value[rename_to] = value.pop(head)
            case _:
                assert_never(rewrite)


def value_at(value: Any, path: Path, possible: PossibleTypes) -> Any:
    """The value below an object of either store, type conditions followed and lists mapped over.

    Null when nothing is there.
    """
    if not path:
        return value
    if isinstance(value, list):
        return [value_at(element, path, possible) for element in value]
    head, rest = path[0], path[1:]
    if isinstance(head, TypeCondition):
        if _matches(field_of(value, "__typename"), head, possible):
            return value_at(value, rest, possible)
        return None
    return value_at(field_of(value, head), rest, possible) if isinstance(head, str) else None


def _matches(typename: Any, condition: TypeCondition, possible: PossibleTypes) -> bool:
    """A subgraph may have answered anything as a type name, even what is no key of a set."""
    return isinstance(typename, str) and typename in possible.matching_any(condition.types)
