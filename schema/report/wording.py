"""Lists in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def subgraphs(names: Sequence[str]) -> str:
    """`subgraph "a"`, `subgraphs "a" and "b"`."""
    quoted = [f'"{name}"' for name in names]
    return f"subgraph{'s' if len(names) > 1 else ''} {listed(quoted)}"
