"""From objects to their representations, equal ones once: generated code per fetch.

`requires` says which fields of the object make the representation, under type conditions. A missing
field means the representation cannot be made and the object is left out of the fetch, and so does a null
where the schema says that there is none; any other null is sent as null. Input rewrites (an interface
object's `__typename`) are part of the generated code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, assert_never

from router.executor.codegen import Source
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

Representation: TypeAlias = dict[str, Any]
LACKS: tuple[Any, Representation] = (None, {})
"""Stands for a representation that a null keeps from being made."""
Build = Callable[[dict[str, Any]], tuple[Any, Representation] | None]
"""The representation and a hashable that is equal for equal representations; None when it cannot be made."""

Gather = Callable[
    [list[dict[str, Any]], dict[Any, int], list[Representation], list[dict[str, Any]], list[int]], bool
]
"""`gather(objects, seen, representations, owners, indices)` adds representations, equal ones once.

`seen` (key → index) and the representations are shared by all paths of a request. `owners` are the objects
that have a representation, `indices` which one. Says whether a null where the schema has none kept one from
having a representation. O(objects).
"""

MISSING = object()


def compile_representations(
    requires: tuple[RequiredSelection, ...],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> Gather:
    """Generated code for every type that some condition of `requires` admits. O(types x selections)."""
    names = sorted(frozenset().union(*(_mentioned_types(selection, possible) for selection in requires)))
    source = Source(dumps=dumps)
    source.line(0, "def gather(objects, seen, representations, owners, indices):")
    source.line(1, "find, own, index = seen.get, owners.append, indices.append")
    source.line(1, "lacks = False")
    source.line(1, "for o in objects:")
    source.line(2, "t = o.get('__typename')")
    source.line(2, "if t.__class__ is not str: continue")
    for (sent, keys), types in _flat_types(names, requires, rewrites, possible).items():
        needed = frozenset(key for key in keys if any(key in possible.non_null.get(t, ()) for t in types))
        _write_flat(source, types, sent, keys, needed)
    others = {
        name: _general_builder(name, requires, rewrites, possible)
        for name in names
        if flat_keys(name, requires, rewrites, possible) is None
    }
    if others:
        _write_general(source, source.constant(others))
    source.line(1, "return lacks")
    return source.compile("gather")


def _flat_types(
    names: list[str],
    requires: tuple[RequiredSelection, ...],
    rewrites: tuple[Rewrite, ...],
    possible: PossibleTypes,
) -> dict[tuple[str | None, tuple[str, ...]], frozenset[str]]:
    """Types whose representations are made alike: sent name (None: their own) and keys → types."""
    alike: dict[tuple[str | None, tuple[str, ...]], set[str]] = {}
    for name in names:
        flat = flat_keys(name, requires, rewrites, possible)
        if flat is not None:
            sent, keys = flat
            alike.setdefault((None if sent == name else sent, keys), set()).add(name)
    return {key: frozenset(types) for key, types in alike.items()}


def flat_keys(
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


def is_mentioned(typename: str, requires: tuple[RequiredSelection, ...], possible: PossibleTypes) -> bool:
    """Whether objects of the type are asked for at all."""
    return any(True for _ in _applicable(typename, requires, possible))


def _write_flat(
    source: Source,
    types: frozenset[str],
    sent: str | None,
    keys: tuple[str, ...],
    non_null: frozenset[str],
) -> None:
    is_type = f"t == {next(iter(types))!r}" if len(types) == 1 else f"t in {source.constant(types)}"
    name = "t" if sent is None else repr(sent)
    source.line(2, f"if {is_type}:")
    if keys:
        source.line(3, "try:")
        for index, key in enumerate(keys):
            source.line(4, f"v{index} = o[{key!r}]")
        source.line(3, "except KeyError: continue")
    nulls = " or ".join(f"v{index} is None" for index, key in enumerate(keys) if key in non_null)
    if nulls:
        source.line(3, f"if {nulls}:")
        source.line(4, "lacks = True")
        source.line(4, "continue")
    items = "".join(f", {key!r}: v{index}" for index, key in enumerate(keys))
    representation = f"{{'__typename': {name}{items}}}"
    # Strings and integers identify themselves; 1, 1.0 and True are equal in Python, so the rest goes by text.
    hashable = [f"(v{i}.__class__ is str or v{i}.__class__ is int)" for i in range(len(keys))]
    values = "".join(f"v{i}, " for i in range(len(keys)))
    condition = " and ".join(hashable) or "True"
    source.line(3, f"k = ({name}, {values}) if {condition} else dumps({representation})")
    _write_add(source, representation)


def _write_general(source: Source, builders: str) -> None:
    source.line(2, f"if t in {builders}:")
    source.line(3, f"b = {builders}[t](o)")
    source.line(3, "if b is None: continue")
    source.line(3, f"if b is {source.constant(LACKS)}:")
    source.line(4, "lacks = True")
    source.line(4, "continue")
    source.line(3, "k = b[0]")
    _write_add(source, "b[1]")


def _write_add(source: Source, representation: str) -> None:
    source.line(3, "i = find(k)")
    source.line(3, "if i is None:")
    source.line(4, "i = seen[k] = len(representations)")
    source.line(4, f"representations.append({representation})")
    source.line(3, "own(o)")
    source.line(3, "index(i)")
    source.line(3, "continue")


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
    fragments = list(_applicable(typename, requires, possible))
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
                if key != "__typename":
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
    non_null, named = possible.non_null.get(own, frozenset()), possible.named.get(own, {})
    return any(
        key in non_null if value is None else _lacks(named.get(key, ""), value, possible)
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
