"""All partners of a router, in memory, and whose key a key is.

    store ──each second──► records ──► covered: contracts and plans are made ──► in force
                              └──────► keys that are gone or revoked end at once

A key that is found costs a SHA-256 and a look-up; what is no key is told from noise without one. For what is
not found the store is looked at again at once: who was just added need not wait. What the store says is
believed for `max_stale_seconds`; away for longer, every key is answered with 503.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from router.config import PartnersConfig
from router.errors import RequestError
from router.partners.caller import PartnerCaller
from router.partners.errors import (
    KeyExpired,
    KeyMalformed,
    KeyRefused,
    KeyRequired,
    KeyRevoked,
    KeyUnknown,
    OriginRefused,
    PartnerStoreError,
    PartnersUnavailable,
)
from router.partners.key import CHARACTERS, is_key
from router.partners.origins import ANY, check_origin
from router.partners.partner import DayOfUse, Partner
from router.partners.sources import KeySources
from router.partners.store import PartnerStore, open_store
from router.partners.usage import Usage
from router.rates.gcra import MemoryRates, Rates
from router.rates.shared import RedisRates

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
MIN_LOOK_SECONDS = 0.1
"""However many unknown keys come."""
INDEXED_BYTES = 16
"""Of a key's hash; the rest is compared in constant time."""

Cover = Callable[[Iterable[PartnerCaller]], Awaitable[None]]
"""Makes what these need before they are in force."""
Follower = Callable[[], Awaitable[None]]
Index = dict[bytes, "_Known"]


@dataclass(frozen=True, slots=True)
class _Known:
    """A key that belongs to somebody. `expires` in seconds since 1970."""

    digest: bytes
    caller: PartnerCaller
    expires: float
    is_revoked: bool


