"""Merging what subgraphs answered into the data gathered so far."""

from __future__ import annotations

from typing import Any

from router.executor.selection import KeyTree


def keep_asked(answered: Any, tree: KeyTree, *, deeply: bool) -> None:
    """Takes out of an object what its fetch did not ask for: another fetch's key, or a type name.

    `deeply` also out of the objects inside, needed where those are merged with another fetch's; elsewhere
    they are this fetch's own. O(keys), `deeply` O(size of `answered`).
    """
    if answered.__class__ is list:
        for element in answered:
            keep_asked(element, tree, deeply=deeply)
    elif answered.__class__ is dict:
        if not answered.keys() <= tree.children.keys():
            for key in answered.keys() - tree.children.keys():
                del answered[key]
        for key in answered if deeply else ():
            if tree.children[key].children:  # Without any it is a value, a JSON object perhaps.
                keep_asked(answered[key], tree.children[key], deeply=True)


def deep_merge(target: dict[str, Any], source: dict[str, Any], object_types: frozenset[str]) -> None:
    """Merges objects key by key and lists element by element.

    Null never replaces a value: of two subgraphs asked for one field, the one that failed must not
    take away what the other gave. Nor does an interface's name replace an object type's: a subgraph with an
    `@interfaceObject` knows no better. O(size of `source`).
    """
    for key, value in source.items():
        existing = target.get(key)
        if existing is None:
            target[key] = value
        elif key == "__typename" and _is_known(existing, object_types) and not _is_known(value, object_types):
            continue
        elif value is not None:
            target[key] = _merged(existing, value, object_types)


def shallow_merge(target: dict[str, Any], source: dict[str, Any], object_types: frozenset[str]) -> None:
    """Where nothing else writes the keys. An object type's name stays as in `deep_merge`. O(keys)."""
    known = target.get("__typename")
    target.update(source)
    if (
        known is not None
        and _is_known(known, object_types)
        and not _is_known(target["__typename"], object_types)
    ):
        target["__typename"] = known


def _merged(existing: Any, value: Any, object_types: frozenset[str]) -> Any:
    if isinstance(existing, dict) and isinstance(value, dict):
        deep_merge(existing, value, object_types)
        return existing
    if isinstance(existing, list) and isinstance(value, list) and len(existing) == len(value):
        return [
            new if old is None else old if new is None else _merged(old, new, object_types)
            for old, new in zip(existing, value, strict=True)
        ]
    return value


def _is_known(typename: Any, object_types: frozenset[str]) -> bool:
    """A subgraph may answer anything, even a list."""
    return typename.__class__ is str and typename in object_types
