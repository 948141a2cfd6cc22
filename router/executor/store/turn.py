"""From structures to dicts."""

from __future__ import annotations

from typing import Any

import msgspec

from router.executor.code.layout import MISSING


def as_dicts(value: Any, converted: dict[int, Any]) -> Any:
    """A copy of the data as JSON values, without the fields that have none. O(data).

    `converted` gets every copy by the id of its original, which has to live as long. What was shared
    is shared in the copy.
    """
    if isinstance(value, msgspec.Struct):
        if id(value) not in converted:
            copied = converted[id(value)] = {}
            keys = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
            for name, key in keys:
                inner = getattr(value, name)
                if inner is not MISSING and inner is not msgspec.UNSET:
                    copied[key] = as_dicts(inner, converted)
        return converted[id(value)]
    if value.__class__ is list:
        if id(value) not in converted:
            converted[id(value)] = [as_dicts(element, converted) for element in value]
        return converted[id(value)]
    return value


def plain(value: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    """These fields of a structure as a dict, those that have a value."""
    attributes = value.attributes
    found = {key: getattr(value, attributes[key]) for key in keys if key in attributes}
    return {
        key: as_dicts(inner, {})
        for key, inner in found.items()
        if inner is not MISSING and inner is not msgspec.UNSET
    }


def field_of(value: Any, key: str) -> Any:
    """The value at a key of an object of either store; null when there is none."""
    if value.__class__ is dict:
        return value.get(key)
    if not isinstance(value, msgspec.Struct):
        return None
    attribute = value.attributes.get(key)  # type: ignore[attr-defined]
    inner = getattr(value, attribute) if attribute is not None else None
    return None if inner is MISSING or inner is msgspec.UNSET else inner
