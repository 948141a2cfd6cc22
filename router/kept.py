"""What outlives a configuration: a router with another one takes over what is configured as before.

    counters and spans      lists and texts of persisted operations      counts of rate limits      key sets
    partners and what they used      connections to subgraphs, with what is known of how they are

Routers that share them close them when the last of those that were started is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from router.auth.jwt import JWTAuthenticator, issuer_of
from router.config import RouterConfig
from router.partners.registry import Partners
from router.persisted.stage import PersistedOperations
from router.pipeline.engine import Authenticator
from router.rates.limits import RateLimits
from router.telemetry.telemetry import Telemetry
from router.transport.in_use import TransportsInUse


class Closable(Protocol):
    """Closed, it works again when it is used again."""

    async def aclose(self) -> None: ...


class Users:
    """Which routers use which things."""

    def __init__(self) -> None:
        self._users: dict[Closable, set[object]] = {}

    def use(self, user: object, things: tuple[Closable, ...]) -> None:
        for thing in things:
            self._users.setdefault(thing, set()).add(user)

    async def leave(self, user: object, things: tuple[Closable, ...]) -> None:
        """Closes what nobody uses any more."""
        for thing in things:
            others = self._users.get(thing, set())
            others.discard(user)
            if not others:
                self._users.pop(thing, None)
                await thing.aclose()


@dataclass(frozen=True, slots=True)
class Kept:
    config: RouterConfig
    authenticator: Authenticator | None
    telemetry: Telemetry
    persisted: PersistedOperations
    rates: RateLimits | None
    problems: dict[str, str]
    """What could not be taken over while running, by what it was; the one before is in force."""
    partners: Partners | None
    users: Users
    transports: TransportsInUse

    @classmethod
    def of(cls, config: RouterConfig, authenticator: Authenticator | None = None) -> Kept:
        """`authenticator` is one that was made elsewhere. Raises `ConfigError`, `ManifestError`."""
        problems: dict[str, str] = {}
        return cls(
            config,
            authenticator or _authenticator(config),
            Telemetry(config.telemetry),
            PersistedOperations.of(config.persisted_operations),
            RateLimits.of(config.rate_limits),
            problems,
            Partners.of(config.partners, partial(_tell_of_partners, problems)),
            Users(),
            TransportsInUse(),
        )

    def under(self, config: RouterConfig, authenticator: Authenticator | None = None) -> Kept:
        """The same for another configuration. Raises `ConfigError`, `ManifestError`."""
        old = self.config
        judges_alike = (old.authentication, old.cache) == (config.authentication, config.cache)
        made = self.authenticator if judges_alike else _authenticator(config)
        is_watched_alike = old.telemetry == config.telemetry
        # What is counted is kept by a rule's name: other rules, or other numbers, forget none of it.
        is_counted_alike = old.rate_limits.redis_url == config.rate_limits.redis_url
        is_same = old.partners == config.partners
        told = partial(_tell_of_partners, self.problems)
        counted = self.rates.rates if self.rates is not None and is_counted_alike else None
        return Kept(
            config,
            authenticator or made,
            self.telemetry if is_watched_alike else Telemetry(config.telemetry),
            self.persisted.under(config.persisted_operations),
            RateLimits.of(config.rate_limits, counted),
            self.problems,
            self.partners if is_same else Partners.of(config.partners, told),
            self.users,
            self.transports,
        )

    def use(self, user: object) -> None:
        self.users.use(user, self._closables())

    async def leave(self, user: object) -> None:
        await self.users.leave(user, self._closables())

    def _closables(self) -> tuple[Closable, ...]:
        rates = self.rates.rates if self.rates is not None else None
        found: tuple[Closable | None, ...] = (self.persisted.texts, self.telemetry, rates, self.partners)
        return tuple(thing for thing in found if thing is not None)


def _tell_of_partners(problems: dict[str, str], problem: str | None) -> None:
    problems.pop("partners", None)
    if problem is not None:
        problems["partners"] = problem


def _authenticator(config: RouterConfig) -> JWTAuthenticator | None:
    jwt = config.authentication.jwt
    if not jwt.jwks:
        return None
    issuers = [issuer_of(jwks) for jwks in jwt.jwks]
    cache = config.cache
    return JWTAuthenticator(
        jwt, issuers, remembered=cache.verified_tokens, max_bytes=cache.verified_tokens_max_bytes
    )
