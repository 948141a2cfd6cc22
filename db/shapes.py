"""What of a statement's arguments belongs to its shape, and what are values (db/statements.py).

    taken(arguments, shape, values)     told apart, appended in their order
    placed(names, arguments)            the arguments, a placeholder for every value, and the values' names

Arguments of one shape have their values in the same order, so a value is known by its place. How arguments of
some types are told apart is planned once; from then on they are picked out in C.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam

Several = tuple[Any, ...]
Parts = Callable[[Any], Several]


class OfTheShape:
    """A dataclass of which there are few: it belongs to the shape as an enum's member does."""

    __slots__ = ()


STATIC = (type(None), bool, Enum, type, frozenset, OfTheShape)


class Kind(Enum):
    STATIC = 1
    EXPRESSION = 2
    FIELDS = 3
    ENTRIES = 4
    """A tuple that is a field; one that is an argument is an array."""
    VALUE = 5


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How arguments of some kinds are told apart: one object for all that are of these kinds, which belongs
    to the shape.
    """

    statics: Parts | None
    values: Parts | None
    value_places: Sequence[int]
    nested: Sequence[tuple[int, Kind, Parts]]


def taken(arguments: Several, shape: list[Any], values: list[Any], *, are_fields: bool = False) -> None:
    """O(size of the arguments)."""
    types = tuple(map(type, arguments))
    plan = (_FIELD_PLANS if are_fields else _PLANS).get(types) or _planned(types, are_fields)
    shape.append(plan)
    if plan.statics is not None:
        shape += plan.statics(arguments)
    if plan.values is not None:
        values += plan.values(arguments)
    for at, kind, parts in plan.nested:
        if kind is _EXPRESSION:
            shape.append(id(arguments[at]))
        else:
            taken(parts(arguments[at]), shape, values, are_fields=kind is _FIELDS)


def placed(
    names: Sequence[str], arguments: Several, *, are_fields: bool = False
) -> tuple[list[Any], list[str]]:
    """And what the values are called, in the order in which `taken` takes them."""
    plan, made, called = _planned(tuple(map(type, arguments)), are_fields), list(arguments), list[str]()
    for at in plan.value_places:
        made[at] = bindparam(names[at])
        called.append(names[at])
    for at, kind, parts in plan.nested:
        if kind is not Kind.EXPRESSION:
            made[at], inside = _placed_inside(names[at], arguments[at], kind, parts)
            called += inside
    return made, called


def _placed_inside(name: str, argument: Any, kind: Kind, parts: Parts) -> tuple[Any, list[str]]:
    if kind is Kind.ENTRIES:
        made, called = placed([f"{name}_{at}" for at in range(len(argument))], argument)
        return tuple(made), called
    names = _names(type(argument))
    made, called = placed([f"{name}_{each}" for each in names], parts(argument), are_fields=True)
    return type(argument)(**dict(zip(names, made, strict=True))), called


_PLANS: dict[tuple[type, ...], Plan] = {}
_FIELD_PLANS: dict[tuple[type, ...], Plan] = {}
_OF_KINDS: dict[tuple[object, ...], Plan] = {}
_EXPRESSION, _FIELDS = Kind.EXPRESSION, Kind.FIELDS


def _planned(types: tuple[type, ...], are_fields: bool) -> Plan:
    kinds = [_classify(each, are_fields) for each in types]
    alike = tuple(each if kind is Kind.FIELDS else kind for each, kind in zip(types, kinds, strict=True))
    plan = _OF_KINDS.get(alike)
    if plan is None:
        at = {kind: [place for place, each in enumerate(kinds) if each is kind] for kind in Kind}
        others = sorted(at[Kind.FIELDS] + at[Kind.ENTRIES] + at[Kind.EXPRESSION])
        nested = [(place, kinds[place], _parts(types[place], kinds[place])) for place in others]
        plan = Plan(_picked(at[Kind.STATIC]), _picked(at[Kind.VALUE]), at[Kind.VALUE], nested)
        _OF_KINDS[alike] = plan
    return (_FIELD_PLANS if are_fields else _PLANS).setdefault(types, plan)


def _classify(kind: type, is_field: bool) -> Kind:
    if issubclass(kind, ColumnElement | Table):
        return Kind.EXPRESSION
    if issubclass(kind, STATIC):
        return Kind.STATIC
    if is_dataclass(kind):
        return Kind.FIELDS
    return Kind.ENTRIES if kind is tuple and is_field else Kind.VALUE


def _parts(kind: type, known: Kind) -> Parts:
    names = _names(kind) if known is Kind.FIELDS else []
    if len(names) == 1:
        only = attrgetter(*names)
        return lambda value: (only(value),)
    return attrgetter(*names) if names else tuple


def _picked(places: Sequence[int]) -> Parts | None:
    if len(places) > 1:
        return itemgetter(*places)
    return itemgetter(slice(places[0], places[0] + 1)) if places else None


def _names(kind: Any) -> list[str]:
    return [each.name for each in fields(kind) if each.init]
