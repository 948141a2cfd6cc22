"""Taking @fromContext(field: "$context { selection }") apart."""

from __future__ import annotations

import re

from schema.language.values import Value

_IGNORED = r"(?:[\n\r\t ,]|#[^\n\r]*(?=[\n\r]|\Z))*"
_CONTEXT = re.compile(rf"{_IGNORED}\${_IGNORED}([A-Za-z_][0-9A-Za-z_]*)(.*)", re.DOTALL)


def split_context(field: Value) -> tuple[str, str]:
    """The context's name and the selection on it; two empty texts when none is named."""
    match = _CONTEXT.fullmatch(field) if isinstance(field, str) else None
    return (match[1], match[2]) if match else ("", "")
