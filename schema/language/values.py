"""Constant values: Python's own, with one class for enum values.

    null → None, Int → int, Float → float, String → str, Boolean → bool, list → list, input object → dict,
    enum value → EnumLiteral

Enum values compare equal to strings of the same text: whether `A` or `"A"` was meant is decided by the type
of the place a value stands in (`schema.model.values`), as GraphQL leaves it for custom scalars.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Value: TypeAlias = int | float | str | bool | list["Value"] | dict[str, "Value"] | None


class EnumLiteral(str):
    """An enum value as written: a bare name."""

    __slots__ = ()


_ESCAPE = re.compile(r'\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|(["\\/bfnrt])|(.?))', re.DOTALL)
_SIMPLE = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_string(token: str) -> str:
    """The text a string token stands for. Raises ValueError on an escape GraphQL does not have."""
    if token.startswith('"""') and len(token) >= 6:
        text = _dedent(token[3:-3].replace('\\"""', '"""'))
    else:
        text = token[1:-1]
        if "\\" in text:
            text = _ESCAPE.sub(_unescape, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _SURROGATE.search(text):
        raise ValueError("half of a surrogate pair is not a character")
    return text


def _unescape(match: re.Match[str]) -> str:
    braced, fixed, simple, unknown = match.groups()
    if simple:
        return _SIMPLE[simple]
    code = int(braced or fixed, 16) if (braced or fixed) and len(braced or fixed) <= 8 else -1
    if not 0 <= code <= 0x10FFFF:
        raise ValueError(f"invalid escape sequence \\{unknown or 'u'}")
    return chr(code)


def _dedent(raw: str) -> str:
    """A block string's value: common indentation and blank first and last lines removed (GraphQL 2.9.4)."""
    lines = re.split(r"\r\n|\n|\r", raw)
    indents = [len(line) - len(line.lstrip(" \t")) for line in lines[1:] if line.strip(" \t")]
    common = min(indents, default=0)
    lines = [lines[0], *(line[common:] for line in lines[1:])]
    filled = [number for number, line in enumerate(lines) if line.strip(" \t")]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""
