"""Keys that tokens are verified with: a JSON Web Key Set from a URL, a file or the caller's own function.

Keys are read when first needed and again when they are old. A key id that is not there asks for the set
again, because keys rotate, but only so often: made-up ids must not become requests to the issuer.

The subgraphs check their tokens with this key set too (`subgraphs/kit/jwks.py`, docs/decisions/0024), so it
imports little.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx2 as httpx
import jwt

from router.cache.single_flight import SingleFlight
from router.errors import RequestError
from router.json import JSONDecodeError, loads

logger = logging.getLogger(__name__)

ReadKeySet = Callable[[], Awaitable[Mapping[str, Any]]]
"""The key set as JSON: `{"keys": […]}`."""

FETCH_SECONDS = 5.0
PATIENCE_SECONDS = 0.5
"""For a set that is only read again; then the keys known so far are used, and the reading goes on."""
REFRESH_SECONDS = 300.0
MIN_REFETCH_SECONDS = 10.0


class KeysUnavailable(RequestError):
    """No key set has ever been read, so no token can be judged."""

    code = "AUTHENTICATION_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("The token cannot be verified at the moment.", status=503)


class KeySet:
    """Times are in seconds of `clock`."""

    def __init__(
        self,
        read: ReadKeySet,
        *,
        refresh: float = REFRESH_SECONDS,
        min_refetch: float = MIN_REFETCH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._refresh = refresh
        self._min_refetch = min_refetch
        self._clock = clock
        self._keys: tuple[jwt.PyJWK, ...] = ()
        self._text: Any = None
        self.generation = 0
        """Another number whenever the keys have become others: what was verified by them has to be again."""
        self._tried_at: float | None = None
        self._old_at = -math.inf
        self._was_read = False
        self._refreshing: asyncio.Future[None] | None = None
        self._reading: SingleFlight[str, None] = SingleFlight()

    @property
    def is_old(self) -> bool:
        """Whether `refresh` would read the set again."""
        return self._clock() >= self._old_at

    async def refresh(self) -> None:
        """Reads the set again when it is old. Where keys are known nobody waits long for who hangs."""
        if not self.is_old:
            return
        if not self._was_read:
            await self._reread(self._refresh)
        elif self._refreshing is None or self._refreshing.done() or not _is_ours(self._refreshing):
            self._refreshing = asyncio.ensure_future(self._reread(self._refresh))
            await asyncio.wait((self._refreshing,), timeout=PATIENCE_SECONDS)

    async def find(self, key_id: str | None) -> list[jwt.PyJWK]:
        """The keys of that id, or all when the token names none. Raises `KeysUnavailable`."""
        await self.refresh()
        found = self._matching(key_id)
        if not found and self._age() >= self._min_refetch:
            await self._reread(self._min_refetch)
            found = self._matching(key_id)
        if not self._was_read:
            raise KeysUnavailable
        return found

    def _matching(self, key_id: str | None) -> list[jwt.PyJWK]:
        return [key for key in self._keys if key_id is None or key.key_id == key_id]

    def _age(self) -> float:
        return float("inf") if self._tried_at is None else self._clock() - self._tried_at

    async def _reread(self, older_than: float) -> None:
        if self._age() >= older_than:
            await self._reading.run("read", self._read_now)

    async def _read_now(self) -> None:
        try:
            key_set = await self._read()
            usable = tuple(_usable_keys(key_set))
        except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            logger.warning("The key set could not be read; the keys known so far stay in use: %s", error)
            return
        finally:
            self._tried_at = self._clock()  # Not before: who comes meanwhile waits for this reading too.
            self._old_at = self._tried_at + self._refresh
        self._was_read = True
        if key_set != self._text:
            self._keys, self._text = usable, key_set
            self.generation += 1


def _is_ours(task: asyncio.Future[None]) -> bool:
    """Whether it is of this event loop: one of a loop that ended never comes to an end."""
    return task.get_loop() is asyncio.get_running_loop()


def _usable_keys(key_set: Mapping[str, Any]) -> list[jwt.PyJWK]:
    """Keys for signatures; one of an unknown kind does not spoil the others."""
    keys = key_set.get("keys") if isinstance(key_set, Mapping) else None
    if not isinstance(keys, list):
        raise ValueError("the key set has no list of keys")
    usable = []
    for key in keys:
        if isinstance(key, Mapping) and key.get("use", "sig") == "sig":
            try:
                usable.append(jwt.PyJWK(dict(key)))
            except (jwt.PyJWKError, jwt.InvalidKeyError) as error:
                logger.warning("A key of the key set cannot be used: %s", error)
    return usable


def from_url(url: str) -> ReadKeySet:
    async def read() -> Mapping[str, Any]:
        async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client:
            response = await client.get(url)
        if not response.is_success:  # httpx's own error tells the address, which may hold a secret.
            raise OSError(f"it was answered with status {response.status_code}")
        return _decode(response.content)

    return read


def from_file(path: Path) -> ReadKeySet:
    async def read() -> Mapping[str, Any]:
        return _decode(await asyncio.to_thread(path.read_bytes))

    return read


def _decode(text: bytes) -> Mapping[str, Any]:
    try:
        decoded = loads(text)
    except JSONDecodeError as error:
        raise ValueError("the key set is not JSON") from error
    if not isinstance(decoded, Mapping):
        raise ValueError("the key set is not a JSON object")
    return decoded
