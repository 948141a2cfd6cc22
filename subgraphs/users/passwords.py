"""Passwords: Argon2id, off the event loop, a few at a time (each takes tens of megabytes)."""

from __future__ import annotations

import asyncio
import os
from typing import Protocol

import argon2

from subgraphs.kit.config import PasswordCost


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
        self._slots = asyncio.Semaphore(os.cpu_count() or 1)

    async def hash(self, password: str) -> str:
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        async with self._slots:
            matches = await asyncio.to_thread(self._matches, password_hash or self._nobodys, password)
        return matches and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password.encode(errors="replace"))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
