"""How large an answer becomes. Objects that fetches share stand in it once for every place they have.

A short operation that goes back and forth between types multiplies its places at every level, while its data
stays small because it is shared. Encoding is what would take the time and the memory, in one piece that
nothing interrupts, so the size is known before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

PLAIN = frozenset({int, float, bool, type(None)})
PER_VALUE = 8
"""Bytes for a key's quotes, colon and comma, or for a number."""


def encoded_size(data: Any) -> int:
    """About the bytes that encoding takes. O(values that are stored), however often they are shared."""
    return _size(data, {})


def _size(value: Any, known: dict[int, int]) -> int:
    kind = value.__class__
    if kind is str:
        return len(value) + PER_VALUE
    if kind in PLAIN or (kind is not dict and kind is not list and not isinstance(value, msgspec.Struct)):
        return PER_VALUE
    size = known.get(id(value))
    if size is None:
        size = 0
        if kind is list:
            for inner in value:
                size += _size(inner, known)
        else:
            for key, inner in _fields(value, kind):  # most are texts: a call for each would be half of it
                size += len(key) + PER_VALUE
                size += len(inner) + PER_VALUE if inner.__class__ is str else _size(inner, known)
        known[id(value)] = size
    return size


def _fields(value: Any, kind: type) -> Iterable[tuple[str, Any]]:
    if kind is dict:
        fields: Iterable[tuple[str, Any]] = value.items()
        return fields
    names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
    return [(key, getattr(value, name)) for name, key in names]
