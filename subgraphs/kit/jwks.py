"""The public keys that tokens are checked with: a JSON Web Key Set from a file or a URL, kept and refreshed.

A token signed with a key we have not seen makes us look again, but not more often than every `RETRY_SECONDS`:
a stream of tokens with made-up key ids must not become a stream of requests.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import jwt

RETRY_SECONDS = 10.0
KEEP_SECONDS = 300.0
FETCH_SECONDS = 5.0


class KeysUnavailable(Exception):
    """The key set cannot be read; tokens cannot be checked."""


class KeySource(Protocol):
    """Where a key set's text comes from."""

    async def read(self) -> str:
        """Raises KeysUnavailable."""
        ...


class FileKeys:
    """A file, written by the users subgraph or put there by whoever runs us."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> str:
        try:
            return await asyncio.to_thread(self._path.read_text)
        except OSError as error:
            raise KeysUnavailable(f"{self._path}: {error.strerror}") from error


class UrlKeys:
    """A URL, such as the users subgraph's /.well-known/jwks.json."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def read(self) -> str:
        import httpx2 as httpx

        try:
            async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client:
                response = await client.get(self._url)
                response.raise_for_status()
                return response.text
        except httpx.HTTPError as error:
            raise KeysUnavailable(f"{self._url}: {error}") from error


def key_source(location: str) -> KeySource:
    return UrlKeys(location) if location.startswith(("http://", "https://")) else FileKeys(Path(location))


class KeySet:
    """Keys by id, read from a source when needed."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def find(self, key_id: str) -> jwt.PyJWK | None:
        """The key, or None when the set has no such key. Raises KeysUnavailable if there is no set to look
        in.
        """
        if self._age() > KEEP_SECONDS or (key_id not in self._keys and self._age() > RETRY_SECONDS):
            async with self._reading:
                if self._age() > RETRY_SECONDS or not self._keys:
                    await self._refresh()
        return self._keys.get(key_id)

    def _age(self) -> float:
        return time.monotonic() - self._read_at

    async def _refresh(self) -> None:
        """A source that fails keeps the keys we have; with none, the failure is told."""
        try:
            self._keys = _parse(await self._source.read())
            self._read_at = time.monotonic()
        except KeysUnavailable:
            if not self._keys:
                raise
            self._read_at = time.monotonic() - KEEP_SECONDS + RETRY_SECONDS


def _parse(text: str) -> Mapping[str, jwt.PyJWK]:
    try:
        keys = jwt.PyJWKSet.from_json(text).keys
    except (jwt.PyJWKSetError, jwt.PyJWKError, json.JSONDecodeError, AttributeError, TypeError) as error:
        raise KeysUnavailable(f"not a JSON Web Key Set: {error}") from error
    return {key.key_id: key for key in keys if key.key_id is not None and key.key_type != "oct"}
