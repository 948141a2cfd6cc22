"""What an object is asked for with, by its type.

`requires` says which fields of the object make the representation, under type conditions. A missing
field means the representation cannot be made and the object is left out of the fetch, and so does a null
where the schema says that there is none; any other null is sent as null. Input rewrites set the type name
that is sent (an interface object's), or change what was copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from router.executor.code.layout import MISSING
from router.executor.possible_types import PossibleTypes
from router.executor.rewrites import rewrite_value
from router.json import dumps
from router.plan import (
    KeyRenamer,
    RequiredField,
    RequiredFragment,
    RequiredSelection,
    Rewrite,
    TypeCondition,
    ValueSetter,
)
from schema.model.type_references import base_name

Representation: TypeAlias = dict[str, Any]
LACKS: tuple[Any, Representation] = (None, {})
"""Stands for a representation that a null keeps from being made."""
Build = Callable[[dict[str, Any]], tuple[Any, Representation] | None]
"""The representation and a hashable that is equal for equal representations; None when it cannot be made."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Objects of types whose representations are made alike.

    `sent` is the type name they are sent with, None for their own. `keys` are read; those in `non_null` are
    never null by the schema, and nobody reads those in `consumed` after. `build` has a function by type where
    copying them is not all there is to it; those put in the type name too.
    """

    types: frozenset[str]
    sent: str | None
    keys: tuple[str, ...]
    non_null: frozenset[str]
    consumed: frozenset[str] = frozenset()
    build: Mapping[str, Build] | None = None

    @property
    def names(self) -> frozenset[str]:
        """The type names its representations may have."""
        return self.types if self.sent is None else frozenset((self.sent,))


def kinds_of(
    names: Iterable[str],
    requires: tuple[RequiredSelection, ...],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> tuple[Kind, ...]:
    """How objects of these types are represented; nothing for types that are not asked for.

    O(types x selections).
    """
    alike: dict[tuple[str | None, tuple[str, ...]], set[str]] = {}
    others: dict[str, Build] = {}
    for name in sorted(names):
        if not any(True for _ in _applicable(name, requires, possible)):
            continue
        flat = _flat_keys(name, requires, rewrites, possible)
        if flat is None:
            others[name] = _general_builder(name, requires, rewrites, possible)
        else:
            sent, keys = flat
            alike.setdefault((None if sent == name else sent, keys), set()).add(name)
    kinds = [
        Kind(frozenset(types), sent, keys, _never_null(types, keys, possible))
        for (sent, keys), types in alike.items()
    ]
    if others:
        keys = tuple(dict.fromkeys(required_names(requires)))
        kinds.append(Kind(frozenset(others), None, keys, frozenset(), build=others))
    return tuple(kinds)


def required_names(selections: Iterable[RequiredSelection]) -> Iterator[str]:
    """The fields of the object itself, under whatever conditions."""
    for selection in selections:
        if isinstance(selection, RequiredField):
            if selection.name != "__typename":
                yield selection.name
        else:
            yield from required_names(selection.selections)


def _never_null(types: Iterable[str], keys: tuple[str, ...], possible: PossibleTypes) -> frozenset[str]:
    return frozenset(key for key in keys if any(key in possible.non_null.get(name, ()) for name in types))


def mentioned_types(requires: Iterable[RequiredSelection], possible: PossibleTypes) -> frozenset[str]:
    """The types that some condition admits."""
    return frozenset().union(*(_mentioned_types(selection, possible) for selection in requires))


def _flat_keys(
    typename: str,
    requires: tuple[RequiredSelection, ...],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> tuple[str, tuple[str, ...]] | None:
    """The name to send and the keys to copy, when that is all there is to it."""
    fragments = list(_applicable(typename, requires, possible))
    sent, others = _split_rewrites(typename, rewrites, possible)
    if len(fragments) != 1 or others or any(field.selections for field in fragments[0]):
        return None
    keys = dict.fromkeys(field.name for field in fragments[0] if field.name != "__typename")
    return sent, tuple(keys)


def _mentioned_types(selection: RequiredSelection, possible: PossibleTypes) -> frozenset[str]:
    if isinstance(selection, RequiredFragment) and selection.type_condition is not None:
        return possible.matching(selection.type_condition)
    return possible.objects


def _applicable(
    typename: str, selections: tuple[RequiredSelection, ...], possible: PossibleTypes
) -> Iterable[tuple[RequiredField, ...]]:
    """The groups of fields this type has to give: one per fragment, complete or not at all."""
    own = tuple(selection for selection in selections if isinstance(selection, RequiredField))
    if own:
        yield own
    for selection in selections:
        match selection:
            case RequiredField():
                pass
            case RequiredFragment(type_condition, inner):
                if type_condition is None or typename in possible.matching(type_condition):
                    yield from _applicable(typename, inner, possible)
            case _:
                assert_never(selection)


def _split_rewrites(
    typename: str, rewrites: tuple[Rewrite, ...], possible: PossibleTypes
) -> tuple[str, tuple[Rewrite, ...]]:
    """The `__typename` to send, and the rewrites that are not about it."""
    sent = typename
    others: list[Rewrite] = []
    for rewrite in rewrites:
        match rewrite:
            case ValueSetter((TypeCondition(types), "__typename"), value):
                if typename in possible.matching_any(types):
                    sent = value
            case ValueSetter(("__typename",), value):
                sent = value
            case ValueSetter() | KeyRenamer():
                others.append(rewrite)
            case _:
                assert_never(rewrite)
    return sent, tuple(others)


def _general_builder(
    typename: str,
    requires: tuple[RequiredSelection, ...],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> Build:
    # The name is the type's own, whether the object tells it or not.
    fragments = [
        tuple(field for field in fields if field.name != "__typename")
        for fields in _applicable(typename, requires, possible)
    ]
    sent, others = _split_rewrites(typename, rewrites, possible)

    def build(obj: dict[str, Any]) -> tuple[Any, Representation] | None:
        parts = [
            part for fragment in fragments if (part := _copy_fields(obj, fragment, possible)) is not None
        ]
        if not parts:
            return None
        if any(_lacks(typename, part, possible) for part in parts):
            return LACKS
        representation: Representation = {"__typename": typename}
        for part in parts:
            for key, value in part.items():
                _merge_copied(representation, key, value)
        for rewrite in others:
            rewrite_value(representation, rewrite, possible)
        # Last: the conditions of the other rewrites are about the object's own type.
        representation["__typename"] = sent
        return dumps(representation), representation

    return build


def _lacks(typename: str, copied: Any, possible: PossibleTypes) -> bool:
    """A null, here or deeper, where the schema says that there is none."""
    if isinstance(copied, list):
        return any(_lacks(typename, element, possible) for element in copied)
    if not isinstance(copied, dict):
        return False
    own = copied.get("__typename", typename)
    own = own if isinstance(own, str) else typename
    non_null, types = possible.non_null.get(own, frozenset()), possible.fields.get(own, {})
    return any(
        key in non_null if value is None else _lacks(base_name(types.get(key, "")), value, possible)
        for key, value in copied.items()
    )


def _merge_copied(target: dict[str, Any], key: str, value: Any) -> None:
    existing = target.get(key)
    if isinstance(existing, dict) and isinstance(value, dict):
        for inner_key, inner in value.items():
            _merge_copied(existing, inner_key, inner)
    elif isinstance(existing, list) and isinstance(value, list) and len(existing) == len(value):
        for index, (old, new) in enumerate(zip(existing, value, strict=True)):
            if isinstance(old, dict) and isinstance(new, dict):
                for inner_key, inner in new.items():
                    _merge_copied(old, inner_key, inner)
            else:
                existing[index] = new
    else:
        target[key] = value


def _copy_fields(
    obj: dict[str, Any], fields: tuple[RequiredField, ...], possible: PossibleTypes
) -> dict[str, Any] | None:
    """The fields of one fragment, or None when the object lacks one."""
    copied: dict[str, Any] = {}
    for field in fields:
        value = obj.get(field.name, MISSING)
        if value is MISSING:
            return None
        copied[field.name] = _copy_value(value, field.selections, possible) if field.selections else value
    return copied


def _copy_value(value: Any, selections: tuple[RequiredSelection, ...], possible: PossibleTypes) -> Any:
    if isinstance(value, list):
        return [_copy_value(element, selections, possible) for element in value]
    if not isinstance(value, dict):
        return None
    copied: dict[str, Any] = {}
    complete = True
    for fields in _applicable(value.get("__typename", ""), selections, possible):
        part = _copy_fields(value, fields, possible)
        if part is None:
            complete = False
            continue
        for key, inner in part.items():
            _merge_copied(copied, key, inner)
    return copied if complete or copied else None
