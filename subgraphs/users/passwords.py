"""Passwords: Argon2id, off the event loop, a few at a time (each takes tens of megabytes).

A bounded number waits for its turn; who comes when that many do hears RATE_LIMITED at once instead of
waiting in a line that only grows.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import argon2

from subgraphs.kit.config import PasswordCost
from subgraphs.kit.rate_limit import RateLimited

WAITING_PER_SLOT = 8
"""About half a second of work each."""
BUSY_SECONDS = 2


class PasswordHasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """With None (no such user) it works as long as for a real hash, and is False."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Made with other parameters than today's."""
        ...


class Argon2PasswordHasher:
    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = argon2.PasswordHasher(cost.time, cost.memory_kib, cost.lanes)
        self._nobodys = self._hasher.hash(os.urandom(16).hex())
        slots = os.cpu_count() or 1
        self._slots = asyncio.Semaphore(slots)
        self._most = slots * (1 + WAITING_PER_SLOT)
        self._present = 0

    async def hash(self, password: str) -> str:
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        async with self._turn():
            matches = await asyncio.to_thread(self._matches, password_hash or self._nobodys, password)
        return matches and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Raises RateLimited when too many wait already."""
        if self._present >= self._most:
            raise RateLimited(BUSY_SECONDS)
        self._present += 1
        try:
            async with self._slots:
                yield
        finally:
            self._present -= 1

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password.encode(errors="replace"))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
