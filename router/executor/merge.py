"""Merging what subgraphs answered into the data gathered so far."""

from __future__ import annotations

from typing import Any


def deep_merge(target: dict[str, Any], source: dict[str, Any]) -> None:
    """Merges objects key by key and lists element by element.

    Null never replaces a value: of two subgraphs asked for one field, the one that failed must not
    take away what the other gave. O(size of `source`).
    """
    for key, value in source.items():
        existing = target.get(key)
        if existing is None:
            target[key] = value
        elif value is not None:
            target[key] = _merged(existing, value)


def _merged(existing: Any, value: Any) -> Any:
    if isinstance(existing, dict) and isinstance(value, dict):
        deep_merge(existing, value)
        return existing
    if isinstance(existing, list) and isinstance(value, list) and len(existing) == len(value):
        return [
            new if old is None else old if new is None else _merged(old, new)
            for old, new in zip(existing, value, strict=True)
        ]
    return value
