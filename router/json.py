"""JSON both ways: exact for integers of any size.

`msgspec` decodes as fast as `orjson` and keeps integers beyond 64 bits exact, where `orjson` turns them
into floats; `orjson` encodes faster but refuses them, so `msgspec` encodes what `orjson` will not.
"""

from __future__ import annotations

from typing import Any

import msgspec
import orjson

loads = msgspec.json.Decoder().decode
encode_struct = msgspec.json.Encoder().encode

JSONDecodeError = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What `loads` raises for a text that is not JSON, or nests deeper than the decoder goes."""


def dumps(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        return encode_struct(value)


def clone(value: Any) -> Any:
    """A copy of the containers of a JSON value, so that one copy can change without the other."""
    if value.__class__ is dict:
        return {key: clone(child) for key, child in value.items()}
    if value.__class__ is list:
        return [clone(child) for child in value]
    return value
