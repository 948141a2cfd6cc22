"""From structures to dicts: where the careful way takes over."""

from __future__ import annotations

from typing import Any

import msgspec


class Missing:
    """The value of a field that no fetch has answered yet. It cannot be encoded, so none is overlooked."""

    __slots__ = ()


MISSING = Missing()


def as_dicts(value: Any, converted: dict[int, Any]) -> Any:
    """A copy of the data as JSON values, without the fields that have none. O(data).

    `converted` gets every copy by the id of its original, which has to live as long. What was shared
    is shared in the copy, and a step that waits for its subgraph finds the dicts of the objects it asked for.
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
