"""Texts that clients sent before, by their SHA-256: automatic persisted queries, in this process's memory."""

from __future__ import annotations

import sys
from typing import Protocol

from router.cache.lru import LRU

MAX_TEXTS = 1_000_000
"""The bound is in bytes; this many short ones are never reached."""

ENTRY_BYTES = 300
"""What a text takes beside its characters: its hash and its places in the map."""


class Texts(Protocol):
    """`find` may miss what was put; it never gives a text for another's hash."""

    async def find(self, hash_: str) -> str | None: ...

    async def put(self, hash_: str, text: str) -> None: ...

    async def aclose(self) -> None: ...


class MemoryTexts:
    def __init__(self, max_bytes: int) -> None:
        self._texts: LRU[str, str] = LRU(MAX_TEXTS, max_bytes)

    async def find(self, hash_: str) -> str | None:
        return self._texts.find(hash_)

    async def put(self, hash_: str, text: str) -> None:
        self._texts.put(hash_, text, sys.getsizeof(text) + ENTRY_BYTES)

    async def aclose(self) -> None:
        """What is in memory goes with the process."""
