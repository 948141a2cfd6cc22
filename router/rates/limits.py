"""Which clients share a limit, and what those hear who ask too often."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from router.config import RateLimit, RateLimitsConfig
from router.errors import RequestError
from router.rates.gcra import MemoryRates, Rates
from router.rates.shared import RedisRates

FORWARDED_FOR = "x-forwarded-for"
"""The client's address as the router knows it (`router/http/forwarded.py`)."""
CLIENT_NAMES = ("apollographql-client-name", "graphql-client-name")
Claims = Mapping[str, Any]
REMEMBERED = 4096
"""Clients whose key is not worked out again, if it is short: nobody fills the memory with long names."""
SHORT = 200


class RateLimited(RequestError):
    code = "REQUEST_RATE_LIMITED"

    def __init__(self, limit: str, wait: float) -> None:
        seconds = max(1, math.ceil(wait))
        super().__init__(
            f'Too many operations (limit "{limit}"). Try again in {seconds} s.',
            status=429,
            headers=[("retry-after", str(seconds))],
        )


class RateLimits:
    """The configured limits. Keys of clients are hashed: they may be as long and hostile as they like."""

    def __init__(self, rules: tuple[RateLimit, ...], rates: Rates) -> None:
        self._rules = rules
        self.rates = rates

    @classmethod
    def of(cls, config: RateLimitsConfig, rates: Rates | None = None) -> RateLimits | None:
        """None without any rule. `rates` have counted before. Raises `ConfigError`."""
        if not config.rules:
            return None
        made = rates or (RedisRates(config.redis_url) if config.redis_url else MemoryRates())
        return cls(config.rules, made)

    async def take(self, headers: Mapping[str, str], claims: Claims | None) -> None:
        """Counts one operation. Raises `RateLimited` by the first rule that lets it not through."""
        for rule in self._rules:
            client = client_key(rule, headers, claims)
            key = _known_key(rule.name, client) if len(client) <= SHORT else _key(rule.name, client)
            wait = await self.rates.take(key, rule.count, rule.seconds)
            if wait > 0:
                raise RateLimited(rule.name, wait)

    async def aclose(self) -> None:
        await self.rates.aclose()


def client_key(rule: RateLimit, headers: Mapping[str, str], claims: Claims | None) -> str:
    """Who shares the rule's limit with this client."""
    found: Any = None
    match rule.by:
        case "all":
            return "all"
        case "client":
            found = next((headers[name] for name in CLIENT_NAMES if headers.get(name)), None)
        case "header":
            found = headers.get((rule.key or "").lower())
        case "claim":
            found = (claims or {}).get(rule.key or "")
        case "ip":
            pass
    if found is not None and found != "":
        return f"{rule.by} {found}"
    address = headers.get(FORWARDED_FOR, "")
    return f"ip {_known_network(address) if len(address) <= SHORT else address}"


def network_of(address: str) -> str:
    """An address, of version 6 its network of 64 bits: a client has as many of those as it likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _key(rule: str, client: str) -> str:
    return f"{rule}:{hashlib.sha256(client.encode(errors='replace')).hexdigest()[:32]}"


_known_key = lru_cache(maxsize=REMEMBERED)(_key)
_known_network = lru_cache(maxsize=REMEMBERED)(network_of)