class Partners:
    """`told` hears what is wrong with the store, and None when nothing is."""

    def __init__(
        self,
        config: PartnersConfig,
        store: PartnerStore,
        rates: Rates,
        told: Callable[[str | None], None] = lambda problem: None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config = config
        self.sources = KeySources(config.key_headers)
        self.covers: set[Cover] = set()
        """Of each router that runs over these partners."""
        self.followers: set[Follower] = set()
        """Those that tell others when partners have changed."""
        self.origins: frozenset[str] = frozenset()
        """Of all partners: what a browser may ask for before it sends a key."""
        self.callers: Mapping[str, PartnerCaller] = {}
        self._store = store
        self._rates = rates
        self._told = told
        self._clock, self._monotonic = clock, monotonic
        self._usage = Usage(store, config.max_stale_seconds, clock, monotonic)
        self._keys: Index = {}
        self._version: str | None = None
        self._read = self._began = -math.inf
        self._problem: str | None = None
        self._refreshing = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, config: PartnersConfig, told: Callable[[str | None], None]) -> Partners | None:
        """None where no store is configured. Raises `ConfigError`, `PartnerStoreError`."""
        if config.store is None:
            return None
        store = open_store(config.store)
        is_shared = "://" in config.store
        rates: Rates = RedisRates(config.store, setting="partners.store") if is_shared else MemoryRates()
        return cls(config, store, rates, told)

    def find(self, key: str) -> Partner:
        """Whose key it is. Raises `KeyRefused`, `PartnersUnavailable`. O(1)."""
        caller = self._identify(key)
        if caller is None:
            raise KeyUnknown
        return caller.partner

    async def admit(self, headers: Mapping[str, str]) -> tuple[PartnerCaller, Mapping[str, str]] | None:
        """The partner whose key the headers carry, and the headers without key and cookies. None without a
        key. Raises `KeyRefused`, `OriginRefused`, `PartnersUnavailable`.
        """
        key = self.sources.find(headers)
        if key is None:
            if self.config.required:
                raise KeyRequired
            return None
        caller = self._identify(key)
        if caller is None:
            await self._look_again()
            caller = self._identify(key)
        if caller is None:
            raise KeyUnknown
        try:
            check_origin(headers, caller.partner.origins)
        except OriginRefused as error:
            caller.ended((error.code,))
            raise
        return caller, self.sources.without(headers)

    def allows_origin(self, origin: str) -> bool:
        """Whether any partner's page is there."""
        return origin in self.origins or ANY in self.origins

    async def use(self, name: str, days: int = 30) -> list[DayOfUse]:
        """What a partner did, by day, the latest first, up to now. Raises `PartnerStoreError`."""
        await self._usage.sync(self._partners())
        return await asyncio.to_thread(self._store.use, name, days)

    async def start(self) -> None:
        """Reads the store and follows it; a store that is away is waited for, and every key refused."""
        if self._following is None:
            await self.refresh()
            self._following = asyncio.create_task(self._follow())

    async def aclose(self) -> None:
        """What was used and not yet told is told."""
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        try:
            await self._usage.sync(())
        except PartnerStoreError as error:
            logger.error("What partners used could not be kept: %s", error.message)
        await self._rates.aclose()
        self._store.close()

    async def refresh(self) -> None:
        """Takes over what changed in the store, and tells it what was used. Raises nothing."""
        async with self._refreshing:
            await self._refresh()

    async def newest(self, name: str) -> PartnerCaller | None:
        """The partner as the store has it now."""
        await self._look_again()
        return self.callers.get(name)

    async def _look_again(self) -> None:
        """Until the store was looked at from now on; one look serves all who wait."""
        came = self._monotonic()
        async with self._refreshing:
            if self._began < came:
                await asyncio.sleep(min(max(0.0, self._began + MIN_LOOK_SECONDS - came), MIN_LOOK_SECONDS))
                await self._refresh()

    async def _refresh(self) -> None:
        self._began = self._monotonic()
        try:
            await self._take_over()
            await self._usage.sync(self._partners())
        except PartnerStoreError as error:
            self._tell(error.message)
        else:
            self._tell(None)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.refresh()
            except Exception:
                logger.exception("Partners could not be looked at.")

    async def _take_over(self) -> None:
        version = await asyncio.to_thread(self._store.version)
        if version != self._version:
            records = await asyncio.to_thread(self._store.read)
            callers = {name: self._caller(record) for name, record in records.items()}
            self._keys = dict(_index(self.callers, records))
            with contextlib.suppress(
                PartnerStoreError
            ):  # Those with daily limits wait; the next sync says why.
                await self._usage.sync(records.values())
            new = [caller for name, caller in callers.items() if self.callers.get(name) is not caller]
            for cover in tuple(self.covers):
                await cover(new)
            self.callers = callers
            self.origins = frozenset(origin for record in records.values() for origin in record.origins)
            self._keys = dict(_index(callers, records))
            self._version = version
            for follower in tuple(self.followers):
                await follower()
        self._read = self._monotonic()

    def _caller(self, record: Partner) -> PartnerCaller:
        """The one in force where nothing changed."""
        known = self.callers.get(record.name)
        if known is not None and known.partner == record:
            return known
        return PartnerCaller(record, self._usage, self._rates, self.newest)

    def _identify(self, key: str) -> PartnerCaller | None:
        """None for a key that nobody has."""
        digest = hashlib.sha256(key.encode("utf-8", "replace")).digest() if len(key) == CHARACTERS else b""
        known = self._keys.get(digest[:INDEXED_BYTES])
        if known is None or not hmac.compare_digest(known.digest, digest):
            if not is_key(key):
                raise KeyMalformed
            self._require_fresh()
            return None
        self._require_fresh()
        if known.is_revoked:
            raise self._counted(KeyRevoked, known.caller)
        if self._clock() >= known.expires:
            raise self._counted(KeyExpired, known.caller)
        return known.caller

    def _require_fresh(self) -> None:
        if self._monotonic() - self._read > self.config.max_stale_seconds:
            raise PartnersUnavailable

    def _counted(self, fault: type[KeyRefused], caller: PartnerCaller) -> RequestError:
        caller.ended((fault.code,))
        return fault(caller.name)

    def _partners(self) -> list[Partner]:
        return [caller.partner for caller in self.callers.values()]

    def _tell(self, problem: str | None) -> None:
        """Logs it once."""
        if problem == self._problem:
            return
        self._problem = problem
        self._told(problem)
        if problem is None:
            logger.info("The store of partners can be read again.")
        else:
            logger.error("The store of partners cannot be used; those before stay for a while. %s", problem)


def _index(
    callers: Mapping[str, PartnerCaller], records: Mapping[str, Partner]
) -> Iterator[tuple[bytes, _Known]]:
    """The keys as these records have them, of the callers there are."""
    for name, caller in callers.items():
        record = records.get(name)
        for key in record.keys if record is not None else ():
            digest = bytes.fromhex(key.hash)
            yield (
                digest[:INDEXED_BYTES],
                _Known(digest, caller, _seconds(key.expires), key.revoked is not None),
            )


def _seconds(moment: datetime | None) -> float:
    return math.inf if moment is None else moment.astimezone(UTC).timestamp()
