"""The longest list among what a client gives: its literals, and the variables of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import DocumentNode, ListValueNode, Visitor, visit


def longest_literal(document: DocumentNode) -> int:
    """O(document)."""
    longest = 0

    class Lists(Visitor):
        def enter_list_value(self, node: ListValueNode, *_: Any) -> None:
            nonlocal longest
            longest = max(longest, len(node.values or ()))

    visit(document, Lists())
    return longest


def longest_list(values: Mapping[str, Any]) -> int:
    """In JSON values, at any depth. O(size of the values)."""
    longest = 0
    left: list[Iterable[Any]] = [values.values()]
    while left:
        for value in left.pop():
            if isinstance(value, list):
                longest = max(longest, len(value))
                left.append(value)
            elif isinstance(value, Mapping):
                left.append(value.values())
    return longest
