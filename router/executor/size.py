"""How large an answer becomes. Objects that fetches share stand in it once for every place they have.

A short operation that goes back and forth between types multiplies its places at every level, while its data
stays small because it is shared. Encoding is what would take the time and the memory, in one piece that
nothing interrupts, so the size is known before.
"""

from __future__ import annotations

from typing import Any

import msgspec

PER_VALUE = 8
"""Bytes for a key's quotes, colon and comma, or for a number."""


def encoded_size(data: Any) -> int:
    """About the bytes that encoding takes. O(values that are stored), however often they are shared."""
    return _size(data, {})


def _size(value: Any, known: dict[int, int]) -> int:
    kind = value.__class__
    if kind is str:
        return len(value) + PER_VALUE
    if kind is not dict and kind is not list and not isinstance(value, msgspec.Struct):
        return PER_VALUE
    size = known.get(id(value))
    if size is None:
        if kind is dict:
            size = sum(len(key) + PER_VALUE + _size(inner, known) for key, inner in value.items())
        elif kind is list:
            size = sum(_size(inner, known) for inner in value)
        else:
            keys = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
            size = sum(len(key) + PER_VALUE + _size(getattr(value, name), known) for name, key in keys)
        known[id(value)] = size
    return size
