"""From an object to its representation: a generated function per concrete type.

`requires` says which fields of the object make the representation, under type conditions. A missing
field means the representation cannot be made and the object is left out of the fetch; a null is sent
as null. Input rewrites (an interface object's `__typename`) are part of the generated code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from router.executor.codegen import Source
from router.executor.possible_types import PossibleTypes
from router.executor.rewrites import TYPE_CONDITION, rewrite_value
from router.json import dumps
from router.plan import KeyRenamer, RequiredField, RequiredFragment, RequiredSelection, Rewrite, ValueSetter

Representation: TypeAlias = dict[str, Any]
Build = Callable[[dict[str, Any]], tuple[Any, Representation] | None]
"""The representation and a hashable that is equal for equal representations."""

MISSING = object()


@dataclass(frozen=True, slots=True)
class RepresentationBuilder:
    """`by_type` maps a `__typename` to its generated function."""

    by_type: dict[str, Build]

    def gather(
        self,
        objects: Iterable[dict[str, Any]],
        seen: dict[Any, int],
        representations: list[Representation],
        groups: list[list[dict[str, Any]]],
    ) -> None:
        """Appends the representations of `objects`, equal ones once; `groups[i]` are the objects of the i-th.

        O(objects). The three collections are the caller's, so that several paths can share them.
        """
        by_type = self.by_type
        for obj in objects:
            build = by_type.get(obj.get("__typename", ""))
            if build is None:
                continue
            built = build(obj)
            if built is None:
                continue
            key, representation = built
            index = seen.get(key)
            if index is None:
                seen[key] = len(representations)
                representations.append(representation)
                groups.append([obj])
            else:
                groups[index].append(obj)


def compile_representations(
    requires: tuple[RequiredSelection, ...],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> RepresentationBuilder:
    """One function per type that some condition of `requires` admits. O(types x selections)."""
    names = frozenset().union(*(_mentioned_types(selection, possible) for selection in requires))
    return RepresentationBuilder({name: _compile_type(name, requires, rewrites, possible) for name in names})


def _mentioned_types(selection: RequiredSelection, possible: PossibleTypes) -> frozenset[str]:
    if isinstance(selection, RequiredFragment) and selection.type_condition is not None:
        return possible.matching(selection.type_condition)
    return possible.objects


def _compile_type(
    typename: str,
    requires: tuple[RequiredSelection, ...],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> Build:
    fragments = list(_applicable(typename, requires, possible))
    sent_typename, others = _split_rewrites(typename, rewrites, possible)
    keys = list(dict.fromkeys(field.name for fragment in fragments for field in fragment))
    is_flat = len(fragments) == 1 and not others and not any(field.selections for field in fragments[0])
    if is_flat:
        return _compile_flat(sent_typename, [key for key in keys if key != "__typename"])
    return _general_builder(sent_typename, fragments, others, possible)


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
            case ValueSetter((condition, "__typename"), value) if condition.startswith(TYPE_CONDITION):
                if typename in possible.matching(condition.removeprefix(TYPE_CONDITION)):
                    sent = value
            case ValueSetter(("__typename",), value):
                sent = value
            case ValueSetter() | KeyRenamer():
                others.append(rewrite)
            case _:
                assert_never(rewrite)
    return sent, tuple(others)


def _compile_flat(typename: str, keys: list[str]) -> Build:
    source = Source(dumps=dumps)
    source.line(0, "def build(o):")
    source.line(1, "try:")
    for index, key in enumerate(keys):
        source.line(2, f"v{index} = o[{key!r}]")
    source.line(2, "pass")
    source.line(1, "except KeyError:")
    source.line(2, "return None")
    items = "".join(f", {key!r}: v{index}" for index, key in enumerate(keys))
    source.line(1, f"r = {{'__typename': {typename!r}{items}}}")
    # Strings and integers identify themselves; 1, 1.0 and True are equal in Python, so the rest goes by text.
    hashable = [f"(v{i}.__class__ is str or v{i}.__class__ is int)" for i in range(len(keys))]
    values = "".join(f"v{i}, " for i in range(len(keys)))
    source.line(
        1, f"return (({typename!r}, {values}) if {' and '.join(hashable) or 'True'} else dumps(r)), r"
    )
    return source.compile("build")


def _general_builder(
    typename: str,
    fragments: list[tuple[RequiredField, ...]],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> Build:
    def build(obj: dict[str, Any]) -> tuple[Any, Representation] | None:
        parts = [
            part for fragment in fragments if (part := _copy_fields(obj, fragment, possible)) is not None
        ]
        if not parts:
            return None
        representation: Representation = {"__typename": typename}
        for part in parts:
            for key, value in part.items():
                if key != "__typename":
                    _merge_copied(representation, key, value)
        for rewrite in rewrites:
            rewrite_value(representation, rewrite, possible)
        return dumps(representation), representation

    return build


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
