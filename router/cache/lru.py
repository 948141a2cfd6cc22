"""A map bounded in entries and in weight that forgets what was used longest ago."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LRU(Generic[K, V]):
    """O(1) per operation: a dict keeps insertion order, and a hit moves its entry to the end.

    `weight` is what the entries take together, in the unit of `max_weight` (bytes, say). A value heavier
    than all of it is not kept.
    """

    __slots__ = ("_entries", "_weights", "capacity", "max_weight", "weight")

    def __init__(self, capacity: int, max_weight: float = float("inf")) -> None:
        self.capacity = capacity
        self.max_weight = max_weight
        self.weight = 0
        self._entries: dict[K, V] = {}
        self._weights: dict[K, int] = {}

    def find(self, key: K) -> V | None:
        entries = self._entries
        value = entries.pop(key, None)
        if value is not None:
            entries[key] = value
        return value

    def put(self, key: K, value: V, weight: int = 0) -> int:
        """The weight of what had to go for it."""
        self.remove(key)
        if weight > self.max_weight:
            return weight
        before = self.weight
        self._entries[key] = value
        self._weights[key] = weight
        self.weight += weight
        while len(self._entries) > self.capacity or self.weight > self.max_weight:
            self.remove(next(iter(self._entries)))
        return before + weight - self.weight

    def remove(self, key: K) -> None:
        if self._entries.pop(key, None) is not None:
            self.weight -= self._weights.pop(key)

    def clear(self) -> None:
        self._entries.clear()
        self._weights.clear()
        self.weight = 0

    def values(self) -> list[V]:
        """All of them, used longest ago first."""
        return list(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
